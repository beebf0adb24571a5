"""Everything that can happen to a title, in any order, against rules that must hold after every step.

MACHINE_EXAMPLES sets how many stories are told on SQLite; on PostgreSQL it is a quarter of them. With
MACHINE_SHRINK=0 the stories are the same each time, and one that fails is not made shorter: for the mutants.
"""

import datetime as dt
import os
import random
from collections.abc import Callable
from typing import ClassVar

from hypothesis import HealthCheck, Phase, settings
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
from lending.loans.rules.changes import RenewalRefused
from lending.loans.rules.desk_errors import BookingIsOver, CollectionTooEarly, CopyAlreadyOut, CopyPromised
from lending.loans.rules.errors import DueOnClosedDay, NoCopies, NoCopyFree, StartsOnClosedDay
from lending.loans.rules.periods import Period
from lending.loans.rules.states import Cause, State
from lending.loans.schemas import Completion, FoundLine
from lending.loans.schemas.changes import NewDates, RenewalWish
from lending.loans.service.changes import Changes
from lending.loans.service.closures import Closures
from lending.loans.service.locking import lock_title
from lending.loans.service.open_shelf import open_shelf
from lending.loans.service.reserve import new_reference
from lending.loans.tables import Appointment, Booking
from lending.network.schemas import NewClosure
from lending.network.service import Network
from lending.notices.tables import Notice
from tests.kit.catalog import create_contents, create_copies, create_title
from tests.kit.clock import MONDAY_MORNING, FixedClock
from tests.kit.loans import DAY, World, create_world
from tests.loans.promises import (
    PREPARATION,
    TURNAROUND,
    Snapshot,
    a_copy_is_with_one_borrower_at_most,
    a_hold_is_never_at_risk,
    a_way_is_of_one_copy,
    blocked,
    buffers_lie_around_every_plan,
    everybody_with_a_copy_can_be_served,
    nobody_is_at_risk_while_a_copy_is_free,
    nobody_is_promised_a_copy_twice,
    nobody_is_told_twice,
    plans_stand_on_copies_that_can_be_lent,
    who_is_at_risk_was_told,
)
from tests.loans.settling import settling_changes_only_what_is_unsettled

# Above it, trying everything would take too long.
MOST_TRIED = 6
HELD = dt.timedelta(minutes=15)
EXAMPLES = int(os.environ.get("MACHINE_EXAMPLES", "30"))
FOR_MUTANTS = os.environ.get("MACHINE_SHRINK") == "0"
PHASES = [Phase.generate] if FOR_MUTANTS else [Phase.generate, Phase.shrink]
CLEANED = (
    "delete from outbox",
    "delete from notice",
    "delete from incident",
    "delete from desk_act",
    "delete from booking_event",
    "delete from appointment",
    "delete from booking",
    "delete from wish",
    "delete from contents_check_line",
    "delete from contents_check",
    "delete from copy",
    "delete from closure",
)
picks = st.integers(0, 50)


