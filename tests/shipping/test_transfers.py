"""Copies on their way: what each scan means, and that nobody loses what was promised."""

from dataclasses import dataclass

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lending.core.actor import Actor, Role
from lending.core.database import Database
from lending.core.errors import Forbidden
from lending.loans.rules.errors import NoCopyFree
from lending.loans.schemas.waiting import NewWish
from lending.loans.service.wishes import Wishes
from lending.loans.tables import Booking
from lending.network.tables import Depot
from lending.shipping.rules import (
    CopyIsNeeded,
    CopyNotInDepot,
    Reason,
    SameDepot,
    SentJustNow,
    TransferNotThere,
    TransferOpen,
)
from lending.shipping.schemas import ArrivalScan, NewRotation, NewTransfer, StageIn, TransferView
from lending.shipping.service import Shipping
from lending.shipping.service.rotating import Rotations
from lending.shipping.tables import Rotation, Transfer
from tests.kit.catalog import create_copies
from tests.kit.clock import FixedClock
from tests.kit.loans import DAY, World, create_world
from tests.kit.network import create_association, create_depot, create_person

EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)


@dataclass
class Way:
    """Two depots of the association, and one of a neighbour."""

    world: World
    shipping: Shipping
    there: Depot
    third: Depot
    neighbour: Depot
    stranger: Actor

    @property
    def code(self) -> str:
        return self.world.copies[0].code

    def plan(self, start: int = 0, **more: object) -> TransferView:
        place = {"code": self.code, "to_depot_id": self.there.id, "leaves_on": self.world.today + start * DAY}
        return self.shipping.plan(self.world.staff, NewTransfer(**place | more))

    def send(self, **more: object) -> TransferView:
        return self.shipping.send(self.world.staff, self.plan(**more).id)

    def scan(self, depot: Depot, *, is_confirmed: bool = False) -> str:
        return self.shipping.arrive(
            self.world.staff, ArrivalScan(code=self.code, depot_id=depot.id, is_confirmed=is_confirmed)
        ).what

    def depot_of_copy(self) -> int:
        with self.world.db.read() as session:
            return session.get_one(type(self.world.copies[0]), self.world.copies[0].id).depot_id

    def state(self, transfer: TransferView) -> str:
        with self.world.db.read() as session:
            return session.get_one(Transfer, transfer.id).state


@pytest.fixture
def way(database: Database, clock: FixedClock) -> Way:
    world = create_world(database, clock, copies=1, preparation_days=0, turnaround_days=0)
    with world.db.write() as session:
        there = create_depot(session, world.association, "Dépôt de Saint-Malo", EVERY_DAY)
        third = create_depot(session, world.association, "Dépôt de Redon", EVERY_DAY)
        other = create_association(session, world.union, code="22")
        neighbour = create_depot(session, other, "Dépôt de Saint-Brieuc", EVERY_DAY)
        stranger = create_person(session, Role.STAFF, other)
    return Way(world, Shipping(world.db, world.clock), there, third, neighbour, stranger)


def test_a_copy_is_planned_packed_sent_and_received_and_lent_where_it_is(way: Way) -> None:
    planned = way.plan()
    assert way.shipping.mark_ready(way.world.staff, planned.id).state == "ready"
    assert way.shipping.send(way.world.staff, planned.id).state == "sent"
    with pytest.raises(NoCopyFree):
        way.world.reserve(1, 5)
    assert way.scan(way.there) == "received"
    assert way.depot_of_copy() == way.there.id
    assert way.world.reserve(1, 5, depot_id=way.there.id).state == "planned"
    steps = way.shipping.custody(way.world.staff, way.world.copies[0].id)
    assert [step.act for step in steps] == ["planned", "ready", "sent", "received"]


