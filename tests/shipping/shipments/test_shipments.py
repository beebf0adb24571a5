"""Copies in parcels: packed, sent, handed on, received line by line."""

import datetime as dt

import pytest
from sqlalchemy.exc import IntegrityError

from lending.core.errors import Forbidden
from lending.loans.rules.errors import NoCopyFree
from lending.shipping.rules import CopyIsNeeded, CopyNotInDepot, SameDepot, TransferOpen
from lending.shipping.schemas import ArrivalScan
from lending.shipping.shipments.errors import (
    ArrivesTooEarly,
    BadWeight,
    EmptyParcel,
    ForeignParcel,
    HolderMissing,
    NoLongerToSend,
    NothingPacked,
    NotInAnyShipment,
    NotPacked,
    NoTransferThere,
    PackedElsewhere,
    ParcelNotEmpty,
    ParcelNotWeighed,
    ReceiverClosed,
    ShipmentAlreadySent,
    ShipmentIsOver,
    ShipmentNotSent,
    UnknownParcel,
)
from lending.shipping.shipments.rules import Mode, parcel_code
from lending.shipping.shipments.schemas import Departure, Handover, NewShipment, PackScan, ParcelFacts, ParcelScan
from lending.shipping.shipments.tables import Parcel, ShipmentLine
from tests.kit.loans import DAY
from tests.kit.network import create_closure
from tests.shipping.shipments.conftest import Road


def test_copies_are_packed_sent_handed_on_and_received_by_scans(road: Road) -> None:
    shipment_id = road.packed(0, 1)
    assert road.transfer_states() == ["ready", "ready"]
    road.shipments.describe_parcel(
        road.world.staff, shipment_id, 1, ParcelFacts(weight_grams=12_500, value_cents=30_000)
    )
    departure = Departure(mode=Mode.MEETING, carrier="Anne, du bureau", arrives_on=road.world.today + 3 * DAY)
    sent = road.shipments.send(road.world.staff, shipment_id, departure)
    assert (sent.summary.state, sent.summary.parcel_count, sent.summary.copy_count) == ("sent", 2, 2)
    for _ in range(2):
        school, teacher = road.world.school_with_teacher()
        road.world.reserve(1, 5, teacher, school_id=school.id)
    with pytest.raises(NoCopyFree):
        road.world.reserve(1, 5)
    road.world.clock.advance(minutes=60)
    code = sent.parcels[0].code
    road.shipments.hand_on(road.neighbour, shipment_id, Handover(holder="Paul, de Lamballe", code=code))
    road.world.clock.advance(minutes=60)
    assert road.scan(shipment_id, code) == "arrived"
    assert road.scan(shipment_id, road.code(1)) == "arrived"
    closed = road.shipments.close(road.neighbour, shipment_id)
    assert (closed.summary.state, closed.summary.missing, closed.summary.extra) == ("received", 0, 0)
    assert road.transfer_states() == ["received", "received"]
    assert road.holders(0) == [
        ("depot", road.world.depot.name),
        ("road", "Anne, du bureau"),
        ("person", "Paul, de Lamballe"),
        ("depot", road.there.name),
    ]
    assert road.holders(1)[-2:] == [("road", "Anne, du bureau"), ("depot", road.there.name)]


def test_c019_missing_extra_and_damaged_are_told_line_by_line_and_stop_nobody(road: Road) -> None:
    shipment_id = road.sent(0, 1, 2)
    assert road.scan(shipment_id, road.code(0)) == "arrived"
    assert road.scan(shipment_id, road.code(1), is_damaged=True, note="Couvercle fendu") == "damaged"
    assert road.scan(shipment_id, road.code(3)) == "extra"
    assert road.scan(shipment_id, road.code(0)) == "again"
    closed = road.shipments.close(road.neighbour, shipment_id)
    states = {line.copy_code.replace(" ", ""): line.state for line in closed.lines}
    assert states == {
        road.code(0): "arrived",
        road.code(1): "damaged",
        road.code(2): "missing",
        road.code(3): "extra",
    }
    assert (closed.summary.missing, closed.summary.extra, closed.summary.damaged) == (1, 1, 1)
    assert next(line.note for line in closed.lines if line.state == "damaged") == "Couvercle fendu"
    assert [road.world.copy_status(copy) for copy in road.world.copies] == [
        "lendable",
        "repair",
        "lendable",
        "lendable",
    ]
    # The extra one gets its way home planned; the missing one is still on its way.
    assert road.transfer_states() == ["received", "received", "sent", "planned"]
    assert {"missing", "extra", "damaged"} <= {step.act for step in closed.steps}


