"""What to fetch from the shelves, and what is offered to who waits: one question each."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from lending.catalog.tables import Copy, Title
from lending.core.barcodes import shown
from lending.loans.queries import reservations
from lending.loans.queries.pools import IS_OPEN
from lending.loans.queries.relays import that_count
from lending.loans.rules.states import Cause, State
from lending.loans.schemas import Reservation
from lending.loans.schemas.preparation import Pick
from lending.loans.tables import Booking
from lending.network.tables import Organisation


def picks(session: Session, association_id: int, depot_id: int, today: dt.date, until: dt.date) -> list[Pick]:
    """What leaves before a day (not included), or should have left: shelf by shelf, as one walks along them.

    The association is named because its number, not the depot's, begins the index of open bookings.
    """
    query = (
        select(Booking, Copy.shelf, Copy.code, Copy.note, Title.name, Organisation.name)
        .join(Copy, Copy.id == Booking.copy_id)
        .join(Title, Title.id == Booking.title_id)
        .join(Organisation, Organisation.id == Booking.school_id)
        .where(Booking.association_id == association_id, Booking.depot_id == depot_id, IS_OPEN)
        .where(Booking.cause == Cause.LOAN.value, Booking.state == State.PLANNED.value)
        .where(Booking.starts_on < until, Booking.ends_on > today)
        .order_by(Copy.shelf, Title.name, Copy.code)
    )
    found = session.execute(query).all()
    # What comes from another school lies on no shelf here.
    relayed = {one.next_id for one in that_count(session, [row[0].id for row in found])}
    return [_pick(*row) for row in found if row[0].id not in relayed]


def _pick(booking: Booking, shelf: str, code: str, note: str, title: str, school: str) -> Pick:
    return Pick(
        booking_id=booking.id,
        reference=booking.reference,
        shelf=shelf,
        shown_code=shown(code),
        title_name=title,
        school_name=school,
        starts_on=booking.starts_on,
        is_ready=booking.pinned,
        note=note,
    )


def offers(session: Session, association_id: int, depot_id: int, now: dt.datetime) -> list[Reservation]:
    """The copies that are kept for who waits, until an answer comes."""
    return reservations.of(
        session,
        now,
        Booking.association_id == association_id,
        Booking.depot_id == depot_id,
        Booking.cause == Cause.HOLD.value,
        Booking.wish_id.is_not(None),
        IS_OPEN,
        Booking.held_until_at > now,
    )
