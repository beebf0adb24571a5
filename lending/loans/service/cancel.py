"""Give a reservation up before it is collected."""

import datetime as dt

from sqlalchemy.orm import Session

from lending.catalog.tables import Title
from lending.core.actor import Actor, Role
from lending.loans.queries import reservations
from lending.loans.rules.states import Because, State, check_cancel
from lending.loans.service.locking import lock_booking
from lending.loans.service.open_shelf import open_shelf
from lending.loans.service.parties import is_borrower
from lending.loans.service.recording import Act, has_act, record
from lending.loans.service.telling import tell_borrower, tell_search
from lending.loans.tables import Booking
from lending.notices.rules import NoticeKind


def cancel(session: Session, actor: Actor, booking_id: int, now: dt.datetime) -> None:
    """Cancel: for its school and the lender's staff. Raises NotFound, Forbidden, BookingNotCancellable."""
    is_own = require_touch(session, actor, booking_id)
    title, booking = lock_booking(session, booking_id)
    check_cancel(booking.state, booking.reference)
    release(session, title, booking, now, Because.BORROWER if is_own else Because.STAFF)
    record(session, booking, Act.CANCELLED, actor, now)


def release(session: Session, title: Title, booking: Booking, now: dt.datetime, because: Because) -> None:
    """Free the copy for those who wait. Needs the title's lock."""
    booking.state, booking.cancelled_at = State.CANCELLED.value, now
    booking.cancelled_because = because.value
    booking.version += 1
    session.flush()
    open_shelf(session, title, booking.depot_id, now)
    kind = NoticeKind.BOOKING_REFUSED if because == Because.REFUSED else NoticeKind.BOOKING_CANCELLED
    # Who took it back once and cancels again is told again.
    was_restored = has_act(session, booking, Act.RESTORED)
    tell_borrower(session, booking, kind, now, f"{kind}:{booking.id}:{booking.version}" if was_restored else None)
    tell_search(session, title.id, now)


def require_touch(session: Session, actor: Actor, booking_id: int) -> bool:
    """Whether the person borrows for its school; else they serve its depot. Raises NotFound, Forbidden."""
    scope = reservations.scope(session, booking_id)
    if scope.school_path is not None and actor.covers(scope.school_path, Role.TEACHER):
        return is_borrower(actor, scope.school_path)
    actor.require(scope.association_path, Role.STAFF)
    return False
