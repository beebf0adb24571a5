"""Rounds from the week's list to the van's return."""

import datetime as dt
import threading

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from lending.core.errors import Forbidden, LendingError, NotFound
from lending.network.tables import Depot, School
from lending.shipping.deliveries.schemas import Arrival
from lending.shipping.deliveries.service import Deliveries
from lending.shipping.rounds.rules.errors import (
    BadRoundHours,
    DepotNotOnMap,
    NotForThisStop,
    NothingToCarry,
    NotToCarry,
    OnAnotherRound,
    RoundAlreadyStarted,
    RoundChanged,
    RoundInThePast,
    RoundIsOver,
    RoundNotStarted,
    StopIsVisited,
)
from lending.shipping.rounds.rules.states import What
from lending.shipping.rounds.schemas import ErrandChoice, StopHours, StopOrder, StopVisit
from lending.shipping.rounds.tables import RoundErrand
from lending.shipping.shipments.schemas import NewShipment, PackScan
from tests.kit.loans import DAY
from tests.shipping.rounds.conftest import Driving


def test_a_round_brings_loans_in_the_shortest_order_and_the_desk_knows_it(driving: Driving) -> None:
    staff = driving.road.world.staff
    loans = [driving.reserved(number) for number in (2, 0, 1)]
    assert {one.booking_id for one in driving.carried()} == {one.id for one in loans}
    view = driving.planned(*loans)
    assert driving.carried() == []
    assert view.is_kept
    assert {stop.school_id for stop in view.stops} == {one.id for one in driving.schools}
    # There and back along a line: no order is shorter than twice the way to its end.
    assert abs(view.summary.metres - 2 * 1.3 * 6371_000 * 0.15 * 3.14159 / 180) < 100
    assert (view.heaviest_parcels, view.heaviest_grams) == (3, 36_000)
    driving.to_day()
    view = driving.rounds.start(staff, view.summary.id)
    first = view.stops[0].errands[0]
    assert driving.scan(view, first.copy_code) == "delivered"
    assert driving.scan(view, first.copy_code) == "again"
    assert driving.road.world.booking(first.booking_id or 0).state == "out"
    driving.rounds.visit(staff, view.summary.id, view.stops[0].id, StopVisit(note="Sonner à la loge"))
    over = driving.rounds.close(staff, view.summary.id)
    assert [stop.errands[0].state for stop in over.stops] == ["done", "missed", "missed"]
    assert over.stops[0].note == "Sonner à la loge"
    free = {one.booking_id for one in driving.carried() if one.what == "delivery"}
    assert free == {stop.errands[0].booking_id for stop in over.stops[1:]}


def test_another_copy_of_the_title_is_delivered_and_its_plans_are_swapped(driving: Driving) -> None:
    loan = driving.reserved(0)
    view = driving.started(loan)
    world = driving.road.world
    other = next(one for one in world.copies if one.id != loan.copy_id)
    assert driving.scan(view, other.code) == "delivered"
    assert world.booking(loan.id).copy_id == other.id
    # The school checks what the van brought.
    deliveries = Deliveries(world.db, world.clock)
    out = deliveries.confirm(world.teacher, loan.id, Arrival()).out
    assert out is not None
    assert (out.mode, out.carrier, out.state) == ("round", "Nolwenn", "arrived")


def test_a_late_loan_is_collected_and_stays_a_loan_until_the_desk_checks_it(driving: Driving) -> None:
    world = driving.road.world
    loan = world.hand_over(world.reserve(0, 2))
    [carried] = driving.carried()
    assert (carried.what, carried.booking_id, carried.on) == ("collection", loan.id, world.today + DAY)
    choice = ErrandChoice(what=What.COLLECTION, booking_id=loan.id)
    view = driving.rounds.plan(world.staff, driving.new(choice))
    driving.to_day()
    view = driving.rounds.start(world.staff, view.summary.id)
    assert driving.scan(view, loan.copy_code or "") == "collected"
    back = Deliveries(world.db, world.clock).of_booking(world.staff, loan.id).back
    assert back is not None
    assert (back.mode, back.carrier, back.state) == ("round", "Nolwenn", "on_way")
    over = driving.rounds.close(world.staff, view.summary.id)
    assert over.stops[0].errands[0].state == "done"
    assert world.booking(loan.id).state == "out"


