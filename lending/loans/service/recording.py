"""What was done to a booking, in a line that is never changed."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from lending.core.actor import Actor
from lending.loans.tables import Booking, BookingEvent


class Act(StrEnum):
    """What people and time do to bookings."""

    RESERVED = "reserved"
    APPROVED = "approved"
    REFUSED = "refused"
    SIGNED = "signed"
    DEPOSIT = "deposit"
    CHANGED = "changed"
    COPY_CHANGED = "copy-changed"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"
    HANDED_OVER = "handed-over"
    RENEWED = "renewed"
    RECALLED = "recalled"
    DUE_MOVED = "due-moved"
    RETURNED = "returned"
    CLAIMED = "claimed"
    LOST = "lost"
    FOUND = "found"
    CURED = "cured"
    OFFERED = "offered"
    OVERRIDDEN = "overridden"
    RESTORED = "restored"
    UNDONE = "undone"
    PASSED_ON = "passed-on"
    APPOINTED = "appointed"
    APPOINTMENT_CANCELLED = "appointment-cancelled"


def record(
    session: Session,
    booking: Booking,
    act: Act,
    actor: Actor,
    now: dt.datetime,
    note: str = "",
    device_at: dt.datetime | None = None,
) -> None:
    """Write the line, in the transaction of the act itself."""
    session.add(
        BookingEvent(
            booking_id=booking.id,
            copy_id=booking.copy_id,
            act=act.value,
            person_id=actor.person_id,
            note=note,
            happened_at=now,
            device_at=device_at,
        )
    )


def has_act(session: Session, booking: Booking, act: Act) -> bool:
    """Whether it was done to the booking before."""
    query = select(BookingEvent.id).where(BookingEvent.booking_id == booking.id, BookingEvent.act == act.value)
    return session.scalar(query.limit(1)) is not None
