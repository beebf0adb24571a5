"""Windows, ways, timetables and what belongs to a week, by themselves."""

import datetime as dt
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from lending.shipping.rounds.rules.places import Crow, Place
from lending.shipping.rounds.rules.states import (
    DAY,
    WEEK,
    is_to_bring,
    is_to_collect,
    load_of_copy,
    load_of_parcels,
    monday_of,
)
from lending.shipping.rounds.rules.timetable import Call, Load, Van, timetable
from lending.shipping.rounds.rules.windows import HOUR, Window, depot_windows, school_windows, time_of, windows_of

MONDAY = dt.date(2026, 10, 5)
places = st.lists(st.builds(Place, st.floats(-60, 60), st.floats(-5, 5)), min_size=1, max_size=6)


def test_schools_are_open_while_they_teach() -> None:
    assert [len(school_windows(MONDAY + n * DAY, is_holiday=False)) for n in range(7)] == [2, 2, 1, 2, 2, 0, 0]
    assert school_windows(MONDAY, is_holiday=True) == ()


def test_depots_are_open_in_the_hours_of_desk_and_office() -> None:
    hours = [(0, dt.time(9), dt.time(12)), (0, dt.time(11), dt.time(13)), (0, dt.time(14), dt.time(16))]
    found = depot_windows(MONDAY, hours, is_working=True, is_assumed=False)
    assert found == (Window(9 * HOUR, 13 * HOUR), Window(14 * HOUR, 16 * HOUR))
    assert depot_windows(MONDAY + DAY, hours, is_working=True, is_assumed=False) == ()
    assert depot_windows(MONDAY, hours, is_working=False, is_assumed=True) == ()
    assert depot_windows(MONDAY, [], is_working=True, is_assumed=True) == (Window(9 * HOUR, 17 * HOUR),)


@given(st.integers(0, 24 * HOUR - 1))
def test_a_clock_is_shown_to_the_minute(seconds: int) -> None:
    assert time_of(seconds) == dt.time(seconds // HOUR, seconds % HOUR // 60)


@given(st.lists(st.tuples(st.times(), st.times()).filter(lambda pair: pair[0] < pair[1]), max_size=5))
def test_windows_never_touch_each_other(hours: list[tuple[dt.time, dt.time]]) -> None:
    found = windows_of(hours)
    assert all(one.closes < other.opens for one, other in pairwise(found))


@given(places)
def test_ways_are_the_same_there_and_back_and_farther_takes_longer(found: list[Place]) -> None:
    ways = Crow().ways(found)
    assert (abs(ways.metres - ways.metres.T) <= 1).all()
    assert (ways.metres.diagonal() == 0).all()
    order = ways.metres.ravel().argsort()
    assert (ways.seconds.ravel()[order][1:] >= ways.seconds.ravel()[order][:-1] - 1).all()


def test_a_week_holds_what_begins_in_it_and_what_is_due_or_late() -> None:
    assert monday_of(MONDAY + 6 * DAY) == MONDAY
    assert [is_to_bring("planned", MONDAY + n * DAY, MONDAY) for n in (-1, 0, 6, 7)] == [False, True, True, False]
    assert [is_to_collect("out", MONDAY + n * DAY, MONDAY) for n in (-90, 6, 7)] == [True, True, False]
    assert not is_to_bring("out", MONDAY, MONDAY)
    assert not is_to_collect("done", MONDAY, MONDAY)
    assert is_to_collect("out", MONDAY + WEEK, MONDAY + WEEK)


def test_what_nobody_weighed_weighs_the_usual() -> None:
    assert load_of_copy("trunk") == Load(1, 12_000)
    assert load_of_parcels([3_000, None]) == Load(2, 13_000)


def line(*km: int) -> tuple[list[Place], Van]:
    return [Place(48 + one / 144.5, 0) for one in (0, *km)], Van(8 * HOUR, 18 * HOUR, Load(2, 50_000))


def test_a_timetable_waits_at_closed_doors_and_tells_who_is_missed() -> None:
    found, van = line(10, 20)
    ways = Crow().ways(found)
    first = Call(1, (Window(9 * HOUR, 10 * HOUR),), 600, Load(1, 10_000))
    second = Call(2, (Window(7 * HOUR, 8 * HOUR),), 600, Load(1, 10_000), Load(2, 20_000))
    plan = timetable([first, second], van, ways)
    assert plan.visits[0].begins == 9 * HOUR
    assert plan.visits[0].wait == 9 * HOUR - 8 * HOUR - ways.seconds[0, 1]
    assert plan.visits[1].late == plan.visits[1].arrives - 8 * HOUR > 0
    assert not plan.is_kept(van)
    assert plan.heaviest == Load(2, 20_000)
    assert plan.metres == ways.metres[0, 1] + ways.metres[1, 2] + ways.metres[2, 0]


def test_a_van_is_fullest_where_it_collects_before_it_has_brought_all() -> None:
    found, van = line(10, 20)
    ways = Crow().ways(found)
    always = (Window(0, 24 * HOUR),)
    collects, brings = Call(1, always, 0, collected=Load(2, 0)), Call(2, always, 0, brought=Load(2, 0))
    assert timetable([collects, brings], van, ways).heaviest == Load(4, 0)
    assert not timetable([collects, brings], van, ways).is_kept(van)
    assert timetable([brings, collects], van, ways).is_kept(van)
