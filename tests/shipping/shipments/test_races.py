"""Two people act on the same things at the same moment: one of them is told, and nothing happens twice."""

from collections.abc import Callable
from threading import Barrier, Thread

from sqlalchemy import select

from lending.core.errors import Conflict
from lending.shipping.shipments.errors import ShipmentAlreadySent
from lending.shipping.shipments.rules import ShipmentAct
from lending.shipping.shipments.schemas import Departure, PackScan, ParcelScan
from lending.shipping.shipments.tables import ShipmentEvent, ShipmentLine
from tests.shipping.shipments.conftest import Road


def at_once(*acts: Callable[[], object]) -> list[Exception]:
    """What went wrong, by name, when all of them begin together."""
    barrier, wrong = Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        barrier.wait()
        try:
            act()
        except Exception as error:  # noqa: BLE001 - a thread keeps its failure to itself otherwise
            wrong.append(error)

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return wrong


def acts_of(road: Road, shipment_id: int) -> list[str]:
    with road.world.db.read() as session:
        query = select(ShipmentEvent.act).where(ShipmentEvent.shipment_id == shipment_id)
        return list(session.scalars(query.order_by(ShipmentEvent.id)))


def test_a_shipment_leaves_once_however_often_it_is_sent(road: Road) -> None:
    shipment_id, staff = road.packed(0, 1), road.world.staff
    wrong = at_once(*[lambda: road.shipments.send(staff, shipment_id, Departure())] * 3)
    assert [type(error) for error in wrong] == [ShipmentAlreadySent, ShipmentAlreadySent]
    assert acts_of(road, shipment_id).count(ShipmentAct.SENT) == 1
    assert road.transfer_states() == ["sent", "sent"]


def test_what_is_called_back_while_it_leaves_comes_home_or_never_left(road: Road) -> None:
    shipment_id, staff = road.packed(0, 1), road.world.staff
    wrong = at_once(
        lambda: road.shipments.send(staff, shipment_id, Departure()),
        lambda: road.shipments.cancel(staff, shipment_id),
    )
    assert all(isinstance(error, Conflict) for error in wrong)
    summary, states = road.see(shipment_id).summary, set(road.transfer_states())
    # It was cancelled first, and then nothing left; or it left first, and turned round.
    assert (summary.state, len(wrong)) in (("cancelled", 1), ("sent", 0))
    assert (states == {"ready"}) == (summary.state == "cancelled")


def test_a_parcel_that_two_scan_arrives_once(road: Road) -> None:
    shipment_id = road.sent(0)
    code = road.see(shipment_id).parcels[0].code
    said: list[str] = []
    wrong = at_once(
        *[lambda: said.append(road.shipments.receive(road.neighbour, shipment_id, ParcelScan(code=code)).what)] * 2
    )
    assert wrong == []
    assert sorted(said) == ["again", "arrived"]
    assert road.transfer_states() == ["received"]


def test_a_copy_that_two_pack_is_in_one_shipment(road: Road) -> None:
    road.plan(0)
    one, other = road.prepare(), road.prepare()
    wrong = at_once(
        *[
            lambda id_=id_: road.shipments.pack(road.world.staff, id_, PackScan(code=road.code()))
            for id_ in (one, other)
        ]
    )
    assert [isinstance(error, Conflict) for error in wrong] == [True]
    with road.world.db.read() as session:
        assert len(session.scalars(select(ShipmentLine.copy_id)).all()) == 1