def test_c012_a_copy_at_the_wrong_depot_goes_home_and_is_in_transit_only_once_sent(way: Way) -> None:
    assert way.scan(way.there) == "elsewhere"
    transfer = way.shipping.transfers(way.world.staff, way.there.id)[0]
    assert (transfer.reason, transfer.state, transfer.to_depot_id) == ("return_home", "planned", way.world.depot.id)
    way.shipping.send(way.world.staff, transfer.id)
    assert way.state(transfer) == "sent"
    assert way.scan(way.world.depot) == "received"
    assert way.depot_of_copy() == way.world.depot.id


def test_c013_what_a_school_has_comes_back_where_it_left(way: Way) -> None:
    booking = way.world.hand_over(way.world.reserve(0, 5))
    with pytest.raises(CopyNotInDepot) as refused:
        way.scan(way.there)
    assert refused.value.depot_name == way.world.depot.name
    assert way.world.booking(booking.id).state == "out"


def test_c014_a_copy_that_stays_is_not_sent_back(way: Way) -> None:
    way.send(keep_at_destination=True)
    way.scan(way.there)
    assert way.shipping.transfers(way.world.staff, way.there.id) == []


def test_c015_a_scan_on_the_way_is_noted_and_the_copy_stays_in_transit(way: Way) -> None:
    transfer = way.send()
    assert way.scan(way.third) == "hop"
    assert way.state(transfer) == "sent"
    assert [one.depot_name for one in way.shipping.custody(way.world.staff, way.world.copies[0].id)][-1] == (
        way.third.name
    )
    assert way.scan(way.there) == "received"


def test_c016_a_scan_where_it_left_minutes_ago_must_be_confirmed(way: Way) -> None:
    transfer = way.send()
    way.world.clock.advance(minutes=5)
    with pytest.raises(SentJustNow):
        way.scan(way.world.depot)
    assert way.state(transfer) == "sent"
    assert way.scan(way.world.depot, is_confirmed=True) == "came_back"
    assert way.depot_of_copy() == way.world.depot.id


def test_c017_in_transit_without_a_transfer_is_put_right_by_a_scan(way: Way) -> None:
    transfer = way.send()
    with way.world.db.write() as session:
        row = session.get_one(Transfer, transfer.id)
        row.state, row.received_at, row.closed_at = "received", way.world.clock.now(), way.world.clock.now()
    assert way.scan(way.world.depot) == "repaired"
    assert way.world.reserve(0, 5).state == "planned"


def test_c018_what_is_on_loan_is_not_sent_and_leaves_after_its_return(way: Way) -> None:
    planned = way.plan(start=6)
    booking = way.world.hand_over(way.world.reserve(0, 5))
    with pytest.raises(CopyIsNeeded):
        way.shipping.send(way.world.staff, planned.id)
    way.world.loans.check_in(way.world.staff, way.world.depot.id, booking.copy_code or "")
    assert way.shipping.send(way.world.staff, planned.id).state == "sent"


def test_c018_nothing_is_out_on_loan_and_in_transit_at_once(way: Way) -> None:
    transfer = way.send()
    with way.world.db.read() as session:
        moving = session.get_one(Booking, session.get_one(Transfer, transfer.id).booking_id)
    other = Booking(
        reference="XXXX-2222",
        title_id=moving.title_id,
        copy_id=moving.copy_id,
        association_id=moving.association_id,
        depot_id=moving.depot_id,
        cause="loan",
        state="out",
        school_id=way.world.school.id,
        starts_on=moving.starts_on - 9 * DAY,
        ends_on=moving.starts_on - 8 * DAY,
        blocked_starts_on=moving.starts_on - 9 * DAY,
        blocked_ends_on=moving.starts_on - 8 * DAY,
        created_at=way.world.clock.now(),
        checked_out_at=way.world.clock.now(),
    )
    with pytest.raises(IntegrityError), way.world.db.write() as session:
        session.add(other)


