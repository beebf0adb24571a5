"""What is agreed about returns, and what a depot's desk can still agree to."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import Row, bindparam, func, literal_column, select
from sqlalchemy.orm import Session

from lending.core.database import ask, table_of
from lending.loans.queries.calendars import calendars
from lending.loans.queries.pools import IS_OUT
from lending.loans.rules.appointments import DeskHours, Room, Slot, Visit, still_stands
from lending.loans.rules.periods import DAY
from lending.loans.schemas.appointments import AppointmentState, AppointmentView
from lending.loans.tables import Appointment, Booking
from lending.network import calendar_queries
from lending.network.tables import Association, Depot, Opening, Organisation

# Spelled out: SQLite reads a partial index only where the statement repeats its condition.
_appointment, _booking = table_of(Appointment).c, table_of(Booking)
IS_PLANNED = _appointment.state == literal_column("'planned'")
# Written once: they are asked with every hand-over and for every letter about it.
_depot, _association, _opening = table_of(Depot), table_of(Association), table_of(Opening).c
_organisation = table_of(Organisation)
DESK = (
    select(_depot.c.max_returns_per_hour, _association.c.time_zone, _association.c.holiday_territory)
    .join_from(_depot, _association, _association.c.organisation_id == _depot.c.association_id)
    .where(_depot.c.id == bindparam("depot_id"))
)
STRETCHES = select(_opening.weekday, _opening.opens_at, _opening.closes_at).where(
    _opening.depot_id == bindparam("depot_id"), _opening.serves == "desk"
)
PLANNED = select(table_of(Appointment)).where(
    _appointment.booking_id.in_(bindparam("booking_ids", expanding=True)), IS_PLANNED
)
EXPECTED = (
    select(_appointment.comes_on, _appointment.hour, func.count())
    .where(_appointment.depot_id == bindparam("depot_id"), _appointment.comes_on >= bindparam("today"), IS_PLANNED)
    .where(_appointment.booking_id != bindparam("except_id"))
    .group_by(_appointment.comes_on, _appointment.hour)
)
VISITS = (
    select(_appointment.comes_on, func.min(_appointment.hour).label("first_hour"))
    .join(_booking, _booking.c.id == _appointment.booking_id)
    .where(_booking.c.school_id == bindparam("school_id"), _appointment.depot_id == bindparam("depot_id"), IS_PLANNED)
    .where(_appointment.comes_on >= bindparam("today"), _booking.c.id != bindparam("except_id"))
    .group_by(_appointment.comes_on)
)
ZONE_OF_SCHOOL = (
    select(_association.c.holiday_zone)
    .join(_organisation, _organisation.c.parent_id == _association.c.organisation_id)
    .where(_organisation.c.id == bindparam("school_id"))
)
AHEAD = (
    select(table_of(Appointment))
    .join(_booking, _booking.c.id == _appointment.booking_id)
    .where(IS_PLANNED, IS_OUT, _appointment.comes_on >= bindparam("since"))
    .order_by(_appointment.depot_id, _appointment.booking_id)
)


@dataclass(frozen=True)
class ReturnDesk:
    """A depot's desk, as much of it as an appointment needs."""

    depot_id: int
    time_zone: str
    hours: DeskHours
    most: int | None


def return_desk(session: Session, depot_id: int) -> ReturnDesk:
    """The desk of a depot, which must exist."""
    most, time_zone, territory = ask(session, DESK, depot_id=depot_id).one()
    calendar = calendars(session, {depot_id: territory})[depot_id]
    return ReturnDesk(depot_id, time_zone, DeskHours(calendar, _stretches(session, depot_id)), most)


def room(session: Session, desk: ReturnDesk, today: dt.date, except_id: int) -> Room:
    """How many are expected from today on, the booking `except_id` left out."""
    found = ask(session, EXPECTED, depot_id=desk.depot_id, today=today, except_id=except_id)
    return Room(desk.most, {(day, hour): count for day, hour, count in found})


def seats_taken(session: Session, depot_id: int, day: dt.date, hour: int) -> set[int]:
    """The seats that are held in an hour."""
    query = select(Appointment.seat).where(
        Appointment.depot_id == depot_id,
        Appointment.comes_on == day,
        Appointment.hour == hour,
        Appointment.seat.is_not(None),
        IS_PLANNED,
    )
    return {seat for seat in session.scalars(query) if seat is not None}


def visits_of_school(session: Session, booking: Booking, today: dt.date) -> dict[dt.date, int]:
    """When the booking's school comes to its depot anyway: the first hour by day."""
    whose = {"school_id": booking.school_id, "depot_id": booking.depot_id, "except_id": booking.id}
    return {row.comes_on: row.first_hour for row in ask(session, VISITS, today=today, **whose)}


def holidays_of_school(session: Session, school_id: int, since: dt.date) -> Callable[[dt.date], bool]:
    """Whether a day lies in the holidays of a school; never where nobody published them."""
    zone = ask(session, ZONE_OF_SCHOOL, school_id=school_id).scalar_one()
    return calendar_queries.holidays(session, zone, since)


def of_bookings(session: Session, booking_ids: Sequence[int]) -> dict[int, AppointmentView]:
    """The planned appointments of these bookings."""
    rows = ask(session, PLANNED, booking_ids=list(booking_ids))
    return {row.booking_id: view(row) for row in rows}


def of_booking(session: Session, booking_id: int) -> AppointmentView | None:
    """The planned appointment of a booking."""
    return of_bookings(session, [booking_id]).get(booking_id)


def misplaced(session: Session, now: dt.datetime) -> list[int]:
    """The loans that are out and expected at a time at which the desk is closed by now."""
    desks: dict[int, ReturnDesk] = {}
    found = []
    for row in ask(session, AHEAD, since=now.date() - DAY):
        desk = desks.get(row.depot_id) or desks.setdefault(row.depot_id, return_desk(session, row.depot_id))
        if not still_stands(visit_of(row), row.due_on, local_now(desk, now), desk.hours):
            found.append(row.booking_id)
    return found


def local_now(desk: ReturnDesk, now: dt.datetime) -> dt.datetime:
    """What the clock on the depot's wall says."""
    return now.astimezone(ZoneInfo(desk.time_zone)).replace(tzinfo=None)


def visit_of(row: Appointment | Row[Any]) -> Visit:
    """The day and the slot of an appointment."""
    return Visit(row.comes_on, Slot(row.starts_at, row.ends_at))


def view(row: Appointment | Row[Any]) -> AppointmentView:
    """An appointment as people see it."""
    return AppointmentView(
        booking_id=row.booking_id,
        depot_id=row.depot_id,
        comes_on=row.comes_on,
        hour=row.hour,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        state=cast("AppointmentState", row.state),
        is_chosen=row.is_chosen,
        is_before_holidays=row.is_before_holidays,
        brought_by=row.brought_by,
        version=row.version,
    )


def _stretches(session: Session, depot_id: int) -> dict[int, list[tuple[dt.time, dt.time]]]:
    found: defaultdict[int, list[tuple[dt.time, dt.time]]] = defaultdict(list)
    for weekday, opens_at, closes_at in ask(session, STRETCHES, depot_id=depot_id):
        found[weekday].append((opens_at, closes_at))
    return dict(found)
