"""Loans in figures."""

import datetime as dt
from functools import cache

from sqlalchemy import Select, and_, bindparam, func, select
from sqlalchemy.orm import Session

from lending.catalog.placing.queries import stands_alone
from lending.catalog.rules import HELD_BACK
from lending.catalog.tables import Copy, Title
from lending.loans.queries.pools import IS_OPEN, IS_OUT
from lending.loans.rules.states import Cause, State
from lending.loans.schemas import LoanCounts
from lending.loans.tables import Booking

OPEN_BY_KIND = (
    select(Title.kind, func.count())
    .select_from(Booking)
    .join(Title, Title.id == Booking.title_id)
    .where(Booking.school_id == bindparam("school_id"), Booking.cause == Cause.LOAN.value, IS_OPEN)
    .group_by(Title.kind)
)


def open_loans_by_kind(session: Session, school_id: int) -> dict[str, int]:
    """How many reservations and loans a school has at once, by kind of title."""
    return dict(iter(session.execute(OPEN_BY_KIND, {"school_id": school_id})))


def counts(session: Session, association_id: int, today: dt.date) -> LoanCounts:
    """An association's loans today."""
    days = {"today": today, "tomorrow": today + dt.timedelta(days=1)}
    found = session.execute(_counts(), {"association_id": association_id, **days}).one()
    held_back = session.scalar(_held_back(), {"association_id": association_id}) or 0
    return LoanCounts(association_id=association_id, held_back=held_back, **found._asdict())


@cache
def _counts() -> Select[*tuple[int, ...]]:
    """All figures in one pass over an association's open bookings, each named like its fact."""
    is_planned = Booking.state == State.PLANNED.value
    conditions = {
        "planned": is_planned,
        "out": IS_OUT,
        "late": and_(IS_OUT, Booking.ends_on <= bindparam("today")),
        "due_today": and_(IS_OUT, Booking.ends_on == bindparam("tomorrow")),
        "starting_today": and_(is_planned, Booking.starts_on == bindparam("today")),
        "at_risk": and_(is_planned, Booking.copy_id.is_(None)),
    }
    columns = (func.count().filter(condition).label(name) for name, condition in conditions.items())
    return select(*columns).where(Booking.association_id == bindparam("association_id"), IS_OPEN)


@cache
def _held_back() -> Select[int]:
    own = (Copy.owner_id == bindparam("association_id"), Copy.status.in_(HELD_BACK), stands_alone())
    return select(func.count()).where(*own)