def test_c019_a_batch_receives_what_it_can_and_tells_the_rest_line_by_line(way: Way) -> None:
    with way.world.db.write() as session:
        away = create_copies(session, way.world.title, way.third, 1)[0]
    way.send()
    lines = way.shipping.arrive_all(way.world.staff, way.there.id, [way.code, "9999999999", away.code])
    assert [(line.is_ok, line.type) for line in lines] == [
        (True, "received"),
        (False, "damaged-barcode"),
        (False, "elsewhere"),
    ]
    assert way.depot_of_copy() == way.there.id


def test_c068_a_copy_sent_for_a_reservation_that_was_cancelled_goes_to_the_next_in_line(way: Way) -> None:
    wishes = Wishes(way.world.db, way.world.clock)
    school, who = way.world.school_with_teacher()
    sent = way.send(reason=Reason.FILL_BOOKING, keep_at_destination=False)
    first = way.world.today
    wish = wishes.join(
        who,
        NewWish(
            title_id=way.world.title.id,
            school_id=school.id,
            depot_id=way.there.id,
            starts_on=first,
            until_on=first + 20 * DAY,
            length_days=5,
        ),
    )
    assert wish.state == "waiting"
    assert way.scan(way.there) == "received"
    assert wishes.mine(who)[0].state == "offered"
    assert way.state(sent) == "received"
    assert way.shipping.transfers(way.world.staff, way.there.id) == []


def test_c068_and_goes_home_when_nobody_needs_it(way: Way) -> None:
    way.send(reason=Reason.FILL_BOOKING, keep_at_destination=False)
    way.scan(way.there)
    home = way.shipping.transfers(way.world.staff, way.there.id)
    assert [(one.reason, one.to_depot_id) for one in home] == [("return_home", way.world.depot.id)]


def test_c070_on_the_way_another_destination_may_be_given(way: Way) -> None:
    transfer = way.plan()
    with pytest.raises(TransferNotThere):
        way.shipping.redirect(way.world.staff, transfer.id, way.third.id)
    way.shipping.send(way.world.staff, transfer.id)
    assert way.shipping.redirect(way.world.staff, transfer.id, way.third.id).to_depot_id == way.third.id
    assert way.scan(way.third) == "received"


def test_c084_a_copy_is_received_and_collected_in_one_step(way: Way) -> None:
    with way.world.db.write() as session:
        spare = create_copies(session, way.world.title, way.there, 1)[0]
    booking = way.world.reserve(0, 5, depot_id=way.there.id)
    way.send()
    received = way.shipping.collect(way.world.staff, way.there.id, way.code, booking.id)
    assert received.state == "received"
    row = way.world.booking(booking.id)
    assert (row.state, row.copy_id) == ("out", way.world.copies[0].id)
    assert spare.id != row.copy_id


def test_c127_two_plans_for_one_copy_the_second_is_refused(way: Way) -> None:
    way.plan(start=3)
    with pytest.raises(TransferOpen):
        way.plan(start=9)


def test_c128_a_copy_that_somebody_counts_on_is_not_moved(way: Way) -> None:
    booking = way.world.reserve(8, 5)
    with pytest.raises(CopyIsNeeded):
        way.plan(start=1)
    assert way.world.booking(booking.id).copy_id == way.world.copies[0].id
    with way.world.db.write() as session:
        create_copies(session, way.world.title, way.world.depot, 1)
        way.world.loans.replan_title(session, way.world.title.id, way.world.clock.now())
    way.plan(start=1)
    assert way.world.booking(booking.id).copy_id not in (None, way.world.copies[0].id)


def test_what_left_and_is_cancelled_comes_back(way: Way) -> None:
    planned = way.plan(start=2)
    assert way.shipping.cancel(way.world.staff, planned.id).state == "cancelled"
    sent = way.send()
    turned = way.shipping.cancel(way.world.staff, sent.id)
    assert (turned.state, turned.to_depot_id) == ("sent", way.world.depot.id)
    assert way.scan(way.world.depot) == "received"
    assert way.depot_of_copy() == way.world.depot.id


