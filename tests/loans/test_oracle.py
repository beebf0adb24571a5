"""Availability and reservations against a second opinion, on random histories of a title."""

import datetime as dt
from collections.abc import Sequence

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from lending.catalog.tables import Copy
from lending.core.database import Database
from lending.core.errors import Conflict
from lending.loans import jobs
from lending.loans.rules.errors import NoCopyFree
from lending.loans.tables import Booking
from tests.kit.catalog import create_copies, create_title
from tests.kit.clock import MONDAY_MORNING, FixedClock
from tests.kit.loans import DAY, World, create_world
from tests.loans.second_opinion import Stay, can_all_be_served, days_of

PREPARATION, TURNAROUND = 1, 2
HORIZON = 30
MOST_BOOKINGS = 8
CLEANED = (
    *("outbox", "notice", "desk_act", "booking_event", "appointment", "booking"),
    *("contents_check_line", "contents_check", "copy"),
)


def stay_of(booking: Booking, today: dt.date) -> Stay:
    """From what people agreed, not from what the planner wrote down."""
    first, end = booking.starts_on - PREPARATION * DAY, booking.ends_on + TURNAROUND * DAY
    if booking.state == "out":
        first = min(first, booking.blocked_starts_on)
        # Late: it can be back today at the earliest.
        end = max(end, today + (1 + TURNAROUND) * DAY) if booking.ends_on <= today else end
    is_fixed = booking.state == "out" or booking.pinned
    return Stay(days_of(first, end), booking.copy_id if is_fixed else None)


class History:
    """A title on which random things happened."""

    def __init__(self, world: World, copies: int) -> None:
        self.world = world
        world.clock.instant = MONDAY_MORNING
        with world.db.write() as session:
            for table in CLEANED:
                session.execute(text(f"delete from {table}"))
            world.title = create_title(session, world.federation)
            world.copies = create_copies(session, world.title, world.depot, copies)

    def do(self, act: str, pick: int, start: int, length: int) -> None:
        found = self.open()
        one = found[pick % len(found)] if found else None
        try:
            if act == "reserve" and len(found) < MOST_BOOKINGS:
                self.world.reserve(start, length, self.world.staff)
            elif act == "lend" and len(found) < MOST_BOOKINGS:
                self.world.hand_over(self.world.reserve(0, length, self.world.staff))
            elif act == "sleep":
                self.world.clock.advance(days=1 + pick % 3)
                jobs.grow_overdue(self.world.loans)
            elif act == "withdraw":
                self.world.set_copy(self.world.copies[pick % len(self.world.copies)], status="withdrawn")
            elif one is not None:
                self.do_with(act, one)
        except Conflict:
            return  # what cannot be is refused; the history goes on

    def do_with(self, act: str, one: Booking) -> None:
        world = self.world
        copy = next((copy for copy in world.copies if copy.id == one.copy_id), None)
        if act == "pin" and one.state == "planned":
            world.loans.pin(world.staff, one.id)
        elif act == "return" and one.state == "out" and copy:
            world.loans.check_in(world.staff, world.depot.id, copy.code)
        elif act == "cancel":
            world.loans.cancel(world.staff, one.id)

    def open(self) -> list[Booking]:
        with self.world.db.read() as session:
            query = select(Booking).where(
                Booking.title_id == self.world.title.id, Booking.state.in_(("planned", "out"))
            )
            return list(session.scalars(query.order_by(Booking.id)))

    def lendable(self) -> list[int]:
        with self.world.db.read() as session:
            query = select(Copy.id).where(Copy.title_id == self.world.title.id, Copy.status == "lendable")
            return list(session.scalars(query))

    def served(self) -> list[Stay]:
        return [stay_of(one, self.world.today) for one in self.open() if one.copy_id is not None]


ACTS = ["reserve"] * 6 + ["lend"] * 2 + ["pin"] * 2 + ["sleep"] * 2 + ["return", "cancel", "withdraw"]
steps = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(0, 20), st.integers(0, 18), st.integers(1, 6)),
    min_size=4,
    max_size=14,
)


