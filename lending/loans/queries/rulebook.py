"""Rules as they are written down, and the one in force with its reasons."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from lending.catalog.rules import Kind
from lending.loans.queries.terms import rule_words
from lending.loans.rules.borrowers import Borrowers
from lending.loans.rules.loan_rules import FACTS, RuleWords, explain
from lending.loans.rules.periods import DAY
from lending.loans.schemas.rules import BlackoutView, RuleFact, RuleInForce, Source, StoredRule
from lending.loans.tables import Blackout, LoanRule


def stored(session: Session, association_id: int | None) -> list[StoredRule]:
    """The rules of an association, or the network's; the general ones first."""
    own = LoanRule.association_id.is_(None) if association_id is None else LoanRule.association_id == association_id
    return [view(row) for row in session.scalars(select(LoanRule).where(own).order_by(LoanRule.scope))]


def view(row: LoanRule) -> StoredRule:
    """One rule as a struct."""
    said = {name: getattr(row, name) for name in FACTS}
    return StoredRule(
        id=row.id,
        association_id=row.association_id,
        kind=Kind(row.kind) if row.kind else None,
        borrowers=Borrowers(row.borrowers) if row.borrowers else None,
        version=row.version,
        said={name: value for name, value in said.items() if value is not None},
    )


def in_force(session: Session, association_id: int, kind: Kind, borrowers: Borrowers) -> RuleInForce:
    """Every fact with the rule that says it."""
    said = explain(rule_words(session, {association_id}), association_id, kind, borrowers)
    facts = [_fact(name, value, words) for name, (value, words) in said.items()]
    return RuleInForce(association_id=association_id, kind=kind, borrowers=borrowers, facts=facts)


def blackouts(session: Session, association_id: int, from_day: dt.date) -> list[BlackoutView]:
    """Those that are not over on `from_day`."""
    query = select(Blackout).where(Blackout.association_id == association_id, Blackout.ends_on > from_day)
    return [
        BlackoutView(
            id=row.id,
            starts_on=row.starts_on,
            until_on=row.ends_on - DAY,
            reason=row.reason,
            kind=Kind(row.kind) if row.kind else None,
        )
        for row in session.scalars(query.order_by(Blackout.starts_on, Blackout.id))
    ]


def _fact(name: str, value: object, words: RuleWords | None) -> RuleFact:
    if words is None:
        return RuleFact(name=name, value=value, source="product")
    source: Source = "network" if words.association_id is None else "association"
    return RuleFact(
        name=name,
        value=value,
        source=source,
        kind=Kind(words.kind) if words.kind else None,
        borrowers=Borrowers(words.borrowers) if words.borrowers else None,
    )
