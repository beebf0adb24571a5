"""Put the plan right after something changed beside it: copies added, moved, damaged, withdrawn."""

import datetime as dt

from sqlalchemy import bindparam, exists, or_, select
from sqlalchemy.orm import Session

from lending.catalog.rules import Status
from lending.catalog.tables import Copy
from lending.core.database import ask, table_of
from lending.loans.queries.pools import IS_OPEN
from lending.loans.queries.wishes import IS_WAITING
from lending.loans.rules.states import State
from lending.loans.service.locking import lock_title
from lending.loans.service.open_shelf import open_shelf
from lending.loans.tables import Booking, Wish

# Written once: the worker asks them at every turn. The depots with a title's bookings, and those with copies of it
# for which somebody waits.
_booking, _copy, _wish = (table_of(one) for one in (Booking, Copy, Wish))
_is_wished = exists().where(_wish.c.title_id == _copy.c.title_id, IS_WAITING)
BOOKED = select(_booking.c.depot_id).where(_booking.c.title_id == bindparam("title_id"), IS_OPEN).distinct()
WISHED = select(_copy.c.depot_id).where(_copy.c.title_id == bindparam("title_id"), _is_wished).distinct()
_is_unserved = or_(
    _booking.c.copy_id.is_(None),
    _copy.c.status != Status.LENDABLE.value,
    _copy.c.depot_id != _booking.c.depot_id,
)
OUT_OF_ORDER = (
    select(_booking.c.title_id)
    .outerjoin_from(_booking, _copy, _copy.c.id == _booking.c.copy_id)
    .where(IS_OPEN, _booking.c.state == State.PLANNED.value, _is_unserved)
    .distinct()
)


def replan_title(session: Session, title_id: int, now: dt.datetime) -> list[int]:
    """Settle every shelf of a title; returns the ids of the bookings at risk."""
    title = lock_title(session, title_id)
    depots = {*ask(session, BOOKED, title_id=title_id).scalars(), *ask(session, WISHED, title_id=title_id).scalars()}
    shelves = [open_shelf(session, title, depot_id, now) for depot_id in sorted(depots)]
    return [one.id for shelf in shelves for one in shelf.at_risk()]


def titles_out_of_order(session: Session) -> list[int]:
    """The titles with a plan on a copy that cannot serve it, or with a booking that has none."""
    return sorted(ask(session, OUT_OF_ORDER).scalars())
