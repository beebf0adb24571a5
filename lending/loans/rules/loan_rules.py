"""What an association allows: length, number, notice, horizon. The most specific rule that speaks wins."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal

from lending.loans.rules.borrowers import Borrowers
from lending.loans.rules.calendar import OpeningCalendar
from lending.loans.rules.errors import (
    BeyondHorizon,
    DueOnClosedDay,
    PeriodInPast,
    SchoolNotAffiliated,
    StartsOnClosedDay,
    TooLong,
    TooManyOfKind,
    TooManyOpenLoans,
    TooSoon,
)
from lending.loans.rules.periods import DAY, Period
from lending.network.rules import is_affiliated, school_year_of

PeriodMode = Literal["free", "week", "period"]
RenewFrom = Literal["due", "today"]
AgreementNeed = Literal["slip", "loan", "year"]
DepositForm = Literal["none", "cheque", "letter"]
FeeMode = Literal["none", "loan", "year", "pupils"]


@dataclass(frozen=True, slots=True)
class LoanRule:
    """Everything said. Days are calendar days, but preparation, turnaround and lapse count open days; money in cents.

    `period_mode`: free dates, whole weeks, or school periods. `max_of_kind`: how many of one kind a school may have
    at once (None: no such limit). `agreement`: a loan slip is enough, or an agreement is signed for each loan or for
    the school year. `fee_mode` `pupils` counts `fee_cents` per pupil. `recall_days` are kept to a borrower whom the
    depot calls back. `returns_in_piles`: the desk may take many back one after the other, as complete.
    """

    is_lendable: bool = True
    period_mode: PeriodMode = "free"
    loan_days: int = 28
    max_loan_days: int = 63
    renewals: int = 1
    renewal_days: int = 14
    max_open_loans: int = 5
    max_of_kind: int | None = None
    one_over_holidays: bool = False
    lead_days: int = 2
    horizon_days: int = 400
    preparation_days: int = 1
    turnaround_days: int = 2
    reminder_days: int = 7
    lapse_days: int = 5
    recall_days: int = 7
    returns_in_piles: bool = True
    needs_approval: bool = False
    agreement: AgreementNeed = "slip"
    deposit_form: DepositForm = "none"
    deposit_cents: int = 0
    fee_mode: FeeMode = "none"
    fee_cents: int = 0


DEFAULT_RULE = LoanRule()
# Whoever says nothing lends to the schools of the own association only.
DEFAULT_FOR_OTHERS = LoanRule(is_lendable=False)
FACTS = tuple(fact.name for fact in fields(LoanRule))


@dataclass(frozen=True, slots=True)
class RuleWords:
    """What one rule says (`said`, by the names of `LoanRule`) about its scope; None in a scope means all."""

    association_id: int | None = None
    kind: str | None = None
    borrowers: str | None = None
    said: Mapping[str, Any] = field(default_factory=dict)

    def applies_to(self, association_id: int, kind: str, borrowers: str) -> bool:
        """Whether the scope holds this association, kind and borrower."""
        return (
            self.association_id in (None, association_id)
            and self.kind in (None, kind)
            and self.borrowers in (None, borrowers)
        )

    @property
    def specificity(self) -> tuple[bool, bool, bool]:
        """The association counts before the kind, the kind before the borrower."""
        return (self.association_id is not None, self.kind is not None, self.borrowers is not None)


def resolve(
    words: Iterable[RuleWords], association_id: int, kind: str, borrowers: Borrowers = Borrowers.OWN
) -> LoanRule:
    """The rule in force for a kind in an association and for these borrowers."""
    return LoanRule(**{name: value for name, (value, _) in explain(words, association_id, kind, borrowers).items()})


def explain(
    words: Iterable[RuleWords], association_id: int, kind: str, borrowers: Borrowers = Borrowers.OWN
) -> dict[str, tuple[Any, RuleWords | None]]:
    """Each fact of the rule in force and which rule says it; None when it is the product's own default."""
    applying = sorted(
        (one for one in words if one.applies_to(association_id, kind, borrowers)),
        key=lambda one: one.specificity,
        reverse=True,
    )
    default = DEFAULT_RULE if borrowers == Borrowers.OWN else DEFAULT_FOR_OTHERS
    return {name: _first_said(applying, name, getattr(default, name), borrowers) for name in FACTS}


def _first_said(
    words: Iterable[RuleWords], name: str, default: object, borrowers: Borrowers
) -> tuple[Any, RuleWords | None]:
    for one in words:
        # What is said of everybody does not open the door to other associations' schools.
        is_for_own = name == "is_lendable" and one.borrowers is None and borrowers != Borrowers.OWN
        if one.said.get(name) is not None and not is_for_own:
            return one.said[name], one
    return default, None


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
    # A school period is as long as it is.
    if rule.period_mode != "period" and period.length_days > rule.max_loan_days:
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


def check_open_of_kind(open_of_kind: int, rule: LoanRule) -> None:
    """Raise TooManyOfKind when one more would exceed what a school may have of this kind at once."""
    if rule.max_of_kind is not None and open_of_kind >= rule.max_of_kind:
        raise TooManyOfKind(open_loans=open_of_kind, max_of_kind=rule.max_of_kind)


def fee_of(rule: LoanRule, pupils: int | None, *, has_paid_this_year: bool = False) -> int:
    """What one loan costs, in cents: nothing, a price, a price per pupil (an unknown number counts as none).

    A price for the school year is charged with the first loan of the year.
    """
    match rule.fee_mode:
        case "loan":
            return rule.fee_cents
        case "pupils":
            return rule.fee_cents * (pupils or 0)
        case "year":
            return 0 if has_paid_this_year else rule.fee_cents
        case "none":
            return 0


def while_affiliated(period: Period, affiliated_years: Collection[int]) -> Period:
    """The period, cut after the last of its days on which the school is affiliated; on the first day it is."""
    last = max((day for day in period.days() if is_affiliated(day, affiliated_years)), default=period.starts_on)
    return Period.through(period.starts_on, last)


def check_affiliation(school_name: str, affiliated_years: Collection[int], day: dt.date) -> None:
    """Raise SchoolNotAffiliated unless an affiliation covers `day`."""
    if not is_affiliated(day, affiliated_years):
        year = school_year_of(day)
        raise SchoolNotAffiliated(school_name=school_name, school_year=f"{year}-{year + 1}")