def opinion(history: History, start: int, length: int) -> bool:
    """Whether one more can be served beside everybody who has a copy."""
    first, copies = history.world.today + start * DAY, history.lendable()
    new = Stay(days_of(first - PREPARATION * DAY, first + (length + TURNAROUND) * DAY), None)
    # A loan on a copy that was withdrawn meanwhile takes nothing from the others.
    stays = [one for one in history.served() if one.copy is None or one.copy in copies]
    return can_all_be_served([*stays, new], copies)


def check_history(world: World, copies: int, lived: Sequence[tuple[str, int, int, int]]) -> None:
    history = History(world, copies)
    for step in lived:
        history.do(*step)
    today, served, lendable = world.today, history.served(), history.lendable()
    found = world.loans.availability(world.title.id, today, today + HORIZON * DAY)
    assert bool(found.depots) is bool(lendable)
    usual = found.depots[0].loan_days if found.depots else 1
    for state in found.depots[0].days if found.depots else []:
        busy = {
            one.copy_id for one in history.open() if one.copy_id in lendable and state.day in stay_of(one, today).days
        }
        assert state.free == len(lendable) - len(busy), state
        assert state.can_start is opinion(history, (state.day - today).days, usual), state
    assert can_all_be_served([one for one in served if one.copy is None or one.copy in lendable], lendable)
    for start in range(0, 20, 3):
        wish = world.wish(start, 4)
        answer = world.title.id in world.loans.free_between([world.title.id], wish.starts_on, wish.due_on)
        assert answer is opinion(history, start, 4), wish


def test_availability_is_what_trying_everything_says(small_world: World) -> None:
    with small_world.db.write() as session:
        session.execute(text("update loan_rule set loan_days = 5"))

    @settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None)
    @given(st.integers(1, 4), steps)
    def story(copies: int, lived: list[tuple[str, int, int, int]]) -> None:
        check_history(small_world, copies, lived)

    story()


def test_a_reservation_is_accepted_exactly_where_trying_everything_finds_room(small_world: World) -> None:
    @settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None)
    @given(st.integers(1, 4), steps, st.integers(0, 15), st.integers(1, 6))
    def story(copies: int, lived: list[tuple[str, int, int, int]], start: int, length: int) -> None:
        history = History(small_world, copies)
        for step in lived:
            history.do(*step)
        if not history.lendable():
            return
        expected = opinion(history, start, length)
        try:
            small_world.reserve(start, length, small_world.staff)
        except NoCopyFree:
            assert not expected
        else:
            assert expected

    story()


def test_the_second_opinion_knows_the_case_where_counting_is_not_enough() -> None:
    day = dt.date(2027, 3, 1)
    first, last = Stay(days_of(day, day + 2 * DAY), 1), Stay(days_of(day + 4 * DAY, day + 6 * DAY), 2)
    between = Stay(days_of(day + DAY, day + 5 * DAY), None)
    assert not can_all_be_served([first, last, between], [1, 2])
    assert can_all_be_served([first, last, between], [1, 2, 3])
    assert can_all_be_served([Stay(first.days, None), last, between], [1, 2])


def test_both_databases_tell_the_same_story(database: Database, clock: FixedClock) -> None:
    world = create_world(database, clock, copies=2, loan_days=5)
    lived = [("reserve", 0, 3, 4), ("lend", 0, 0, 2), ("pin", 0, 0, 1), ("sleep", 2, 0, 1), ("reserve", 0, 9, 6)]
    check_history(world, 2, lived)


def test_a_late_loans_copy_is_not_free_even_before_the_nights_job_ran(small_world: World) -> None:
    history = History(small_world, 1)
    history.do("lend", 0, 0, 2)
    small_world.clock.advance(days=9)
    found = small_world.loans.availability(small_world.title.id, small_world.today, small_world.today + 5 * DAY)
    assert [state.free for state in found.depots[0].days] == [0] * (1 + TURNAROUND) + [1] * 3
