"""Price tables are kept by those who ship, and say what a shipment would cost."""

from threading import Barrier, Thread

import pytest
from sqlalchemy.exc import IntegrityError

from lending.core.actor import Actor, Role
from lending.core.errors import Forbidden, NotFound
from lending.network.tables import Depot
from lending.shipping.carriers.port import Consignment, PricesByHand
from lending.shipping.carriers.rules import AddressIncomplete, BadPrice, PricesChanged, Quote, SamePriceTwice, Zone
from lending.shipping.carriers.schemas import PriceLine, PriceTableChange
from lending.shipping.carriers.service import Carriers
from lending.shipping.carriers.tables import CarrierPrice
from lending.shipping.shipments.rules import Mode
from lending.shipping.shipments.schemas import Departure, ParcelFacts
from tests.kit.network import create_person
from tests.shipping.shipments.conftest import Road


def line(carrier: str = "Colissimo", kilos: int = 5, cents: int = 990, zone: Zone = Zone.MAINLAND) -> PriceLine:
    return PriceLine(carrier=carrier, zone=zone, up_to_grams=kilos * 1000, price_cents=cents)


@pytest.fixture
def carriers(road: Road) -> Carriers:
    with road.world.db.write() as session:
        home, there = session.get_one(Depot, road.world.depot.id), session.get_one(Depot, road.there.id)
        home.address, home.postcode = "45 rue du Capitaine-Maignan", "35000"
        there.address, there.postcode, there.commune = "12 rue des Écoles", "22000", "Saint-Brieuc"
    return Carriers(road.world.db, PricesByHand(road.world.db))


def coordinator(road: Road) -> Actor:
    with road.world.db.write() as session:
        return create_person(session, Role.COORDINATOR, road.world.union, "Claire Le Gall")


def weighed(road: Road, *grams: int) -> int:
    shipment_id = road.packed(*range(len(grams)))
    for number, weight in enumerate(grams, start=1):
        road.shipments.describe_parcel(road.world.staff, shipment_id, number, ParcelFacts(weight_grams=weight))
    return shipment_id


def test_own_prices_hold_before_those_of_the_union(road: Road, carriers: Carriers) -> None:
    union, association = road.world.union.id, road.world.association.id
    claire = coordinator(road)
    assert carriers.prices(road.world.staff, association).used_from == ""
    carriers.set_prices(claire, union, PriceTableChange(version=0, prices=[line(cents=1200)]))
    shipment_id = weighed(road, 4000, 500)
    assert [(one.carrier, one.cents) for one in carriers.proposed(road.world.staff, shipment_id).quotes] == [
        ("Colissimo", 2400)
    ]
    own = carriers.set_prices(
        road.world.staff, association, PriceTableChange(version=0, prices=[line(), line("Anne", cents=100)])
    )
    assert (own.version, own.used_from) == (1, own.organisation_name)
    proposed = carriers.proposed(road.world.staff, shipment_id)
    assert (proposed.zone, proposed.unweighed) == (Zone.MAINLAND, [])
    assert [(one.carrier, one.cents) for one in proposed.quotes] == [("Anne", 200), ("Colissimo", 1980)]
    emptied = carriers.set_prices(road.world.staff, association, PriceTableChange(version=1, prices=[]))
    assert (emptied.version, emptied.prices, emptied.used_from) == (2, [], road.world.union.name)


def test_nobody_is_asked_before_all_is_weighed(road: Road, carriers: Carriers) -> None:
    change = PriceTableChange(version=0, prices=[line()])
    carriers.set_prices(road.world.staff, road.world.association.id, change)
    shipment_id = road.packed(0, 1)
    road.shipments.describe_parcel(road.world.staff, shipment_id, 1, ParcelFacts(weight_grams=100))
    proposed = carriers.proposed(road.world.staff, shipment_id)
    assert (proposed.quotes, proposed.unweighed) == ([], [2])
    with pytest.raises(Forbidden):
        carriers.proposed(road.world.teacher, shipment_id)


def test_no_carrier_leaves_for_an_address_that_it_does_not_find(road: Road, carriers: Carriers) -> None:
    shipment_id = weighed(road, 100)
    with road.world.db.write() as session:
        session.get_one(Depot, road.there.id).postcode = "99123"
    proposed = carriers.proposed(road.world.staff, shipment_id)
    assert (proposed.zone, proposed.sender_faults, proposed.receiver_faults) == (None, [], ["postcode"])
    with pytest.raises(AddressIncomplete) as refused:
        road.shipments.send(road.world.staff, shipment_id, Departure(mode=Mode.CARRIER))
    assert (refused.value.depot_name, refused.value.faults) == (road.there.name, ["postcode"])
    assert road.transfer_states() == ["ready"]
    assert road.shipments.send(road.world.staff, shipment_id, Departure()).summary.state == "sent"


