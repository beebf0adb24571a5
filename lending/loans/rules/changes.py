"""Changing what was agreed: extensions, other dates, a return asked for earlier.

Conflict
├── RenewalRefused       all the reasons at once, and how long it could be
└── NotOut               only what is out can be extended or called back
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from lending.core.errors import Conflict
from lending.core.i18n import N_
from lending.loans.rules.calendar import OpeningCalendar
from lending.loans.rules.loan_rules import LoanRule
from lending.loans.rules.periods import DAY, Period

LONGEST_LAPSE_DAYS = 60


class Reason(StrEnum):
    """Why a loan cannot be extended."""

    RECALLED = "recalled"
    CLAIMED = "claimed"
    THOUGHT_LOST = "thought-lost"
    NOT_AFFILIATED = "not-affiliated"
    NONE_LEFT = "none-left"
    NOT_LATER = "not-later"
    TOO_LONG = "too-long"
    CLOSED_DAY = "closed-day"
    AWAITED = "awaited"
    PROMISED = "promised"


# What a person at the depot may set aside, with a reason; a promise to somebody else never is.
OVERRIDABLE = frozenset({Reason.RECALLED, Reason.NONE_LEFT, Reason.TOO_LONG, Reason.AWAITED})


@dataclass(eq=False)
class RenewalRefused(Conflict):
    """The loan cannot last as long as wished; `reasons` names all that stands in the way."""

    slug: ClassVar[str] = "renewal-refused"
    title: ClassVar[str] = N_("Prolongation impossible")
    detail: ClassVar[str] = N_("Ce prêt ne peut pas être prolongé jusqu’au {due_on}.")
    field: ClassVar[str | None] = "due_on"
    due_on: dt.date
    reasons: tuple[str, ...]
    longest_due_on: dt.date | None


@dataclass(eq=False)
class NotOut(Conflict):
    """Only what is out can be extended or called back."""

    slug: ClassVar[str] = "not-out"
    title: ClassVar[str] = N_("Prêt non commencé ou déjà rendu")
    detail: ClassVar[str] = N_("La réservation {reference} n’est pas en prêt.")
    reference: str
    state: str


@dataclass(frozen=True, slots=True)
class Renewal:
    """A wish to keep a loan until `due_on`, and what is known of the loan."""

    loan: Period
    due_on: dt.date
    renewals: int
    is_recalled: bool
    is_claimed: bool
    is_thought_lost: bool
    is_affiliated: bool
    over_holidays: bool = False


def usual_renewal(loan: Period, rule: LoanRule, calendar: OpeningCalendar, today: dt.date) -> dt.date:
    """Until when an extension usually goes: counted from the last day, or from today once that is over."""
    wished = max(loan.due_on, today) + rule.renewal_days * DAY
    return calendar.next_open_day(wished) or wished


def renewal_reasons(wish: Renewal, rule: LoanRule, calendar: OpeningCalendar, today: dt.date) -> list[Reason]:
    """Everything in the loan and its rules that stands in the way; whether the copy is promised is another question."""
    longest = usual_renewal(wish.loan, rule, calendar, today)
    found = {
        Reason.RECALLED: wish.is_recalled,
        Reason.CLAIMED: wish.is_claimed,
        Reason.THOUGHT_LOST: wish.is_thought_lost,
        Reason.NOT_AFFILIATED: not wish.is_affiliated,
        Reason.NONE_LEFT: wish.renewals >= rule.renewals,
        Reason.NOT_LATER: wish.due_on <= wish.loan.due_on or wish.due_on < today,
        Reason.TOO_LONG: not wish.over_holidays and wish.due_on > longest,
        Reason.CLOSED_DAY: not calendar.is_open(wish.due_on),
    }
    return [reason for reason, stands in found.items() if stands]


def shorter_renewals(loan: Period, due_on: dt.date, calendar: OpeningCalendar, today: dt.date) -> Iterator[dt.date]:
    """The open days between the present last day and the one wished for, the latest first."""
    first = max(loan.due_on + DAY, today)
    days = (due_on - n * DAY for n in range((due_on - first).days + 1))
    return (day for day in days if calendar.is_open(day))


def recalled_due_on(loan: Period, rule: LoanRule, calendar: OpeningCalendar, today: dt.date) -> dt.date:
    """The last day after a recall: some days are kept to the borrower, and nothing is ever lengthened."""
    kept = today + rule.recall_days * DAY
    return min(loan.due_on, calendar.next_open_day(kept) or kept)


def lapses_on(starts_on: dt.date, rule: LoanRule, calendar: OpeningCalendar) -> dt.date:
    """The first day on which an uncollected reservation has lapsed: so many days of an open desk went by."""
    day = starts_on
    for _ in range(rule.lapse_days):
        day = (calendar.next_open_day(day) or day) + DAY
    return day


def a_year_later(loan: Period, calendar: OpeningCalendar, earliest_on: dt.date) -> Period | None:
    """The same weekdays, 52 weeks later (or more, until they lie ahead), on open days."""
    days = 364
    while loan.starts_on + days * DAY < earliest_on:
        days += 364
    first = calendar.next_open_day(loan.starts_on + days * DAY)
    last = calendar.next_open_day(loan.due_on + days * DAY)
    return Period.through(first, last) if first and last and first <= last else None
