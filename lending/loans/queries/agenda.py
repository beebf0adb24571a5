"""Bookings as days of a calendar: one day to collect, one day to bring back."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from lending.core.calendar_file import CalendarEntry
from lending.core.database import ask, table_of
from lending.core.i18n import format_weekday
from lending.core.i18n import gettext as _
from lending.loans.queries import reservations
from lending.loans.queries.pools import IS_OPEN
from lending.loans.rules.periods import DAY
from lending.loans.rules.states import Cause, State
from lending.loans.schemas import Reservation
from lending.loans.tables import Appointment, Booking
from lending.network.tables import Association, Depot

IS_LOAN = Booking.cause == Cause.LOAN.value
_appointment, _depot, _association = (table_of(one) for one in (Appointment, Depot, Association))
AGREED = (
    select(_appointment, _association.c.time_zone)
    .join(_depot, _depot.c.id == _appointment.c.depot_id)
    .join(_association, _association.c.organisation_id == _depot.c.association_id)
    .where(_appointment.c.booking_id.in_(bindparam("booking_ids", expanding=True)))
)


@dataclass(frozen=True)
class _Agreed:
    """When a loan is expected; without instants it was expected once. `changes` counts what was agreed."""

    comes_on: dt.date
    instants: tuple[dt.datetime, dt.datetime] | None
    changes: int


def of_person(session: Session, person_id: int, now: dt.datetime) -> list[Reservation]:
    """What a person has reserved and borrowed."""
    return reservations.of(session, now, Booking.person_id == person_id, IS_LOAN, IS_OPEN)


def of_depot(session: Session, depot_id: int, now: dt.datetime) -> list[Reservation]:
    """What leaves a depot and comes back to it."""
    return reservations.of(session, now, Booking.depot_id == depot_id, IS_LOAN, IS_OPEN)


def entries(session: Session, found: Sequence[Reservation], base_url: str) -> list[CalendarEntry]:
    """Two days for each booking; only the second once it was handed over, at its hour where one is agreed."""
    agreed = _agreed(session, [one.id for one in found])
    return [entry for one in found for entry in _entries_of(one, agreed.get(one.id), base_url)]


def invitations(session: Session, booking_id: int, base_url: str, now: dt.datetime) -> tuple[CalendarEntry, ...]:
    """A booking's days for a mail: what is over takes its days out of the calendar that got them earlier."""
    one = reservations.one(session, booking_id, now)
    if one.state == State.DONE:
        return_day = _return(one, _agreed(session, [one.id]).get(one.id), base_url)
        early = one.returned_at is not None and one.returned_at.date() < one.due_on
        return (msgspec.structs.replace(return_day, is_cancelled=True, changed_at=now),) if early else ()
    return tuple(msgspec.structs.replace(entry, changed_at=now) for entry in entries(session, [one], base_url))


def _entries_of(one: Reservation, agreed: _Agreed | None, base_url: str) -> Iterator[CalendarEntry]:
    if one.state != State.OUT:
        yield _entry(one, "out", one.starts_on, _("Retrait : {title}"), base_url)
    yield _return(one, agreed, base_url)


def _return(one: Reservation, agreed: _Agreed | None, base_url: str) -> CalendarEntry:
    """The return: all day on the last one, or at the hour that is agreed. A change of either makes it newer."""
    entry = _entry(one, "in", one.due_on, _("Retour : {title}"), base_url)
    if agreed is None:
        return entry
    newer = msgspec.structs.replace(entry, sequence=one.version + agreed.changes)
    if agreed.instants is None or one.state != State.OUT:
        return newer
    last_day = _("À rapporter au plus tard le {due_on}.").format(due_on=format_weekday(one.due_on))
    return msgspec.structs.replace(
        newer,
        starts_on=agreed.comes_on,
        ends_on=agreed.comes_on + DAY,
        instants=agreed.instants,
        description=f"{entry.description}. {last_day}",
    )


def _agreed(session: Session, booking_ids: Sequence[int]) -> dict[int, _Agreed]:
    rows = ask(session, AGREED, booking_ids=list(booking_ids))
    return {row.booking_id: _as_agreed(row) for row in rows}


def _as_agreed(row: Row[Any]) -> _Agreed:
    zone = ZoneInfo(row.time_zone)
    starts, ends = (dt.datetime.combine(row.comes_on, one, zone) for one in (row.starts_at, row.ends_at))
    instants = (starts.astimezone(dt.UTC), ends.astimezone(dt.UTC)) if row.state == "planned" else None
    return _Agreed(row.comes_on, instants, row.version)


def _entry(one: Reservation, moment: str, day: dt.date, words: str, base_url: str) -> CalendarEntry:
    host = base_url.partition("://")[2].partition("/")[0]
    return CalendarEntry(
        uid=f"{one.reference}-{moment}@{host}",
        sequence=one.version,
        starts_on=day,
        ends_on=day + DAY,
        summary=words.format(title=one.title_name),
        description=_("{school}, référence {reference}").format(school=one.school_name, reference=one.reference),
        location=one.depot_name,
        url=f"{base_url}/reservations/{one.id}",
        changed_at=one.created_at,
        is_cancelled=one.state == State.CANCELLED,
    )
