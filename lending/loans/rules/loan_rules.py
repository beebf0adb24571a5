"""What an association allows: length, number, notice, horizon. The most specific rule that speaks wins."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields

from lending.loans.rules.calendar import OpeningCalendar
from lending.loans.rules.errors import (
    BeyondHorizon,
    DueOnClosedDay,
    PeriodInPast,
    SchoolNotAffiliated,
    StartsOnClosedDay,
    TooLong,
    TooManyOpenLoans,
    TooSoon,
)
from lending.loans.rules.periods import DAY, Period
from lending.network.rules import is_affiliated, school_year_of


@dataclass(frozen=True, slots=True)
class LoanRule:
    """Everything said. Days are calendar days, but preparation and turnaround count the depot's open days."""

    loan_days: int = 28
    max_loan_days: int = 63
    max_open_loans: int = 5
    lead_days: int = 2
    horizon_days: int = 400
    preparation_days: int = 1
    turnaround_days: int = 2
    reminder_days: int = 7


DEFAULT_RULE = LoanRule()


@dataclass(frozen=True, slots=True)
class RuleWords:
    """What one rule says about its scope; None leaves the word to the less specific rule."""

    association_id: int | None = None
    kind: str | None = None
    loan_days: int | None = None
    max_loan_days: int | None = None
    max_open_loans: int | None = None
    lead_days: int | None = None
    horizon_days: int | None = None
    preparation_days: int | None = None
    turnaround_days: int | None = None
    reminder_days: int | None = None

    def applies_to(self, association_id: int, kind: str) -> bool:
        """Whether the scope holds this association and kind."""
        return self.association_id in (None, association_id) and self.kind in (None, kind)

    @property
    def specificity(self) -> tuple[bool, bool]:
        """The association counts before the kind."""
        return (self.association_id is not None, self.kind is not None)


def resolve(words: Iterable[RuleWords], association_id: int, kind: str) -> LoanRule:
    """The rule in force for a kind in an association."""
    applying = sorted(
        (one for one in words if one.applies_to(association_id, kind)),
        key=lambda one: one.specificity,
        reverse=True,
    )
    return LoanRule(**{fact.name: _first_said(applying, fact.name) for fact in fields(LoanRule)})


def _first_said(words: list[RuleWords], name: str) -> int:
    said = (getattr(one, name) for one in words)
    value: int = next((one for one in said if one is not None), getattr(DEFAULT_RULE, name))
    return value


def check_dates(
    period: Period,
    rule: LoanRule,
    calendar: OpeningCalendar,
    today: dt.date,
    *,
    needs_lead: bool = True,
) -> None:
    """Raise the first reason why no loan can have this period.

    `needs_lead` is False for the depot's own staff, who know what they can prepare.
    """
    if period.starts_on < today:
        raise PeriodInPast(starts_on=period.starts_on)
    _check_distance(period, rule, today, needs_lead=needs_lead)
    _check_length(period, rule)
    _check_open(period, calendar)


def _check_distance(period: Period, rule: LoanRule, today: dt.date, *, needs_lead: bool) -> None:
    earliest_on = today + dt.timedelta(days=rule.lead_days)
    if needs_lead and period.starts_on < earliest_on:
        raise TooSoon(earliest_on=earliest_on)
    latest_on = today + dt.timedelta(days=rule.horizon_days)
    if period.starts_on > latest_on:
        raise BeyondHorizon(latest_on=latest_on)


def _check_length(period: Period, rule: LoanRule) -> None:
    if period.length_days > rule.max_loan_days:
        latest_due_on = period.starts_on + dt.timedelta(days=rule.max_loan_days) - DAY
        raise TooLong(max_loan_days=rule.max_loan_days, latest_due_on=latest_due_on)


def _check_open(period: Period, calendar: OpeningCalendar) -> None:
    starts_on, due_on = period.starts_on, period.due_on
    if not calendar.is_open(starts_on):
        raise StartsOnClosedDay(starts_on=starts_on, next_open_on=calendar.next_open_day(starts_on))
    if not calendar.is_open(due_on):
        raise DueOnClosedDay(due_on=due_on, next_open_on=calendar.next_open_day(due_on))


def check_open_loans(open_loans: int, rule: LoanRule) -> None:
    """Raise TooManyOpenLoans when one more would exceed what a school may have at once."""
    if open_loans >= rule.max_open_loans:
        raise TooManyOpenLoans(open_loans=open_loans, max_open_loans=rule.max_open_loans)


def check_affiliation(school_name: str, affiliated_years: Collection[int], day: dt.date) -> None:
    """Raise SchoolNotAffiliated unless an affiliation covers `day`."""
    if not is_affiliated(day, affiliated_years):
        year = school_year_of(day)
        raise SchoolNotAffiliated(school_name=school_name, school_year=f"{year}-{year + 1}")
