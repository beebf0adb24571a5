"""The month of a title's copies, and bookings as calendar files."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from lending.core.actor import ANONYMOUS
from lending.core.database import Database
from lending.core.errors import Forbidden, NotFound, Unauthenticated
from lending.loans.rules.periods import DAY, Period
from lending.loans.rules.stretches import Stay, month_of, pieces
from lending.loans.service.feeds import Feeds
from lending.loans.service.timelines import Timelines
from tests.kit.clock import FixedClock
from tests.kit.loans import World, create_world

WINDOW = Period(dt.date(2027, 1, 1), dt.date(2027, 2, 1))
HOST = "https://malles.example.org"


@pytest.fixture
def world(database: Database, clock: FixedClock) -> World:
    return create_world(database, clock, copies=2)


@pytest.fixture
def feeds(world: World) -> Feeds:
    return Feeds(world.db, world.clock, HOST)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4), st.integers(1, 12), st.integers(0, 3)), max_size=8))
def test_no_day_of_the_window_is_left_out_or_told_twice(lengths: list[tuple[int, int, int, int]]) -> None:
    stays, day = [], WINDOW.starts_on - 10 * DAY
    for number, (gap, before, length, after) in enumerate(lengths):
        first = day + gap * DAY
        loan = Period(first + before * DAY, first + (before + length) * DAY)
        stays.append(Stay(number, Period(first, loan.ends_on + after * DAY), loan, "loan"))
        day = stays[-1].blocked.ends_on
    told = [day for piece in pieces(stays, WINDOW) for day in piece.period.days()]
    assert told == list(WINDOW.days())


@pytest.mark.parametrize("day", [dt.date(2026, 12, 31), dt.date(2028, 2, 29), dt.date(2027, 1, 1)])
def test_a_month_holds_its_days(day: dt.date) -> None:
    month = month_of(day)
    assert month.holds(day)
    assert (month.starts_on.day, month.ends_on.day) == (1, 1)


def test_staff_see_each_copy_with_its_preparation_loan_and_turnaround(world: World) -> None:
    booking = world.reserve(2, 5)
    shown = Timelines(world.db, world.clock).month(world.staff, world.title.id, world.depot.id, booking.starts_on)
    row = next(one for one in shown.rows if one.copy_id == booking.copy_id)
    busy = [(bar.stretch, bar.length_days) for bar in row.bars if bar.booking and bar.booking.id == booking.id]
    assert ("loan", 5) in busy
    assert {stretch for stretch, _ in busy} <= {"preparation", "loan", "turnaround"}
    assert sum(bar.length_days for bar in row.bars) == (shown.until_on - shown.starts_on).days + 1


def test_a_late_loan_is_drawn_until_today(world: World) -> None:
    booking = world.hand_over(world.reserve(0, 3))
    world.clock.advance(days=6)
    shown = Timelines(world.db, world.clock).month(world.staff, world.title.id, world.depot.id, booking.starts_on)
    bars = [bar for row in shown.rows for bar in row.bars if bar.stretch == "loan"]
    assert max(bar.until_on for bar in bars) == min(world.today, shown.until_on)


def test_a_teacher_does_not_see_who_else_borrows(world: World) -> None:
    with pytest.raises(Forbidden):
        Timelines(world.db, world.clock).month(world.teacher, world.title.id, world.depot.id)


def test_a_feed_holds_a_day_to_collect_and_a_day_to_bring_back(world: World, feeds: Feeds) -> None:
    booking = world.reserve(2, 5)
    calendar = Calendar.from_ical(feeds.read(feeds.open_mine(world.teacher)))
    days = {str(event["summary"]): event.decoded("dtstart") for event in calendar.walk("VEVENT")}
    assert sorted(days.values()) == [booking.starts_on, booking.due_on]
    uids = {str(event["uid"]) for event in calendar.walk("VEVENT")}
    assert uids == {f"{booking.reference}-out@malles.example.org", f"{booking.reference}-in@malles.example.org"}


def test_after_the_hand_over_only_the_return_is_left_and_its_number_grows(world: World, feeds: Feeds) -> None:
    secret = feeds.open_mine(world.teacher)
    booking = world.reserve(0, 5)
    before = Calendar.from_ical(feeds.read(secret)).walk("VEVENT")
    world.hand_over(booking)
    after = Calendar.from_ical(feeds.read(secret)).walk("VEVENT")
    assert (len(before), len(after)) == (2, 1)
    assert int(after[0]["sequence"]) > int(before[1]["sequence"])


def test_a_new_address_ends_the_old_one_and_nobody_guesses(world: World, feeds: Feeds) -> None:
    old = feeds.open_mine(world.teacher)
    new = feeds.open_mine(world.teacher)
    with pytest.raises(NotFound):
        feeds.read(old)
    assert feeds.read(new).startswith(b"BEGIN:VCALENDAR")
    with pytest.raises(Unauthenticated):
        feeds.open_mine(ANONYMOUS)


def test_a_depots_feed_is_for_its_staff_to_open(world: World, feeds: Feeds) -> None:
    world.reserve(2, 5)
    with pytest.raises(Forbidden):
        feeds.open_depot(world.teacher, world.depot.id)
    calendar = Calendar.from_ical(feeds.read(feeds.open_depot(world.staff, world.depot.id)))
    assert len(calendar.walk("VEVENT")) == 2


def test_one_reservation_is_a_file_for_its_school_alone(world: World, feeds: Feeds) -> None:
    booking = world.reserve(2, 5)
    _, stranger = world.school_with_teacher()
    assert b"VEVENT" in feeds.booking(world.teacher, booking.id)
    with pytest.raises(Forbidden):
        feeds.booking(stranger, booking.id)