def test_what_is_lost_on_the_way_is_found_by_a_scan_anywhere(way: Way) -> None:
    transfer = way.send()
    assert way.shipping.lose(way.world.staff, transfer.id).state == "lost"
    assert way.world.copy_status(way.world.copies[0]) == "lost"
    assert way.scan(way.third) == "received"
    assert way.world.copy_status(way.world.copies[0]) == "lendable"
    assert way.depot_of_copy() == way.third.id


@pytest.mark.parametrize("act", ["mark_ready", "send", "cancel", "lose"])
def test_nothing_happens_to_what_arrived(way: Way, act: str) -> None:
    transfer = way.send()
    way.scan(way.there)
    with pytest.raises(TransferNotThere):
        getattr(way.shipping, act)(way.world.staff, transfer.id)


def test_a_copy_moves_to_a_neighbour_and_keeps_its_owner(way: Way) -> None:
    way.send(to_depot_id=way.neighbour.id)
    scan = ArrivalScan(code=way.code, depot_id=way.neighbour.id)
    with pytest.raises(Forbidden):
        way.shipping.arrive(way.world.staff, scan)
    assert way.shipping.arrive(way.stranger, scan).what == "received"
    with way.world.db.read() as session:
        copy = session.get_one(type(way.world.copies[0]), way.world.copies[0].id)
    assert (copy.owner_id, copy.depot_id) == (way.world.association.id, way.neighbour.id)


def test_only_those_at_its_ends_move_a_copy(way: Way) -> None:
    with pytest.raises(Forbidden):
        way.shipping.plan(way.stranger, NewTransfer(code=way.code, to_depot_id=way.there.id, leaves_on=way.world.today))
    with pytest.raises(SameDepot):
        way.plan(to_depot_id=way.world.depot.id)


def test_c129_c130_a_rotation_waits_for_a_loan_skips_once_and_leaves_at_its_end(way: Way) -> None:
    rotations = Rotations(way.world.db, way.world.clock)
    stages = [StageIn(way.world.depot.id, 5), StageIn(way.there.id, 5)]
    rotations.begin(way.world.staff, NewRotation(code=way.code, stages=stages, is_cyclical=False))
    booking = way.world.hand_over(way.world.reserve(0, 7))
    way.world.clock.advance(days=6)
    assert rotations.turn() == 0
    way.world.loans.check_in(way.world.staff, way.world.depot.id, booking.copy_code or "")
    assert rotations.turn() == 1
    transfer = way.shipping.transfers(way.world.staff, way.there.id)[0]
    assert transfer.reason == "rotation"
    assert rotations.turn() == 0
    way.shipping.send(way.world.staff, transfer.id)
    way.scan(way.there)
    way.world.clock.advance(days=6)
    assert rotations.turn() == 1
    assert rotations.turn() == 0
    assert way.depot_of_copy() == way.there.id


def test_c131_a_copy_of_a_rotation_found_elsewhere_is_called_back(way: Way) -> None:
    rotations = Rotations(way.world.db, way.world.clock)
    stages = [StageIn(way.world.depot.id, 5), StageIn(way.there.id, 5)]
    rotations.begin(way.world.staff, NewRotation(code=way.code, stages=stages))
    way.world.set_copy(way.world.copies[0], depot_id=way.third.id)
    assert rotations.turn() == 1
    transfer = way.shipping.transfers(way.world.staff, way.third.id)[0]
    assert (transfer.from_depot_id, transfer.to_depot_id) == (way.third.id, way.world.depot.id)


def test_c008_a_copy_that_lies_at_home_is_seen_there_and_stays(way: Way) -> None:
    assert way.scan(way.world.depot) == "received"
    assert way.depot_of_copy() == way.world.depot.id
    assert way.shipping.transfers(way.world.staff, way.world.depot.id) == []


def test_c008_a_copy_seen_at_another_depot_is_there_from_then_on(way: Way) -> None:
    way.scan(way.there)
    assert way.depot_of_copy() == way.there.id


