"""Loans in figures."""

import datetime as dt

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from lending.catalog.placing.queries import stands_alone
from lending.catalog.rules import HELD_BACK
from lending.catalog.tables import Copy, Title
from lending.loans.queries.pools import IS_OPEN, IS_OUT
from lending.loans.rules.states import Cause, State
from lending.loans.schemas import LoanCounts
from lending.loans.tables import Booking


def open_loans_by_kind(session: Session, school_id: int) -> dict[str, int]:
    """How many reservations and loans a school has at once, by kind of title."""
    query = (
        select(Title.kind, func.count())
        .select_from(Booking)
        .join(Title, Title.id == Booking.title_id)
        .where(Booking.school_id == school_id, Booking.cause == Cause.LOAN.value, IS_OPEN)
        .group_by(Title.kind)
    )
    return dict(iter(session.execute(query)))


def counts(session: Session, association_id: int, today: dt.date) -> LoanCounts:
    """An association's loans today."""
    is_planned = Booking.state == State.PLANNED.value
    waiting = (Copy.owner_id == association_id, Copy.status.in_(HELD_BACK), stands_alone())
    held_back = select(func.count()).where(*waiting)

    def count(*conditions: ColumnElement[bool]) -> int:
        own = and_(Booking.association_id == association_id, IS_OPEN, *conditions)
        return session.scalar(select(func.count()).where(own)) or 0

    return LoanCounts(
        association_id=association_id,
        planned=count(is_planned),
        out=count(IS_OUT),
        late=count(IS_OUT, Booking.ends_on <= today),
        due_today=count(IS_OUT, Booking.ends_on == today + dt.timedelta(days=1)),
        starting_today=count(is_planned, Booking.starts_on == today),
        at_risk=count(is_planned, Booking.copy_id.is_(None)),
        held_back=session.scalar(held_back) or 0,
    )
