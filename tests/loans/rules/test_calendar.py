"""Open days, and what they add around a loan."""

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from lending.loans.rules.blocked import Buffers
from lending.loans.rules.calendar import ALWAYS_OPEN, SEARCH_LIMIT_DAYS, OpeningCalendar
from lending.loans.rules.periods import DAY, Period

MONDAY = dt.date(2027, 1, 4)
some_days = st.dates(dt.date(2026, 9, 1), dt.date(2027, 8, 31))
periods = st.builds(lambda day, n: Period(day, day + n * DAY), some_days, st.integers(1, 40))
calendars = st.builds(
    OpeningCalendar,
    st.frozensets(st.integers(0, 6)),
    st.lists(st.builds(lambda day, n: Period(day, day + n * DAY), some_days, st.integers(1, 60))).map(tuple),
)
buffers = st.builds(Buffers, calendars, st.integers(0, 4), st.integers(0, 4))


def weekdays(*numbers: int, closed: tuple[Period, ...] = ()) -> OpeningCalendar:
    return OpeningCalendar(frozenset(numbers), closed)


def test_a_day_without_hours_is_closed() -> None:
    assert not weekdays(0, 1).is_open(MONDAY + 2 * DAY)


def test_a_closure_closes_its_days_and_no_more() -> None:
    calendar = weekdays(0, 1, 2, closed=(Period(MONDAY, MONDAY + 2 * DAY),))
    assert [calendar.is_open(MONDAY + n * DAY) for n in range(3)] == [False, False, True]


def test_the_next_open_day_may_be_the_day_itself() -> None:
    assert weekdays(0).next_open_day(MONDAY) == MONDAY


def test_c026_the_next_open_day_passes_the_closure() -> None:
    calendar = weekdays(0, 4, closed=(Period(MONDAY, MONDAY + 3 * DAY),))
    assert calendar.next_open_day(MONDAY) == MONDAY + 4 * DAY


def test_the_previous_open_day_looks_back() -> None:
    assert weekdays(4).previous_open_day(MONDAY) == MONDAY - 3 * DAY


def test_c030_a_depot_without_hours_counts_plain_days_and_says_so() -> None:
    calendar = OpeningCalendar()
    assert calendar.is_assumed
    assert calendar.next_open_day(MONDAY) == MONDAY
    assert calendar.after_open_days(MONDAY, 3) == MONDAY + 3 * DAY


def test_c030_a_depot_closed_for_years_ends_the_search() -> None:
    closed = Period(MONDAY, MONDAY + 5 * SEARCH_LIMIT_DAYS * DAY)
    calendar = weekdays(0, 1, closed=(closed,))
    assert calendar.next_open_day(MONDAY) is None
    assert calendar.after_open_days(MONDAY, 2) == MONDAY + 2 * DAY
    assert calendar.previous_open_day(closed.due_on) is None
    assert calendar.before_open_days(closed.due_on, 2) == closed.due_on - 2 * DAY


@given(calendars, some_days, st.integers(0, 6))
@settings(max_examples=150, deadline=None)
def test_as_many_open_days_lie_between_as_were_asked(calendar: OpeningCalendar, day: dt.date, count: int) -> None:
    after, before = calendar.after_open_days(day, count), calendar.before_open_days(day, count)
    if count:
        assert calendar.count_open_days(Period(day, after)) == count
        assert calendar.count_open_days(Period(before, day)) == count
    else:
        assert after == before == day


@given(calendars, some_days)
@settings(deadline=None)
def test_the_next_open_day_is_open_and_none_was_skipped(calendar: OpeningCalendar, day: dt.date) -> None:
    found = calendar.next_open_day(day)
    assert found is not None
    assert calendar.is_open(found)
    assert found == day or calendar.count_open_days(Period(day, found)) == 0


@given(buffers, periods)
@settings(deadline=None)
def test_the_blocked_period_holds_the_loan_and_its_open_days(around: Buffers, period: Period) -> None:
    blocked = around.around(period)
    assert blocked.starts_on <= period.starts_on
    assert period.ends_on <= blocked.ends_on
    expected = around.preparation_days + around.turnaround_days + around.calendar.count_open_days(period)
    assert around.calendar.count_open_days(blocked) == expected


@given(buffers, periods, some_days)
@settings(deadline=None)
def test_a_loan_still_out_always_keeps_its_copy_beyond_today(around: Buffers, period: Period, today: dt.date) -> None:
    blocked = around.around(period)
    ends_on = around.end_while_out(period, blocked.ends_on, today)
    assert ends_on >= blocked.ends_on
    assert ends_on > today or period.starts_on > today
    assert around.end_while_out(period, ends_on, today) == ends_on, "growing twice changes nothing"


def test_c040_on_its_last_day_a_loan_is_not_late() -> None:
    around = Buffers(ALWAYS_OPEN, 1, 2)
    period = Period.through(MONDAY, MONDAY + 4 * DAY)
    blocked = around.around(period)
    assert around.end_while_out(period, blocked.ends_on, period.due_on) == blocked.ends_on


def test_from_the_day_after_it_grows_by_a_day_each_day() -> None:
    around = Buffers(ALWAYS_OPEN, 1, 2)
    period = Period.through(MONDAY, MONDAY + 4 * DAY)
    blocked = around.around(period)
    first = around.end_while_out(period, blocked.ends_on, period.due_on + DAY)
    assert first == blocked.ends_on + DAY


def test_c055_c056_the_gap_between_two_loans_is_turnaround_plus_preparation() -> None:
    around = Buffers(ALWAYS_OPEN, 1, 2)
    first = around.around(Period.through(MONDAY, MONDAY + 4 * DAY))
    for gap, meets in ((2, True), (3, False)):
        second = around.around(Period.through(MONDAY + (5 + gap) * DAY, MONDAY + 20 * DAY))
        assert first.overlaps(second) is meets


def test_c042_adjacent_bookings_without_buffers_do_not_overlap() -> None:
    around = Buffers(ALWAYS_OPEN, 0, 0)
    first = around.around(Period.through(MONDAY, MONDAY + 4 * DAY))
    second = around.around(Period.through(MONDAY + 5 * DAY, MONDAY + 8 * DAY))
    assert not first.overlaps(second)