def test_shipments_leave_with_the_van_and_each_parcel_is_handed_over(driving: Driving) -> None:
    road = driving.road
    staff = road.world.staff
    new = NewShipment(from_depot_id=road.world.depot.id, to_depot_id=road.third.id)
    shipment_id = road.shipments.prepare(staff, new).summary.id
    for parcel in (1, 2):
        road.plan(parcel, road.third)
        road.shipments.pack(staff, shipment_id, PackScan(code=road.code(parcel), parcel=parcel))
    assert [(one.shipment_id, one.parcels) for one in driving.carried()] == [(shipment_id, 2)]
    choice = ErrandChoice(what=What.DELIVERY, shipment_id=shipment_id)
    view = driving.rounds.plan(staff, driving.new(choice))
    driving.to_day()
    view = driving.rounds.start(staff, view.summary.id)
    sent = road.shipments.shipment(staff, shipment_id)
    assert (sent.summary.state, sent.summary.mode, sent.summary.carrier) == ("sent", "round", "Nolwenn")
    road.world.clock.advance(minutes=60)
    states = []
    for parcel in sent.parcels:
        assert driving.scan(view, parcel.code) == "delivered"
        states.append(driving.rounds.round(staff, view.summary.id).stops[0].errands[0].state)
    assert states == ["waiting", "done"]
    assert driving.scan(view, sent.parcels[0].code) == "again"


def test_what_is_packed_for_us_at_a_depot_nearby_is_collected(driving: Driving) -> None:
    road = driving.road
    staff = road.world.staff
    road.world.set_copy(road.world.copies[0], depot_id=road.third.id)
    new = NewShipment(from_depot_id=road.third.id, to_depot_id=road.world.depot.id)
    shipment_id = road.shipments.prepare(staff, new).summary.id
    road.shipments.pack(staff, shipment_id, PackScan(code=road.code(0), unplanned=True))
    view = driving.rounds.plan(staff, driving.new(ErrandChoice(what=What.COLLECTION, shipment_id=shipment_id)))
    driving.to_day()
    view = driving.rounds.start(staff, view.summary.id)
    parcel = road.shipments.shipment(staff, shipment_id).parcels[0]
    assert driving.scan(view, parcel.code) == "collected"
    assert road.shipments.shipment(staff, shipment_id).summary.mode == "round"


def test_stops_are_moved_by_hand_and_the_page_says_who_is_missed(driving: Driving) -> None:
    staff = driving.road.world.staff
    view = driving.planned(*(driving.reserved(number) for number in range(3)))
    round_id = view.summary.id
    hours = StopHours(version=view.summary.version, opens_at=dt.time(8), closes_at=dt.time(8, 5))
    view = driving.rounds.set_hours(staff, round_id, view.stops[2].id, hours)
    assert view.stops[2].late_minutes > 0
    assert not view.is_kept
    again = driving.rounds.order_again(staff, round_id, view.summary.version)
    assert [stop.id for stop in again.outside] == [view.stops[2].id]
    order = [stop.id for stop in (*again.outside, *again.stops)]
    by_hand = driving.rounds.arrange(staff, round_id, StopOrder(stop_ids=order, version=again.summary.version))
    assert [stop.id for stop in by_hand.stops] == order
    with pytest.raises(RoundChanged):
        driving.rounds.arrange(staff, round_id, StopOrder(stop_ids=order, version=again.summary.version))
    removed = driving.rounds.remove_stop(staff, round_id, order[0])
    assert [stop.number for stop in removed.stops] == [1, 2]
    assert len(driving.carried()) == 1


def test_a_place_that_nobody_knows_is_outside_and_dropped_when_the_van_leaves(driving: Driving) -> None:
    loans = [driving.reserved(0), driving.reserved(1)]
    with driving.road.world.db.write() as session:
        session.get_one(School, driving.schools[1].id).latitude = None
    view = driving.planned(*loans)
    assert [stop.school_id for stop in view.outside] == [driving.schools[1].id]
    driving.to_day()
    driving.rounds.start(driving.road.world.staff, view.summary.id)
    assert [one.booking_id for one in driving.carried()] == [loans[1].id]


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ({"returns_by": dt.time(8)}, BadRoundHours),
        ({"held_on": dt.date(2020, 1, 1)}, RoundInThePast),
        ({"errands": []}, NothingToCarry),
        ({"errands": [ErrandChoice(what=What.DELIVERY, booking_id=999)]}, NotToCarry),
        ({"errands": [ErrandChoice(what=What.COLLECTION)]}, NotToCarry),
        ({"depot_id": 999}, NotFound),
    ],
)
def test_bad_input_changes_nothing(driving: Driving, words: dict[str, object], error: type[LendingError]) -> None:
    loan = driving.reserved(0)
    with pytest.raises(error):
        driving.planned(loan, **words)
    assert driving.rounds.at_depot(driving.road.world.staff, driving.road.world.depot.id) == []
    assert len(driving.carried()) == 1


