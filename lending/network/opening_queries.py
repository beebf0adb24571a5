"""When depots are open, as it is written down."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import cast

from sqlalchemy import bindparam, or_, select, true
from sqlalchemy.orm import Session

from lending.core.database import ask, table_of
from lending.network.schemas import ClosureView, ExceptionalOpeningView, OpeningHours, Serves
from lending.network.tables import Closure, ExceptionalOpening, Opening

_opening = table_of(Opening).c
OPENINGS = (
    select(_opening.depot_id, _opening.weekday, _opening.opens_at, _opening.closes_at, _opening.serves)
    .where(_opening.depot_id.in_(bindparam("depot_ids", expanding=True)))
    .order_by(_opening.weekday, _opening.opens_at)
)


def openings(session: Session, depot_id: int) -> list[OpeningHours]:
    """The weekly hours of a depot."""
    return openings_of(session, [depot_id])[depot_id]


def openings_of(session: Session, depot_ids: Iterable[int]) -> defaultdict[int, list[OpeningHours]]:
    """The weekly hours of depots, by depot."""
    found = defaultdict(list)
    for row in ask(session, OPENINGS, depot_ids=list(depot_ids)):
        found[row.depot_id].append(OpeningHours(row.weekday, row.opens_at, row.closes_at, cast("Serves", row.serves)))
    return found


def closures_of(
    session: Session, depot_ids: Iterable[int], since: dt.date | None
) -> defaultdict[int, list[ClosureView]]:
    """The closures of depots that end after `since`, by depot."""
    found = defaultdict(list)
    query = select(Closure).where(Closure.depot_id.in_(depot_ids)).order_by(Closure.starts_on)
    is_ahead = or_(Closure.ends_on > since, Closure.repeats_yearly) if since else true()
    for row in session.scalars(query.where(is_ahead)):
        found[row.depot_id].append(ClosureView(row.id, row.starts_on, row.ends_on, row.reason, row.repeats_yearly))
    return found


def exceptional_of(
    session: Session, depot_ids: Iterable[int], since: dt.date | None
) -> defaultdict[int, list[ExceptionalOpeningView]]:
    """The days after `since` on which depots open out of turn, by depot."""
    found = defaultdict(list)
    query = select(ExceptionalOpening).where(ExceptionalOpening.depot_id.in_(depot_ids))
    is_ahead = ExceptionalOpening.opens_on > since if since else true()
    for row in session.scalars(query.where(is_ahead).order_by(ExceptionalOpening.opens_on)):
        found[row.depot_id].append(ExceptionalOpeningView(row.opens_on, row.reason))
    return found
