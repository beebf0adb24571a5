"""Use cases of returns that are agreed: each public method is one transaction."""

import datetime as dt

from sqlalchemy.orm import Session

from lending.catalog.errors import VersionChanged
from lending.core.actor import Actor
from lending.core.clock import Clock
from lending.core.database import Database
from lending.loans.queries import appointments
from lending.loans.queries.appointments import ReturnDesk, local_now, return_desk
from lending.loans.queries.relays import goes_on, onwards
from lending.loans.rules.appointment_errors import GoesOnToSchool
from lending.loans.rules.appointments import Room, check_bringer, check_visit, days_ahead
from lending.loans.rules.changes import NotOut
from lending.loans.rules.states import State
from lending.loans.schemas.appointments import (
    AppointmentChoices,
    AppointmentDay,
    AppointmentSlot,
    AppointmentView,
    NewAppointment,
)
from lending.loans.service.appointing import appointment_of, due_on_of, put, room_for
from lending.loans.service.cancel import require_touch
from lending.loans.service.locking import lock_booking
from lending.loans.service.recording import Act, record
from lending.loans.service.telling import tell_appointment
from lending.loans.tables import Appointment, Booking


class Appointments:
    """When loans come back: for their schools and the lenders' staff."""

    def __init__(self, db: Database, clock: Clock) -> None:
        """Takes the database and the source of now."""
        self._db = db
        self._clock = clock

    def choices(self, actor: Actor, booking_id: int) -> AppointmentChoices:
        """What is agreed, and what else could be; nothing for what goes on to another school.

        Raises NotFound, Forbidden, NotOut.
        """
        now = self._clock.now()
        with self._db.read() as session:
            require_touch(session, actor, booking_id)
            booking = session.get_one(Booking, booking_id)
            _check_out(booking)
            if goes_on(session, booking_id):
                return AppointmentChoices(appointment=None, is_past=False, version=0, days=[])
            desk, row = return_desk(session, booking.depot_id), appointment_of(session, booking_id)
            here = local_now(desk, now)
            room = appointments.room(session, desk, here.date(), booking_id)
            days = days_ahead(due_on_of(booking), here, desk.hours)
            return AppointmentChoices(
                appointment=appointments.view(row) if row is not None and row.state == "planned" else None,
                is_past=row is not None and row.comes_on < here.date(),
                version=row.version if row is not None else 0,
                days=[_day(desk, room, day, here) for day in days],
            )

    def move(self, actor: Actor, booking_id: int, wanted: NewAppointment) -> AppointmentView:
        """Agree on another day and hour.

        Raises NotFound, Forbidden, NotOut, GoesOnToSchool, VersionChanged and the errors of `rules.appointment_errors`.
        """
        now, brought_by = self._clock.now(), check_bringer(wanted.brought_by)
        with self._db.write() as session:
            booking, row = _opened(session, actor, booking_id, wanted.version)
            desk = return_desk(session, booking.depot_id)
            room = room_for(session, desk, booking, now)
            where = (due_on_of(booking), local_now(desk, now), desk.hours, room)
            row = put(session, booking, check_visit(wanted.comes_on, wanted.hour, *where), room)
            row.is_chosen, row.is_before_holidays, row.brought_by = True, False, brought_by
            session.flush()
            record(session, booking, Act.APPOINTED, actor, now, f"{row.comes_on} {row.starts_at:%H:%M}")
            tell_appointment(session, booking, row.version, now)
            return appointments.view(row)

    def cancel(self, actor: Actor, booking_id: int, version: int) -> AppointmentView | None:
        """Come without an appointment, until the last day of the loan; doing it twice changes nothing.

        Raises NotFound, Forbidden, NotOut, GoesOnToSchool, VersionChanged.
        """
        now = self._clock.now()
        with self._db.write() as session:
            booking, row = _opened(session, actor, booking_id, version)
            if row is None or row.state != "planned":
                return appointments.view(row) if row is not None else None
            row.state, row.version = "cancelled", row.version + 1
            session.flush()
            record(session, booking, Act.APPOINTMENT_CANCELLED, actor, now)
            tell_appointment(session, booking, row.version, now)
            return appointments.view(row)


def _opened(session: Session, actor: Actor, booking_id: int, version: int) -> tuple[Booking, Appointment | None]:
    require_touch(session, actor, booking_id)
    _, booking = lock_booking(session, booking_id)
    _check_out(booking)
    to = onwards(session, booking_id)
    if to is not None:
        raise GoesOnToSchool(reference=booking.reference, school_name=to.school_name)
    row = appointment_of(session, booking_id)
    known = row.version if row is not None else 0
    if version != known:
        raise VersionChanged(version=known)
    return booking, row


def _check_out(booking: Booking) -> None:
    if booking.state != State.OUT or booking.school_id is None:
        raise NotOut(reference=booking.reference, state=booking.state)


def _day(desk: ReturnDesk, room: Room, day: dt.date, here: dt.datetime) -> AppointmentDay:
    slots = [
        AppointmentSlot(hour=one.hour, starts_at=one.starts_at, ends_at=one.ends_at, left=room.left(day, one))
        for one in desk.hours.slots_ahead(day, here)
    ]
    return AppointmentDay(comes_on=day, slots=slots)
