"""Take a cancellation back: the same reservation again, on the same copy where that is still free."""

import datetime as dt

from sqlalchemy.orm import Session

from lending.core.actor import Actor, Role
from lending.loans.queries import reservations
from lending.loans.rules.errors import NoCopyFree
from lending.loans.rules.periods import Period
from lending.loans.rules.states import Because, State
from lending.loans.rules.undo import check_undo, undo_until
from lending.loans.service.admission import admit
from lending.loans.service.cancel import require_touch
from lending.loans.service.change import school_of
from lending.loans.service.locking import lock_booking, lock_school
from lending.loans.service.open_shelf import open_shelf
from lending.loans.service.recording import Act, record
from lending.loans.service.reserve import first_word
from lending.loans.service.shelf import Shelf
from lending.loans.service.telling import tell_borrower, tell_search
from lending.loans.tables import Booking
from lending.network import queries as network


def restore(session: Session, actor: Actor, booking_id: int, now: dt.datetime) -> Booking:
    """Revive it with all that was agreed. What staff cancelled, staff take back.

    Whoever was promised the copy meanwhile keeps it. Raises NotFound, Forbidden, UndoOver, NoCopyFree and what a
    reservation raises.
    """
    require_touch(session, actor, booking_id)
    school = network.school(session, school_of(session, booking_id))
    lock_school(session, school.id)
    title, booking = lock_booking(session, booking_id)
    check_undo(undo_until(booking.state, booking.cancelled_because, booking.cancelled_at), now, booking.reference)
    if booking.cancelled_because == Because.STAFF:
        actor.require(reservations.scope(session, booking_id).association_path, Role.STAFF)
    shelf = open_shelf(session, title, booking.depot_id, now)
    period = Period(booking.starts_on, booking.ends_on)
    blocked = admit(shelf, school, period, needs_lead=False).buffers.around(period)
    copy_id = _room(shelf, blocked, booking.copy_id)
    if copy_id is None:
        raise NoCopyFree(title_id=title.id, title_name=title.name, starts_on=period.starts_on, due_on=period.due_on)
    _revive(booking, blocked, copy_id)
    shelf.add(booking)
    record(session, booking, Act.RESTORED, actor, now)
    word = first_word(booking)
    tell_borrower(session, booking, word, now, f"{word}:{booking.id}:{booking.version}")
    tell_search(session, title.id, now)
    return booking


def _room(shelf: Shelf, blocked: Period, copy_id: int | None) -> int | None:
    """The copy it had, else any other."""
    same = shelf.make_room(blocked, copy_id) if copy_id in shelf.copies else None
    return same or shelf.make_room(blocked)


def _revive(booking: Booking, blocked: Period, copy_id: int) -> None:
    booking.state, booking.cancelled_at, booking.cancelled_because = State.PLANNED.value, None, None
    booking.blocked_starts_on, booking.blocked_ends_on = blocked.starts_on, blocked.ends_on
    booking.pinned = booking.pinned and booking.copy_id == copy_id
    booking.copy_id = copy_id
    booking.version += 1
