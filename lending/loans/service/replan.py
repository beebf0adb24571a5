"""Put the plan right after something changed beside it: copies added, moved, damaged, withdrawn."""

import datetime as dt

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lending.catalog.rules import Status
from lending.catalog.tables import Copy
from lending.loans.queries.pools import IS_OPEN
from lending.loans.queries.wishes import IS_WAITING
from lending.loans.rules.states import State
from lending.loans.service.locking import lock_title
from lending.loans.service.open_shelf import open_shelf
from lending.loans.tables import Booking, Wish


def replan_title(session: Session, title_id: int, now: dt.datetime) -> list[int]:
    """Settle every shelf of a title; returns the ids of the bookings at risk."""
    title = lock_title(session, title_id)
    session.flush()
    depots = set(session.scalars(select(Booking.depot_id).where(Booking.title_id == title_id, IS_OPEN).distinct()))
    shelves = [open_shelf(session, title, depot_id, now) for depot_id in sorted(depots | _wished(session, title_id))]
    return [one.id for shelf in shelves for one in shelf.at_risk()]


def _wished(session: Session, title_id: int) -> set[int]:
    """The depots with copies of a title for which somebody waits; without copies, those that keep none of them."""
    if session.scalar(select(Wish.id).where(Wish.title_id == title_id, IS_WAITING).limit(1)) is None:
        return set()
    return set(session.scalars(select(Copy.depot_id).where(Copy.title_id == title_id).distinct()))


def titles_out_of_order(session: Session) -> list[int]:
    """The titles with a plan on a copy that cannot serve it, or with a booking that has none."""
    query = (
        select(Booking.title_id)
        .outerjoin(Copy, Copy.id == Booking.copy_id)
        .where(IS_OPEN, Booking.state == State.PLANNED.value)
        .where(
            or_(
                Booking.copy_id.is_(None),
                Copy.status != Status.LENDABLE.value,
                Copy.depot_id != Booking.depot_id,
            )
        )
        .distinct()
    )
    return sorted(session.scalars(query))
