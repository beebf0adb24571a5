"""What a message about a booking tells, read when it is sent."""

import datetime as dt
from typing import Any

import msgspec
from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from lending.accounts.tables import Person
from lending.catalog import queries as catalog
from lending.catalog.tables import ContentLine, ContentsCheckLine, Title
from lending.core.clock import Clock, today_in
from lending.core.database import ask, table_of
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

# Written once, and without objects: they are asked for every letter.
_booking, _title, _association, _depot = (table_of(one) for one in (Booking, Title, Association, Depot))
_lender, _borrower = table_of(Organisation).alias("lender"), table_of(Organisation).alias("borrower")
TOLD = (
    select(
        _booking,
        _title.c.name.label("title_name"),
        _title.c.kind.label("title_kind"),
        _borrower.c.name.label("school_name"),
        _lender.c.name.label("association_name"),
        _association.c.email.label("association_email"),
        _association.c.phone.label("association_phone"),
        _association.c.time_zone,
        _depot.c.name.label("depot_name"),
        _depot.c.address,
        _depot.c.postcode,
        _depot.c.commune,
        _depot.c.phone.label("depot_phone"),
    )
    .select_from(_booking)
    .join(_title, _title.c.id == _booking.c.title_id)
    .join(_lender, _lender.c.id == _booking.c.association_id)
    .join(_association, _association.c.organisation_id == _booking.c.association_id)
    .join(_depot, _depot.c.id == _booking.c.depot_id)
    .outerjoin(_borrower, _borrower.c.id == _booking.c.school_id)
    .where(_booking.c.id == bindparam("booking_id"))
)
_line, _found = table_of(ContentLine), table_of(ContentsCheckLine)
MISSING = (
    select(_line.c.name, _found.c.expected, _found.c.found)
    .join_from(_found, _line, _line.c.id == _found.c.line_id)
    .where(_found.c.check_id == bindparam("check_id"), _found.c.found < _found.c.expected)
    .order_by(_line.c.section_id, _line.c.rank)
)


class BookingNoticeFacts:
    """Answers for subjects such as `booking:12`."""

    def __init__(self, clock: Clock, base_url: str = "") -> None:
        """The clock tells whether a loan is late; days in a calendar lead to pages at `base_url`."""
        self._clock = clock
        self._base_url = base_url.rstrip("/")

    def facts(self, session: Session, kind: str, subject: str) -> BookingFacts | None:
        """What is true now; None for a booking that does not exist."""
        row = ask(session, TOLD, booking_id=_booking_id(subject)).first()
        if row is None:
            return None
        facts = _facts(session, row, kind, today_in(self._clock, row.time_zone))
        full = self._with_more(session, row, NoticeKind(kind), facts) if facts.is_relevant else facts
        return msgspec.structs.replace(full, is_relevant=full.is_relevant and _has_incident(kind, full))

    def _with_more(self, session: Session, booking: Row[Any], kind: NoticeKind, facts: BookingFacts) -> BookingFacts:
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
                more = {"cures": _cures(session, booking.id, now)}
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


def is_relevant(kind: str, booking: Booking | Row[Any], today: dt.date) -> bool:
    """Whether a message of this kind still has a point."""
    return booking.state in STATES.get(NoticeKind(kind), ()) and _is_timely(kind, booking, today)


def _is_timely(kind: str, booking: Booking | Row[Any], today: dt.date) -> bool:
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


def _facts(session: Session, row: Row[Any], kind: str, today: dt.date) -> BookingFacts:
    """What a booking with what stands around it tells."""
    due_on = row.ends_on - DAY
    return BookingFacts(
        association_id=row.association_id,
        reference=row.reference,
        title_name=row.title_name,
        title_kind=row.title_kind,
        school_name=row.school_name or "",
        association_name=row.association_name,
        association_email=row.association_email,
        association_phone=row.association_phone,
        depot_name=row.depot_name,
        depot_address=_address(row),
        depot_phone=row.depot_phone,
        openings=tuple(openings(session, row.depot_id)),
        starts_on=row.starts_on,
        due_on=due_on,
        days_late=max(0, (today - due_on).days),
        missing=_missing(session, row.return_check_id),
        path="/waiting" if row.wish_id and row.cause == Cause.HOLD else f"/reservations/{row.id}",
        borrower_id=row.person_id,
        borrower_name=_borrower_name(session, row.person_id) if kind == NoticeKind.OVERDUE_COPY else "",
        deposit_cents=row.deposit_cents,
        deposit_state=row.deposit_state,
        is_relevant=is_relevant(kind, row, today),
        **_agreed(session, row, today),
    )


def _agreed(session: Session, booking: Row[Any], today: dt.date) -> dict[str, Any]:
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


def _cures(session: Session, booking_id: int, now: dt.datetime) -> tuple[CureFact, ...]:
    booking = session.get_one(Booking, booking_id)
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
    rows = ask(session, MISSING, check_id=check_id) if check_id is not None else ()
    return tuple(MissingLine(name, expected, found) for name, expected, found in rows)
