"""What must follow a change of bookings: messages to people, and the search index's nudge."""

import datetime as dt

from sqlalchemy.orm import Session

from lending.core import outbox
from lending.loans.notice_facts import booking_subject
from lending.loans.tables import Booking, Incident
from lending.notices.announce import announce
from lending.notices.rules import NoticeKind


def tell_borrower(
    session: Session, booking: Booking, kind: NoticeKind, now: dt.datetime, key: str | None = None
) -> bool:
    """Announce a message to who borrows; False when nobody is named or it was announced before."""
    if booking.person_id is None:
        return False
    return announce(
        session,
        kind=kind,
        person_id=booking.person_id,
        subject=booking_subject(booking.id),
        key=key or f"{kind}:{booking.id}",
        now=now,
        association_id=booking.association_id,
    )


def tell_appointment(session: Session, booking: Booking, version: int, now: dt.datetime) -> None:
    """Say when the loan is expected now, with the day for the borrower's own calendar."""
    tell_borrower(session, booking, NoticeKind.CHANGED, now, f"appointment:{booking.id}:{version}")


def tell_deposit(session: Session, booking: Booking, now: dt.datetime) -> None:
    """Say that a deposit was given back or cashed; that it came in, the borrower knows."""
    if booking.deposit_state in ("returned", "cashed"):
        key = f"{NoticeKind.DEPOSIT_SETTLED}:{booking.id}:{booking.deposit_state}"
        tell_borrower(session, booking, NoticeKind.DEPOSIT_SETTLED, now, key)


def tell_incident(
    session: Session, booking: Booking | None, incident: Incident, kind: NoticeKind, now: dt.datetime
) -> None:
    """Tell the borrower of an incident, once when it is noted and once when it is settled."""
    if booking is not None:
        tell_borrower(session, booking, kind, now, f"{kind}:{booking.id}:{incident.id}:{incident.version}")


def tell_search(session: Session, title_id: int, now: dt.datetime) -> None:
    """Let the index look at the title again."""
    outbox.enqueue(session, "search", f"title:{title_id}", now)
