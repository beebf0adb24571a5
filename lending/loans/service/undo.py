"""Take back the last act at a desk. Everything here needs the title's lock."""

import datetime as dt

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lending.catalog.tables import ContentsCheck, ContentsCheckLine, Copy, Title
from lending.core.actor import Actor
from lending.core.errors import NotFound
from lending.loans.rules.periods import Period
from lending.loans.rules.states import Because, State
from lending.loans.rules.undoing import ChangedSinceAct, Moment, check_undo
from lending.loans.schemas.desk import ActBefore
from lending.loans.service.appointing import follow_and_tell
from lending.loans.service.desk_access import require_desk
from lending.loans.service.keeping_acts import moment_of
from lending.loans.service.locking import lock_booking
from lending.loans.service.open_shelf import open_shelf
from lending.loans.service.recording import Act, record
from lending.loans.service.telling import tell_search
from lending.loans.tables import Booking, DeskAct, Incident


def undo(session: Session, actor: Actor, act_id: int, now: dt.datetime) -> Booking:
    """Put the booking and its copy back as they stood. What was moved meanwhile is planned anew.

    Raises NotFound, Forbidden, AlreadyUndone, UndoTooLate, ChangedSinceAct.
    """
    known = session.get(DeskAct, act_id)
    if known is None:
        raise NotFound
    require_desk(session, actor, known.depot_id)
    title, booking = lock_booking(session, known.booking_id)
    act = session.get_one(DeskAct, act_id, populate_existing=True)
    copy = session.get_one(Copy, act.copy_id, populate_existing=True)
    then = Moment(act.booking_version, act.copy_version, act.event_id)
    check_undo(then, moment_of(session, booking, copy), act.undo_until_at, act.undone_at, now)
    before = msgspec.json.decode(act.before, type=ActBefore)
    if act.action == "take_back":
        _out_again(session, booking, copy, before)
    else:
        _in_again(booking, before, now, is_counter=act.action == "lend")
    act.undone_at = now
    booking.version += 1
    record(session, booking, Act.UNDONE, actor, now)
    _settle(session, title, booking, copy, now)
    follow_and_tell(session, [booking], now)
    return booking


def _in_again(booking: Booking, before: ActBefore, now: dt.datetime, *, is_counter: bool) -> None:
    """The copy did not leave: the reservation waits again; a loan over the counter never was."""
    booking.checked_out_at = None
    if is_counter:
        booking.state, booking.cancelled_at = State.CANCELLED.value, now
        booking.cancelled_because = Because.STAFF.value
        return
    booking.state, booking.starts_on, booking.pinned = State.PLANNED.value, before.starts_on, before.pinned
    booking.blocked_starts_on, booking.blocked_ends_on = before.blocked_starts_on, before.blocked_ends_on


def _out_again(session: Session, booking: Booking, copy: Copy, before: ActBefore) -> None:
    """The copy did not come: who counts on it meanwhile is planned anew, and what was found was not."""
    _set_plans_aside(session, booking, copy)
    check_id, booking.return_check_id = booking.return_check_id, None
    booking.state, booking.returned_at = State.OUT.value, None
    copy.status, copy.condition = before.copy_status, before.copy_condition
    copy.version += 1
    session.flush()
    session.execute(delete(ContentsCheckLine).where(ContentsCheckLine.check_id == check_id))
    session.execute(delete(ContentsCheck).where(ContentsCheck.id == check_id))
    for incident_id in before.incident_ids:
        incident = session.get(Incident, incident_id)
        if incident is None or incident.version != 1:
            raise ChangedSinceAct
        session.delete(incident)


def _set_plans_aside(session: Session, booking: Booking, copy: Copy) -> None:
    blocked = Period(booking.blocked_starts_on, booking.blocked_ends_on)
    planned = select(Booking).where(Booking.copy_id == copy.id, Booking.state == State.PLANNED.value)
    for one in session.scalars(planned.execution_options(populate_existing=True)):
        if Period(one.blocked_starts_on, one.blocked_ends_on).overlaps(blocked):
            one.copy_id, one.pinned = None, False
            one.version += 1
    session.flush()


def _settle(session: Session, title: Title, booking: Booking, copy: Copy, now: dt.datetime) -> None:
    session.flush()
    open_shelf(session, title, booking.depot_id, now)
    if copy.depot_id != booking.depot_id:
        open_shelf(session, title, copy.depot_id, now)
    tell_search(session, title.id, now)
