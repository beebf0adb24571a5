"""Keep everything that one has, as long as is usual: each loan by itself, so that one refusal stops no other."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from lending.core.actor import Actor, Role
from lending.core.errors import Unauthenticated
from lending.loans.queries import reservations
from lending.loans.rules.changes import RenewalRefused
from lending.loans.rules.states import Cause, State
from lending.loans.schemas.changes import NotRenewed, RenewalWish, RenewedLoans
from lending.loans.service.appointing import follow
from lending.loans.service.renew import renew
from lending.loans.tables import Booking


def renew_all(session: Session, actor: Actor, now: dt.datetime) -> RenewedLoans:
    """Extend what the person's schools have. Raises Unauthenticated."""
    if not actor.is_signed_in:
        raise Unauthenticated
    renewed, refused, moved = [], [], []
    for booking_id in _loans_out(session, actor):
        try:
            moved.append(renew(session, actor, booking_id, RenewalWish(), now))
            renewed.append(reservations.one(session, booking_id, now))
        except RenewalRefused as refusal:
            kept = reservations.one(session, booking_id, now)
            longest = refusal.longest_due_on
            refused.append(NotRenewed(reservation=kept, reasons=list(refusal.reasons), longest_due_on=longest))
    follow(session, moved, now)
    return RenewedLoans(renewed=renewed, refused=refused)


def _loans_out(session: Session, actor: Actor) -> list[int]:
    """By title: the order in which titles are locked."""
    schools = [grant.organisation_id for grant in actor.grants_of(Role.TEACHER)]
    is_out = (Booking.state == State.OUT.value, Booking.cause == Cause.LOAN.value)
    query = select(Booking.id).where(Booking.school_id.in_(schools), *is_out)
    return list(session.scalars(query.order_by(Booking.title_id, Booking.id)))
