"""Locks, always in this order: school, then title.

The title's row stands for the plan of its copies: whoever holds it may read the plan and change it. On SQLite
the write transaction holds the only writer's lock already.
"""

from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from lending.catalog.tables import Copy, Title
from lending.core.errors import NotFound
from lending.loans.rules.states import Cause
from lending.loans.tables import Booking
from lending.network.tables import School

Row = TypeVar("Row", Booking, Copy)


def lock_school(session: Session, school_id: int) -> None:
    """Make reservations of one school take turns, so that its limit holds. Raises NotFound."""
    locked = select(School.organisation_id).where(School.organisation_id == school_id)
    if session.scalar(locked.with_for_update(key_share=True)) is None:
        raise NotFound


def lock_title(session: Session, title_id: int) -> Title:
    """The title's row, locked and as it stands now. Raises NotFound."""
    query = select(Title).where(Title.id == title_id).with_for_update()
    title = session.scalar(query.execution_options(populate_existing=True))
    if title is None:
        raise NotFound
    return title


def lock_booking(session: Session, booking_id: int) -> tuple[Title, Booking]:
    """A loan, planned or not, behind its title's lock. Raises NotFound, for holds and transfers too."""
    title, booking = _lock_row(session, Booking, Booking.title_id, booking_id)
    if booking.cause != Cause.LOAN:
        raise NotFound
    return title, booking


def lock_copy(session: Session, copy_id: int) -> tuple[Title, Copy]:
    """A copy behind its title's lock. Raises NotFound."""
    return _lock_row(session, Copy, Copy.title_id, copy_id)


def _lock_row(
    session: Session, table: type[Row], title_id: InstrumentedAttribute[int], row_id: int
) -> tuple[Title, Row]:
    # A row keeps its title; all else that it says might change until the lock is held, and is read behind it.
    query = select(Title).join(table, title_id == Title.id).where(table.id == row_id).with_for_update(of=Title)
    title = session.scalar(query.execution_options(populate_existing=True))
    if title is None:
        raise NotFound
    return title, session.get_one(table, row_id, populate_existing=True)
