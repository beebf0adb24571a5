"""Office days, yearly closures, public holidays and exceptional openings."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lending.loans.rules.blocked import Buffers
from lending.loans.rules.calendar import OpeningCalendar
from lending.loans.rules.closing import moved_dates
from lending.loans.rules.periods import DAY, Period

WEEK = frozenset(range(5))
SUMMER = Period(dt.date(2026, 7, 10), dt.date(2026, 8, 20))
CHRISTMAS = Period(dt.date(2026, 12, 24), dt.date(2027, 1, 4))
WEDNESDAY = dt.date(2026, 11, 25)


def test_c031_an_exceptional_opening_in_the_past_opens_nothing_ahead() -> None:
    calendar = OpeningCalendar(frozenset({2}), exceptional=frozenset({dt.date(2026, 11, 2)}))
    assert calendar.next_open_day(dt.date(2026, 11, 20)) == WEDNESDAY


def test_c031_an_exceptional_opening_ahead_is_found_within_a_long_closure() -> None:
    calendar = OpeningCalendar(frozenset({2}), (SUMMER,), exceptional=frozenset({dt.date(2026, 7, 28)}))
    assert calendar.next_open_day(dt.date(2026, 7, 15)) == dt.date(2026, 7, 28)


def test_c032_a_yearly_closure_of_an_earlier_year_is_respected() -> None:
    calendar = OpeningCalendar(WEEK, yearly=(CHRISTMAS,))
    assert not calendar.is_open(dt.date(2029, 12, 28))
    assert not calendar.is_open(dt.date(2030, 1, 2))
    assert calendar.is_open(dt.date(2030, 1, 4))
    assert calendar.is_open(dt.date(2025, 12, 29))


def test_a_yearly_closure_from_a_leap_day_comes_back_a_day_earlier() -> None:
    calendar = OpeningCalendar(WEEK, yearly=(Period(dt.date(2028, 2, 29), dt.date(2028, 3, 1)),))
    assert not calendar.is_open(dt.date(2029, 2, 28))


def test_c033_an_exceptional_opening_on_a_weekday_that_is_closed_is_open() -> None:
    saturday = dt.date(2026, 11, 28)
    assert OpeningCalendar(WEEK, exceptional=frozenset({saturday})).is_open(saturday)


@pytest.mark.parametrize(
    ("territory", "day", "is_open"),
    [
        ("", dt.date(2027, 7, 14), False),
        ("", dt.date(2027, 3, 26), True),
        ("57", dt.date(2027, 3, 26), False),
        ("974", dt.date(2027, 12, 20), False),
        ("", dt.date(2027, 12, 20), True),
        (None, dt.date(2027, 7, 14), True),
    ],
)
def test_public_holidays_are_those_of_the_territory(territory: str | None, day: dt.date, *, is_open: bool) -> None:
    assert OpeningCalendar(WEEK, territory=territory).is_open(day) is is_open


def test_on_office_days_copies_are_prepared_but_nobody_collects() -> None:
    calendar = OpeningCalendar(frozenset({2}), office_weekdays=frozenset({0, 1}))
    assert not calendar.is_open(WEDNESDAY - DAY)
    assert calendar.is_working(WEDNESDAY - DAY)
    loan = Period.through(WEDNESDAY, WEDNESDAY + 7 * DAY)
    blocked = Buffers(calendar, preparation_days=2, turnaround_days=1).around(loan)
    assert blocked == Period(WEDNESDAY - 2 * DAY, dt.date(2026, 12, 8))


@given(st.sets(st.integers(0, 6)), st.sets(st.integers(0, 6)), st.dates(dt.date(2026, 1, 1), dt.date(2030, 1, 1)))
def test_whoever_serves_the_desk_also_works(desk: set[int], office: set[int], day: dt.date) -> None:
    calendar = OpeningCalendar(frozenset(desk), (SUMMER,), frozenset(office), (CHRISTMAS,), "")
    assert calendar.is_working(day) or not calendar.is_open(day)


def test_c034_a_last_day_in_a_closure_goes_to_the_next_open_day_else_to_the_one_before() -> None:
    calendar = OpeningCalendar(WEEK, (Period(dt.date(2026, 12, 2), dt.date(2026, 12, 5)),))
    loan = Period.through(dt.date(2026, 11, 18), dt.date(2026, 12, 2))
    assert moved_dates(loan, calendar, WEDNESDAY, is_out=True) == [
        Period.through(dt.date(2026, 11, 18), dt.date(2026, 12, 7)),
        Period.through(dt.date(2026, 11, 18), dt.date(2026, 12, 1)),
    ]


def test_c034_dates_outside_the_closure_stay() -> None:
    loan = Period.through(dt.date(2026, 11, 18), dt.date(2026, 12, 2))
    assert moved_dates(loan, OpeningCalendar(WEEK), WEDNESDAY, is_out=False) == []


@given(first=st.dates(dt.date(2026, 11, 26), dt.date(2026, 12, 20)), days=st.integers(1, 30), is_out=st.booleans())
def test_what_a_closure_moves_lands_on_open_days_from_today_on(first: dt.date, days: int, *, is_out: bool) -> None:
    calendar = OpeningCalendar(WEEK, (Period(dt.date(2026, 12, 1), dt.date(2026, 12, 10)),))
    for period in moved_dates(Period(first, first + days * DAY), calendar, WEDNESDAY, is_out=is_out):
        assert calendar.is_open(period.due_on)
        assert is_out or calendar.is_open(period.starts_on)
        assert period.due_on >= WEDNESDAY
