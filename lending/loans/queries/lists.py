"""Lists of bookings, page by page."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, or_, select, true, tuple_
from sqlalchemy.orm import Session

from lending.core.paging import BadCursor, Cursor, Page, encode_cursor
from lending.loans.queries import reservations
from lending.loans.queries.pools import IS_OPEN, IS_OUT
from lending.loans.queries.reservations import Borrower
from lending.loans.rules.periods import DAY
from lending.loans.rules.states import Cause, State
from lending.loans.schemas import LoanFilter, Reservation
from lending.loans.tables import Booking
from lending.network.tables import Organisation

IS_LOAN = Booking.cause == Cause.LOAN.value
NEWEST_FIRST: tuple[LoanFilter, ...] = ("done", "cancelled", "all")


def lenders_below(session: Session, paths: Sequence[str]) -> list[int]:
    """The associations below these paths."""
    below = or_(*(Organisation.path.startswith(path, autoescape=True) for path in paths))
    return list(session.scalars(select(Organisation.id).where(Organisation.kind == "association", below)))


def loans(
    session: Session,
    lenders: Sequence[int],
    wanted: LoanFilter,
    now: dt.datetime,
    today: dt.date,
    after: Cursor | None,
    size: int,
) -> Page[Reservation]:
    """The bookings lent by these associations: their numbers, not their paths, begin the lists' indexes.

    Open ones come by last day, the soonest first; lists with closed ones by last day, the latest first.
    """
    return _page(session, Booking.association_id.in_(lenders), wanted, now, today, after, size)


def of_schools(
    session: Session,
    paths: Sequence[str],
    wanted: LoanFilter,
    now: dt.datetime,
    today: dt.date,
    after: Cursor | None,
    size: int,
) -> Page[Reservation]:
    """The bookings of schools below these paths, ordered likewise."""
    below = or_(*(Borrower.path.startswith(path, autoescape=True) for path in paths))
    return _page(session, below, wanted, now, today, after, size)


def of_copy(session: Session, copy_id: int, now: dt.datetime, limit: int = 50) -> list[Reservation]:
    """What a copy did and will do, the latest first."""
    query = reservations.rows().where(Booking.copy_id == copy_id)
    return reservations.views(session, query.order_by(Booking.starts_on.desc()).limit(limit), now)


def _page(
    session: Session,
    below: ColumnElement[bool],
    wanted: LoanFilter,
    now: dt.datetime,
    today: dt.date,
    after: Cursor | None,
    size: int,
) -> Page[Reservation]:
    is_descending = wanted in NEWEST_FIRST
    order = (Booking.ends_on, Booking.id)
    query = reservations.rows().where(below, IS_LOAN, _condition(wanted, today), _behind(after, is_descending))
    query = query.order_by(*(column.desc() if is_descending else column for column in order))
    found = reservations.views(session, query.limit(size + 1), now)
    more = len(found) > size
    last = found[size - 1] if more else None
    cursor = encode_cursor(Cursor((last.due_on + DAY).isoformat(), last.id)) if last else None
    return Page(items=found[:size], next_cursor=cursor)


def _behind(after: Cursor | None, is_descending: bool) -> ColumnElement[bool]:  # noqa: FBT001 - the direction of the list
    if after is None:
        return true()
    row, seen = tuple_(Booking.ends_on, Booking.id), (_day(after), after.id)
    return row < seen if is_descending else row > seen


def _day(cursor: Cursor) -> dt.date:
    try:
        return dt.date.fromisoformat(cursor.key)
    except ValueError as error:
        raise BadCursor from error


def _condition(wanted: LoanFilter, today: dt.date) -> ColumnElement[bool]:
    is_planned = and_(Booking.state == State.PLANNED.value, IS_OPEN)
    conditions: dict[LoanFilter, ColumnElement[bool]] = {
        "open": IS_OPEN,
        "planned": is_planned,
        "out": IS_OUT,
        "late": and_(IS_OUT, Booking.ends_on <= today),
        "due_today": and_(IS_OUT, Booking.ends_on == today + DAY),
        "at_risk": and_(is_planned, Booking.copy_id.is_(None)),
        "to_approve": and_(is_planned, Booking.awaits_approval),
        "done": Booking.state == State.DONE.value,
        "cancelled": Booking.state == State.CANCELLED.value,
        "all": true(),
    }
    return conditions[wanted]
