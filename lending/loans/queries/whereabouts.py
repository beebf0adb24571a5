"""Which copies are out of their depots, and which came back lately: for those who count."""

import datetime as dt
from collections.abc import Collection

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from lending.catalog.stocktakes.queries import Whereabouts
from lending.catalog.tables import Copy
from lending.loans.queries.pools import IS_OUT
from lending.loans.tables import Booking


def whereabouts(session: Session, depot_id: int, copy_ids: Collection[int], since: dt.datetime) -> Whereabouts:
    """Of the copies that belong to a depot and of these: since when they are out, and returns since an instant."""
    concerned = _concerned(depot_id, copy_ids)
    out = select(Booking.copy_id, func.coalesce(Booking.checked_out_at, Booking.created_at)).where(IS_OUT, concerned)
    back = (
        select(Booking.copy_id, func.max(Booking.returned_at))
        .where(Booking.returned_at >= since, concerned)
        .group_by(Booking.copy_id)
    )
    return Whereabouts(
        {id_: instant for id_, instant in session.execute(out) if id_ is not None},
        {id_: instant for id_, instant in session.execute(back) if id_ is not None and instant is not None},
    )


def _concerned(depot_id: int, copy_ids: Collection[int]) -> ColumnElement[bool]:
    of_depot = select(Copy.id).where(Copy.depot_id == depot_id)
    return or_(Booking.copy_id.in_(of_depot), Booking.copy_id.in_(copy_ids))
