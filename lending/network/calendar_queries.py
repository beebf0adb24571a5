"""Reads of the school years. They return structs and know no person: the service asks who may see."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from typing import cast

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from lending.core.database import ask, table_of
from lending.network.rules import for_lending, school_year_of
from lending.network.schemas import CalendarSource, SchoolCalendarView, SchoolPeriodView
from lending.network.tables import Association, SchoolCalendar, SchoolPeriod

# Written once: they are asked for every letter that can wait, and for every return that is planned.
_calendar, _period = table_of(SchoolCalendar).c, table_of(SchoolPeriod).c
KNOWN_YEARS = select(_calendar.school_year).where(_calendar.zone == bindparam("zone"))
TAUGHT = select(_period.starts_on, _period.ends_on).where(
    _period.zone == bindparam("zone"), _period.ends_on >= bindparam("since")
)


def school_calendars(session: Session) -> list[SchoolCalendarView]:
    """Every school year that is known, by zone and year."""
    periods = defaultdict(list)
    for row in session.scalars(select(SchoolPeriod).order_by(SchoolPeriod.number)):
        period = SchoolPeriodView(row.number, row.school_year, row.starts_on, row.ends_on)
        periods[row.zone, row.school_year].append(period)
    rows = session.scalars(select(SchoolCalendar).order_by(SchoolCalendar.zone, SchoolCalendar.school_year))
    return [
        SchoolCalendarView(
            zone=row.zone,
            school_year=row.school_year,
            source=cast("CalendarSource", row.source),
            version=row.version,
            periods=periods[row.zone, row.school_year],
        )
        for row in rows
    ]


def known_years(session: Session) -> set[tuple[str, int]]:
    """The school years that are written down, each with its zone."""
    return {(zone, year) for zone, year in ask(session, select(_calendar.zone, _calendar.school_year))}


def zones(session: Session) -> set[str]:
    """Every zone that an association or a school year names."""
    named = session.scalars(select(Association.holiday_zone).union(select(SchoolCalendar.zone)))
    return {zone for zone in named if zone}


def lending_periods(session: Session, zone: str, from_on: dt.date, until_on: dt.date) -> list[SchoolPeriodView]:
    """The school periods of a zone that touch these days, the fifth cut short for lending.

    Years that nobody has published are left out: they are never guessed.
    """
    query = (
        select(SchoolPeriod)
        .where(SchoolPeriod.zone == zone, SchoolPeriod.ends_on > from_on, SchoolPeriod.starts_on <= until_on)
        .order_by(SchoolPeriod.starts_on)
    )
    found = (
        SchoolPeriodView(row.number, row.school_year, row.starts_on, row.ends_on) for row in session.scalars(query)
    )
    return [for_lending(one) for one in found]


def holidays(session: Session, zone: str, since: dt.date) -> Callable[[dt.date], bool]:
    """Whether a day from `since` on lies in the school holidays of a zone; never in a year that nobody published."""
    known = set(ask(session, KNOWN_YEARS, zone=zone).scalars())
    periods = ask(session, TAUGHT, zone=zone, since=since).all()

    def is_holiday(day: dt.date) -> bool:
        is_taught = any(starts_on <= day < ends_on for starts_on, ends_on in periods)
        return school_year_of(day) in known and not is_taught

    return is_holiday
