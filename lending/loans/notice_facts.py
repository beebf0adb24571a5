"""What a message about a booking tells, read when it is sent."""

import datetime as dt
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Row, Select, bindparam, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from lending.accounts.tables import Person
from lending.catalog import queries as catalog
from lending.catalog.tables import ContentLine, ContentsCheckLine, Title
from lending.core.clock import Clock, today_in
from lending.loans.queries import agenda, appointments, incidents, relays
from lending.loans.queries.cures import cures_of
from lending.loans.rules.periods import DAY
from lending.loans.rules.reminders import is_due_tomorrow, is_late
from lending.loans.rules.states import Cause, State
from lending.loans.tables import Booking
from lending.network.opening_queries import openings
from lending.network.tables import Association, Depot, Organisation
from lending.notices.rules import NoticeKind
from lending.notices.schemas import BookingFacts, ContentsFact, CureFact, IncidentFact, MissingLine

SUBJECT_PREFIX = "booking:"

# The states in which a message of a kind still has a point.
STATES: dict[NoticeKind, tuple[str, ...]] = {
    NoticeKind.BOOKING_CONFIRMED: ("planned", "out"),
    NoticeKind.BOOKING_CANCELLED: ("cancelled",),
    NoticeKind.HANDED_OVER: ("out",),
    NoticeKind.DUE_SOON: ("out",),
    NoticeKind.OVERDUE: ("out",),
    NoticeKind.RETURNED_COMPLETE: ("done",),
    NoticeKind.RETURNED_INCOMPLETE: ("done",),
    NoticeKind.AT_RISK: ("planned",),
    NoticeKind.CHANGED: ("planned", "out"),
    NoticeKind.BOOKING_RECEIVED: ("planned",),
    NoticeKind.BOOKING_REFUSED: ("cancelled",),
    NoticeKind.RENEWED: ("out",),
    NoticeKind.DUE_MOVED: ("planned", "out"),
    NoticeKind.RECALLED: ("out",),
    NoticeKind.WISH_OFFERED: ("planned",),
    NoticeKind.OFFER_ENDED: ("cancelled",),
    NoticeKind.READY: ("planned",),
    NoticeKind.DUE_TOMORROW: ("out",),
    NoticeKind.OVERDUE_COPY: ("out",),
    NoticeKind.INCIDENT_OPENED: ("out", "done", "lost"),
    NoticeKind.INCIDENT_SETTLED: ("out", "done", "lost"),
    NoticeKind.DEPOSIT_SETTLED: ("planned", "out", "done", "cancelled", "lost"),
}

# What changes days that somebody may have in their own calendar.
WITH_CALENDAR = frozenset(
    {
        NoticeKind.BOOKING_CONFIRMED,
        NoticeKind.BOOKING_CANCELLED,
        NoticeKind.BOOKING_REFUSED,
        NoticeKind.CHANGED,
        NoticeKind.DUE_MOVED,
        NoticeKind.HANDED_OVER,
        NoticeKind.RENEWED,
        NoticeKind.RECALLED,
        NoticeKind.RETURNED_COMPLETE,
        NoticeKind.RETURNED_INCOMPLETE,
    }
)
MOST_CURES = 4

Lender = aliased(Organisation)
Borrower = aliased(Organisation)
AROUND: tuple[ColumnElement[Any] | InstrumentedAttribute[Any], ...] = (
    Title.name.label("title_name"),
    Title.kind.label("title_kind"),
    Borrower.name.label("school_name"),
    Lender.name.label("association_name"),
    Association.email.label("association_email"),
    Association.phone.label("association_phone"),
    Association.time_zone,
    Depot.name.label("depot_name"),
    Depot.address,
    Depot.postcode,
    Depot.commune,
    Depot.phone.label("depot_phone"),
)
MISSING = (
    select(ContentLine.name, ContentsCheckLine.expected, ContentsCheckLine.found)
    .join(ContentLine, ContentLine.id == ContentsCheckLine.line_id)
    .where(ContentsCheckLine.check_id == bindparam("check_id"), ContentsCheckLine.found < ContentsCheckLine.expected)
    .order_by(ContentLine.section_id, ContentLine.rank)
)


