"""Waiting, baskets and what goes wrong with copies, in any order, against rules that must hold after every step.

The larger machine beside this one looks at plans; this one looks at promises of a copy to come.
"""

import itertools
import os
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any, ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select, text

from lending.core.actor import Actor
from lending.core.database import Database
from lending.core.errors import Conflict, NotFound
from lending.core.tables import OutboxRow
from lending.loans import jobs
from lending.loans.queries.pools import IS_OPEN
from lending.loans.rules.waiting import WindowTooShort, WishState
from lending.loans.schemas import FoundLine
from lending.loans.schemas.basket import NewLine
from lending.loans.schemas.waiting import NewWish
from lending.loans.service.baskets import Baskets
from lending.loans.service.incidents import Incidents
from lending.loans.service.wishes import Wishes
from lending.loans.tables import Booking, Wish
from tests.kit.catalog import create_contents, create_copies, create_title
from tests.kit.clock import MONDAY_MORNING, FixedClock
from tests.kit.loans import DAY, World, create_world
from tests.loans.promises import blocked
from tests.loans.settling import settling_changes_only_what_is_unsettled
from tests.loans.test_machine import CLEANED

EXAMPLES = int(os.environ.get("MACHINE_EXAMPLES", "30"))
picks = st.integers(0, 50)
PEOPLE = 4


