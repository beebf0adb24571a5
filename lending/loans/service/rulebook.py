"""Use cases of rules: read the one in force and why, write one, announce days without loans."""

import datetime as dt
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lending.catalog.errors import VersionChanged
from lending.catalog.rules import Kind, clean_text
from lending.core.actor import Actor, Role
from lending.core.clock import Clock, local_day
from lending.core.database import Database
from lending.core.errors import NotFound
from lending.loans.queries import rulebook
from lending.loans.queries.pools import Pool, pools_of_title
from lending.loans.queries.school_terms import choices_for
from lending.loans.queries.terms import Terms, TermsBook
from lending.loans.rules.borrowers import Borrowers, borrowers_of
from lending.loans.rules.loan_rules import FACTS
from lending.loans.rules.periods import Period
from lending.loans.rules.rule_errors import LongerThanLongest, WorkIsTheDepots
from lending.loans.rules.ways import Choice
from lending.loans.schemas.rules import (
    BlackoutView,
    NewBlackout,
    PeriodChoice,
    RuleInForce,
    RuleWordsIn,
    StoredRule,
)
from lending.loans.service.reads import visible_title
from lending.loans.tables import Blackout, LoanRule, rule_scope
from lending.network import queries as network
from lending.network.turns import take_turns

WORK_OF_THE_DEPOT = ("preparation_days", "turnaround_days")


class RuleBook:
    """What associations allow."""

    def __init__(self, db: Database, clock: Clock) -> None:
        """Takes the database and the source of now."""
        self._db = db
        self._clock = clock

    def in_force(self, association_id: int, kind: Kind, borrowers: Borrowers = Borrowers.OWN) -> RuleInForce:
        """The rule for a kind and these borrowers, each fact with its reason: public. Raises NotFound."""
        with self._db.read() as session:
            network.path_of(session, association_id)
            return rulebook.in_force(session, association_id, kind, borrowers)

    def rules(self, actor: Actor, association_id: int | None) -> list[StoredRule]:
        """The rules that an association (or the network) wrote down: for its staff. Raises Forbidden, NotFound."""
        with self._db.read() as session:
            _require(session, actor, association_id, Role.STAFF, Role.COORDINATOR)
            return rulebook.stored(session, association_id)

    def set_rule(self, actor: Actor, association_id: int | None, words: RuleWordsIn) -> StoredRule:
        """Write a rule, or replace the one with the same scope.

        Raises Forbidden, NotFound, VersionChanged, LongerThanLongest, WorkIsTheDepots.
        """
        said = {name: getattr(words, name) for name in FACTS}
        _check(words, said)
        with self._db.write() as session:
            take_turns(session, _require(session, actor, association_id, Role.STAFF))
            row = _row_of(session, rule_scope(association_id, words.kind, words.borrowers), words.version)
            row.association_id, row.kind, row.borrowers = association_id, words.kind, words.borrowers
            for name, value in said.items():
                setattr(row, name, value)
            session.add(row)
            session.flush()
            return rulebook.view(row)

    def drop_rule(self, actor: Actor, rule_id: int) -> None:
        """Leave the word to the less specific rules. Raises Forbidden, NotFound."""
        with self._db.write() as session:
            row = session.get(LoanRule, rule_id)
            if row is None:
                raise NotFound
            take_turns(session, _require(session, actor, row.association_id, Role.STAFF))
            session.execute(delete(LoanRule).where(LoanRule.id == rule_id))

    def blackouts(self, association_id: int) -> list[BlackoutView]:
        """Days without loans that are not over: public. Raises NotFound."""
        with self._db.read() as session:
            today = self._today(session, association_id)
            return rulebook.blackouts(session, association_id, today)

    def add_blackout(self, actor: Actor, association_id: int, new: NewBlackout) -> list[BlackoutView]:
        """Lend nothing on these days; what is reserved stays. Raises Forbidden, NotFound, PeriodReversed."""
        period = Period.through(new.starts_on, new.until_on)
        with self._db.write() as session:
            _require(session, actor, association_id, Role.STAFF)
            days = {"starts_on": period.starts_on, "ends_on": period.ends_on}
            session.add(Blackout(association_id=association_id, kind=new.kind, reason=clean_text(new.reason), **days))
            session.flush()
            return rulebook.blackouts(session, association_id, self._today(session, association_id))

    def drop_blackout(self, actor: Actor, blackout_id: int) -> None:
        """Lend on these days after all. Raises Forbidden, NotFound."""
        with self._db.write() as session:
            row = session.get(Blackout, blackout_id)
            if row is None:
                raise NotFound
            _require(session, actor, row.association_id, Role.STAFF)
            session.delete(row)

    def choices(self, title_id: int, depot_id: int, school_id: int) -> list[PeriodChoice]:
        """The dates of a title that one tap can take, by the rule for this school. Raises NotFound."""
        now = self._clock.now()
        with self._db.read() as session:
            title, school = visible_title(session, title_id), network.school(session, school_id)
            book = TermsBook(session, [depot_id])
            if depot_id not in book:
                raise NotFound
            lender = book.of(depot_id, title.kind).association_id
            borrowers = borrowers_of(network.path_of(session, lender), school.path)
            terms = book.of(depot_id, title.kind, borrowers)
            pools = pools_of_title(session, title_id, title.kind, now)
            here = next((one for one in pools if one.terms.depot_id == depot_id), None)
            found = choices_for(session, terms, school, local_day(now, terms.time_zone))
            return [_choice(terms, one, here) for one in found]

    def _today(self, session: Session, association_id: int) -> dt.date:
        return local_day(self._clock.now(), network.time_zone_of(session, association_id))


def _choice(terms: Terms, choice: Choice, pool: Pool | None) -> PeriodChoice:
    return PeriodChoice(
        unit="week" if terms.rule.period_mode == "week" else "period",
        number=choice.number,
        starts_on=choice.period.starts_on,
        due_on=choice.period.due_on,
        is_free=pool is not None and pool.has_room(choice.period),
    )


def _require(session: Session, actor: Actor, association_id: int | None, *roles: Role) -> str:
    """Whose rules they are, by the path: the network's own are the federation's. Raises Forbidden, NotFound."""
    if association_id is None:
        path, roles = network.root_path(session), (Role.ADMIN,)
    else:
        path = network.path_of(session, association_id)
    actor.require(path, *roles)
    return path


def _row_of(session: Session, scope: str, version: int) -> LoanRule:
    row = session.scalar(select(LoanRule).where(LoanRule.scope == scope))
    if row is None and version == 0:
        return LoanRule(scope=scope, version=1)
    if row is None or row.version != version:
        raise VersionChanged(version=row.version if row else 0)
    row.version += 1
    return row


def _check(words: RuleWordsIn, said: dict[str, Any]) -> None:
    if words.borrowers is not None and any(said[name] is not None for name in WORK_OF_THE_DEPOT):
        raise WorkIsTheDepots
    if words.loan_days and words.max_loan_days and words.loan_days > words.max_loan_days:
        raise LongerThanLongest(max_loan_days=words.max_loan_days)
