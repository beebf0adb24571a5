"""Two depots of an association and one of a neighbour, with what moves between them."""

from dataclasses import dataclass

import pytest

from lending.core.actor import Actor, Role
from lending.core.database import Database
from lending.network.tables import Depot
from lending.shipping.custody.service import Custody
from lending.shipping.schemas import NewTransfer
from lending.shipping.service import Shipping
from lending.shipping.shipments.schemas import Departure, NewShipment, PackScan, ParcelScan, ShipmentView
from lending.shipping.shipments.service import Shipments
from lending.shipping.tables import Transfer
from tests.kit.clock import FixedClock
from tests.kit.loans import World, create_world
from tests.kit.network import create_association, create_depot, create_person

EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)


@dataclass
class Road:
    """Everybody at both ends of a shipment. `neighbour` keeps the depot that it reaches."""

    world: World
    shipping: Shipping
    shipments: Shipments
    custody: Custody
    there: Depot
    third: Depot
    neighbour: Actor

    def plan(self, number: int = 0, depot: Depot | None = None) -> int:
        """A transfer of the copy with this number."""
        new = NewTransfer(code=self.code(number), to_depot_id=(depot or self.there).id, leaves_on=self.world.today)
        return self.shipping.plan(self.world.staff, new).id

    def code(self, number: int = 0) -> str:
        return self.world.copies[number].code

    def prepare(self) -> int:
        new = NewShipment(from_depot_id=self.world.depot.id, to_depot_id=self.there.id)
        return self.shipments.prepare(self.world.staff, new).summary.id

    def packed(self, *numbers: int) -> int:
        """A shipment with these copies, each in a parcel of its own."""
        shipment_id = self.prepare()
        for parcel, number in enumerate(numbers, start=1):
            self.plan(number)
            self.shipments.pack(self.world.staff, shipment_id, PackScan(code=self.code(number), parcel=parcel))
        return shipment_id

    def sent(self, *numbers: int) -> int:
        shipment_id = self.packed(*numbers)
        self.shipments.send(self.world.staff, shipment_id, Departure())
        self.world.clock.advance(minutes=60)
        return shipment_id

    def scan(self, shipment_id: int, code: str, *, is_damaged: bool = False, note: str = "") -> str:
        scan = ParcelScan(code=code, is_damaged=is_damaged, note=note)
        return self.shipments.receive(self.neighbour, shipment_id, scan).what

    def see(self, shipment_id: int) -> ShipmentView:
        return self.shipments.shipment(self.world.staff, shipment_id)

    def transfer_states(self) -> list[str]:
        with self.world.db.read() as session:
            return [one.state for one in session.query(Transfer).order_by(Transfer.id)]

    def holders(self, number: int = 0) -> list[tuple[str, str]]:
        """Who had a copy, from the first to the present one."""
        found = self.custody.of_copy(self.world.staff, self.world.copies[number].id).holdings
        return [(one.kind.value, one.name) for one in reversed(found)]


@pytest.fixture
def road(database: Database, clock: FixedClock) -> Road:
    world = create_world(database, clock, copies=4, preparation_days=0, turnaround_days=0)
    with world.db.write() as session:
        third = create_depot(session, world.association, "Dépôt de Redon", EVERY_DAY)
        other = create_association(session, world.union, code="22")
        there = create_depot(session, other, "Dépôt de Saint-Brieuc", EVERY_DAY)
        neighbour = create_person(session, Role.STAFF, other, "Solène Ollivier")
    return Road(
        world=world,
        shipping=Shipping(database, clock),
        shipments=Shipments(database, clock),
        custody=Custody(database),
        there=there,
        third=third,
        neighbour=neighbour,
    )
