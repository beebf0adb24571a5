"""Everything that can happen to a title, in any order, against rules that must hold after every step.

MACHINE_EXAMPLES sets how many stories are told on SQLite; on PostgreSQL it is a quarter of them.
"""

import itertools
import os
from typing import ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select, text

from lending.catalog.tables import Copy
from lending.core.database import Database
from lending.core.errors import Conflict
from lending.loans import jobs
from lending.loans.rules.desk_errors import BookingIsOver, CollectionTooEarly, CopyAlreadyOut, CopyPromised
from lending.loans.rules.errors import NoCopies, NoCopyFree
from lending.loans.rules.periods import Period
from lending.loans.rules.states import State
from lending.loans.schemas import Completion, FoundLine
from lending.loans.tables import Booking
from lending.notices.tables import Notice
from tests.kit.catalog import create_contents, create_copies, create_title
from tests.kit.clock import MONDAY_MORNING, FixedClock
from tests.kit.loans import DAY, World, create_world

PREPARATION, TURNAROUND = 1, 2
EXAMPLES = int(os.environ.get("MACHINE_EXAMPLES", "40"))
CLEANED = (
    "delete from outbox",
    "delete from notice",
    "delete from booking",
    "delete from contents_check_line",
    "delete from contents_check",
    "delete from copy",
)
picks = st.integers(0, 50)