class Lending(RuleBasedStateMachine):
    """A title with a few copies in one depot that is open every day."""

    world: ClassVar[World]
    db: ClassVar[Database]
    closures: ClassVar[Closures]
    changes: ClassVar[Changes]

    @initialize(
        copies=st.sampled_from([1, 2, 2, 3, 3, 4]), has_pins=st.booleans(), closes=st.sampled_from([False] * 3 + [True])
    )
    def open_depot(self, copies: int, has_pins: bool, closes: bool) -> None:
        # Without anything fixed ahead, counting days tells exactly what must be accepted.
        world, self.has_pins, self.closes = self.world, has_pins, closes
        self.has_closures = False
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

    @rule(start=st.integers(0, 20), length=st.integers(1, 6), pin=st.sampled_from([None] * 8 + [0, 1, 2]))
    def reserve(self, start: int, length: int, pin: int | None) -> None:
        pinned = self.world.copies[pin % len(self.world.copies)].id if pin is not None and self.has_pins else None
        expected = self._must_be_accepted(start, length) if pinned is None else None
        try:
            booking = self.world.reserve(start, length, self.world.staff, copy_id=pinned)
        except (NoCopyFree, NoCopies):
            accepted = False
        except (StartsOnClosedDay, DueOnClosedDay):
            assert self.has_closures
            return
        else:
            accepted = True
            if pinned is not None:
                self.pinned[booking.id] = pinned
                assert booking.copy_id == pinned
        assert expected in (None, accepted), "without pins, a wish is accepted exactly when capacity allows"

    @rule(pick=picks, length=st.integers(1, 4))
    def reserve_as_soon_as_it_is_back(self, pick: int, length: int) -> None:
        ahead = self._pick(pick, State.PLANNED, State.OUT)
        if ahead is not None:
            start = (ahead.blocked_ends_on - self.world.today).days + PREPARATION
            self.reserve(max(0, start), length, None)

    @rule(pick=picks)
    def prepare(self, pick: int) -> None:
        booking = self._pick(pick, State.PLANNED) if pick % 3 == 0 and self.has_pins else None
        if booking and booking.copy_id:
            self.world.loans.pin(self.world.staff, booking.id)
            now = self.world.booking(booking.id)
            if now.copy_id:
                self.pinned[booking.id] = now.copy_id

    @rule(length=st.integers(1, 4))
    def lend_at_once(self, length: int) -> None:
        try:
            booking = self.world.reserve(0, length, self.world.staff)
        except (NoCopyFree, NoCopies, StartsOnClosedDay, DueOnClosedDay):
            return
        self._hand_over(booking.id, None)

    @rule(pick=picks, other=st.sampled_from([None, None, 0, 1, 2]))
    def hand_over(self, pick: int, other: int | None) -> None:
        booking = self._pick_some(pick)
        if booking is not None:
            self._hand_over(booking.id, other)

    def _hand_over(self, booking_id: int, other: int | None) -> None:
        booking = self.world.booking(booking_id)
        copy = self._copy(booking.copy_id if other is None else None, other or 0)
        if copy is None:
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
        self.world.loans.check_in(self.world.staff, self.world.depot.id, copy.code, [line], accept_withdrawn=True)
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

    @rule(pick=picks, days=st.integers(1, 8))
    def renew(self, pick: int, days: int) -> None:
        loan = self._pick(pick, State.OUT)
        if loan is None:
            return
        wish, waiting = RenewalWish(due_on=loan.ends_on + (days - 1) * DAY), self._waiting()
        try:
            after = self.changes.renew(self.world.staff, loan.id, wish)
        except RenewalRefused as refusal:
            assert self.world.booking(loan.id).ends_on == loan.ends_on
            if refusal.longest_due_on is None:
                return
            after = self.changes.renew(self.world.staff, loan.id, RenewalWish(due_on=refusal.longest_due_on))
        assert after.due_on >= loan.ends_on
        assert after.copy_id == loan.copy_id
        assert self._waiting() <= waiting, "an extension takes nothing from anybody"

    @rule(pick=picks, start=st.integers(0, 15), length=st.integers(1, 6))
    def change_dates(self, pick: int, start: int, length: int) -> None:
        plan = self._pick(pick, State.PLANNED)
        if plan is None:
            return
        wish, waiting = self.world.wish(start, length), self._waiting()
        wanted = NewDates(starts_on=wish.starts_on, due_on=wish.due_on, version=plan.version)
        try:
            self.changes.change_dates(self.world.staff, plan.id, wanted)
        except Conflict:
            assert self.world.booking(plan.id).starts_on == plan.starts_on
        else:
            assert self._waiting() <= waiting - {plan.id}

    @rule(pick=picks)
    def recall(self, pick: int) -> None:
        loan = self._pick(pick, State.OUT)
        if loan is not None:
            after = self.changes.recall(self.world.staff, loan.id)
            assert after.due_on < loan.ends_on, "a recall never gives days"

    @rule(pick=picks)
    def cancel(self, pick: int) -> None:
        booking = self._pick_some(pick)
        if booking is None:
            return
        try:
            self.world.loans.cancel(self.world.teacher, booking.id)
        except Conflict:
            assert booking.state != State.PLANNED
        else:
            assert booking.state == State.PLANNED
            self.pinned.pop(booking.id, None)

    @rule(pick=picks)
    def take_the_cancellation_back(self, pick: int) -> None:
        booking = self._pick(pick, State.CANCELLED)
        if booking is None or booking.cause != Cause.LOAN:
            return
        waiting = self._waiting()
        try:
            after = self.changes.restore(self.world.teacher, booking.id)
        except Conflict:
            assert self.world.booking(booking.id).state == State.CANCELLED
            return
        assert (after.starts_on, after.copy_id is None) == (booking.starts_on, False)
        assert self._waiting() <= waiting, "it takes nothing from anybody"
        if after.is_pinned:
            self.pinned[booking.id] = after.copy_id or 0

    @rule(start=st.integers(0, 15), length=st.integers(1, 5))
    def hold(self, start: int, length: int) -> None:
        """As a basket does while it is filled, or an offer to who waits."""
        expected = self._must_be_accepted(start, length)
        hold_id = self._occupy(Cause.HOLD, start, length, held_until_at=self.world.clock.now() + HELD)
        assert expected in (None, hold_id is not None)

    @rule(minutes=st.sampled_from([5, 10, 20]))
    def let_time_pass(self, minutes: int) -> None:
        self.world.clock.advance(minutes=minutes)

    @rule(pick=picks, start=st.integers(1, 15), length=st.integers(1, 4))
    def hold_for_a_transfer(self, pick: int, start: int, length: int) -> None:
        copy = self._copy(None, pick)
        if self.has_pins and copy and copy.status == "lendable":
            booking_id = self._occupy(Cause.TRANSFER, start, length, copy_id=copy.id, pinned=True)
            if booking_id is not None:
                self.pinned[booking_id] = copy.id

    @rule(start=st.integers(1, 20), length=st.integers(1, 4))
    def close_the_depot(self, start: int, length: int) -> None:
        if not self.closes:
            return
        first = self.world.today + start * DAY
        new = NewClosure(starts_on=first, ends_on=first + length * DAY)
        self.closures.announce(self.world.staff, [self.world.depot.id], new)
        self.has_closures = True

    @rule(pick=st.integers(0, 8), status=st.sampled_from(["withdrawn", "repair", "lendable"]))
    def change_copy(self, pick: int, status: str) -> None:
        if pick < len(self.world.copies):
            self.world.set_copy(self.world.copies[pick], status=status)

    @rule(nights=st.integers(1, 3))
    def sleep(self, nights: int) -> None:
        for _ in range(nights):
            self.world.clock.advance(days=1)
            jobs.grow_overdue(self.world.loans)
        for loan in self._look().out:
            if loan.ends_on <= self.world.today:
                grown = self.world.today + (1 + TURNAROUND) * DAY
                assert loan.blocked_ends_on == grown or (self.has_closures and loan.blocked_ends_on > grown)

    @rule(seed=st.integers(0, 2**32))
    def live_through_a_busy_week(self, seed: int) -> None:
        """Many things in a row: a fair mixture that single steps reach seldom."""
        dice = random.Random(seed)
        for _ in range(8):
            self._do_something(dice)
            self.everything_holds()
        self.sleep(1)

    def _do_something(self, dice: random.Random) -> None:
        pick, length = dice.randrange(1000), dice.randint(1, 5)
        acts: list[tuple[int, Callable[[], None]]] = [
            (3, lambda: self.reserve(dice.randint(0, 14), length, dice.choice([None, None, None, 0, 1]))),
            (2, lambda: self.reserve_as_soon_as_it_is_back(pick, length)),
            (1, lambda: self.lend_at_once(length)),
            (2, lambda: self.hand_over(pick, dice.choice([None, None, 0, 1, 2]))),
            (2, lambda: self.take_back(pick, dice.choice([6, 6, 5]))),
            (1, lambda: self.cancel(pick)),
            (1, lambda: self.take_the_cancellation_back(pick)),
            (1, lambda: dice.choice([self.complete, self.prepare])(pick)),
            (1, lambda: self.hold(dice.randint(0, 14), length)),
            (1, lambda: self.let_time_pass(dice.choice([5, 20]))),
            (1, lambda: self.hold_for_a_transfer(pick, 1 + pick % 9, 2)),
            (1, lambda: self.renew(pick, length)),
            (1, lambda: self.change_dates(pick, dice.randint(0, 14), length)),
            (1, lambda: self.recall(pick)),
        ]
        dice.choices([act for _, act in acts], [weight for weight, _ in acts])[0]()

    # What must hold.

    @invariant()
    def everything_holds(self) -> None:
        now = self._look()
        nobody_is_promised_a_copy_twice(now)
        plans_stand_on_copies_that_can_be_lent(now)
        buffers_lie_around_every_plan(now, has_closures=self.has_closures)
        nobody_is_at_risk_while_a_copy_is_free(now)
        who_is_at_risk_was_told(now)
        nobody_is_told_twice(now)
        a_copy_is_with_one_borrower_at_most(now)
        a_hold_is_never_at_risk(now)
        a_way_is_of_one_copy(now, self.pinned)
        assert self._expected() <= {one.id for one in now.out}, "only what is out is expected"
        self._room_is_where_trying_everything_finds_it(now)
        assert {one.id: one.copy_id for one in now.out} == self.handed, "what was handed over stays there"
        for one in now.planned:
            assert not one.pinned or one.copy_id == self.pinned.get(one.id), "a pinned plan does not move"
        settling_changes_only_what_is_unsettled(self.db, self.world.title.id, self.world.clock.now())

    # Looking.

    def _look(self) -> Snapshot:
        with self.db.read() as session:
            bookings = session.scalars(select(Booking).order_by(Booking.id)).all()
            lendable = set(session.scalars(select(Copy.id).where(Copy.status == "lendable")))
            told = list(session.scalars(select(Notice.key)))
        return Snapshot(bookings, lendable, told, self.world.clock.now())

    def _must_be_accepted(self, start: int, length: int) -> bool | None:
        """What counting days says; None where counting is not enough (something fixed ahead, somebody waiting)."""
        now = self._look()
        if (
            self.has_closures
            or any(one.pinned for one in now.planned)
            or now.waiting
            or len(now.lendable) < len(self.world.copies)
        ):
            return None
        first = self.world.today + start * DAY
        wish = Period(first - PREPARATION * DAY, first + (length + TURNAROUND) * DAY)
        busiest = max(sum(blocked(one).holds(day) for one in now.open) for day in wish.days())
        return busiest < len(now.lendable)

    def _room_is_where_trying_everything_finds_it(self, now: Snapshot) -> None:
        if len(now.open) > MOST_TRIED:
            return
        assert everybody_with_a_copy_can_be_served(now)
        if not self.has_closures:
            wish = self.world.wish(len(now.bookings) % 9, 3)
            asked = Period(wish.starts_on - PREPARATION * DAY, wish.due_on + (1 + TURNAROUND) * DAY)
            found = self.world.loans.free_between([self.world.title.id], wish.starts_on, wish.due_on)
            assert bool(found) is everybody_with_a_copy_can_be_served(now, asked)

    def _occupy(self, cause: Cause, start: int, length: int, copy_id: int | None = None, **more: object) -> int | None:
        """Keep a copy for something that is no loan; the booking's id, None without room."""
        world, wish = self.world, self.world.wish(start, length)
        period = Period.through(wish.starts_on, wish.due_on)
        with self.db.write() as session:
            shelf = open_shelf(session, lock_title(session, world.title.id), world.depot.id, world.clock.now())
            blocked = shelf.terms.buffers.around(period)
            found = shelf.make_room(blocked, copy_id)
            if found is None:
                return None
            booking = Booking(
                reference=new_reference(),
                title_id=world.title.id,
                copy_id=found,
                association_id=world.association.id,
                depot_id=world.depot.id,
                cause=cause.value,
                state=State.PLANNED.value,
                starts_on=period.starts_on,
                ends_on=period.ends_on,
                blocked_starts_on=blocked.starts_on,
                blocked_ends_on=blocked.ends_on,
                created_at=world.clock.now(),
                **more,
            )
            shelf.add(booking)
            return booking.id

    def _expected(self) -> set[int]:
        with self.db.read() as session:
            return set(session.scalars(select(Appointment.booking_id).where(Appointment.state == "planned")))

    def _waiting(self) -> set[int]:
        return {one.id for one in self._look().waiting}

    def _pick(self, pick: int, *states: State) -> Booking | None:
        """A loan: holds and transfers are nobody's to hand over or to cancel."""
        found = [one for one in self._look().bookings if one.state in states and one.cause == Cause.LOAN]
        return found[pick % len(found)] if found else None

    def _pick_some(self, pick: int) -> Booking | None:
        """Mostly one that is planned; now and then one of which the life is further on."""
        is_odd = pick % 5 == 0
        return self._pick(pick, *State) if is_odd else self._pick(pick, State.PLANNED)

    def _copy(self, copy_id: int | None, pick: int = 0) -> Copy | None:
        wanted = copy_id or self.world.copies[pick % len(self.world.copies)].id
        with self.db.read() as session:
            return session.get(Copy, wanted)


def test_nothing_that_happens_to_a_title_breaks_a_rule(database: Database, clock: FixedClock) -> None:
    world = create_world(database, clock, max_open_loans=10_000, renewals=5, recall_days=1)
    Network(database, clock).limit_returns(world.staff, world.depot.id, 1)

    class Machine(Lending):
        pass

    Machine.world, Machine.db = world, database
    Machine.changes = Changes(database, clock)
    Machine.closures = Closures(database, clock, Network(database, clock))
    examples = EXAMPLES if database.is_sqlite else max(5, EXAMPLES // 4)
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=20,
            deadline=None,
            phases=PHASES,
            derandomize=FOR_MUTANTS,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
