import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lending.loans.rules.calendar import ALWAYS_OPEN, OpeningCalendar
from lending.loans.rules.loan_rules import LoanRule
from lending.loans.rules.period_errors import CalendarUnknown, LendsNothingThen, NotInOnePeriod, NotWholeWeeks
from lending.loans.rules.periods import DAY, Period
from lending.loans.rules.ways import (
    SchoolTerm,
    Silence,
    check_way,
    choices,
    crosses,
    holidays_between,
    span_of,
)

# Zone A, 2026-27: the days between are holidays.
P1 = SchoolTerm(1, 2026, Period(dt.date(2026, 9, 1), dt.date(2026, 10, 17)))
P2 = SchoolTerm(2, 2026, Period(dt.date(2026, 11, 2), dt.date(2026, 12, 19)))
P3 = SchoolTerm(3, 2026, Period(dt.date(2027, 1, 4), dt.date(2027, 2, 13)))
YEAR = (P1, P2, P3)
WEDNESDAYS = OpeningCalendar(frozenset({2}))
BY_PERIOD, BY_WEEK = LoanRule(period_mode="period"), LoanRule(period_mode="week")
MONDAY = dt.date(2026, 11, 16)


def test_by_the_period_a_loan_stays_inside_one_period_however_short() -> None:
    check_way(Period.through(dt.date(2026, 11, 4), dt.date(2026, 12, 16)), BY_PERIOD, WEDNESDAYS, YEAR)
    check_way(Period.through(dt.date(2026, 11, 4), dt.date(2026, 11, 11)), BY_PERIOD, WEDNESDAYS, YEAR)


def test_by_the_period_a_loan_comes_back_before_the_holidays() -> None:
    with pytest.raises(NotInOnePeriod) as refused:
        check_way(Period.through(dt.date(2026, 11, 4), dt.date(2026, 12, 23)), BY_PERIOD, WEDNESDAYS, YEAR)
    assert (refused.value.number, refused.value.due_on) == (2, dt.date(2026, 12, 16))


def test_a_year_that_nobody_published_is_not_guessed() -> None:
    with pytest.raises(CalendarUnknown):
        check_way(Period.through(dt.date(2029, 1, 3), dt.date(2029, 1, 10)), BY_PERIOD, WEDNESDAYS, YEAR)


@pytest.mark.parametrize("weeks", [1, 2, 3])
def test_by_the_week_a_loan_ends_on_the_same_weekday(weeks: int) -> None:
    check_way(Period.through(MONDAY, MONDAY + weeks * 7 * DAY), BY_WEEK, ALWAYS_OPEN, ())


def test_by_the_week_other_lengths_are_refused_with_the_nearest_that_fits() -> None:
    with pytest.raises(NotWholeWeeks) as refused:
        check_way(Period.through(MONDAY, MONDAY + 9 * DAY), BY_WEEK, ALWAYS_OPEN, ())
    assert refused.value.nearest_due_on == MONDAY + 7 * DAY


def test_days_without_loans_are_named_with_their_reason() -> None:
    quiet = Silence(Period.through(dt.date(2026, 11, 20), dt.date(2026, 11, 22)), "inventaire")
    with pytest.raises(LendsNothingThen) as refused:
        check_way(Period.through(MONDAY, MONDAY + 7 * DAY), LoanRule(), ALWAYS_OPEN, (), [quiet])
    assert (refused.value.reason, refused.value.until_on) == ("inventaire", dt.date(2026, 11, 22))


def test_one_tap_takes_what_is_left_of_this_period_and_the_next_ones_whole() -> None:
    found = choices(BY_PERIOD, WEDNESDAYS, YEAR, dt.date(2026, 11, 23), dt.date(2027, 6, 1))
    assert [(one.number, one.period.starts_on, one.period.due_on) for one in found] == [
        (2, dt.date(2026, 11, 25), dt.date(2026, 12, 16)),
        (3, dt.date(2027, 1, 6), dt.date(2027, 2, 10)),
    ]


def test_a_period_in_which_the_depot_never_opens_offers_nothing() -> None:
    closed = OpeningCalendar(frozenset({2}), (P3.period,))
    assert span_of(P3, closed) is None


def test_a_loan_crosses_holidays_when_it_is_out_before_and_after_they_begin() -> None:
    autumn = holidays_between(YEAR)[0]
    assert autumn == Period(dt.date(2026, 10, 17), dt.date(2026, 11, 2))
    assert crosses(Period.through(dt.date(2026, 10, 14), dt.date(2026, 11, 4)), [autumn])
    assert not crosses(Period.through(dt.date(2026, 10, 7), dt.date(2026, 10, 14)), [autumn])
    assert not crosses(Period.through(dt.date(2026, 10, 20), dt.date(2026, 11, 4)), [autumn])


@given(st.integers(0, 150), st.sets(st.integers(0, 6), min_size=1), st.sampled_from([BY_PERIOD, BY_WEEK]))
def test_whatever_one_tap_offers_the_rule_allows(offset: int, weekdays: set[int], rule: LoanRule) -> None:
    calendar = OpeningCalendar(frozenset(weekdays))
    earliest_on = dt.date(2026, 9, 1) + offset * DAY
    for choice in choices(rule, calendar, YEAR, earliest_on, dt.date(2027, 6, 1)):
        check_way(choice.period, rule, calendar, YEAR)
        assert choice.period.starts_on >= earliest_on
        assert calendar.is_open(choice.period.starts_on)
        assert calendar.is_open(choice.period.due_on)
