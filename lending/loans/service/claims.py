"""The borrower says that the copy came back. Until somebody finds out, nobody reminds and nothing ages."""

import datetime as dt

from sqlalchemy.orm import Session

from lending.catalog.rules import clean_text
from lending.catalog.tables import Copy
from lending.core.actor import Actor
from lending.loans.rules.incidents import AlreadyClaimed, IncidentKind, LoanNotOut, Settled
from lending.loans.rules.states import State
from lending.loans.service.cancel import require_touch
from lending.loans.service.locking import lock_booking
from lending.loans.service.opening import close_as, open_incident, open_of_copy
from lending.loans.service.recording import Act, record
from lending.loans.tables import Booking, Incident


def claim(session: Session, actor: Actor, booking_id: int, note: str, now: dt.datetime) -> Incident:
    """Write down that the borrower says so: its school or the lender's staff.

    Raises NotFound, Forbidden, LoanNotOut, AlreadyClaimed.
    """
    require_touch(session, actor, booking_id)
    _, booking = lock_booking(session, booking_id)
    if booking.state != State.OUT:
        raise LoanNotOut(reference=booking.reference, state=booking.state)
    if booking.claimed_at is not None:
        raise AlreadyClaimed(reference=booking.reference)
    copy = session.get_one(Copy, booking.copy_id)
    booking.claimed_at = now
    booking.version += 1
    text = clean_text(note)
    record(session, booking, Act.CLAIMED, actor, now, text)
    return open_incident(session, actor, copy, booking, IncidentKind.CLAIMED, 0, text, now)


def end_claim(session: Session, actor: Actor, booking: Booking, outcome: Settled, now: dt.datetime) -> None:
    """Who was right is known now. A loan that nobody claims is left alone."""
    if booking.claimed_at is None or booking.copy_id is None:
        return
    incident = open_of_copy(session, booking.copy_id, IncidentKind.CLAIMED)
    if incident is not None:
        close_as(incident, actor, outcome, now)
