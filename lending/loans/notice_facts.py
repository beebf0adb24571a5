"""What a message about a booking tells, read when it is sent."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from lending.catalog.tables import ContentLine, ContentsCheckLine, Title
from lending.core.clock import Clock, today_in
from lending.loans.rules.states import Cause
from lending.loans.tables import Booking
from lending.network import queries as network
from lending.network.schemas import AssociationView, DepotView
from lending.notices.rules import NoticeKind
from lending.notices.schemas import BookingFacts, MissingLine

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
    NoticeKind.SIGN_IN_LINK: (),
}


class BookingNoticeFacts:
    """Answers for subjects such as `booking:12`."""

    def __init__(self, clock: Clock) -> None:
        """The clock tells whether a loan is late."""
        self._clock = clock

    def facts(self, session: Session, kind: str, subject: str) -> BookingFacts | None:
        """What is true now; None for a booking that does not exist."""
        booking = session.get(Booking, _booking_id(subject))
        if booking is None:
            return None
        association = network.association(session, booking.association_id)
        today = today_in(self._clock, association.time_zone)
        return _facts(session, booking, association, kind, today)


def booking_subject(booking_id: int) -> str:
    """How a booking is named in a notice."""
    return f"{SUBJECT_PREFIX}{booking_id}"


def is_relevant(kind: str, booking: Booking, today: dt.date) -> bool:
    """Whether a message of this kind still has a point."""
    return booking.state in STATES[NoticeKind(kind)] and _is_timely(kind, booking, today)


def _is_timely(kind: str, booking: Booking, today: dt.date) -> bool:
    is_late = today >= booking.ends_on
    is_reminder = kind in (NoticeKind.DUE_SOON, NoticeKind.OVERDUE)
    if is_reminder and booking.claimed_at is not None:
        return False
    match kind:
        case NoticeKind.DUE_SOON:
            return not is_late
        case NoticeKind.OVERDUE:
            return is_late
        case NoticeKind.AT_RISK:
            return booking.copy_id is None
        case _:
            return True


def _booking_id(subject: str) -> int:
    return int(subject.removeprefix(SUBJECT_PREFIX))


def _facts(session: Session, booking: Booking, association: AssociationView, kind: str, today: dt.date) -> BookingFacts:
    depot = network.depot(session, booking.depot_id)
    title = session.get_one(Title, booking.title_id)
    due_on = booking.ends_on - dt.timedelta(days=1)
    return BookingFacts(
        reference=booking.reference,
        title_name=title.name,
        title_kind=title.kind,
        school_name=network.school(session, booking.school_id).name if booking.school_id else "",
        association_name=association.name,
        association_email=association.email,
        association_phone=association.phone,
        depot_name=depot.name,
        depot_address=_address(depot),
        depot_phone=depot.phone,
        openings=tuple(depot.openings),
        starts_on=booking.starts_on,
        due_on=due_on,
        days_late=max(0, (today - due_on).days),
        missing=_missing(session, booking.return_check_id),
        path="/waiting" if booking.wish_id and booking.cause == Cause.HOLD else f"/reservations/{booking.id}",
        borrower_id=booking.person_id,
        is_relevant=is_relevant(kind, booking, today),
    )


def _address(depot: DepotView) -> str:
    town = f"{depot.postcode} {depot.commune}".strip()
    return ", ".join(part for part in (depot.address, town) if part)


def _missing(session: Session, check_id: int | None) -> tuple[MissingLine, ...]:
    rows = session.execute(
        select(ContentLine.name, ContentsCheckLine.expected, ContentsCheckLine.found)
        .join(ContentLine, ContentLine.id == ContentsCheckLine.line_id)
        .where(ContentsCheckLine.check_id == check_id, ContentsCheckLine.found < ContentsCheckLine.expected)
        .order_by(ContentLine.section_id, ContentLine.rank)
    )
    return tuple(MissingLine(name, expected, found) for name, expected, found in rows)