def test_steps_come_in_their_order(driving: Driving) -> None:
    staff = driving.road.world.staff
    loan = driving.reserved(0)
    view = driving.planned(loan)
    round_id, code = view.summary.id, loan.copy_code or ""
    with pytest.raises(RoundNotStarted):
        driving.scan(view, code)
    with pytest.raises(RoundNotStarted):
        driving.rounds.close(staff, round_id)
    driving.to_day()
    driving.rounds.start(staff, round_id)
    for act in (driving.rounds.start, driving.rounds.cancel):
        with pytest.raises(RoundAlreadyStarted):
            act(staff, round_id)
    foreign = driving.road.world.copies[3].code
    driving.scan(view, code)
    with pytest.raises(NotForThisStop):
        driving.scan(view, foreign)
    driving.rounds.visit(staff, round_id, view.stops[0].id, StopVisit())
    with pytest.raises(StopIsVisited):
        driving.scan(view, code)
    driving.rounds.close(staff, round_id)
    with pytest.raises(RoundIsOver):
        driving.rounds.close(staff, round_id)


def test_a_cancelled_round_frees_what_it_held(driving: Driving) -> None:
    view = driving.planned(driving.reserved(0))
    driving.rounds.cancel(driving.road.world.staff, view.summary.id)
    assert len(driving.carried()) == 1


def test_a_depot_that_is_on_no_map_plans_nothing(driving: Driving) -> None:
    loan = driving.reserved(0)
    with driving.road.world.db.write() as session:
        session.get_one(Depot, driving.road.world.depot.id).latitude = None
        session.execute(text("update school set latitude = null"))
    with pytest.raises(DepotNotOnMap):
        driving.planned(loan)
    assert len(driving.carried()) == 1


def test_only_the_depots_staff_plans_and_drives(driving: Driving) -> None:
    loan = driving.reserved(0)
    view = driving.planned(loan)
    errand = ErrandChoice(what=What.DELIVERY, booking_id=loan.id)
    for actor in (driving.road.neighbour, driving.road.world.teacher):
        with pytest.raises(Forbidden):
            driving.rounds.round(actor, view.summary.id)
        with pytest.raises(Forbidden):
            driving.rounds.start(actor, view.summary.id)
        with pytest.raises(Forbidden):
            driving.rounds.plan(actor, driving.new(errand))
        with pytest.raises(Forbidden):
            driving.rounds.carried_in_week(actor, driving.road.world.depot.id, driving.day)


def test_a_loan_is_on_one_round_even_when_two_people_plan_at_once(driving: Driving) -> None:
    loan = driving.reserved(0)
    outcomes: list[str] = []

    def plan() -> None:
        try:
            driving.planned(loan)
            outcomes.append("planned")
        except (NotToCarry, OnAnotherRound):
            outcomes.append("refused")

    threads = [threading.Thread(target=plan) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(outcomes) == ["planned", "refused"]


def test_the_database_keeps_a_loan_on_one_round(driving: Driving) -> None:
    view = driving.planned(driving.reserved(0), driving.reserved(1))
    one, other = view.stops
    with pytest.raises(IntegrityError), driving.road.world.db.write() as session:
        facts = {"round_id": view.summary.id, "stop_id": other.id, "what": "delivery", "parcels": 1, "grams": 0}
        session.add(RoundErrand(booking_id=one.errands[0].booking_id, **facts))


def test_the_sheet_is_a_pdf(driving: Driving) -> None:
    view = driving.planned(driving.reserved(0), driving.reserved(1))
    assert driving.rounds.sheet(driving.road.world.staff, view.summary.id).startswith(b"%PDF-")
