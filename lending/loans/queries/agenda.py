"""Bookings as days of a calendar: one day to collect, one day to bring back."""

import datetime as dt
from collections.abc import Iterable, Iterator

import msgspec
from sqlalchemy.orm import Session

from lending.core.calendar_file import CalendarEntry
from lending.core.i18n import gettext as _
from lending.loans.queries import reservations
from lending.loans.queries.pools import IS_OPEN
from lending.loans.rules.periods import DAY
from lending.loans.rules.states import Cause, State
from lending.loans.schemas import Reservation
from lending.loans.tables import Booking

IS_LOAN = Booking.cause == Cause.LOAN.value


def of_person(session: Session, person_id: int, now: dt.datetime) -> list[Reservation]:
    """What a person has reserved and borrowed."""
    return reservations.of(session, now, Booking.person_id == person_id, IS_LOAN, IS_OPEN)


def of_depot(session: Session, depot_id: int, now: dt.datetime) -> list[Reservation]:
    """What leaves a depot and comes back to it."""
    return reservations.of(session, now, Booking.depot_id == depot_id, IS_LOAN, IS_OPEN)


def entries(found: Iterable[Reservation], base_url: str) -> list[CalendarEntry]:
    """Two days for each booking; only the second once it was handed over."""
    return [entry for one in found for entry in _entries_of(one, base_url)]


def invitations(session: Session, booking_id: int, base_url: str, now: dt.datetime) -> tuple[CalendarEntry, ...]:
    """A booking's days for a mail: what is over takes its days out of the calendar that got them earlier."""
    one = reservations.one(session, booking_id, now)
    if one.state == State.DONE:
        return_day = _entry(one, "in", one.due_on, _("Retour : {title}"), base_url)
        early = one.returned_at is not None and one.returned_at.date() < one.due_on
        return (msgspec.structs.replace(return_day, is_cancelled=True, changed_at=now),) if early else ()
    return tuple(msgspec.structs.replace(entry, changed_at=now) for entry in _entries_of(one, base_url))


def _entries_of(one: Reservation, base_url: str) -> Iterator[CalendarEntry]:
    if one.state != State.OUT:
        yield _entry(one, "out", one.starts_on, _("Retrait : {title}"), base_url)
    yield _entry(one, "in", one.due_on, _("Retour : {title}"), base_url)


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
