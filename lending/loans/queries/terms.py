"""On which terms a depot lends: the rule in force and its calendar."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from lending.core.database import ask, table_of
from lending.loans.queries.calendars import calendars
from lending.loans.rules.blocked import Buffers
from lending.loans.rules.borrowers import Borrowers
from lending.loans.rules.calendar import OpeningCalendar
from lending.loans.rules.loan_rules import FACTS, LoanRule, RuleWords, resolve
from lending.loans.tables import LoanRule as LoanRuleRow
from lending.network.tables import Association, Depot, Organisation

# Written once, and without objects: they stand in the way of most answers.
_depot, _association = table_of(Depot).c, table_of(Association).c
_organisation, _rule = table_of(Organisation).c, table_of(LoanRuleRow).c
DEPOTS = (
    select(
        _depot.id,
        _depot.name,
        _depot.commune,
        _depot.association_id,
        _organisation.name.label("association_name"),
        _association.time_zone,
        _association.holiday_territory,
        _depot.max_handovers_per_day,
    )
    .join(table_of(Association), _association.organisation_id == _depot.association_id)
    .join(table_of(Organisation), _organisation.id == _depot.association_id)
    .where(_depot.id.in_(bindparam("depot_ids", expanding=True)))
)
RULES = select(_rule.association_id, _rule.kind, _rule.borrowers, *(_rule[name] for name in FACTS)).where(
    _rule.association_id.is_(None) | _rule.association_id.in_(bindparam("association_ids", expanding=True))
)


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for a kind of title in a depot."""

    depot_id: int
    depot_name: str
    commune: str
    association_id: int
    association_name: str
    time_zone: str
    rule: LoanRule
    calendar: OpeningCalendar
    max_handovers_per_day: int | None

    @property
    def buffers(self) -> Buffers:
        """What the depot adds around a loan."""
        return Buffers(self.calendar, self.rule.preparation_days, self.rule.turnaround_days)


class TermsBook:
    """The terms of several depots, read with a handful of queries whatever their number."""

    def __init__(self, session: Session, depot_ids: Collection[int]) -> None:
        """Depots that do not exist are left out."""
        ids = sorted(set(depot_ids))
        self._depots = {depot.id: depot for depot in ask(session, DEPOTS, depot_ids=ids)}
        territories = {depot.id: depot.holiday_territory for depot in self._depots.values()}
        self._calendars = calendars(session, territories)
        self._rules: dict[tuple[int, str, Borrowers], LoanRule] = {}
        self._words = rule_words(session, {depot.association_id for depot in self._depots.values()})

    def __contains__(self, depot_id: int) -> bool:
        return depot_id in self._depots

    def of(self, depot_id: int, kind: str, borrowers: Borrowers = Borrowers.OWN) -> Terms:
        """The terms for a kind in one of the depots; preparation and turnaround are the same for all borrowers."""
        depot = self._depots[depot_id]
        return Terms(
            depot_id=depot.id,
            depot_name=depot.name,
            commune=depot.commune,
            association_id=depot.association_id,
            association_name=depot.association_name,
            time_zone=depot.time_zone,
            rule=self._rule(depot.association_id, kind, borrowers),
            calendar=self._calendars[depot_id],
            max_handovers_per_day=depot.max_handovers_per_day,
        )

    def _rule(self, association_id: int, kind: str, borrowers: Borrowers) -> LoanRule:
        scope = (association_id, kind, borrowers)
        if scope not in self._rules:
            self._rules[scope] = resolve(self._words, *scope)
        return self._rules[scope]


def rule_words(session: Session, association_ids: Collection[int]) -> list[RuleWords]:
    """The network's rules and those of these associations."""
    rows = ask(session, RULES, association_ids=list(association_ids))
    return [
        RuleWords(association_id, kind, borrowers, dict(zip(FACTS, said, strict=True)))
        for association_id, kind, borrowers, *said in rows
    ]
