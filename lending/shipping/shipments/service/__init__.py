"""Use cases of shipments: each public method is one transaction."""

from sqlalchemy.orm import Session

from lending.core.actor import Actor, Role
from lending.core.clock import Clock
from lending.core.database import Database
from lending.network import queries as network
from lending.shipping.schemas import TransferView
from lending.shipping.service import moving
from lending.shipping.shipments import queries, telling
from lending.shipping.shipments.schemas import (
    ArrivalView,
    Departure,
    Handover,
    NewShipment,
    PackScan,
    ParcelFacts,
    ParcelScan,
    ShipmentSummary,
    ShipmentView,
)
from lending.shipping.shipments.service import arriving, leaving, packing, waiting


class Shipments:
    """Parcels of copies between depots."""

    def __init__(self, db: Database, clock: Clock, gs1_prefix: str = "") -> None:
        """With a company's `gs1_prefix` new parcels are numbered as in trade (SSCC)."""
        self._db = db
        self._clock = clock
        self._gs1_prefix = gs1_prefix

    def prepare(self, actor: Actor, new: NewShipment) -> ShipmentView:
        """Begin to pack for a depot. Raises SameDepot, Forbidden, NotFound."""
        with self._db.write() as session:
            shipment = packing.prepare(session, actor, new, self._clock.now(), self._gs1_prefix)
            return queries.one(session, shipment.id)

    def pack(self, actor: Actor, shipment_id: int, scan: PackScan) -> ShipmentView:
        """Put a copy into a parcel; the number after the last one begins another parcel.

        Raises ShipmentAlreadySent, ShipmentIsOver, UnknownParcel, UnknownBarcode, CopyNotInDepot, NoTransferThere,
        PackedElsewhere and what planning a transfer raises; Forbidden, NotFound.
        """
        with self._db.write() as session:
            packing.pack(session, actor, shipment_id, scan, self._clock.now(), self._gs1_prefix)
            return queries.one(session, shipment_id)

    def unpack(self, actor: Actor, shipment_id: int, copy_id: int) -> ShipmentView:
        """Take a copy out again; its transfer stays planned. Raises like `pack`, and NotPacked."""
        with self._db.write() as session:
            packing.unpack(session, actor, shipment_id, copy_id, self._clock.now())
            return queries.one(session, shipment_id)

    def describe_parcel(self, actor: Actor, shipment_id: int, number: int, facts: ParcelFacts) -> ShipmentView:
        """Say what a parcel weighs and is worth. Raises BadWeight, UnknownParcel, ShipmentAlreadySent, Forbidden."""
        with self._db.write() as session:
            packing.describe(session, actor, shipment_id, number, facts)
            return queries.one(session, shipment_id)

    def remove_parcel(self, actor: Actor, shipment_id: int, number: int) -> ShipmentView:
        """Take an empty parcel away; those after it move up. Raises ParcelNotEmpty, UnknownParcel, Forbidden."""
        with self._db.write() as session:
            packing.remove(session, actor, shipment_id, number)
            return queries.one(session, shipment_id)

    def send(self, actor: Actor, shipment_id: int, departure: Departure) -> ShipmentView:
        """It leaves with all that is in it, or not at all.

        Raises NothingPacked, EmptyParcel, ParcelNotWeighed, AddressIncomplete, ArrivesTooEarly, ReceiverClosed,
        CopyIsNeeded, NoLongerToSend, ShipmentAlreadySent, ShipmentIsOver, Forbidden, NotFound.
        """
        with self._db.write() as session:
            leaving.send(session, actor, shipment_id, departure, self._clock.now())
            return queries.one(session, shipment_id)

    def hand_on(self, actor: Actor, shipment_id: int, handover: Handover) -> ShipmentView:
        """Somebody took over a parcel, or all of them. Raises ShipmentNotSent, ShipmentIsOver, UnknownParcel."""
        with self._db.write() as session:
            leaving.hand_on(session, actor, shipment_id, handover, self._clock.now())
            return queries.one(session, shipment_id)

    def cancel(self, actor: Actor, shipment_id: int) -> ShipmentView:
        """Send nothing; what left already turns round and comes back. Raises ShipmentIsOver, Forbidden, NotFound."""
        with self._db.write() as session:
            leaving.cancel(session, actor, shipment_id, self._clock.now())
            return queries.one(session, shipment_id)

    def receive(self, actor: Actor, shipment_id: int, scan: ParcelScan) -> ArrivalView:
        """A copy, or a parcel with all in it, was scanned where the shipment arrives.

        Raises ShipmentNotSent, ShipmentIsOver, ForeignParcel, UnknownParcel, UnknownBarcode, CopyNotInDepot,
        Forbidden, NotFound.
        """
        with self._db.write() as session:
            return arriving.receive(session, actor, shipment_id, scan, self._clock.now())

    def close(self, actor: Actor, shipment_id: int) -> ShipmentView:
        """All is scanned: what was not is missing, and stays on its way until it turns up or is declared lost."""
        with self._db.write() as session:
            arriving.close(session, actor, shipment_id, self._clock.now())
            return queries.one(session, shipment_id)

    def lose(self, actor: Actor, shipment_id: int, copy_id: int) -> ShipmentView:
        """What was missing is lost. Raises NotPacked, TransferNotThere, Forbidden, NotFound."""
        with self._db.write() as session:
            arriving.lose(session, actor, shipment_id, copy_id, self._clock.now())
            return queries.one(session, shipment_id)

    def tell_arrivals(self) -> int:
        """Announce what is expected soon to those who receive it, each once, for the worker; returns how many."""
        with self._db.write() as session:
            return telling.announce_arrivals(session, self._clock.now())

    def shipment(self, actor: Actor, shipment_id: int) -> ShipmentView:
        """One, for those at both ends and coordinators above them. Raises Forbidden, NotFound."""
        with self._db.read() as session:
            view = queries.one(session, shipment_id)
            packing.require_either(session, actor, view.summary.from_depot_id, view.summary.to_depot_id)
            return view

    def at_depot(self, actor: Actor, depot_id: int) -> list[ShipmentSummary]:
        """What leaves or reaches a depot. Raises Forbidden, NotFound."""
        with self._db.read() as session:
            moving.require_depot(session, actor, depot_id, Role.STAFF, Role.COORDINATOR)
            return queries.of_depot(session, depot_id)

    def to_pack(self, actor: Actor, depot_id: int) -> list[TransferView]:
        """Transfers that are to leave a depot and are in no parcel yet. Raises Forbidden, NotFound."""
        with self._db.read() as session:
            moving.require_depot(session, actor, depot_id, Role.STAFF, Role.COORDINATOR)
            return waiting.to_pack(session, depot_id)

    def of_code(self, actor: Actor, depot_id: int, code: str) -> int:
        """The shipment to whose parcel or copy a code belongs, among those of a depot.

        Raises UnknownParcel, UnknownBarcode, NotInAnyShipment, Forbidden, NotFound.
        """
        with self._db.read() as session:
            moving.require_depot(session, actor, depot_id, Role.STAFF, Role.COORDINATOR)
            return waiting.shipment_of_code(session, depot_id, code)

    def may(self, actor: Actor, view: ShipmentView) -> tuple[bool, bool]:
        """Whether somebody may pack and send it, and whether they may receive it: for the buttons of a page."""
        with self._db.read() as session:
            return (
                self._covers(session, actor, view.summary.from_depot_id),
                self._covers(session, actor, view.received_at_depot_id),
            )

    def _covers(self, session: Session, actor: Actor, depot_id: int) -> bool:
        association_id = network.depot(session, depot_id).association_id
        return actor.covers(network.path_of(session, association_id), Role.STAFF)
