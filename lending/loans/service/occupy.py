"""Keep a copy busy for something that is no loan: a transfer, a repair. The caller opens the transaction."""

import datetime as dt

from sqlalchemy.orm import Session

from lending.loans.rules.periods import DAY, Period
from lending.loans.rules.states import Because, Cause, State
from lending.loans.service.locking import lock_copy
from lending.loans.service.open_shelf import open_shelf
from lending.loans.service.references import new_reference
from lending.loans.tables import Booking

# A copy that leaves for good is gone for every reservation to come.
FOR_GOOD = dt.date(2199, 12, 31)


def occupy(
    session: Session, copy_id: int, cause: Cause, starts_on: dt.date, until_on: dt.date | None, now: dt.datetime
) -> Booking | None:
    """Plan the copy away from `starts_on` on; whoever counted on it gets another one. None when that is impossible."""
    title, copy = lock_copy(session, copy_id)
    shelf = open_shelf(session, title, copy.depot_id, now)
    period = Period(starts_on, until_on + DAY if until_on else FOR_GOOD)
    if shelf.make_room(period, copy_id) is None:
        return None
    booking = Booking(
        reference=new_reference(),
        title_id=title.id,
        copy_id=copy_id,
        association_id=shelf.terms.association_id,
        depot_id=shelf.terms.depot_id,
        cause=cause.value,
        state=State.PLANNED.value,
        pinned=True,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        blocked_starts_on=period.starts_on,
        blocked_ends_on=period.ends_on,
        created_at=now,
    )
    shelf.add(booking)
    return booking


def begin(session: Session, booking: Booking, copy_id: int, today: dt.date, now: dt.datetime) -> bool:
    """The copy leaves today; False when somebody else still has it or it is kept busy until its day.

    A plan that a late loan pushed aside gets its copy again.
    """
    title, copy = lock_copy(session, copy_id)
    shelf = open_shelf(session, title, copy.depot_id, now)
    blocked = Period(min(booking.blocked_starts_on, today), booking.blocked_ends_on)
    if not shelf.put(booking, blocked, copy.id):
        return False
    booking.starts_on = blocked.starts_on
    booking.state, booking.checked_out_at = State.OUT.value, now
    booking.version += 1
    session.flush()
    return True


def end(session: Session, booking: Booking, now: dt.datetime) -> None:
    """The copy is there."""
    booking.state, booking.returned_at = State.DONE.value, now
    booking.version += 1
    session.flush()


def give_up(session: Session, booking: Booking, now: dt.datetime) -> None:
    """The copy stays."""
    booking.state, booking.cancelled_at = State.CANCELLED.value, now
    booking.cancelled_because = Because.STAFF.value
    booking.version += 1
    session.flush()