def test_what_was_missing_and_turns_up_later_has_arrived(road: Road) -> None:
    shipment_id = road.sent(0, 1)
    road.scan(shipment_id, road.code(0))
    road.shipments.close(road.neighbour, shipment_id)
    assert road.see(shipment_id).summary.missing == 1
    assert road.scan(shipment_id, road.code(1)) == "arrived"
    assert road.see(shipment_id).summary.missing == 0


def test_what_never_comes_is_declared_lost_and_stays_on_the_list(road: Road) -> None:
    shipment_id = road.sent(0, 1)
    road.scan(shipment_id, road.code(0))
    view = road.shipments.close(road.neighbour, shipment_id)
    missing = next(line for line in view.lines if line.state == "missing")
    assert missing.transfer_id is not None
    road.shipping.lose(road.neighbour, missing.transfer_id)
    assert [line.state for line in road.see(shipment_id).lines] == ["arrived", "lost"]
    assert road.holders(1)[-1] == ("lost", "")


def test_what_was_never_sent_is_not_received(road: Road) -> None:
    shipment_id = road.packed(0)
    for act in (
        lambda: road.scan(shipment_id, road.code(0)),
        lambda: road.shipments.close(road.neighbour, shipment_id),
        lambda: road.shipments.hand_on(road.neighbour, shipment_id, Handover(holder="Paul")),
    ):
        with pytest.raises(ShipmentNotSent) as refused:
            act()
        assert refused.value.from_depot_name == road.world.depot.name
    assert road.transfer_states() == ["ready"]


def test_nothing_is_sent_packed_or_weighed_twice(road: Road) -> None:
    shipment_id = road.sent(0)
    for act in (
        lambda: road.shipments.send(road.world.staff, shipment_id, Departure()),
        lambda: road.shipments.pack(road.world.staff, shipment_id, PackScan(code=road.code(1))),
        lambda: road.shipments.unpack(road.world.staff, shipment_id, road.world.copies[0].id),
        lambda: road.shipments.describe_parcel(road.world.staff, shipment_id, 1, ParcelFacts(weight_grams=5)),
    ):
        with pytest.raises(ShipmentAlreadySent):
            act()
    assert len([step for step in road.see(shipment_id).steps if step.act == "sent"]) == 1


def test_a_parcel_of_another_shipment_is_told_and_nothing_of_it_is_received(road: Road) -> None:
    first, second = road.sent(0), road.sent(1)
    code = road.see(second).parcels[0].code
    with pytest.raises(ForeignParcel) as refused:
        road.scan(first, code)
    assert (refused.value.reference, refused.value.depot_name) == (
        road.see(second).summary.reference,
        road.there.name,
    )
    with pytest.raises(UnknownParcel):
        road.scan(first, parcel_code(99_999))
    assert road.transfer_states() == ["sent", "sent"]


def test_cancelled_before_it_leaves_its_copies_can_be_packed_again(road: Road) -> None:
    shipment_id = road.packed(0)
    assert road.shipments.cancel(road.world.staff, shipment_id).summary.state == "cancelled"
    with pytest.raises(ShipmentIsOver):
        road.shipments.send(road.world.staff, shipment_id, Departure())
    with pytest.raises(ShipmentIsOver):
        road.scan(shipment_id, road.code(0))
    again = road.prepare()
    assert road.shipments.pack(road.world.staff, again, PackScan(code=road.code(0))).summary.copy_count == 1


def test_cancelled_after_it_left_it_comes_back_and_is_received_where_it_left(road: Road) -> None:
    shipment_id = road.sent(0, 1)
    road.scan(shipment_id, road.code(0))
    turned = road.shipments.cancel(road.world.staff, shipment_id)
    assert turned.received_at_depot_id == road.world.depot.id
    with pytest.raises(Forbidden):
        road.scan(shipment_id, road.code(1))
    with pytest.raises(ShipmentIsOver):
        road.shipments.cancel(road.world.staff, shipment_id)
    code = turned.parcels[1].code
    assert road.shipments.receive(road.world.staff, shipment_id, ParcelScan(code=code)).what == "arrived"
    assert road.shipments.close(road.world.staff, shipment_id).summary.missing == 0
    assert road.holders(0)[-1] == ("depot", road.there.name)
    assert road.holders(1)[-1] == ("depot", road.world.depot.name)


def test_nobody_sends_to_a_depot_that_is_closed_that_day(road: Road) -> None:
    shipment_id, day = road.packed(0), road.world.today + 4 * DAY
    with road.world.db.write() as session:
        create_closure(session, road.there, day, day + 3 * DAY)
    with pytest.raises(ReceiverClosed) as refused:
        road.shipments.send(road.world.staff, shipment_id, Departure(arrives_on=day))
    assert refused.value.next_open_on == day + 3 * DAY
    with pytest.raises(ArrivesTooEarly):
        road.shipments.send(road.world.staff, shipment_id, Departure(arrives_on=road.world.today - DAY))
    assert road.transfer_states() == ["ready"]
    assert road.see(shipment_id).summary.state == "packing"