class BookingNoticeFacts:
    """Answers for subjects such as `booking:12`."""

    def __init__(self, clock: Clock, base_url: str = "") -> None:
        """The clock tells whether a loan is late; days in a calendar lead to pages at `base_url`."""
        self._clock = clock
        self._base_url = base_url.rstrip("/")

    def facts(self, session: Session, kind: str, subject: str) -> BookingFacts | None:
        """What is true now; None for a booking that does not exist."""
        row = session.execute(_told(), {"booking_id": _booking_id(subject)}).first()
        if row is None:
            return None
        facts = _facts(session, row, kind, today_in(self._clock, row.time_zone))
        full = self._with_more(session, row.Booking, NoticeKind(kind), facts) if facts.is_relevant else facts
        return msgspec.structs.replace(full, is_relevant=full.is_relevant and _has_incident(kind, full))

    def _with_more(self, session: Session, booking: Booking, kind: NoticeKind, facts: BookingFacts) -> BookingFacts:
        """What only some kinds tell, and takes a while to read."""
        now = self._clock.now()
        match kind:
            case NoticeKind.HANDED_OVER:
                more: dict[str, Any] = {"contents": _contents(session, booking.title_id)}
            case NoticeKind.DUE_SOON | NoticeKind.DUE_TOMORROW | NoticeKind.OVERDUE:
                more = {"goes_on_to": _named(relays.onwards(session, booking.id))}
            case NoticeKind.CHANGED:
                more = {
                    "goes_on_to": _named(relays.onwards(session, booking.id)),
                    "comes_from": _named(relays.before(session, booking.id)),
                }
            case NoticeKind.AT_RISK:
                more = {"cures": _cures(session, booking, now)}
            case NoticeKind.INCIDENT_OPENED | NoticeKind.INCIDENT_SETTLED:
                more = {"incidents": _incidents(session, booking.id)}
            case _:
                more = {}
        if kind in WITH_CALENDAR and booking.cause == Cause.LOAN:
            more["entries"] = agenda.invitations(session, booking.id, self._base_url, now)
        return msgspec.structs.replace(facts, **more)


def _has_incident(kind: str, facts: BookingFacts) -> bool:
    """Whether there is something to tell of, where the message tells of incidents."""
    match kind:
        case NoticeKind.INCIDENT_OPENED:
            return any(one.outcome is None for one in facts.incidents)
        case NoticeKind.INCIDENT_SETTLED:
            return any(one.outcome is not None for one in facts.incidents)
        case _:
            return True


def booking_subject(booking_id: int) -> str:
    """How a booking is named in a notice."""
    return f"{SUBJECT_PREFIX}{booking_id}"


def is_relevant(kind: str, booking: Booking, today: dt.date) -> bool:
    """Whether a message of this kind still has a point."""
    return booking.state in STATES.get(NoticeKind(kind), ()) and _is_timely(kind, booking, today)


def _is_timely(kind: str, booking: Booking, today: dt.date) -> bool:
    match kind:
        case NoticeKind.DUE_SOON | NoticeKind.DUE_TOMORROW | NoticeKind.OVERDUE | NoticeKind.OVERDUE_COPY:
            return booking.claimed_at is None and _is_time_for(kind, booking.ends_on - DAY, today)
        case NoticeKind.AT_RISK:
            return booking.copy_id is None
        case NoticeKind.READY:
            return booking.pinned and booking.copy_id is not None
        case NoticeKind.DEPOSIT_SETTLED:
            return booking.deposit_state in ("returned", "cashed")
        case _:
            return True


def _is_time_for(kind: str, due_on: dt.date, today: dt.date) -> bool:
    if kind == NoticeKind.DUE_TOMORROW:
        return is_due_tomorrow(due_on, today)
    return is_late(due_on, today) is (kind != NoticeKind.DUE_SOON)


