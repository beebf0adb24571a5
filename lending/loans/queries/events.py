"""What was done to a booking."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from lending.accounts.tables import Person
from lending.loans.schemas.changes import BookingEventView
from lending.loans.tables import BookingEvent


def of_booking(session: Session, booking_id: int) -> list[BookingEventView]:
    """In the order in which it was done."""
    query = (
        select(BookingEvent, Person.name)
        .outerjoin(Person, Person.id == BookingEvent.person_id)
        .where(BookingEvent.booking_id == booking_id)
        .order_by(BookingEvent.id)
    )
    return [
        BookingEventView(
            act=row.act,
            person_name=name or "",
            note=row.note,
            happened_at=row.happened_at,
            device_at=row.device_at,
        )
        for row, name in session.execute(query)
    ]
