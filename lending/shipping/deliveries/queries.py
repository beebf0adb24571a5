"""Reads of deliveries."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from lending.accounts.tables import Person
from lending.catalog.tables import ContentLine, ContentSection
from lending.loans.tables import Booking
from lending.shipping.deliveries.rules import Way, state_of
from lending.shipping.deliveries.schemas import DeliveryView, GapView
from lending.shipping.deliveries.tables import Delivery, DeliveryGap
from lending.shipping.shipments.rules import Mode


def row_of(session: Session, booking: Booking, way: Way) -> Delivery | None:
    """One way of a loan; none of a hand-over that was taken back since."""
    if booking.checked_out_at is None:
        return None
    query = select(Delivery).where(Delivery.booking_id == booking.id, Delivery.way == way.value)
    return session.scalar(query.execution_options(populate_existing=True))


def view_of(session: Session, booking: Booking, way: Way) -> DeliveryView | None:
    """One way of a loan with the names around it."""
    row = row_of(session, booking, way)
    if row is None:
        return None
    ended_at = row.arrived_at if way == Way.OUT else booking.returned_at
    return DeliveryView(
        way=way,
        state=state_of(way, row.arrived_at, booking.returned_at),
        mode=Mode(row.mode),
        carrier=row.carrier,
        tracking_number=row.tracking_number,
        street=row.street,
        sent_at=row.sent_at,
        sent_by=_name(session, row.sent_by),
        arrived_at=ended_at,
        confirmed_by=_name(session, row.confirmed_by),
        gaps=_gaps(session, row.id),
    )


def _gaps(session: Session, delivery_id: int) -> list[GapView]:
    query = (
        select(DeliveryGap, ContentLine.name)
        .outerjoin(ContentLine, ContentLine.id == DeliveryGap.line_id)
        .outerjoin(ContentSection, ContentSection.id == ContentLine.section_id)
        .where(DeliveryGap.delivery_id == delivery_id)
        .order_by(ContentSection.rank, ContentLine.rank, DeliveryGap.id)
    )
    return [
        GapView(line_id=gap.line_id, line_name=name or "", missing=gap.missing, broken=gap.broken)
        for gap, name in session.execute(query)
    ]


def _name(session: Session, person_id: int | None) -> str:
    return session.scalar(select(Person.name).where(Person.id == person_id)) or "" if person_id else ""