class Waiting(RuleBasedStateMachine):
    """A title with one or two copies, and four schools that want it."""

    world: ClassVar[World]
    people: ClassVar[list[Actor]]

    @initialize(copies=st.integers(1, 2))
    def open_depot(self, copies: int) -> None:
        world = self.world
        world.clock.instant = MONDAY_MORNING
        with world.db.write() as session:
            for statement in CLEANED:
                session.execute(text(statement))
            world.title = create_title(session, world.federation)
            world.lines = create_contents(session, world.title, {"Pièces": [("Dé", 6)]})
            world.copies = create_copies(session, world.title, world.depot, copies)
        self.wishes, self.baskets = Wishes(world.db, world.clock), Baskets(world.db, world.clock)
        self.incidents = Incidents(world.db, world.clock)

    @rule(who=picks, start=st.integers(0, 8), length=st.integers(1, 8))
    def reserve(self, who: int, start: int, length: int) -> None:
        actor = self._who(who)
        refused(lambda: self.world.reserve(start, length, actor, school_id=school_of(actor)))

    @rule(who=picks, start=st.integers(0, 6), length=st.integers(1, 6), more=st.integers(0, 10))
    def wait(self, who: int, start: int, length: int, more: int) -> None:
        actor, first = self._who(who), self.world.today + start * DAY
        wish = NewWish(
            title_id=self.world.title.id,
            school_id=school_of(actor),
            starts_on=first,
            until_on=first + (length + more - 1) * DAY,
            length_days=length,
        )
        refused(lambda: self.wishes.join(actor, wish))

    @rule(pick=picks, answer=st.sampled_from(["accept", "accept", "decline", "cancel", "suspend"]))
    def answer(self, pick: int, answer: str) -> None:
        wish = self._pick(self._open_wishes(), pick)
        if wish is None:
            return
        acts: dict[str, Callable[[], object]] = {
            "accept": lambda: self.wishes.accept(self.world.staff, wish.id),
            "decline": lambda: self.wishes.decline(self.world.staff, wish.id),
            "cancel": lambda: self.wishes.cancel(self.world.staff, wish.id),
            "suspend": lambda: self.wishes.suspend(self.world.staff, wish.id, self.world.today + 2 * DAY),
        }
        refused(acts[answer])

    @rule(who=picks, start=st.integers(0, 8), length=st.integers(1, 5), quantity=st.integers(1, 2))
    def fill_a_basket(self, who: int, start: int, length: int, quantity: int) -> None:
        actor, first = self._who(who), self.world.today + start * DAY
        line = NewLine(
            title_id=self.world.title.id,
            school_id=school_of(actor),
            starts_on=first,
            due_on=first + (length - 1) * DAY,
            quantity=quantity,
        )
        refused(lambda: self.baskets.add(actor, line))

    @rule(who=picks, wants_all=st.booleans())
    def confirm_a_basket(self, who: int, *, wants_all: bool) -> None:
        refused(lambda: self.baskets.confirm(self._who(who), wants_all=wants_all))

    @rule(pick=picks)
    def cancel(self, pick: int) -> None:
        booking = self._pick(self._bookings("planned"), pick)
        if booking is not None:
            refused(lambda: self.world.loans.cancel(self.world.staff, booking.id))

    @rule(pick=picks)
    def hand_over(self, pick: int) -> None:
        booking = self._pick([one for one in self._bookings("planned") if one.copy_id], pick)
        if booking is not None:
            code = next((copy.code for copy in self.world.copies if copy.id == booking.copy_id), "")
            refused(lambda: self.world.loans.check_out(self.world.staff, self.world.depot.id, code, booking.id))

    @rule(pick=picks, found=st.sampled_from([6, 6, 5]))
    def take_back(self, pick: int, found: int) -> None:
        copy = self._pick(self.world.copies, pick)
        if copy is not None:
            lines = [FoundLine(self.world.lines[0].id, found)]
            refused(lambda: self.world.loans.check_in(self.world.staff, self.world.depot.id, copy.code, lines))

    @rule(pick=picks)
    def lose(self, pick: int) -> None:
        booking = self._pick(self._bookings("out"), pick)
        if booking is not None:
            refused(lambda: self.incidents.declare_lost(self.world.staff, booking.id))

    @rule(pick=picks, status=st.sampled_from(["repair", "lendable", "lendable"]))
    def change_copy(self, pick: int, status: str) -> None:
        copy = self._pick(self.world.copies, pick)
        out = {one.copy_id for one in self._bookings("out")}
        if copy is not None and copy.id not in out:
            self.world.set_copy(copy, status=status)

    @rule(hours=st.sampled_from([1, 12, 49, 80]))
    def let_time_pass(self, hours: int) -> None:
        self.world.clock.advance(hours=hours)
        jobs.grow_overdue(self.world.loans)
        self.wishes.serve()

    @invariant()
    def no_copy_is_promised_twice(self) -> None:
        standing = [one for one in self._bookings("planned", "out") if one.copy_id is not None]
        for one, other in itertools.combinations(standing, 2):
            assert not (one.copy_id == other.copy_id and blocked(one).overlaps(blocked(other)))

    @invariant()
    def an_offer_is_a_hold_and_a_hold_for_a_wish_is_an_offer(self) -> None:
        held = Counter(one.wish_id for one in self._bookings("planned") if one.cause == "hold" and one.wish_id)
        offered = {wish.id for wish in self._open_wishes() if wish.state == WishState.OFFERED}
        assert set(held) == offered
        assert all(count == 1 for count in held.values())

    @invariant()
    def a_hold_has_a_copy_and_no_school_waits_twice(self) -> None:
        now = self.world.clock.now()
        holds = [one for one in self._bookings("planned") if one.cause == "hold"]
        assert all(one.copy_id is not None for one in holds if one.held_until_at and one.held_until_at > now)
        schools = Counter(wish.school_id for wish in self._open_wishes())
        assert all(count == 1 for count in schools.values())

    @invariant()
    def what_is_settled_is_left_alone(self) -> None:
        settling_changes_only_what_is_unsettled(self.world.db, self.world.title.id, self.world.clock.now())

    @invariant()
    def no_message_has_the_key_of_another(self) -> None:
        with self.world.db.read() as session:
            keys = list(session.scalars(select(OutboxRow.key).where(OutboxRow.key.is_not(None))))
        assert len(keys) == len(set(keys))

    def _bookings(self, *states: str) -> list[Booking]:
        with self.world.db.read() as session:
            rows = session.scalars(select(Booking).where(IS_OPEN, Booking.state.in_(states)).order_by(Booking.id))
            return list(rows)

    def _open_wishes(self) -> list[Wish]:
        with self.world.db.read() as session:
            return list(session.scalars(select(Wish).where(Wish.closed_at.is_(None)).order_by(Wish.id)))

    def _who(self, pick: int) -> Actor:
        return self.people[pick % len(self.people)]

    def _pick(self, found: list[Any], pick: int) -> Any:
        return found[pick % len(found)] if found else None


def refused(act: Callable[[], object]) -> None:
    """Do it; a rule may refuse, anything else is a mistake."""
    with suppress(Conflict, NotFound, WindowTooShort):
        act()


def school_of(actor: Actor) -> int:
    return actor.grants[0].organisation_id


def test_nothing_that_happens_to_who_waits_breaks_a_promise(database: Database, clock: FixedClock) -> None:
    world = create_world(database, clock, copies=1, preparation_days=0, turnaround_days=0, lead_days=0)
    Waiting.world = world
    Waiting.people = [world.school_with_teacher()[1] for _ in range(PEOPLE)]
    share = 1 if database.is_sqlite else 4
    run_state_machine_as_test(
        Waiting,
        settings=settings(
            max_examples=max(5, EXAMPLES // share),
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
