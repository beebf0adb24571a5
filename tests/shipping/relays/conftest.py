"""Two schools, a copy that is out at the first, and everybody around it."""

from dataclasses import dataclass

import pytest

from lending.core.actor import Actor, Role
from lending.core.database import Database
from lending.loans.schemas import DeskDecision, DeskScan, Reservation
from lending.network.tables import Organisation
from lending.shipping.custody.service import Custody
from lending.shipping.deliveries.schemas import GapIn
from lending.shipping.relays.schemas import Count, NewRelay, RelaysView
from lending.shipping.relays.service import Relays
from lending.shipping.shipments.rules import Mode
from tests.kit.clock import FixedClock
from tests.kit.loans import World, create_world
from tests.kit.network import create_association, create_person


@dataclass
class Line:
    """A loan that is out until day 9, and a reservation of another school from day 11 on, of the same copy."""

    world: World
    relays: Relays
    custody: Custody
    loan: Reservation
    next: Reservation
    other_school: Organisation
    other_teacher: Actor
    stranger: Actor

    def agree(self, booking_id: int | None = None, other_id: int | None = None) -> RelaysView:
        new = NewRelay(other_id=other_id or self.next.id, mode=Mode.MEETING, carrier="Nolwenn", tracking_number="R1")
        return self.relays.agree(self.world.staff, booking_id or self.loan.id, new)

    def give(self, *gaps: GapIn) -> RelaysView:
        self.world.clock.advance(minutes=60)
        return self.relays.give(self.world.teacher, self.loan.id, Count(list(gaps)))

    def take(self, *gaps: GapIn) -> RelaysView:
        self.world.clock.advance(minutes=60)
        return self.relays.take(self.other_teacher, self.next.id, Count(list(gaps)))

    def cancel(self) -> RelaysView:
        return self.relays.cancel(self.world.staff, self.loan.id)

    def wait(self, days: int) -> None:
        self.world.clock.advance(minutes=days * 24 * 60)

    def take_back(self, one: Reservation, *, declaration_seen: bool = True) -> None:
        code = self.world.copies[0].code
        decision = DeskDecision(action="take_back", declaration_seen=declaration_seen)
        scan = DeskScan(code=code, depot_id=self.world.depot.id, decision=decision)
        assert self.world.loans.desk(self.world.staff, scan).booking is not None
        assert self.world.booking(one.id).state == "done"

    def holders(self) -> list[tuple[str, str]]:
        found = self.custody.of_copy(self.world.staff, self.world.copies[0].id).holdings
        return [(one.kind.value, one.name) for one in reversed(found)]


def create_line(database: Database, clock: FixedClock, copies: int = 1, turnaround_days: int = 0) -> Line:
    days = {"preparation_days": 1, "turnaround_days": turnaround_days}
    world = create_world(database, clock, copies=copies, with_contents=True, **days)
    other_school, other_teacher = world.school_with_teacher()
    with world.db.write() as session:
        stranger = create_person(session, Role.STAFF, create_association(session, world.union, code="22"))
    loan = world.hand_over(world.reserve(0, 10))
    following = world.reserve(11, 10, other_teacher, school_id=other_school.id)
    return Line(
        world=world,
        relays=Relays(database, clock),
        custody=Custody(database),
        loan=loan,
        next=following,
        other_school=other_school,
        other_teacher=other_teacher,
        stranger=stranger,
    )


@pytest.fixture
def line(database: Database, clock: FixedClock) -> Line:
    return create_line(database, clock)
