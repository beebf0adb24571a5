"""The days laid out answer each question as the planner does."""

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from lending.loans.rules.blocked import Buffers
from lending.loans.rules.calendar import OpeningCalendar
from lending.loans.rules.day_table import DayTable
from lending.loans.rules.occupancy import NEW, Occupancy
from lending.loans.rules.packing import place
from lending.loans.rules.periods import Period
from lending.loans.rules.repack import Job

FIRST = dt.date(2027, 3, 1)
WINDOW = Period(FIRST, FIRST + dt.timedelta(days=14))


def period(start: int, length: int) -> Period:
    return Period(FIRST, FIRST + dt.timedelta(days=length)).moved(start)


periods = st.builds(period, st.integers(-4, 16), st.integers(1, 8))
stretches = st.lists(st.tuples(periods, st.integers(1, 3), st.booleans()), max_size=9)


def jobs_that_fit(wanted: list[tuple[Period, int, bool]]) -> list[Job]:
    jobs: list[Job] = []
    for number, (one, copy, is_fixed) in enumerate(wanted, start=1):
        if not any(job.copy == copy and job.period.overlaps(one) for job in jobs):
            jobs.append(Job(number, one, copy, is_fixed))
    return jobs


@settings(max_examples=400, deadline=None, derandomize=True)
@given(stretches, st.integers(0, 3))
def test_room_is_where_the_planner_finds_it(wanted: list[tuple[Period, int, bool]], count: int) -> None:
    jobs, copies = jobs_that_fit(wanted), list(range(1, count + 1))
    occupancy = Occupancy(jobs, copies, WINDOW)
    for start in range(-2, 15):
        for length in (1, 3, 6):
            asked = period(start, length)
            expected = place(Job(NEW, asked), jobs, copies) is not None
            assert occupancy.has_room(asked) is expected, asked


@settings(max_examples=100, deadline=None, derandomize=True)
@given(stretches)
def test_a_job_behind_a_late_loan_on_the_same_copy_counts_twice(wanted: list[tuple[Period, int, bool]]) -> None:
    jobs = [Job(number, one, copy, is_fixed) for number, (one, copy, is_fixed) in enumerate(wanted, start=1)]
    occupancy = Occupancy(jobs, [1, 2, 3], WINDOW)
    for start in range(10):
        asked = period(start, 3)
        assert occupancy.has_room(asked) is (place(Job(NEW, asked), jobs, [1, 2, 3]) is not None)


@given(stretches, st.integers(0, 13))
def test_free_copies_are_those_without_a_job(wanted: list[tuple[Period, int, bool]], day: int) -> None:
    jobs, asked = jobs_that_fit(wanted), FIRST + dt.timedelta(days=day)
    busy = {job.copy for job in jobs if job.period.holds(asked)}
    assert Occupancy(jobs, [1, 2, 3], WINDOW).free_on(asked) == 3 - len(busy)


calendars = st.builds(
    OpeningCalendar,
    weekdays=st.frozensets(st.integers(0, 6), max_size=5),
    office_weekdays=st.frozensets(st.integers(0, 6), max_size=2),
    closures=st.lists(periods, max_size=2).map(tuple),
)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(calendars, st.integers(0, 3), st.integers(0, 3), st.lists(periods, max_size=12))
def test_a_calendar_written_out_says_what_the_calendar_says(
    calendar: OpeningCalendar, preparation: int, turnaround: int, asked: list[Period]
) -> None:
    buffers = Buffers(calendar, preparation, turnaround)
    table = DayTable(buffers, WINDOW)
    for one in asked:
        assert table.around(one) == buffers.around(one)
        due_on = calendar.next_open_day(one.due_on)
        assert table.stretched(one) == (one if due_on is None else Period.through(one.starts_on, due_on))
