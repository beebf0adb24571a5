"""Give a reservation up before it is collected."""

import datetime as dt

from sqlalchemy.orm import Session

from lending.catalog.tables import Title
from lending.core.actor import Actor, Role
from lending.loans.queries import reservations
from lending.loans.rules.states import Because, State, check_cancel
from lending.loans.service.locking import lock_booking
from lending.loans.service.open_shelf import open_shelf
from lending.loans.service.recording import Act, record
from lending.loans.service.telling import tell_borrower, tell_search
from lending.loans.tables import Booking
from lending.notices.rules import NoticeKind


def cancel(session: Session, actor: Actor, booking_id: int, now: dt.datetime) -> None:
    """Cancel: for its school and the lender's staff. Raises NotFound, Forbidden, BookingNotCancellable."""
    require_touch(session, actor, booking_id)
    title, booking = lock_booking(session, booking_id)
    check_cancel(booking.state, booking.reference)
    is_borrower = booking.person_id is not None and booking.person_id == actor.person_id
    release(session, title, booking, now, Because.BORROWER if is_borrower else Because.STAFF)
    record(session, booking, Act.CANCELLED, actor, now)


def release(session: Session, title: Title, booking: Booking, now: dt.datetime, because: Because) -> None:
    """Free the copy for those who wait. Needs the title's lock."""
    booking.state, booking.cancelled_at = State.CANCELLED.value, now
    booking.cancelled_because = because.value
    booking.version += 1
    session.flush()
    open_shelf(session, title, booking.depot_id, now)
    is_refused = because == Because.REFUSED
    tell_borrower(session, booking, NoticeKind.BOOKING_REFUSED if is_refused else NoticeKind.BOOKING_CANCELLED, now)
    tell_search(session, title.id, now)


def require_touch(session: Session, actor: Actor, booking_id: int) -> None:
    """Raise NotFound or Forbidden unless the person borrows for its school or serves its depot."""
    scope = reservations.scope(session, booking_id)
    if scope.school_path is not None and actor.covers(scope.school_path, Role.TEACHER):
        return
    actor.require(scope.association_path, Role.STAFF)
