"""Public holidays by territory. They are the law's, so that years to come may be computed."""

import datetime as dt
from functools import cache

from holidays import country_holidays

ALSACE_MOSELLE = "57"
MAINLAND = ""
OVERSEAS = ("971", "972", "973", "974", "976")


def territory_of(department: str) -> str:
    """The territory of a department's code: `67` has the holidays of Alsace and Moselle."""
    if department in ("57", "67", "68"):
        return ALSACE_MOSELLE
    return department if department in OVERSEAS else MAINLAND


@cache
def public_holidays(territory: str, year: int) -> frozenset[dt.date]:
    """The days on which nobody works there."""
    return frozenset(country_holidays("FR", subdiv=territory or None, years=year))


def is_public_holiday(day: dt.date, territory: str | None) -> bool:
    """Whether nobody works on `day`; no territory, no holiday."""
    return territory is not None and day in public_holidays(territory, day.year)
