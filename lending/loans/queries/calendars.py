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

from lending.core.database import ask, table_of
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
    for depot_id, what, weekday, starts_on, ends_on, is_yearly in ask(session, _notes(), depot_ids=list(territories)):
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
    opening, closure, exceptional = (table_of(one).c for one in (Opening, Closure, ExceptionalOpening))
    return union_all(
        select(opening.depot_id, opening.serves, opening.weekday, no_day, no_day, false()).where(
            opening.depot_id.in_(depot_ids)
        ),
        select(
            *(closure.depot_id, literal(CLOSED), no_weekday, closure.starts_on, closure.ends_on),
            closure.repeats_yearly,
        ).where(closure.depot_id.in_(depot_ids)),
        select(
            *(exceptional.depot_id, literal(EXCEPTIONAL), no_weekday),
            *(exceptional.opens_on, exceptional.opens_on, false()),
        ).where(exceptional.depot_id.in_(depot_ids)),
    )
