"""Agree that a loan's copy goes on. Everything here needs the title's lock."""

import datetime as dt

from sqlalchemy.orm import Session

from lending.catalog.rules import Status, clean_line
from lending.catalog.tables import Copy
from lending.core.actor import Actor
from lending.core.barcodes import shown
from lending.loans.queries import reservations
from lending.loans.rules.incidents import IncidentKind, LoanNotOut
from lending.loans.rules.periods import DAY, Period
from lending.loans.rules.states import State
from lending.loans.service.opening import open_of_copy
from lending.loans.service.recording import Act, record
from lending.loans.service.shelf import Shelf
from lending.loans.service.telling import tell_borrower
from lending.loans.tables import Booking, Relay
from lending.notices.rules import NoticeKind
from lending.shipping.relays import queries
from lending.shipping.relays.rules import (
    Leg,
    RelayAlreadyAgreed,
    RelayInDoubt,
    RelayNoRoom,
    RelayReservationNotPlanned,
    RelayState,
    check_pair,
    state_of,
)
from lending.shipping.relays.schemas import NewRelay

IN_DOUBT = (IncidentKind.LOST, IncidentKind.CLAIMED, IncidentKind.DAMAGED)


def check_fit(session: Session, loan: Booking, after: Booking) -> None:
    """Whether one can follow the other, and the copy can be relied on."""
    check_pair(_leg(loan), _leg(after))
    if loan.state != State.OUT:
        raise LoanNotOut(reference=loan.reference, state=loan.state)
    if after.state != State.PLANNED:
        raise RelayReservationNotPlanned(reservation=after.reference, state=after.state)
    copy = session.get_one(Copy, loan.copy_id, populate_existing=True)
    is_in_doubt = any(open_of_copy(session, copy.id, kind) for kind in IN_DOUBT)
    if loan.claimed_at is not None or copy.status != Status.LENDABLE or is_in_doubt:
        raise RelayInDoubt(barcode=shown(copy.code))


def check_free(session: Session, loan: Booking, after: Booking) -> None:
    """Neither has a relay that counts; what counts for nothing any more makes room for a new one."""
    for row in queries.standing(session, (loan.id, after.id)):
        if state_of(queries.steps_of(session, row)) != RelayState.OVER:
            known = loan if loan.id in (row.from_booking_id, row.to_booking_id) else after
            raise RelayAlreadyAgreed(reference=known.reference)


def pass_on(shelf: Shelf, actor: Actor, loan: Booking, after: Booking) -> None:
    """The reservation has the copy of the loan from now on. Raises RelayNoRoom, RelayInDoubt."""
    had_copy = after.copy_id
    if not shelf.pass_on(loan, after):
        raise _no_room(shelf, loan, after)
    if after.copy_id != had_copy:
        record(shelf.session, after, Act.COPY_CHANGED, actor, shelf.now)


def _no_room(shelf: Shelf, loan: Booking, after: Booking) -> RelayNoRoom | RelayInDoubt:
    """Who has the copy between the two. Nobody: then it left this shelf's copies."""
    barcode = shown(shelf.session.get_one(Copy, loan.copy_id).code)
    between = Period(loan.ends_on, after.blocked_ends_on)
    others = (
        one
        for one in shelf.bookings
        if one.copy_id == loan.copy_id and one not in (loan, after)
        if Period(one.blocked_starts_on, one.blocked_ends_on).overlaps(between)
    )
    first = min(others, key=lambda one: (one.starts_on, one.id), default=None)
    if first is None:
        return RelayInDoubt(barcode=barcode)
    name = reservations.one(shelf.session, first.id, shelf.now).school_name
    return RelayNoRoom(barcode=barcode, school_name=name, starts_on=first.starts_on)


def write_relay(session: Session, actor: Actor, loan: Booking, after: Booking, new: NewRelay, now: dt.datetime) -> None:
    """Note it; what counts for nothing any more makes room."""
    for stale in queries.standing(session, (loan.id, after.id)):
        stale.cancelled_at = now
    session.flush()
    session.add(
        Relay(
            from_booking_id=loan.id,
            to_booking_id=after.id,
            mode=new.mode.value,
            carrier=clean_line(new.carrier),
            tracking_number=clean_line(new.tracking_number),
            agreed_at=now,
            agreed_by=actor.person_id,
        )
    )
    session.flush()


def tell_both(session: Session, loan: Booking, after: Booking, now: dt.datetime) -> None:
    """Tell both schools where the copy goes from now on."""
    for one in (loan, after):
        one.version += 1
        tell_borrower(session, one, NoticeKind.CHANGED, now, f"relay:{one.id}:{one.version}")
    session.flush()


def _leg(one: Booking) -> Leg:
    return Leg(one.reference, one.title_id, one.depot_id, one.school_id or 0, one.starts_on, one.ends_on - DAY)
