"""Other days or another copy for a reservation, and a return asked for earlier."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from lending.catalog.errors import VersionChanged
from lending.catalog.rules import clean_text
from lending.core.actor import Actor, Role
from lending.core.errors import NotFound
from lending.loans.rules.changes import NotOut, a_year_later, recalled_due_on
from lending.loans.rules.errors import NoCopyFree
from lending.loans.rules.periods import DAY, Period
from lending.loans.rules.states import State, check_hand_over
from lending.loans.schemas.changes import NewDates, Repetition
from lending.loans.service import borrowers
from lending.loans.service.admission import admit, terms_for
from lending.loans.service.appointing import follow
from lending.loans.service.cancel import require_touch
from lending.loans.service.check_out import copy_for, promised
from lending.loans.service.desk_access import require_desk
from lending.loans.service.locking import lock_booking, lock_school
from lending.loans.service.open_shelf import open_shelf
from lending.loans.service.recording import Act, record
from lending.loans.service.telling import tell_borrower, tell_search
from lending.loans.tables import Booking
from lending.network import queries as network
from lending.notices.rules import NoticeKind


def change_dates(session: Session, actor: Actor, booking_id: int, wanted: NewDates, now: dt.datetime) -> Booking:
    """Give a reservation other days, whichever copy serves it then.

    Raises NotFound, Forbidden, VersionChanged, BookingNotCollectable, NoCopyFree and what a reservation raises.
    """
    require_touch(session, actor, booking_id)
    school = network.school(session, school_of(session, booking_id))
    lock_school(session, school.id)
    title, booking = lock_booking(session, booking_id)
    check_hand_over(booking.state, booking.reference)
    if booking.version != wanted.version:
        raise VersionChanged(version=booking.version)
    period = Period.through(wanted.starts_on, wanted.due_on)
    shelf = open_shelf(session, title, booking.depot_id, now)
    is_own = borrowers.is_own_school(actor, school)
    terms = admit(shelf, school, period, needs_lead=is_own, except_id=booking.id)
    before = f"{booking.starts_on} – {booking.ends_on - DAY}"
    if not shelf.move(booking, period):
        raise NoCopyFree(title_id=title.id, title_name=title.name, starts_on=period.starts_on, due_on=period.due_on)
    # What the association agreed to were other days.
    booking.awaits_approval = terms.rule.needs_approval and is_own
    booking.version += 1
    session.flush()
    record(session, booking, Act.CHANGED, actor, now, before)
    # The days that were given up may serve who waits.
    open_shelf(session, title, booking.depot_id, now)
    tell_borrower(session, booking, NoticeKind.CHANGED, now, f"changed:{booking.id}:{booking.version}")
    tell_search(session, title.id, now)
    return booking


def change_copy(session: Session, actor: Actor, booking_id: int, copy_id: int, now: dt.datetime) -> Booking:
    """Keep one particular copy for a reservation; whoever counted on it gets another one.

    Raises NotFound, Forbidden, BookingNotCollectable and the errors of `rules.desk_errors` about copies.
    """
    title, booking = lock_booking(session, booking_id)
    require_desk(session, actor, booking.depot_id)
    check_hand_over(booking.state, booking.reference)
    shelf = open_shelf(session, title, booking.depot_id, now)
    copy = copy_for(shelf, copy_id)
    blocked = Period(booking.blocked_starts_on, booking.blocked_ends_on)
    if not shelf.put(booking, blocked, copy.id):
        raise promised(shelf, copy, blocked, booking.id)
    booking.pinned = True
    booking.version += 1
    session.flush()
    record(session, booking, Act.COPY_CHANGED, actor, now)
    return booking


def recall(session: Session, actor: Actor, booking_id: int, reason: str, now: dt.datetime) -> Booking:
    """Call a loan back; doing it twice changes nothing. Raises NotFound, Forbidden, NotOut."""
    title, booking = lock_booking(session, booking_id)
    actor.require(network.path_of(session, booking.association_id), Role.STAFF)
    if booking.state != State.OUT or booking.school_id is None:
        raise NotOut(reference=booking.reference, state=booking.state)
    if booking.recalled_at is not None:
        return booking
    shelf = open_shelf(session, title, booking.depot_id, now)
    rule = terms_for(shelf, network.school(session, booking.school_id)).rule
    loan = Period(booking.starts_on, booking.ends_on)
    due_on = recalled_due_on(loan, rule, shelf.terms.calendar, shelf.today)
    if due_on < loan.due_on:
        shelf.move(booking, Period.through(loan.starts_on, due_on))
        booking.agreed_ends_on = booking.agreed_ends_on or loan.ends_on
    booking.recalled_at = now
    booking.version += 1
    session.flush()
    record(session, booking, Act.RECALLED, actor, now, clean_text(reason))
    tell_borrower(session, booking, NoticeKind.RECALLED, now)
    # What was called back may serve who had no copy, and who waits.
    open_shelf(session, title, booking.depot_id, now)
    follow(session, [booking], now)
    return booking


def repetition(session: Session, actor: Actor, booking_id: int, now: dt.datetime) -> Repetition:
    """The same title a year later. Opens the shelf, so that it is to be rehearsed only. Raises NotFound, Forbidden."""
    require_touch(session, actor, booking_id)
    school = network.school(session, school_of(session, booking_id))
    title, booking = lock_booking(session, booking_id)
    shelf = open_shelf(session, title, booking.depot_id, now)
    terms = terms_for(shelf, school)
    earliest_on = shelf.today + terms.rule.lead_days * DAY
    loan = Period(booking.starts_on, booking.agreed_ends_on or booking.ends_on)
    period = a_year_later(loan, terms.calendar, earliest_on)
    if period is None:
        raise NotFound
    return Repetition(
        title_id=title.id,
        depot_id=booking.depot_id,
        school_id=school.id,
        starts_on=period.starts_on,
        due_on=period.due_on,
        is_free=shelf.has_room(period),
    )


def school_of(session: Session, booking_id: int) -> int:
    """The school that a booking is for. Raises NotFound where there is none."""
    school_id = session.scalar(select(Booking.school_id).where(Booking.id == booking_id))
    if school_id is None:
        raise NotFound
    return school_id
