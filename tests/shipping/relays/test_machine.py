"""Whatever people do with loans, transfers and relays, in any order: no copy in two places, none promised twice.

MACHINE_EXAMPLES sets how many stories are told on SQLite; on PostgreSQL it is a quarter of them.
"""

from typing import ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from lending.core.actor import Actor, Role
from lending.core.database import Database
from lending.loans.queries.relays import that_count
from lending.loans.tables import Booking, Relay
from lending.network.tables import Organisation
from lending.shipping.relays.schemas import Count, NewRelay
from lending.shipping.relays.service import Relays
from lending.shipping.shipments.rules import Mode
from tests.kit.clock import FixedClock
from tests.kit.loans import EVERY_DAY, create_world
from tests.kit.network import create_depot, create_person
from tests.shipping.shipments.test_machine import EXAMPLES, Moving, picks


class Passing(Moving):
    """The same, with two schools more: what one has may go on to another."""

    schools: ClassVar[list[tuple[Organisation, Actor]]]
    # Parcels would fill the stories: what they do to a copy, a transfer alone does too.
    ship = act_on_shipment = receive = None  # type: ignore[assignment]  # a rule that is not one any more

    @initialize()
    def begin_relays(self) -> None:
        self.relays = Relays(self.world.db, self.world.clock)

    @rule(school=picks, start=st.integers(0, 6), length=st.integers(1, 4))
    def reserve_here(self, school: int, start: int, length: int) -> None:
        wished = {"depot_id": self.depots[0].id, "school_id": self._school(school)[0].id}
        self._try("reserve", lambda: self.world.reserve(start, length, self.everywhere, **wished))

    @rule(school=picks, wait=st.integers(0, 2), acts=st.sampled_from(["", "give", "give take", "give cancel"]))
    def lend_and_agree(self, school: int, wait: int, acts: str) -> None:
        """A loan from today on, and who has it next: what relays need, which chance alone makes seldom."""
        ids: list[int] = []
        for number, start in ((school, 0), (school + 1, 2 + wait)):
            wished = {"depot_id": self.depots[0].id, "school_id": self._school(number)[0].id}
            self._try("reserve", lambda start=start, wished=wished: ids.append(self._reserved(start, wished)))
        if len(ids) < 2:
            return
        loan = self.world.booking(ids[0])
        code = next((one.code for one in self.world.copies if one.id == loan.copy_id), "")
        loans, place = self.world.loans, self.depots[0].id
        self._try("hand over", lambda: loans.check_out(self.everywhere, place, code, loan.id))
        new = NewRelay(other_id=ids[1], mode=Mode.MEETING, carrier="Anne")
        self._try("agree", lambda: self.relays.agree(self.everywhere, ids[0], new))
        for act in acts.split():
            self._act(act, ids[1] if act == "take" else ids[0])

    @rule(pick=picks, other=picks)
    def agree(self, pick: int, other: int) -> None:
        out, planned = self._bookings("out", "loan"), self._bookings("planned", "loan")
        if out and planned:
            new = NewRelay(other_id=planned[other % len(planned)].id, mode=Mode.MEETING)
            self._try("agree", lambda: self.relays.agree(self.everywhere, out[pick % len(out)].id, new))

    @rule(pick=picks, act=st.sampled_from(["give", "give", "take", "take", "cancel"]))
    def step_of_relay(self, pick: int, act: str) -> None:
        row = self._relay(pick)
        if row is not None:
            self._act(act, row.to_booking_id if act == "take" else row.from_booking_id)

    @rule(pick=picks)
    def give_up(self, pick: int) -> None:
        found = self._bookings("planned", "loan")
        if found:
            loans = self.world.loans
            self._try("give up", lambda: loans.cancel(self.everywhere, found[pick % len(found)].id))

    @rule()
    def pass_a_night(self) -> None:
        self.world.loans.grow_overdue()
        self.world.loans.replan_changed()

    @invariant()
    def what_goes_on_stays_with_its_copy(self) -> None:
        with self.world.db.read() as session:
            bookings = {one.id: one for one in session.scalars(select(Booking))}
            found = that_count(session, list(bookings))
            taken = session.scalars(select(Relay).where(Relay.taken_at.is_not(None))).all()
        ends = [booking_id for one in found for booking_id in (one.loan_id, one.next_id)]
        assert len(ends) == len(set(ends)), "one relay an end"
        for one in found:
            loan, after = bookings[one.loan_id], bookings[one.next_id]
            assert loan.blocked_ends_on <= after.blocked_starts_on <= after.starts_on
            between = [
                other
                for other in bookings.values()
                if other.copy_id == loan.copy_id and other.state == "planned" and other.id != after.id
            ]
            assert not any(loan.ends_on <= other.starts_on < after.starts_on for other in between)
        for row in taken:
            loan, after = bookings[row.from_booking_id], bookings[row.to_booking_id]
            assert loan.state == "done"
            assert after.state in ("out", "done", "lost")

    def _states(self) -> dict[int, str]:
        """What a school gave is on its way, to another one or home."""
        given = select(Booking.copy_id).join(Relay, Relay.from_booking_id == Booking.id)
        given = given.where(Booking.state == "out", Relay.given_at.is_not(None))
        with self.world.db.read() as session:
            on_way = set(session.scalars(given))
        return super()._states() | {copy_id: "sent" for copy_id in on_way if copy_id is not None}

    def _act(self, act: str, booking_id: int) -> None:
        school_id = self.world.booking(booking_id).school_id
        teacher = next(one for school, one in self.schools if school.id == school_id)
        if act == "cancel":
            self._try(act, lambda: self.relays.cancel(self.everywhere, booking_id))
        else:
            self._try(act, lambda: getattr(self.relays, act)(teacher, booking_id, Count()))

    def _relay(self, pick: int) -> Relay | None:
        """One of those that count, if there is any; else one of the last ones."""
        with self.world.db.read() as session:
            rows = session.scalars(select(Relay).order_by(Relay.id.desc()).limit(4)).all()
            counting = {one.relay_id for one in that_count(session, [row.from_booking_id for row in rows])}
        rows = [row for row in rows if row.id in counting] or rows
        return rows[pick % len(rows)] if rows else None

    def _reserved(self, start: int, wished: dict[str, int]) -> int:
        return self.world.reserve(start, 2, self.everywhere, **wished).id

    def _school(self, pick: int) -> tuple[Organisation, Actor]:
        return self.schools[pick % len(self.schools)]


def test_what_goes_on_from_school_to_school_is_in_one_place(database: Database, clock: FixedClock) -> None:
    world = create_world(database, clock, copies=1, preparation_days=1, turnaround_days=1, lead_days=0)
    with world.db.write() as session:
        others = [create_depot(session, world.association, "Redon", EVERY_DAY)]
        Passing.everywhere = create_person(session, Role.ADMIN, world.federation)
    Passing.schools = [(world.school, world.teacher), *(world.school_with_teacher() for _ in range(2))]
    Passing.world, Passing.depots = world, [world.depot, *others]
    share = 1 if database.is_sqlite else 4
    run_state_machine_as_test(
        Passing,
        settings=settings(
            max_examples=max(5, EXAMPLES // share),
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
