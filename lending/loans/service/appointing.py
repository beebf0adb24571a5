"""Keep the appointments of returns in step with their loans. Needs the titles' locks; takes the depots' after them.

Depots are locked last and in the order of their numbers, so that nobody waits in a circle; where a depot has no
maximum there is nothing to count, and nobody waits at all.
"""

import datetime as dt
from collections.abc import Collection, Iterable

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from lending.loans.queries import appointments
from lending.loans.queries.appointments import ReturnDesk, local_now, return_desk, visit_of
from lending.loans.queries.relays import goes_on
from lending.loans.rules.appointments import Preference, Room, Visit, propose, still_stands
from lending.loans.rules.periods import DAY
from lending.loans.rules.states import Cause, State
from lending.loans.service.telling import tell_appointment
from lending.loans.tables import Appointment, Booking
from lending.network.tables import Depot

ROW = (
    select(Appointment)
    .where(Appointment.booking_id == bindparam("booking_id"))
    .execution_options(populate_existing=True)
)


def follow(session: Session, bookings: Iterable[Booking], now: dt.datetime) -> list[Booking]:
    """Plan the returns of loans that just left, plan anew where days moved, end those of loans that are over.

    What goes on to another school is expected at no desk.

    What a person gave up stays given up. Returns the loans that are expected at another time than before.
    """
    ordered = sorted(bookings, key=lambda one: (one.depot_id, one.id))
    return [one for one in ordered if _follow(session, one, now)]


def follow_and_tell(session: Session, bookings: Iterable[Booking], now: dt.datetime, told: Collection[int] = ()) -> int:
    """Like `follow`, and say when the loans are expected now, but for those of which this was `told`.

    Returns how many are expected at another time than before.
    """
    moved = follow(session, bookings, now)
    for one in moved:
        if one.id not in told:
            tell_appointment(session, one, appointment_version(session, one.id), now)
    return len(moved)


def appointment_of(session: Session, booking_id: int) -> Appointment | None:
    """The row as it stands now."""
    return session.scalar(ROW, {"booking_id": booking_id})


def appointment_version(session: Session, booking_id: int) -> int:
    """The version of what is agreed; 0 where nothing ever was."""
    row = appointment_of(session, booking_id)
    return row.version if row is not None else 0


def room_for(session: Session, desk: ReturnDesk, booking: Booking, now: dt.datetime) -> Room:
    """How many are expected beside this one; nobody changes it until the end of the transaction."""
    if desk.most is not None:
        locked = select(Depot.max_returns_per_hour).where(Depot.id == desk.depot_id)
        most = session.scalar(locked.with_for_update(key_share=True))
        desk = ReturnDesk(desk.depot_id, desk.time_zone, desk.hours, most)
    return appointments.room(session, desk, local_now(desk, now).date(), booking.id)


def put(session: Session, booking: Booking, visit: Visit, room: Room) -> Appointment:
    """Write the visit down, on a free seat where seats are counted. Needs the depot's lock where they are."""
    row = appointment_of(session, booking.id)
    seat = _seat(session, booking, visit, room, row)
    if row is None:
        row = Appointment(booking_id=booking.id, version=0)
    row.depot_id, row.comes_on, row.hour = booking.depot_id, visit.comes_on, visit.slot.hour
    row.starts_at, row.ends_at = visit.slot.starts_at, visit.slot.ends_at
    row.seat, row.seats = seat, room.most
    row.state, row.due_on, row.version = "planned", due_on_of(booking), row.version + 1
    session.add(row)
    return row


def due_on_of(booking: Booking) -> dt.date:
    """The last day of a loan."""
    return booking.ends_on - DAY


def _follow(session: Session, booking: Booking, now: dt.datetime) -> bool:
    row = appointment_of(session, booking.id)
    if not _comes_back(session, booking):
        _end(row)
        return False
    if row is not None and row.state == "cancelled":
        return False
    desk = return_desk(session, booking.depot_id)
    if row is not None and row.state == "planned" and _stands(row, booking, desk, now):
        row.due_on = due_on_of(booking)
        session.flush()
        return False
    return _plan(session, booking, row, desk, now)


def _comes_back(session: Session, booking: Booking) -> bool:
    """Whether the desk expects it: a loan of a school that is out, and does not go on to another one."""
    is_out = booking.state == State.OUT and booking.cause == Cause.LOAN and booking.school_id is not None
    return is_out and not goes_on(session, booking.id)


def _end(row: Appointment | None) -> bool:
    """Whether there was something to end."""
    if row is None or row.state != "planned":
        return False
    row.state, row.version = "over", row.version + 1
    return True


def _stands(row: Appointment, booking: Booking, desk: ReturnDesk, now: dt.datetime) -> bool:
    """Whether it may stay: not when the loan lasts longer, for it was made for the end of the loan."""
    visit, due_on = visit_of(row), due_on_of(booking)
    return (
        row.depot_id == booking.depot_id
        and due_on <= row.due_on
        and still_stands(visit, due_on, local_now(desk, now), desk.hours)
    )


def _plan(session: Session, booking: Booking, row: Appointment | None, desk: ReturnDesk, now: dt.datetime) -> bool:
    room = room_for(session, desk, booking, now)
    if row is not None and row.state == "over" and _may_stand_again(row, booking, desk, room, now):
        put(session, booking, visit_of(row), room)
        session.flush()
        return False
    return _propose(session, booking, row, desk, room, now)


def _may_stand_again(row: Appointment, booking: Booking, desk: ReturnDesk, room: Room, now: dt.datetime) -> bool:
    """Whether what was agreed before a return that never was is possible still."""
    visit = visit_of(row)
    is_ahead = visit.comes_on >= local_now(desk, now).date()
    return is_ahead and _stands(row, booking, desk, now) and not room.is_full(visit.comes_on, visit.slot)


def _propose(
    session: Session, booking: Booking, row: Appointment | None, desk: ReturnDesk, room: Room, now: dt.datetime
) -> bool:
    here, due_on = local_now(desk, now), due_on_of(booking)
    is_holiday = appointments.holidays_of_school(session, booking.school_id or 0, here.date())
    wished = Preference(
        can_come=lambda day: not is_holiday(day),
        hour=row.hour if row is not None and row.is_chosen else None,
        anyway=appointments.visits_of_school(session, booking, here.date()),
    )
    visit = propose(due_on, here, desk.hours, room, wished)
    if visit is None:
        return _end(row)
    before = visit_of(row) if row is not None else None
    made = put(session, booking, visit, room)
    made.is_before_holidays = visit.comes_on < due_on and is_holiday(due_on) and not is_holiday(visit.comes_on)
    session.flush()
    return visit != before


def _seat(session: Session, booking: Booking, visit: Visit, room: Room, own: Appointment | None) -> int | None:
    """The lowest free seat; None where seats are not counted. The booking's own is free for itself."""
    if room.most is None:
        return None
    taken = appointments.seats_taken(session, booking.depot_id, visit.comes_on, visit.slot.hour)
    place = ("planned", booking.depot_id, visit.comes_on, visit.slot.hour)
    if own is not None and (own.state, own.depot_id, own.comes_on, own.hour) == place:
        taken -= {own.seat or 0}
    return next(seat for seat in range(1, room.most + 1) if seat not in taken)
