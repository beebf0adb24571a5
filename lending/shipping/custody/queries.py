"""Everything that tells into whose hands a copy came: transfers, handovers on the way, loans, the catalogue."""

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from lending.accounts.tables import Person
from lending.catalog.history.tables import RecordChange
from lending.loans.tables import Booking, BookingEvent, Relay
from lending.network.tables import Depot, Organisation
from lending.shipping.custody.rules import Hand, HolderKind
from lending.shipping.deliveries.tables import Delivery
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
        *_on_deliveries(session, copy_id),
        *_on_relays(session, copy_id),
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
    travels = (
        select(Delivery.carrier)
        .where(Delivery.booking_id == Booking.id, Delivery.way == "out", Delivery.mode != "round")
        .scalar_subquery()
    )
    # What went on to another school ended its loan at no depot.
    went_on = select(Relay.from_booking_id).where(Relay.taken_at.is_not(None))
    query = (
        select(BookingEvent, Organisation.name, Depot.name, Person.name, travels)
        .join(Booking, Booking.id == BookingEvent.booking_id)
        .join(Depot, Depot.id == Booking.depot_id)
        .outerjoin(Organisation, Organisation.id == Booking.school_id)
        .outerjoin(Person, Person.id == BookingEvent.person_id)
        .where(BookingEvent.copy_id == copy_id, BookingEvent.act.in_(OF_LOANS))
        .where((BookingEvent.act != "returned") | BookingEvent.booking_id.not_in(went_on))
        .order_by(BookingEvent.id)
    )
    for event, school, depot, person, carrier in session.execute(query):
        kind = OF_LOANS[event.act]
        if kind == HolderKind.SCHOOL and carrier is not None:
            # The desk handed it to who brings it; the school says when it came.
            kind = HolderKind.ROAD
        name = {HolderKind.SCHOOL: school or "", HolderKind.LOST: "", HolderKind.ROAD: carrier}.get(kind, depot)
        yield Hand(event.happened_at, kind, name, depot, person or "")


def _on_deliveries(session: Session, copy_id: int) -> Iterator[Hand]:
    """When loans that were sent came to their schools, and when these sent them back."""
    query = (
        select(Delivery, Organisation.name, Depot.name, Person.name)
        .join(Booking, Booking.id == Delivery.booking_id)
        .join(Depot, Depot.id == Booking.depot_id)
        .join(Organisation, Organisation.id == Booking.school_id)
        .outerjoin(Person, Person.id == func.coalesce(Delivery.confirmed_by, Delivery.sent_by))
        .where(Booking.copy_id == copy_id, Booking.checked_out_at.is_not(None))
        .where((Delivery.way == "back") | Delivery.arrived_at.is_not(None))
        .order_by(Delivery.id)
    )
    for row, school, depot, person in session.execute(query):
        if row.way == "back":
            yield Hand(row.sent_at, HolderKind.ROAD, row.carrier, depot, person or "")
        elif row.arrived_at is not None:
            yield Hand(row.arrived_at, HolderKind.SCHOOL, school, depot, person or "")


def _on_relays(session: Session, copy_id: int) -> Iterator[Hand]:
    """When schools gave it to go on to the next one; that this one took it, its loan tells."""
    query = (
        select(Relay, Depot.name, Person.name)
        .join(Booking, Booking.id == Relay.from_booking_id)
        .join(Depot, Depot.id == Booking.depot_id)
        .outerjoin(Person, Person.id == Relay.given_by)
        .where(Booking.copy_id == copy_id, Booking.checked_out_at.is_not(None))
        .order_by(Relay.id)
    )
    for row, depot, person in session.execute(query):
        if row.given_at is not None:
            yield Hand(row.given_at, HolderKind.ROAD, row.carrier, depot, person or "")


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
