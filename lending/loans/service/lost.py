"""Copies that do not come back, and those that are found again. Everything here needs the title's lock."""

import datetime as dt

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from lending.catalog import queries as catalog
from lending.catalog.rules import Status, clean_text
from lending.catalog.schemas import CopyDetail
from lending.catalog.tables import Copy
from lending.core.actor import SYSTEM, Actor, Role
from lending.core.clock import local_day
from lending.loans.queries.desk import lost_loan_of
from lending.loans.queries.pools import IS_OUT
from lending.loans.rules.incidents import (
    AGED_DAYS,
    CopyWasLost,
    IncidentKind,
    LoanNotOut,
    NoteNotSeen,
    Settled,
    is_aged,
)
from lending.loans.rules.periods import DAY
from lending.loans.rules.states import Cause, State, may_become
from lending.loans.schemas.incidents import Loss
from lending.loans.service.appointing import follow
from lending.loans.service.claims import end_claim
from lending.loans.service.locking import lock_booking, lock_copy
from lending.loans.service.open_shelf import open_shelf
from lending.loans.service.opening import close_as, open_incident, open_of_copy
from lending.loans.service.recording import Act, record
from lending.loans.service.telling import tell_incident, tell_search
from lending.loans.tables import Booking, Incident
from lending.network import queries as network
from lending.network.tables import Association
from lending.notices.rules import NoticeKind


def declare_lost(session: Session, actor: Actor, booking_id: int, loss: Loss, now: dt.datetime) -> Incident:
    """The copy does not come back: the loan is lost, and what counted on the copy is planned anew.

    Raises NotFound, Forbidden, LoanNotOut.
    """
    title, booking = lock_booking(session, booking_id)
    actor.require(network.path_of(session, booking.association_id), Role.STAFF)
    if not may_become(booking.state, State.LOST):
        raise LoanNotOut(reference=booking.reference, state=booking.state)
    copy = session.get_one(Copy, booking.copy_id, populate_existing=True)
    note = clean_text(loss.note)
    end_claim(session, actor, booking, Settled.NEVER_CAME, now)
    booking.state, booking.lost_at = State.LOST.value, now
    booking.version += 1
    follow(session, [booking], now)
    if copy.status != Status.WITHDRAWN:
        copy.status = Status.LOST.value
        copy.version += 1
    record(session, booking, Act.LOST, actor, now, note)
    incident = open_incident(session, actor, copy, booking, IncidentKind.LOST, 0, note, now)
    incident.cost_cents = value_of(session, copy.title_id) if loss.cost_cents is None else loss.cost_cents
    session.flush()
    tell_incident(session, booking, incident, NoticeKind.INCIDENT_OPENED, now)
    # Opening the shelf moves the plans that lost their copy, and tells those whom nobody can serve.
    open_shelf(session, title, booking.depot_id, now)
    tell_search(session, title.id, now)
    return incident


def tell_found(session: Session, actor: Actor, copy_id: int, loan: Booking | None, now: dt.datetime) -> None:
    """Undo the loss: an open one is settled as found; one that was paid waits for who decides on a refund."""
    incident = open_of_copy(session, copy_id, IncidentKind.LOST)
    if incident is not None:
        close_as(incident, actor, Settled.FOUND, now)
    if loan is not None and loan.state == State.LOST:
        record(session, loan, Act.FOUND, actor, now)


def check_note(copy: CopyDetail, *, is_seen: bool) -> None:
    """Raise NoteNotSeen unless the copy's note, if it carries one, was read."""
    if copy.note and not is_seen:
        raise NoteNotSeen(barcode=copy.shown_code, note=copy.note)


def find_if_lost(session: Session, actor: Actor, copy: CopyDetail, now: dt.datetime, *, is_confirmed: bool) -> bool:
    """A copy that counts as lost is about to leave: found, if the desk says so. Raises CopyWasLost."""
    if copy.status != Status.LOST:
        return False
    if not is_confirmed:
        raise CopyWasLost(barcode=copy.shown_code)
    _, row = lock_copy(session, copy.id)
    close_lost_loan(session, actor, row, now)
    return True


def close_lost_loan(session: Session, actor: Actor, copy: Copy, now: dt.datetime) -> None:
    """The copy is in hand at a desk: its lost loan is over and it may be lent."""
    loan = lost_loan_of(session, copy.id)
    tell_found(session, actor, copy.id, loan, now)
    if loan is not None:
        loan.state, loan.returned_at = State.DONE.value, now
        loan.version += 1
    copy.status = Status.LENDABLE.value
    copy.version += 1
    session.flush()


def aged(session: Session, now: dt.datetime, *conditions: ColumnElement[bool]) -> list[int]:
    """The loans so late that somebody should ask, unless it was asked before or the borrower says it came back."""
    asked = select(Incident.id).where(Incident.booking_id == Booking.id, Incident.kind == IncidentKind.LOST.value)
    query = (
        select(Booking.id, Booking.ends_on, Association.time_zone)
        .join(Association, Association.organisation_id == Booking.association_id)
        .where(IS_OUT, Booking.cause == Cause.LOAN.value, Booking.claimed_at.is_(None))
        .where(Booking.ends_on <= now.date() - (AGED_DAYS - 2) * DAY, ~asked.exists(), *conditions)
        .order_by(Booking.id)
    )
    found = session.execute(query)
    return [id_ for id_, ends_on, zone in found if is_aged(ends_on - DAY, local_day(now, zone))]


def propose_lost(session: Session, booking_id: int, now: dt.datetime) -> bool:
    """Open an incident for a person to decide; nothing else changes. False when things changed meanwhile."""
    _, booking = lock_booking(session, booking_id)
    if not aged(session, now, Booking.id == booking_id):
        return False
    copy = session.get_one(Copy, booking.copy_id)
    cost = value_of(session, copy.title_id)
    open_incident(session, SYSTEM, copy, booking, IncidentKind.LOST, cost, "", now)
    return True


def value_of(session: Session, title_id: int) -> int:
    """What all that is in a title's checklist costs, in cents, as far as prices are known."""
    sections = catalog.checklist(session, title_id).sections
    return sum(line.quantity * (line.value_cents or 0) for section in sections for line in section.lines)
