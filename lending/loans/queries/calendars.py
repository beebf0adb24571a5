"""The calendars of depots."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from lending.loans.rules.calendar import OpeningCalendar
from lending.loans.rules.periods import Period
from lending.network.tables import Closure, ExceptionalOpening, Opening

Weekdays = defaultdict[tuple[int, str], set[int]]
Closed = defaultdict[tuple[int, bool], list[Period]]


def calendars(session: Session, territories: Mapping[int, str | None]) -> dict[int, OpeningCalendar]:
    """When depots are open, with three queries whatever their number. `territories` names their public holidays."""
    depot_ids = list(territories)
    weekdays, closed = _weekdays(session, depot_ids), _closed(session, depot_ids)
    exceptional = _exceptional(session, depot_ids)
    return {
        depot_id: OpeningCalendar(
            weekdays=frozenset(weekdays[depot_id, "desk"]),
            office_weekdays=frozenset(weekdays[depot_id, "office"]),
            closures=tuple(sorted(closed[depot_id, False])),
            yearly=tuple(sorted(closed[depot_id, True])),
            territory=territories[depot_id],
            exceptional=frozenset(exceptional[depot_id]),
        )
        for depot_id in depot_ids
    }


def _weekdays(session: Session, depot_ids: Collection[int]) -> Weekdays:
    found: Weekdays = defaultdict(set)
    query = select(Opening.depot_id, Opening.serves, Opening.weekday).where(Opening.depot_id.in_(depot_ids))
    for depot_id, serves, weekday in session.execute(query):
        found[depot_id, serves].add(weekday)
    return found


def _closed(session: Session, depot_ids: Collection[int]) -> Closed:
    found: Closed = defaultdict(list)
    for row in session.scalars(select(Closure).where(Closure.depot_id.in_(depot_ids))):
        found[row.depot_id, row.repeats_yearly].append(Period(row.starts_on, row.ends_on))
    return found


def _exceptional(session: Session, depot_ids: Collection[int]) -> defaultdict[int, set[dt.date]]:
    found: defaultdict[int, set[dt.date]] = defaultdict(set)
    for row in session.scalars(select(ExceptionalOpening).where(ExceptionalOpening.depot_id.in_(depot_ids))):
        found[row.depot_id].add(row.opens_on)
    return found