def test_c129_while_somebody_waits_a_rotation_skips_one_turn_and_no_second(way: Way) -> None:
    rotations, wishes = Rotations(way.world.db, way.world.clock), Wishes(way.world.db, way.world.clock)
    stages = [StageIn(way.world.depot.id, 5), StageIn(way.there.id, 5)]
    rotations.begin(way.world.staff, NewRotation(code=way.code, stages=stages))
    way.world.reserve(20, 10)
    school, who = way.world.school_with_teacher()
    day = way.world.today
    place = {"title_id": way.world.title.id, "school_id": school.id, "depot_id": way.world.depot.id}
    wishes.join(who, NewWish(**place, starts_on=day + 20 * DAY, until_on=day + 29 * DAY, length_days=5))
    way.world.clock.advance(days=6)
    assert rotations.turn() == 1
    assert way.shipping.transfers(way.world.staff, way.world.depot.id) == []
    assert rotations.turn() == 0
    with way.world.db.read() as session:
        assert session.scalars(select(Rotation.has_skipped)).one()
    way.world.clock.advance(days=6)
    # The second time it would leave, were it not promised here: it waits, and skips no turn again.
    assert rotations.turn() == 0


def test_a_planned_way_goes_on_from_where_the_copy_turned_up(way: Way) -> None:
    planned = way.plan()
    assert way.scan(way.third) == "elsewhere"
    assert way.state(planned) == "cancelled"
    again = way.shipping.transfers(way.world.staff, way.third.id)[0]
    assert (again.from_depot_id, again.to_depot_id, again.state) == (way.third.id, way.there.id, "planned")
    way.shipping.send(way.world.staff, again.id)
    assert way.scan(way.there) == "received"


def test_a_copy_that_somebody_brought_along_has_arrived_and_its_planned_way_is_over(way: Way) -> None:
    planned = way.plan()
    assert way.scan(way.there) == "received"
    assert (way.state(planned), way.depot_of_copy()) == ("cancelled", way.there.id)
    assert way.shipping.transfers(way.world.staff, way.there.id) == []
    assert way.world.reserve(1, 5, depot_id=way.there.id).state == "planned"


def test_no_other_copy_takes_over_the_way_of_one_that_breaks_or_turns_up_elsewhere(way: Way) -> None:
    with way.world.db.write() as session:
        sibling = create_copies(session, way.world.title, way.world.depot, 1)[0]
    planned = way.plan()
    way.world.set_copy(way.world.copies[0], status="repair")
    assert booked_copy(way, planned) == way.world.copies[0].id
    way.world.set_copy(way.world.copies[0], depot_id=way.third.id)
    assert booked_copy(way, planned) == way.world.copies[0].id
    assert way.world.reserve(1, 5).copy_id == sibling.id
    with pytest.raises(CopyNotInDepot):
        way.shipping.send(way.world.staff, planned.id)


def test_a_way_behind_a_late_loan_waits_for_its_own_copy(way: Way) -> None:
    with way.world.db.write() as session:
        create_copies(session, way.world.title, way.world.depot, 1)
    planned = way.plan(start=6)
    loan = way.world.reserve(0, 5, copy_id=way.world.copies[0].id)
    way.world.hand_over(loan)
    way.world.clock.advance(days=8)
    way.world.set_copy(way.world.copies[0])
    assert booked_copy(way, planned) is None
    with pytest.raises(CopyIsNeeded):
        way.shipping.send(way.world.staff, planned.id)
    way.world.loans.check_in(way.world.staff, way.world.depot.id, way.code)
    way.shipping.send(way.world.staff, planned.id)
    assert booked_copy(way, planned) == way.world.copies[0].id


def booked_copy(way: Way, transfer: TransferView) -> int | None:
    with way.world.db.read() as session:
        row = session.get_one(Transfer, transfer.id)
        return session.get_one(Booking, row.booking_id).copy_id
