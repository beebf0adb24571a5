"""What a desk needs to know of a copy and of the day."""

import datetime as dt
from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from lending.catalog import queries as catalog
from lending.catalog.placing.queries import stands_alone
from lending.catalog.rules import HELD_BACK
from lending.catalog.schemas import CopyDetail
from lending.catalog.tables import Copy
from lending.core.database import ask, table_of
from lending.loans.queries import appointments, relays, reservations
from lending.loans.queries.pools import IS_OPEN, IS_OUT
from lending.loans.queries.terms import Terms
from lending.loans.rules.periods import DAY
from lending.loans.rules.states import Cause, State
from lending.loans.schemas import Reservation, ScannedCopy
from lending.loans.schemas.appointments import AppointmentView
from lending.loans.schemas.desk import DeskDay
from lending.loans.tables import Booking

# Written once: they are asked with every scan.
POSSESSION = (
    select(Booking).where(Booking.copy_id == bindparam("copy_id"), IS_OUT).execution_options(populate_existing=True)
)
_own = table_of(Booking).c
NEXT_PLANNED = (
    select(_own.id)
    .where(_own.copy_id == bindparam("copy_id"), _own.state == State.PLANNED.value, IS_OPEN)
    .where(or_(_own.held_until_at.is_(None), _own.held_until_at > bindparam("now")))
    .order_by(_own.starts_on, _own.id)
    .limit(1)
)
FIRST_PREPARATION = select(func.min(_own.blocked_starts_on)).where(
    _own.title_id == bindparam("title_id"),
    _own.depot_id == bindparam("depot_id"),
    _own.state == State.PLANNED.value,
    _own.cause == Cause.LOAN.value,
    IS_OPEN,
    _own.ends_on > bindparam("today"),
)
IS_PLANNED_LOAN = (Booking.state == State.PLANNED.value) & (Booking.cause == Cause.LOAN.value)


def scanned(copy: CopyDetail) -> ScannedCopy:
    """What the desk shows of a copy."""
    return ScannedCopy(
        id=copy.id,
        code=copy.code,
        shown_code=copy.shown_code,
        title_id=copy.title_id,
        title_name=copy.title_name,
        title_kind=copy.kind,
        depot_id=copy.depot_id,
        shelf=copy.shelf,
        condition=copy.condition,
        status=copy.status,
        note=copy.note,
    )


def loan_of_copy(session: Session, copy_id: int) -> Booking | None:
    """The loan that the copy is out on."""
    possession = possession_of_copy(session, copy_id)
    return possession if possession is not None and possession.cause == Cause.LOAN else None


def possession_of_copy(session: Session, copy_id: int) -> Booking | None:
    """What has the copy out of its depot: a loan or a transfer."""
    return session.scalar(POSSESSION, {"copy_id": copy_id})


def lost_loan_of(session: Session, copy_id: int) -> Booking | None:
    """The last loan on which the copy was lost and not found since."""
    query = select(Booking).where(Booking.copy_id == copy_id, Booking.state == State.LOST.value)
    latest = query.order_by(Booking.lost_at.desc(), Booking.id.desc()).limit(1)
    return session.scalar(latest.execution_options(populate_existing=True))


def next_planned(session: Session, copy_id: int, now: dt.datetime) -> Reservation | None:
    """The nearest booking that counts on this copy."""
    # Most copies wait for nobody: the names around a booking are looked up when there is one.
    found = ask(session, NEXT_PLANNED, copy_id=copy_id, now=now).scalar()
    return None if found is None else reservations.one(session, found, now)


def first_preparation(session: Session, title_id: int, depot_id: int, today: dt.date) -> dt.date | None:
    """The first day on which a copy of the title is prepared for somebody who may still come; None for nobody."""
    found: dt.date | None = ask(session, FIRST_PREPARATION, title_id=title_id, depot_id=depot_id, today=today).scalar()
    return found


