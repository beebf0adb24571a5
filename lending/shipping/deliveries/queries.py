"""Reads of deliveries."""

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from lending.accounts.tables import Person
from lending.catalog.tables import ContentLine, ContentSection
from lending.loans.tables import Booking, RelayGap
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
        sent_by=name_of(session, row.sent_by),
        arrived_at=ended_at,
        confirmed_by=name_of(session, row.confirmed_by),
        gaps=gaps_of(session, DeliveryGap, DeliveryGap.delivery_id == row.id),
    )


def gaps_of(
    session: Session, mapped: type[DeliveryGap] | type[RelayGap], *conditions: ColumnElement[bool]
) -> list[GapView]:
    """What was missing or broken as a school counted, in the checklist's order."""
    query = (
        select(mapped.line_id, ContentLine.name, mapped.missing, mapped.broken)
        .outerjoin(ContentLine, ContentLine.id == mapped.line_id)
        .outerjoin(ContentSection, ContentSection.id == ContentLine.section_id)
        .where(*conditions)
        .order_by(ContentSection.rank, ContentLine.rank, mapped.id)
    )
    return [
        GapView(line_id=line_id, line_name=name or "", missing=missing, broken=broken)
        for line_id, name, missing, broken in session.execute(query)
    ]


def name_of(session: Session, person_id: int | None) -> str:
    """What a person is called; empty for nobody."""
    return session.scalar(select(Person.name).where(Person.id == person_id)) or "" if person_id else ""
