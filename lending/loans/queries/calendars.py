"""The calendars of depots."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    Date,
    Integer,
    bindparam,
    cast,
    false,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from lending.loans.rules.calendar import OpeningCalendar
from lending.loans.rules.periods import Period
from lending.network.tables import Closure, ExceptionalOpening, Opening

CLOSED, EXCEPTIONAL = "closed", "exceptional"


@dataclass
class _Noted:
    """What is written about one depot's days."""

    weekdays: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    closed: defaultdict[bool, list[Period]] = field(default_factory=lambda: defaultdict(list))
    exceptional: set[dt.date] = field(default_factory=set)

    def calendar(self, territory: str | None) -> OpeningCalendar:
        """The same as a value."""
        return OpeningCalendar(
            weekdays=frozenset(self.weekdays["desk"]),
            office_weekdays=frozenset(self.weekdays["office"]),
            closures=tuple(sorted(self.closed[False])),
            yearly=tuple(sorted(self.closed[True])),
            territory=territory,
            exceptional=frozenset(self.exceptional),
        )


def calendars(session: Session, territories: Mapping[int, str | None]) -> dict[int, OpeningCalendar]:
    """When depots are open, with one query whatever their number. `territories` names their public holidays."""
    noted: defaultdict[int, _Noted] = defaultdict(_Noted)
    wanted = {"depot_ids": list(territories)}
    for depot_id, what, weekday, starts_on, ends_on, is_yearly in session.execute(_notes(), wanted):
        if what == CLOSED:
            noted[depot_id].closed[is_yearly].append(Period(starts_on, ends_on))
        elif what == EXCEPTIONAL:
            noted[depot_id].exceptional.add(starts_on)
        else:
            noted[depot_id].weekdays[what].add(weekday)
    return {depot_id: noted[depot_id].calendar(territory) for depot_id, territory in territories.items()}


@cache
def _notes() -> CompoundSelect[Any]:
    """Opening hours, closures and exceptions under each other: three round trips would take longer than the rows."""
    no_day, no_weekday = cast(null(), Date), cast(null(), Integer)
    depot_ids: BindParameter[Any] = bindparam("depot_ids", expanding=True)
    return union_all(
        select(Opening.depot_id, Opening.serves, Opening.weekday, no_day, no_day, false()).where(
            Opening.depot_id.in_(depot_ids)
        ),
        select(
            *(Closure.depot_id, literal(CLOSED), no_weekday, Closure.starts_on, Closure.ends_on),
            Closure.repeats_yearly,
        ).where(Closure.depot_id.in_(depot_ids)),
        select(
            *(ExceptionalOpening.depot_id, literal(EXCEPTIONAL), no_weekday),
            *(ExceptionalOpening.opens_on, ExceptionalOpening.opens_on, false()),
        ).where(ExceptionalOpening.depot_id.in_(depot_ids)),
    )