def _booking_id(subject: str) -> int:
    return int(subject.removeprefix(SUBJECT_PREFIX))


@cache
def _told() -> Select[Any]:
    """A booking with what stands around it, in one question: it is asked for every letter."""
    return (
        select(Booking, *AROUND)
        .join(Title, Title.id == Booking.title_id)
        .join(Lender, Lender.id == Booking.association_id)
        .join(Association, Association.organisation_id == Booking.association_id)
        .join(Depot, Depot.id == Booking.depot_id)
        .outerjoin(Borrower, Borrower.id == Booking.school_id)
        .where(Booking.id == bindparam("booking_id"))
    )


def _facts(session: Session, row: Row[Any], kind: str, today: dt.date) -> BookingFacts:
    booking: Booking = row.Booking
    due_on = booking.ends_on - DAY
    return BookingFacts(
        association_id=booking.association_id,
        reference=booking.reference,
        title_name=row.title_name,
        title_kind=row.title_kind,
        school_name=row.school_name or "",
        association_name=row.association_name,
        association_email=row.association_email,
        association_phone=row.association_phone,
        depot_name=row.depot_name,
        depot_address=_address(row),
        depot_phone=row.depot_phone,
        openings=tuple(openings(session, booking.depot_id)),
        starts_on=booking.starts_on,
        due_on=due_on,
        days_late=max(0, (today - due_on).days),
        missing=_missing(session, booking.return_check_id),
        path="/waiting" if booking.wish_id and booking.cause == Cause.HOLD else f"/reservations/{booking.id}",
        borrower_id=booking.person_id,
        borrower_name=_borrower_name(session, booking.person_id) if kind == NoticeKind.OVERDUE_COPY else "",
        deposit_cents=booking.deposit_cents,
        deposit_state=booking.deposit_state,
        is_relevant=is_relevant(kind, booking, today),
        **_agreed(session, booking, today),
    )


def _agreed(session: Session, booking: Booking, today: dt.date) -> dict[str, Any]:
    """When the return is expected, as long as that lies ahead."""
    agreed = appointments.of_booking(session, booking.id) if booking.state == State.OUT else None
    is_ahead = agreed is not None and agreed.comes_on >= today
    return {"comes_on": agreed.comes_on, "comes_at": agreed.starts_at} if agreed is not None and is_ahead else {}


def _named(school: relays.Neighbour | None) -> str:
    """The school at the other end of a relay, with its town."""
    return (
        "" if school is None else f"{school.school_name} ({school.commune})" if school.commune else school.school_name
    )


def _address(row: Row[Any]) -> str:
    town = f"{row.postcode} {row.commune}".strip()
    return ", ".join(part for part in (row.address, town) if part)


def _borrower_name(session: Session, person_id: int | None) -> str:
    return session.scalar(select(Person.name).where(Person.id == person_id)) or ""


def _contents(session: Session, title_id: int) -> tuple[ContentsFact, ...]:
    sections = catalog.checklist(session, title_id).sections
    return tuple(ContentsFact(line.name, line.quantity) for section in sections for line in section.lines)


def _cures(session: Session, booking: Booking, now: dt.datetime) -> tuple[CureFact, ...]:
    return tuple(
        CureFact(
            kind=one.kind.value,
            title_name=one.title_name,
            depot_name=one.depot_name,
            starts_on=one.starts_on,
            due_on=one.due_on,
        )
        for one in cures_of(session, booking, now)[:MOST_CURES]
    )


def _incidents(session: Session, booking_id: int) -> tuple[IncidentFact, ...]:
    return tuple(
        IncidentFact(kind=one.kind.value, outcome=one.outcome.value if one.outcome else None, cost_cents=one.cost_cents)
        for one in incidents.of_booking(session, booking_id)
    )


def _missing(session: Session, check_id: int | None) -> tuple[MissingLine, ...]:
    rows = session.execute(MISSING, {"check_id": check_id}) if check_id is not None else ()
    return tuple(MissingLine(name, expected, found) for name, expected, found in rows)
