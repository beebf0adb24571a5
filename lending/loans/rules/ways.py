"""In which way a title is lent: for free dates, by the week, or for a school period of the borrower."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from lending.loans.rules.calendar import OpeningCalendar
from lending.loans.rules.loan_rules import LoanRule
from lending.loans.rules.period_errors import CalendarUnknown, LendsNothingThen, NotInOnePeriod, NotWholeWeeks
from lending.loans.rules.periods import DAY, Period

WEEK_DAYS = 7
SHOWN_WEEKS = 4


@dataclass(frozen=True, slots=True)
class SchoolTerm:
    """A school period (1 to 5) of the borrower, until the day before the holidays (or mid-June)."""

    number: int
    school_year: int
    period: Period


@dataclass(frozen=True, slots=True)
class Silence:
    """Days on which an association lends nothing, and why."""

    period: Period
    reason: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Dates that the rule allows, to be taken with one tap. `number` is that of the school period, or of weeks."""

    number: int
    period: Period


def check_way(
    period: Period,
    rule: LoanRule,
    calendar: OpeningCalendar,
    terms: Sequence[SchoolTerm],
    silences: Iterable[Silence] = (),
) -> None:
    """Raise NotWholeWeeks, NotInOnePeriod, CalendarUnknown or LendsNothingThen when the dates do not fit."""
    for silence in silences:
        if silence.period.overlaps(period):
            shown = silence.period
            raise LendsNothingThen(starts_on=shown.starts_on, until_on=shown.due_on, reason=silence.reason)
    if rule.period_mode == "week":
        _check_weeks(period, calendar)
    elif rule.period_mode == "period":
        _check_term(period, calendar, terms)


def choices(
    rule: LoanRule, calendar: OpeningCalendar, terms: Sequence[SchoolTerm], earliest_on: dt.date, latest_on: dt.date
) -> list[Choice]:
    """What one tap can take: the school periods to come that are short enough, or some weeks from the first day."""
    if rule.period_mode == "week":
        first = calendar.next_open_day(earliest_on)
        weeks = range(1, min(SHOWN_WEEKS, rule.max_loan_days // WEEK_DAYS) + 1)
        return [Choice(n, Period.through(first, _due_after(first, n, calendar))) for n in weeks] if first else []
    found = [_choice_of(term, calendar, earliest_on) for term in terms]
    in_reach = [one for one in found if one is not None and one.period.starts_on <= latest_on]
    is_any_length = rule.period_mode == "period"
    return [one for one in in_reach if is_any_length or one.period.length_days <= rule.max_loan_days]


def span_of(term: SchoolTerm, calendar: OpeningCalendar) -> Period | None:
    """From the first to the last open day of a school period; None when the depot never opens in it."""
    first = calendar.next_open_day(term.period.starts_on)
    last = calendar.previous_open_day(term.period.due_on)
    if first is None or last is None or last <= first:
        return None
    return Period.through(first, last)


def crosses(period: Period, holidays: Iterable[Period]) -> bool:
    """Whether a loan keeps its copy over holidays: out before them and still out after they began."""
    return any(one.starts_on > period.starts_on and period.holds(one.starts_on) for one in holidays)


def holidays_between(terms: Sequence[SchoolTerm]) -> list[Period]:
    """The days between one school period and the next."""
    ordered = sorted(term.period for term in terms)
    return [
        Period(before.ends_on, after.starts_on)
        for before, after in pairwise(ordered)
        if before.ends_on < after.starts_on
    ]


def _check_weeks(period: Period, calendar: OpeningCalendar) -> None:
    weeks = max(1, round((period.length_days - 1) / WEEK_DAYS))
    due_on = _due_after(period.starts_on, weeks, calendar)
    if period.due_on != due_on:
        raise NotWholeWeeks(nearest_due_on=due_on)


def _due_after(starts_on: dt.date, weeks: int, calendar: OpeningCalendar) -> dt.date:
    """The same weekday so many weeks later, or the next open day."""
    due_on = starts_on + weeks * WEEK_DAYS * DAY
    return calendar.next_open_day(due_on) or due_on


def _check_term(period: Period, calendar: OpeningCalendar, terms: Sequence[SchoolTerm]) -> None:
    if any(term.period.starts_on <= period.starts_on and period.ends_on <= term.period.ends_on for term in terms):
        return
    ahead = [term for term in terms if term.period.ends_on > period.starts_on and span_of(term, calendar)]
    if not ahead:
        raise CalendarUnknown
    nearest = min(ahead, key=lambda term: term.period.starts_on)
    span = span_of(nearest, calendar) or nearest.period
    raise NotInOnePeriod(number=nearest.number, starts_on=span.starts_on, due_on=span.due_on)


def _choice_of(term: SchoolTerm, calendar: OpeningCalendar, earliest_on: dt.date) -> Choice | None:
    span = span_of(term, calendar)
    if span is None:
        return None
    first = calendar.next_open_day(max(span.starts_on, earliest_on))
    if first is None or first >= span.due_on:
        return None
    return Choice(term.number, Period.through(first, span.due_on))