@pytest.mark.parametrize("grams", [-1, 0, 50_001, 400_000])
def test_a_weight_that_nothing_has_or_nobody_lifts_is_refused(road: Road, grams: int) -> None:
    shipment_id = road.packed(0)
    with pytest.raises(BadWeight):
        road.shipments.describe_parcel(road.world.staff, shipment_id, 1, ParcelFacts(weight_grams=grams))
    assert road.see(shipment_id).parcels[0].weight_grams is None


def test_all_of_it_leaves_or_nothing(road: Road) -> None:
    shipment_id = road.packed(0, 1)
    transfer_id = next(line.transfer_id for line in road.see(shipment_id).lines if line.parcel == 2)
    road.shipping.cancel(road.world.staff, transfer_id or 0)
    with pytest.raises(NoLongerToSend):
        road.shipments.send(road.world.staff, shipment_id, Departure())
    assert road.transfer_states()[:2] == ["ready", "cancelled"]
    assert road.see(shipment_id).summary.state == "packing"


def test_a_packed_copy_that_turns_up_elsewhere_is_named_with_its_cure(road: Road) -> None:
    shipment_id = road.packed(0, 1)
    road.shipping.arrive(road.world.staff, ArrivalScan(code=road.code(1), depot_id=road.third.id))
    assert [line.state for line in road.see(shipment_id).lines] == ["packed", "gone"]
    with pytest.raises(NoLongerToSend) as refused:
        road.shipments.send(road.world.staff, shipment_id, Departure())
    assert (refused.value.number, refused.value.depot_name) == (2, road.third.name)
    road.shipments.unpack(road.world.staff, shipment_id, road.world.copies[1].id)
    road.shipments.remove_parcel(road.world.staff, shipment_id, 2)
    sent = road.shipments.send(road.world.staff, shipment_id, Departure())
    assert [line.copy_id for line in sent.lines] == [road.world.copies[0].id]
    assert road.holders(1)[-1] == ("depot", road.third.name)


def test_what_was_given_up_and_planned_again_is_packed_by_another_scan(road: Road) -> None:
    shipment_id = road.packed(0)
    road.shipping.cancel(road.world.staff, road.see(shipment_id).lines[0].transfer_id or 0)
    new = road.plan(0)
    packed = road.shipments.pack(road.world.staff, shipment_id, PackScan(code=road.code(0)))
    assert [(line.state, line.transfer_id) for line in packed.lines] == [("packed", new)]
    assert road.shipments.send(road.world.staff, shipment_id, Departure()).summary.copy_count == 1


def test_what_cannot_be_sent_is_named(road: Road) -> None:
    shipment_id = road.prepare()
    with pytest.raises(NothingPacked):
        road.shipments.send(road.world.staff, shipment_id, Departure())
    road.plan(0)
    road.shipments.pack(road.world.staff, shipment_id, PackScan(code=road.code(0), parcel=2))
    with pytest.raises(EmptyParcel):
        road.shipments.send(road.world.staff, shipment_id, Departure())
    assert len(road.shipments.remove_parcel(road.world.staff, shipment_id, 1).parcels) == 1
    with pytest.raises(ParcelNotEmpty):
        road.shipments.remove_parcel(road.world.staff, shipment_id, 1)
    with pytest.raises(ParcelNotWeighed):
        road.shipments.send(road.world.staff, shipment_id, Departure(mode=Mode.CARRIER))


def test_what_may_not_be_packed_is_told(road: Road) -> None:
    shipment_id = road.prepare()
    with pytest.raises(NoTransferThere):
        road.shipments.pack(road.world.staff, shipment_id, PackScan(code=road.code(0)))
    packed = road.shipments.pack(road.world.staff, shipment_id, PackScan(code=road.code(0), unplanned=True))
    assert [line.state for line in packed.lines] == ["packed"]
    with pytest.raises(PackedElsewhere):
        road.shipments.pack(road.world.staff, road.prepare(), PackScan(code=road.code(0)))
    with pytest.raises(UnknownParcel):
        road.shipments.pack(road.world.staff, shipment_id, PackScan(code=road.code(1), parcel=7, unplanned=True))
    road.plan(1, road.third)
    with pytest.raises(TransferOpen):
        road.shipments.pack(road.world.staff, shipment_id, PackScan(code=road.code(1), unplanned=True))
    road.world.set_copy(road.world.copies[2], depot_id=road.third.id)
    with pytest.raises(CopyNotInDepot):
        road.shipments.pack(road.world.staff, shipment_id, PackScan(code=road.code(2), unplanned=True))
    with pytest.raises(NotPacked):
        road.shipments.unpack(road.world.staff, shipment_id, road.world.copies[2].id)
    assert road.shipments.unpack(road.world.staff, shipment_id, road.world.copies[0].id).lines == []


