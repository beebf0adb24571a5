"""Loans whose dates fall on days on which their depot is closed."""

import datetime as dt
from collections.abc import Collection

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lending.loans.queries.pools import IS_OPEN
from lending.loans.rules.periods import DAY, Period
from lending.loans.rules.states import Cause, State
from lending.loans.tables import Booking


def touched(session: Session, depot_ids: Collection[int], closure: Period) -> list[Booking]:
    """The loans of these depots that should begin or end within the closure, by title."""
    begins = Booking.starts_on.between(closure.starts_on, closure.due_on) & (Booking.state == State.PLANNED.value)
    ends = Booking.ends_on.between(closure.starts_on + DAY, closure.ends_on)
    query = select(Booking).where(
        Booking.depot_id.in_(depot_ids), Booking.cause == Cause.LOAN.value, IS_OPEN, or_(begins, ends)
    )
    return list(session.scalars(query.order_by(Booking.title_id, Booking.starts_on, Booking.id)))


def due_key(booking_id: int, starts_on: dt.date, ends_on: dt.date) -> str:
    """One message per pair of dates."""
    return f"due-moved:{booking_id}:{(ends_on - DAY).isoformat()}:{starts_on.isoformat()}"
