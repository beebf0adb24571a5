"""Locks, always in this order: school, then title.

The title's row stands for the plan of its copies: whoever holds it may read the plan and change it. On SQLite
the write transaction holds the only writer's lock already.
"""

from functools import cache
from typing import TypeVar

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from lending.catalog.tables import Copy, Title
from lending.core.database import ask, table_of
from lending.core.errors import NotFound
from lending.loans.rules.states import Cause
from lending.loans.tables import Booking
from lending.network.tables import School

Row = TypeVar("Row", Booking, Copy)

# Written once: nearly every change of a plan begins with them.
_school = table_of(School).c
LOCK_SCHOOL = (
    select(_school.organisation_id)
    .where(_school.organisation_id == bindparam("school_id"))
    .with_for_update(key_share=True)
)
LOCK_TITLE = (
    select(Title).where(Title.id == bindparam("title_id")).with_for_update().execution_options(populate_existing=True)
)


def lock_school(session: Session, school_id: int) -> None:
    """Make reservations of one school take turns, so that its limit holds. Raises NotFound."""
    if ask(session, LOCK_SCHOOL, school_id=school_id).scalar() is None:
        raise NotFound


def lock_title(session: Session, title_id: int) -> Title:
    """The title's row, locked and as it stands now. Raises NotFound."""
    title = session.scalar(LOCK_TITLE, {"title_id": title_id})
    if title is None:
        raise NotFound
    return title


def lock_booking(session: Session, booking_id: int) -> tuple[Title, Booking]:
    """A loan, planned or not, behind its title's lock. Raises NotFound, for holds and transfers too."""
    title, booking = _lock_row(session, Booking, booking_id)
    if booking.cause != Cause.LOAN:
        raise NotFound
    return title, booking


def lock_copy(session: Session, copy_id: int) -> tuple[Title, Copy]:
    """A copy behind its title's lock. Raises NotFound."""
    return _lock_row(session, Copy, copy_id)


def _lock_row(session: Session, mapped: type[Row], row_id: int) -> tuple[Title, Row]:
    # A row keeps its title; all else that it says might change until the lock is held, and is read behind it.
    title = session.scalar(_lock_title_of(mapped), {"row_id": row_id})
    if title is None:
        raise NotFound
    return title, session.scalars(_row_of(mapped), {"row_id": row_id}).one()


@cache
def _lock_title_of(mapped: type[Row]) -> Select[Title]:
    query = select(Title).join(mapped, mapped.title_id == Title.id).where(mapped.id == bindparam("row_id"))
    return query.with_for_update(of=Title).execution_options(populate_existing=True)


@cache
def _row_of(mapped: type[Row]) -> Select[Row]:
    query = select(mapped).where(mapped.id == bindparam("row_id"))
    return query.execution_options(populate_existing=True)
