"""School years of the zones A, B and C as they were published. A year that is not published is not guessed."""

import datetime as dt
from functools import cache
from itertools import groupby, pairwise

from vacances_scolaires_france import SchoolHolidayDates, UnsupportedYearException

from lending.network.schemas import SchoolPeriodView

ZONES = ("A", "B", "C")
# Nothing we could read gives their years to come: the federation writes them down.
ZONES_BY_HAND = ("Corse", "Guadeloupe", "Guyane", "La Réunion", "Martinique", "Mayotte")
# A long weekend in May does not end a period.
BRIDGE = "Pont de l'Ascension"
PERIODS = 5
DAY = dt.timedelta(days=1)


def published_periods(zone: str, school_year: int) -> list[SchoolPeriodView] | None:
    """The five periods of a zone, until the day before the holidays; None when nobody has published them."""
    breaks = _breaks(zone, school_year)
    found = [
        SchoolPeriodView(number, school_year, before[1], after[0])
        for number, (before, after) in enumerate(pairwise(breaks), start=1)
    ]
    return found if len(found) == PERIODS else None


@cache
def _breaks(zone: str, school_year: int) -> tuple[tuple[dt.date, dt.date], ...]:
    """The holidays from one summer to the next, each from its first day to the day after its last; none if unpublished.

    They are as they were published: worked out once, since the library looks at every day that it knows.
    """
    first, last = dt.date(school_year, 8, 1), dt.date(school_year + 1, 7, 31)
    try:
        known = [*_holidays(school_year, zone), *_holidays(school_year + 1, zone)]
    except UnsupportedYearException:
        return ()
    days = sorted(day for day in known if first <= day <= last)
    runs = groupby(enumerate(days), key=lambda one: one[1] - one[0] * DAY)
    stretches = [[day for _, day in run] for _, run in runs]
    return tuple((run[0], run[-1] + DAY) for run in stretches)


def _holidays(year: int, zone: str) -> list[dt.date]:
    found = _dates().holidays_for_year_and_zone(year, zone)
    return [day for day, facts in found.items() if facts["nom_vacances"] != BRIDGE]


@cache
def _dates() -> SchoolHolidayDates:
    """The library reads its whole file anew for each of these."""
    return SchoolHolidayDates()