def test_a_bad_table_changes_nothing(road: Road, carriers: Carriers) -> None:
    association, staff = road.world.association.id, road.world.staff
    kept = carriers.set_prices(staff, association, PriceTableChange(version=0, prices=[line()]))
    for prices, error in (
        ([line(), line("colissimo", cents=1)], SamePriceTwice),
        ([line(cents=1), line("   ")], BadPrice),
        ([line(kilos=-1)], BadPrice),
        ([line(kilos=400)], BadPrice),
        ([line(cents=-1)], BadPrice),
    ):
        with pytest.raises(error):
            carriers.set_prices(staff, association, PriceTableChange(version=1, prices=prices))
        assert carriers.prices(staff, association) == kept
    with pytest.raises(PricesChanged):
        carriers.set_prices(staff, association, PriceTableChange(version=0, prices=[]))
    assert carriers.prices(staff, association) == kept


def test_only_who_works_there_or_above_keeps_prices(road: Road, carriers: Carriers) -> None:
    change = PriceTableChange(version=0, prices=[line()])
    for actor in (road.neighbour, road.world.teacher):
        with pytest.raises(Forbidden):
            carriers.set_prices(actor, road.world.association.id, change)
        with pytest.raises(Forbidden):
            carriers.prices(actor, road.world.association.id)
    with pytest.raises(Forbidden):
        carriers.set_prices(road.world.staff, road.world.union.id, change)
    with pytest.raises(NotFound):
        carriers.prices(road.world.staff, road.world.school.id)
    assert carriers.set_prices(coordinator(road), road.world.association.id, change).version == 1


@pytest.mark.parametrize(
    "wrong", [{"up_to_grams": 0}, {"up_to_grams": 50_001}, {"price_cents": -1}, {"zone": "moon"}, {"carrier": "  "}]
)
def test_the_database_keeps_no_price_that_cannot_be(road: Road, carriers: Carriers, wrong: dict[str, object]) -> None:
    change = PriceTableChange(version=0, prices=[line()])
    carriers.set_prices(road.world.staff, road.world.association.id, change)
    good = {"organisation_id": road.world.association.id, "carrier": "A", "zone": "corsica", "up_to_grams": 1}
    for row in (
        {**good, "price_cents": 1, **wrong},
        {**good, "carrier": "Colissimo", "zone": "mainland", "up_to_grams": 5000, "price_cents": 1},
    ):
        with pytest.raises(IntegrityError), road.world.db.write() as session:
            session.add(CarrierPrice(**row))


@pytest.mark.parametrize("known", [0, 1])
def test_of_two_who_save_at_once_one_is_told(road: Road, carriers: Carriers, known: int) -> None:
    association, staff = road.world.association.id, road.world.staff
    for version in range(known):
        carriers.set_prices(staff, association, PriceTableChange(version=version, prices=[line()]))
    barrier, told, failed = Barrier(2), [], []

    def save(cents: int) -> None:
        barrier.wait()
        try:
            carriers.set_prices(staff, association, PriceTableChange(version=known, prices=[line(cents=cents)]))
        except PricesChanged as error:
            told.append(error.version)
        except Exception as error:  # noqa: BLE001 - a thread keeps its failure to itself otherwise
            failed.append(error)

    threads = [Thread(target=save, args=(cents,)) for cents in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (told, failed) == ([known + 1], [])
    kept = carriers.prices(staff, association)
    assert (kept.version, len(kept.prices)) == (known + 1, 1)


def test_another_port_may_answer_in_the_tables_place(road: Road, carriers: Carriers) -> None:
    class Aggregator:
        def __init__(self) -> None:
            self.asked: list[Consignment] = []

        def quotes(self, consignment: Consignment) -> list[Quote]:
            self.asked.append(consignment)
            return [Quote("Relais", 450)]

    port = Aggregator()
    shipment_id = weighed(road, 100, 200)
    proposed = Carriers(road.world.db, port).proposed(road.world.staff, shipment_id)
    assert [(one.carrier, one.cents) for one in proposed.quotes] == [("Relais", 450)]
    assert (port.asked[0].weights_grams, port.asked[0].receiver.postcode) == ((100, 200), "22000")