def waiting_for_title(
    session: Session, title_id: int, depot_id: int, until: dt.date, now: dt.datetime
) -> list[Reservation]:
    """Who could collect a copy of the title: bookings whose preparation began by `until`, nearest first."""
    return reservations.of(
        session,
        now,
        Booking.title_id == title_id,
        Booking.depot_id == depot_id,
        IS_PLANNED_LOAN,
        IS_OPEN,
        Booking.blocked_starts_on <= until,
        Booking.ends_on > until,
    )


def others_of_school(session: Session, booking: Reservation, today: dt.date, now: dt.datetime) -> list[Reservation]:
    """The other loans of a booking's school at its depot that are out, or should leave by today."""
    return reservations.of(
        session,
        now,
        Booking.school_id == booking.school_id,
        Booking.depot_id == booking.depot_id,
        Booking.cause == Cause.LOAN.value,
        Booking.id != booking.id,
        or_(IS_OUT, IS_OPEN & (Booking.starts_on <= today) & (Booking.ends_on > today)),
    )


def day(session: Session, terms: Terms, today: dt.date, now: dt.datetime) -> DeskDay:
    """A depot's work today, and what it should prepare for its next open day."""
    horizon = (terms.calendar.next_open_day(today + DAY) or today) + DAY
    open_here = reservations.of(
        session,
        now,
        Booking.association_id == terms.association_id,
        Booking.depot_id == terms.depot_id,
        Booking.cause == Cause.LOAN.value,
        IS_OPEN,
        Booking.starts_on < max(horizon, today + 14 * DAY),
    )
    planned = [one for one in open_here if one.state == State.PLANNED and one.due_on >= today]
    out = [one for one in open_here if one.state == State.OUT]
    agreed = appointments.of_bookings(session, [one.id for one in out])
    # What goes on from school to school neither leaves from here nor comes here, unless it is late.
    passing = relays.that_count(session, [one.id for one in open_here])
    brought, going_on = {one.next_id for one in passing}, {one.loan_id for one in passing}
    served = [one for one in planned if not one.is_at_risk and one.id not in brought]
    expected = _expected([one for one in out if one.id not in going_on], agreed, today)
    return DeskDay(
        depot_id=terms.depot_id,
        depot_name=terms.depot_name,
        today=today,
        is_open=terms.calendar.is_open(today),
        to_hand_over=[one for one in served if one.starts_on <= today],
        to_prepare=[one for one in served if today < one.starts_on < horizon],
        expected_back=expected,
        late=[one for one in out if one.due_on < today and one not in expected],
        at_risk=[one for one in planned if one.is_at_risk],
        to_approve=to_approve(session, terms, today, now),
        held_back=held_back(session, terms.depot_id),
        appointments=list(agreed.values()),
    )


def to_approve(session: Session, terms: Terms, today: dt.date, now: dt.datetime) -> list[Reservation]:
    """The requests at a depot that wait for the association's word, however far ahead; the first to leave first."""
    here = (Booking.association_id == terms.association_id, Booking.depot_id == terms.depot_id)
    is_asked = IS_PLANNED_LOAN & Booking.awaits_approval
    return reservations.of(session, now, *here, is_asked, IS_OPEN, Booking.ends_on > today)


def _expected(out: Sequence[Reservation], agreed: Mapping[int, AppointmentView], today: dt.date) -> list[Reservation]:
    """What is agreed for today, by the hour, then what is due without an hour."""
    hours = {one.id: agreed[one.id].starts_at for one in out if one.id in agreed and agreed[one.id].comes_on == today}
    expected = [one for one in out if one.id in hours or one.due_on == today]
    return sorted(expected, key=lambda one: (hours.get(one.id, dt.time.max), one.due_on, one.id))


def held_back(session: Session, depot_id: int) -> list[ScannedCopy]:
    """The copies of a depot that wait for a part or a repair."""
    waiting = (Copy.depot_id == depot_id, Copy.status.in_(HELD_BACK), stands_alone())
    ids = session.scalars(select(Copy.id).where(*waiting)).all()
    return [scanned(copy) for copy in catalog.copies(session, ids)]