class Lending(RuleBasedStateMachine):
    """A title with a few copies in one depot that is open every day."""

    world: ClassVar[World]
    db: ClassVar[Database]

    @initialize(copies=st.integers(1, 4))
    def open_depot(self, copies: int) -> None:
        world = self.world
        world.clock.instant = MONDAY_MORNING
        with self.db.write() as session:
            for statement in CLEANED:
                session.execute(text(statement))
            world.title = create_title(session, world.federation)
            world.lines = create_contents(session, world.title, {"Pièces": [("Dé", 6)]})
            world.copies = create_copies(session, world.title, world.depot, copies)
        self.handed: dict[int, int] = {}
        self.pinned: dict[int, int] = {}

    # What people do.

    @rule(start=st.integers(0, 16), length=st.integers(1, 6), pin=st.none() | picks)
    def reserve(self, start: int, length: int, pin: int | None) -> None:
        pinned = self.world.copies[pin % len(self.world.copies)].id if pin is not None and pin < 6 else None
        expected = self._must_be_accepted(start, length) if pinned is None else None
        try:
            booking = self.world.reserve(start, length, self.world.staff, copy_id=pinned)
        except (NoCopyFree, NoCopies):
            accepted = False
        else:
            accepted = True
            if pinned is not None:
                self.pinned[booking.id] = pinned
                assert booking.copy_id == pinned
        assert expected in (None, accepted), "without pins, a wish is accepted exactly when capacity allows"

    @rule(pick=picks)
    def prepare(self, pick: int) -> None:
        booking = self._pick(pick, State.PLANNED)
        if booking and booking.copy_id:
            self.world.loans.pin(self.world.staff, booking.id)
            now = self.world.booking(booking.id)
            if now.copy_id:
                self.pinned[booking.id] = now.copy_id

    @rule(pick=picks, other=st.none() | picks)
    def hand_over(self, pick: int, other: int | None) -> None:
        booking = self._pick(pick, State.PLANNED, State.OUT, State.DONE, State.CANCELLED)
        copy = self._copy(booking.copy_id if booking and other is None else None, other or 0)
        if booking is None or copy is None:
            return
        try:
            self.world.loans.check_out(self.world.staff, self.world.depot.id, copy.code, booking.id)
        except (CopyPromised, CopyAlreadyOut, CollectionTooEarly, BookingIsOver):
            return
        except Conflict:
            assert booking.state != State.PLANNED or copy.status != "lendable"
            return
        assert (booking.state, copy.status) == (State.PLANNED, "lendable")
        self.handed[booking.id] = copy.id
        self.pinned.pop(booking.id, None)

    @rule(pick=picks, found=st.sampled_from([6, 6, 5]))
    def take_back(self, pick: int, found: int) -> None:
        booking = self._pick(pick, State.OUT)
        if booking is None:
            return
        copy = self._copy(booking.copy_id)
        assert copy is not None
        line = FoundLine(self.world.lines[0].id, found)
        self.world.loans.check_in(self.world.staff, self.world.depot.id, copy.code, [line])
        del self.handed[booking.id]
        after = self._copy(copy.id)
        assert after is not None
        if found < 6:
            assert after.status != "lendable", "a copy with a part missing is not lent"

    @rule(pick=picks)
    def complete(self, pick: int) -> None:
        copy = self._copy(None, pick)
        if copy and copy.status == "blocked" and copy.id not in self.handed.values():
            self.world.loans.complete_copy(self.world.staff, copy.id, Completion())

    @rule(pick=picks)
    def cancel(self, pick: int) -> None:
        booking = self._pick(pick, State.PLANNED, State.OUT, State.DONE, State.CANCELLED)
        if booking is None:
            return
        try:
            self.world.loans.cancel(self.world.teacher, booking.id)
        except Conflict:
            assert booking.state != State.PLANNED
        else:
            assert booking.state == State.PLANNED
            self.pinned.pop(booking.id, None)

    @rule(pick=st.integers(0, 12), status=st.sampled_from(["withdrawn", "repair", "lendable"]))
    def change_copy(self, pick: int, status: str) -> None:
        if pick < len(self.world.copies):
            self.world.set_copy(self.world.copies[pick], status=status)

    @rule(nights=st.integers(1, 4))
    def sleep(self, nights: int) -> None:
        for _ in range(nights):
            self.world.clock.advance(days=1)
            jobs.grow_overdue(self.world.loans)
        for loan in self._bookings(State.OUT):
            if loan.ends_on <= self.world.today:
                assert loan.blocked_ends_on == self.world.today + (1 + TURNAROUND) * DAY, "a late loan grows"

    # What must hold.

    @invariant()
    def nobody_is_promised_a_copy_twice(self) -> None:
        planned = [one for one in self._open() if one.copy_id is not None]
        for one, other in itertools.combinations(planned, 2):
            assert one.copy_id != other.copy_id or not _blocked(one).overlaps(_blocked(other))

    @invariant()
    def plans_stand_on_copies_that_can_be_lent(self) -> None:
        lendable = self._lendable()
        assert all(one.copy_id in {None, *lendable} for one in self._bookings(State.PLANNED))

    @invariant()
    def what_was_handed_over_stays_where_it_is(self) -> None:
        assert {one.id: one.copy_id for one in self._bookings(State.OUT)} == self.handed

    @invariant()
    def a_pinned_plan_moves_only_when_its_copy_is_lost_to_it(self) -> None:
        for one in self._bookings(State.PLANNED):
            if one.pinned:
                assert one.copy_id == self.pinned.get(one.id)

    @invariant()
    def buffers_lie_around_every_plan(self) -> None:
        for one in self._bookings(State.PLANNED):
            assert one.starts_on - one.blocked_starts_on == PREPARATION * DAY
            assert one.blocked_ends_on - one.ends_on == TURNAROUND * DAY

    @invariant()
    def nobody_is_at_risk_while_a_copy_is_free(self) -> None:
        served = [one for one in self._open() if one.copy_id is not None]
        for waiting in self._waiting():
            busy = {one.copy_id for one in served if _blocked(one).overlaps(_blocked(waiting))}
            assert self._lendable() <= busy, f"{waiting.id} could have a copy"

    @invariant()
    def who_is_at_risk_was_told(self) -> None:
        with self.db.read() as session:
            keys = set(session.scalars(select(Notice.key).where(Notice.kind == "at-risk")))
        for one in self._waiting():
            assert f"at-risk:{one.id}:{one.starts_on}" in keys

    # Looking.

    def _must_be_accepted(self, start: int, length: int) -> bool | None:
        """What counting days says; None where counting is not enough (something fixed ahead, somebody waiting)."""
        planned = self._bookings(State.PLANNED)
        copies = self._lendable()
        loans = self._bookings(State.OUT)
        if any(one.pinned for one in planned) or self._waiting() or not copies:
            return None
        if any(one.copy_id not in copies for one in loans) or len(copies) < len(self.world.copies):
            return None
        first = self.world.today + start * DAY
        wish = Period(first - PREPARATION * DAY, first + (length + TURNAROUND) * DAY)
        return all(sum(_blocked(one).holds(day) for one in [*planned, *loans]) < len(copies) for day in wish.days())

    def _open(self) -> list[Booking]:
        return self._bookings(State.PLANNED, State.OUT)

    def _waiting(self) -> list[Booking]:
        return [one for one in self._bookings(State.PLANNED) if one.copy_id is None]

    def _bookings(self, *states: State) -> list[Booking]:
        with self.db.read() as session:
            wanted = [state.value for state in states]
            return list(session.scalars(select(Booking).where(Booking.state.in_(wanted)).order_by(Booking.id)))

    def _pick(self, pick: int, *states: State) -> Booking | None:
        found = self._bookings(*states)
        return found[pick % len(found)] if found else None

    def _copy(self, copy_id: int | None, pick: int = 0) -> Copy | None:
        wanted = copy_id or self.world.copies[pick % len(self.world.copies)].id
        with self.db.read() as session:
            return session.get(Copy, wanted)

    def _lendable(self) -> set[int]:
        with self.db.read() as session:
            return set(session.scalars(select(Copy.id).where(Copy.status == "lendable")))


def _blocked(booking: Booking) -> Period:
    return Period(booking.blocked_starts_on, booking.blocked_ends_on)


def test_nothing_that_happens_to_a_title_breaks_a_rule(database: Database, clock: FixedClock) -> None:
    world = create_world(database, clock, max_open_loans=10_000)

    class Machine(Lending):
        pass

    Machine.world, Machine.db = world, database
    examples = EXAMPLES if database.is_sqlite else max(5, EXAMPLES // 4)
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
