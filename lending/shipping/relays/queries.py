"""Reads of relays."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from lending.loans.queries.relays import that_count
from lending.loans.rules.periods import DAY
from lending.loans.rules.states import Cause, State
from lending.loans.tables import Booking, Relay, RelayGap
from lending.network.tables import Organisation, School
from lending.shipping.deliveries.queries import gaps_of, name_of
from lending.shipping.deliveries.schemas import GapView
from lending.shipping.relays.rules import LONGEST_WAIT, Hand, Steps, state_of
from lending.shipping.relays.schemas import End, RelayView
from lending.shipping.shipments.rules import Mode

MOST_CANDIDATES = 6


def newest(session: Session, *conditions: ColumnElement[bool]) -> Relay | None:
    """The relay agreed last of those that fulfil the conditions: one that stands, before those called off."""
    query = select(Relay).where(*conditions).order_by(Relay.cancelled_at.is_not(None), Relay.id.desc()).limit(1)
    return session.scalar(query.execution_options(populate_existing=True))


def steps_of(session: Session, row: Relay) -> Steps:
    """What was noted of a relay, and whether it still counts."""
    is_counting = row.id in {one.relay_id for one in that_count(session, [row.from_booking_id])}
    return Steps(row.given_at, row.taken_at, row.cancelled_at, is_counting)


def standing(session: Session, booking_ids: Collection[int]) -> list[Relay]:
    """The relays of these bookings that are not done, and that nobody called off."""
    ends = or_(Relay.from_booking_id.in_(booking_ids), Relay.to_booking_id.in_(booking_ids))
    return list(session.scalars(select(Relay).where(Relay.cancelled_at.is_(None), Relay.taken_at.is_(None), ends)))


def view_of(session: Session, row: Relay | None) -> RelayView | None:
    """A relay with the names around it."""
    if row is None:
        return None
    ends = {one.booking_id: one for one in ends_of(session, Booking.id.in_((row.from_booking_id, row.to_booking_id)))}
    return RelayView(
        id=row.id,
        state=state_of(steps_of(session, row)),
        loan=ends[row.from_booking_id],
        next=ends[row.to_booking_id],
        mode=Mode(row.mode),
        carrier=row.carrier,
        tracking_number=row.tracking_number,
        agreed_at=row.agreed_at,
        agreed_by=name_of(session, row.agreed_by),
        given_at=row.given_at,
        given_by=name_of(session, row.given_by),
        given_gaps=counted_at(session, row.id, Hand.GIVEN),
        taken_at=row.taken_at,
        taken_by=name_of(session, row.taken_by),
        taken_gaps=counted_at(session, row.id, Hand.TAKEN),
        cancelled_at=row.cancelled_at,
        cancelled_by=name_of(session, row.cancelled_by),
    )


def candidates(session: Session, booking: Booking) -> list[End]:
    """What a loan that is out could go on to, or what could come to a reservation: the nearest in time."""
    is_out = booking.state == State.OUT
    near, order = _after(booking) if is_out else _before(booking)
    same = (
        Booking.title_id == booking.title_id,
        Booking.depot_id == booking.depot_id,
        Booking.cause == Cause.LOAN.value,
        Booking.school_id != booking.school_id,
        Booking.claimed_at.is_(None),
    )
    found = ends_of(session, *same, *near, order=order)
    taken = {
        id_ for one in that_count(session, [one.booking_id for one in found]) for id_ in (one.loan_id, one.next_id)
    }
    return [one for one in found if one.booking_id not in taken][:MOST_CANDIDATES]


def _after(loan: Booking) -> tuple[tuple[ColumnElement[bool], ...], ColumnElement[Any]]:
    """The reservations that begin soon after a loan ends."""
    is_soon = Booking.starts_on.between(loan.ends_on, loan.ends_on + LONGEST_WAIT - DAY)
    return (Booking.state == State.PLANNED.value, is_soon), Booking.starts_on.asc()


def _before(reservation: Booking) -> tuple[tuple[ColumnElement[bool], ...], ColumnElement[Any]]:
    """The loans that end shortly before a reservation begins."""
    is_soon = Booking.ends_on.between(reservation.starts_on - LONGEST_WAIT + DAY, reservation.starts_on)
    return (Booking.state == State.OUT.value, is_soon), Booking.ends_on.desc()


def ends_of(session: Session, *conditions: ColumnElement[bool], order: ColumnElement[Any] | None = None) -> list[End]:
    """Bookings of schools as ends of a relay."""
    query = (
        select(Booking, Organisation.name, School.commune)
        .join(School, School.organisation_id == Booking.school_id)
        .join(Organisation, Organisation.id == Booking.school_id)
        .where(*conditions)
        .order_by(*([] if order is None else [order]), Booking.id)
    )
    return [
        End(
            booking_id=one.id,
            reference=one.reference,
            school_name=school,
            commune=commune,
            starts_on=one.starts_on,
            due_on=one.ends_on - DAY,
        )
        for one, school, commune in session.execute(query)
    ]


def counted_at(session: Session, relay_id: int, hand: Hand) -> list[GapView]:
    """What was missing or broken at one of the two hands, in the checklist's order."""
    return gaps_of(session, RelayGap, RelayGap.relay_id == relay_id, RelayGap.hand == hand.value)
