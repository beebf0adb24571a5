"""Everything that tells into whose hands a copy came: transfers, handovers on the way, loans, the catalogue."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from lending.accounts.tables import Person
from lending.catalog.history.tables import RecordChange
from lending.loans.tables import Booking, BookingEvent
from lending.network.tables import Depot, Organisation
from lending.shipping.custody.rules import Hand, HolderKind
from lending.shipping.shipments.tables import Shipment, ShipmentEvent, ShipmentLine
from lending.shipping.tables import Transfer, TransferEvent

Origin = aliased(Depot)
OF_TRANSFERS = {
    "sent": HolderKind.ROAD,
    "hop": HolderKind.ROAD,
    "received": HolderKind.DEPOT,
    "repaired": HolderKind.DEPOT,
    "lost": HolderKind.LOST,
}
OF_LOANS = {
    "handed-over": HolderKind.SCHOOL,
    "returned": HolderKind.DEPOT,
    "lost": HolderKind.LOST,
    "found": HolderKind.DEPOT,
}


def hands(session: Session, copy_id: int) -> list[Hand]:
    """The hands that a copy came into. What one instant tells twice, the way tells before the loan."""
    return [
        *_noted_in_catalogue(session, copy_id),
        *_on_transfers(session, copy_id),
        *_on_the_way(session, copy_id),
        *_on_loan(session, copy_id),
    ]


def _on_transfers(session: Session, copy_id: int) -> Iterator[Hand]:
    carrier = (
        select(Shipment.carrier)
        .join(ShipmentLine, ShipmentLine.shipment_id == Shipment.id)
        .where(ShipmentLine.transfer_id == Transfer.id)
        .scalar_subquery()
    )
    query = (
        select(TransferEvent, Depot.name, Origin.name, Person.name, carrier)
        .join(Transfer, Transfer.id == TransferEvent.transfer_id)
        .join(Depot, Depot.id == TransferEvent.depot_id)
        .join(Origin, Origin.id == Transfer.from_depot_id)
        .outerjoin(Person, Person.id == TransferEvent.person_id)
        .where(Transfer.copy_id == copy_id, TransferEvent.act.in_(OF_TRANSFERS))
        .order_by(TransferEvent.id)
    )
    for event, depot, origin, person, carried_by in session.execute(query):
        kind = OF_TRANSFERS[event.act]
        name = {"sent": carried_by or "", "lost": ""}.get(event.act, depot)
        yield Hand(event.happened_at, kind, name, origin, person or "")


def _on_the_way(session: Session, copy_id: int) -> Iterator[Hand]:
    """Handovers of the parcel that the copy is in, or of the whole shipment."""
    query = (
        select(ShipmentEvent, Origin.name, Person.name)
        .join(ShipmentLine, ShipmentLine.shipment_id == ShipmentEvent.shipment_id)
        .join(Shipment, Shipment.id == ShipmentEvent.shipment_id)
        .join(Origin, Origin.id == Shipment.from_depot_id)
        .outerjoin(Person, Person.id == ShipmentEvent.person_id)
        .where(ShipmentLine.copy_id == copy_id, ShipmentEvent.act == "handed", ShipmentLine.parcel_id.is_not(None))
        .where(ShipmentEvent.parcel_id.is_(None) | (ShipmentEvent.parcel_id == ShipmentLine.parcel_id))
        .where(ShipmentLine.arrived_at.is_(None) | (ShipmentLine.arrived_at >= ShipmentEvent.happened_at))
        .order_by(ShipmentEvent.id)
    )
    for event, origin, person in session.execute(query):
        yield Hand(event.happened_at, HolderKind.PERSON, event.holder, origin, person or "")


def _on_loan(session: Session, copy_id: int) -> Iterator[Hand]:
    query = (
        select(BookingEvent, Organisation.name, Depot.name, Person.name)
        .join(Booking, Booking.id == BookingEvent.booking_id)
        .join(Depot, Depot.id == Booking.depot_id)
        .outerjoin(Organisation, Organisation.id == Booking.school_id)
        .outerjoin(Person, Person.id == BookingEvent.person_id)
        .where(BookingEvent.copy_id == copy_id, BookingEvent.act.in_(OF_LOANS))
        .order_by(BookingEvent.id)
    )
    for event, school, depot, person in session.execute(query):
        kind = OF_LOANS[event.act]
        name = {HolderKind.SCHOOL: school or "", HolderKind.LOST: ""}.get(kind, depot)
        yield Hand(event.happened_at, kind, name, depot, person or "")


def _noted_in_catalogue(session: Session, copy_id: int) -> Iterator[Hand]:
    """Where somebody said that it is kept."""
    query = (
        select(RecordChange, Person.name)
        .outerjoin(Person, Person.id == RecordChange.person_id)
        .where(RecordChange.copy_id == copy_id, RecordChange.field == "depot", RecordChange.before != "")
        .order_by(RecordChange.id)
    )
    for change, person in session.execute(query):
        yield Hand(change.changed_at, HolderKind.DEPOT, change.after, change.before, person or "")