def test_a_copy_on_loan_is_packed_when_it_is_back(road: Road) -> None:
    for number in (1, 2, 3):
        road.plan(number, road.third)
    road.world.hand_over(road.world.reserve(0, 3))
    with pytest.raises(CopyIsNeeded):
        road.shipments.pack(road.world.staff, road.prepare(), PackScan(code=road.code(0), unplanned=True))


def test_only_those_at_its_ends_act_each_at_theirs(road: Road) -> None:
    with pytest.raises(Forbidden):
        road.shipments.prepare(
            road.neighbour, NewShipment(from_depot_id=road.world.depot.id, to_depot_id=road.there.id)
        )
    with pytest.raises(SameDepot):
        road.shipments.prepare(road.neighbour, NewShipment(from_depot_id=road.there.id, to_depot_id=road.there.id))
    shipment_id = road.packed(0)
    with pytest.raises(Forbidden):
        road.shipments.send(road.neighbour, shipment_id, Departure())
    assert road.shipments.shipment(road.neighbour, shipment_id).summary.copy_count == 1
    with pytest.raises(Forbidden):
        road.shipments.shipment(road.world.teacher, shipment_id)
    road.shipments.send(road.world.staff, shipment_id, Departure())
    with pytest.raises(Forbidden):
        road.shipments.close(road.world.staff, shipment_id)
    with pytest.raises(HolderMissing):
        road.shipments.hand_on(road.world.staff, shipment_id, Handover(holder="  "))


def test_a_depot_sees_what_it_has_to_pack_and_finds_a_shipment_by_a_code(road: Road) -> None:
    transfer_id = road.plan(0)
    assert [one.id for one in road.shipments.to_pack(road.world.staff, road.world.depot.id)] == [transfer_id]
    shipment_id = road.sent(1)
    road.shipments.pack(road.world.staff, road.prepare(), PackScan(code=road.code(0)))
    assert road.shipments.to_pack(road.world.staff, road.world.depot.id) == []
    parcel = road.see(shipment_id).parcels[0].code
    for code in (road.code(1), parcel, f"{parcel[:6]} {parcel[6:]}"):
        assert road.shipments.of_code(road.neighbour, road.there.id, code) == shipment_id
    with pytest.raises(NotInAnyShipment):
        road.shipments.of_code(road.neighbour, road.there.id, road.code(3))
    assert [one.id for one in road.shipments.at_depot(road.neighbour, road.there.id)][-1] == shipment_id


def test_a_copy_is_never_in_a_parcel_of_another_shipment_nor_in_two(road: Road) -> None:
    first, second = road.packed(0), road.packed(1)
    with pytest.raises(IntegrityError), road.world.db.write() as session:
        session.get_one(ShipmentLine, (first, road.world.copies[0].id)).parcel_id = (
            session.query(Parcel).filter_by(shipment_id=second).one().id
        )
    with pytest.raises(IntegrityError), road.world.db.write() as session:
        line = session.get_one(ShipmentLine, (first, road.world.copies[0].id))
        other = session.query(Parcel).filter_by(shipment_id=second).one()
        session.add(
            ShipmentLine(shipment_id=second, copy_id=line.copy_id, parcel_id=other.id, transfer_id=line.transfer_id)
        )


def test_a_copy_that_nobody_moved_is_where_it_is_kept(road: Road) -> None:
    assert road.holders(2) == [("depot", road.world.depot.name)]
    with pytest.raises(Forbidden):
        road.custody.of_copy(road.neighbour, road.world.copies[2].id)


def test_custody_knows_loans_and_what_turned_up_elsewhere(road: Road) -> None:
    road.world.hand_over(road.world.reserve(0, 3), road.world.copies[0])
    road.world.clock.advance(days=2)
    road.world.loans.check_in(road.world.staff, road.world.depot.id, road.code(0))
    road.world.clock.advance(days=1)
    road.shipping.arrive(road.world.staff, ArrivalScan(code=road.code(0), depot_id=road.third.id))
    found = road.custody.of_copy(road.world.staff, road.world.copies[0].id).holdings
    assert [one.name for one in reversed(found)] == [
        road.world.depot.name,
        "École Jean-Moulin",
        road.world.depot.name,
        road.third.name,
    ]
    assert found[0].since_at == road.world.clock.now()
    assert found[1].until_at == found[0].since_at
    assert found[0].since_at - dt.timedelta(days=1) == found[1].since_at
