"""School periods: to which one a day belongs, and how long each is."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

# Where nobody published the school year, a day of the past still has its season: by its month.
BY_MONTH = {9: 1, 10: 1, 11: 2, 12: 2, 1: 3, 2: 3, 3: 4, 4: 4, 5: 5, 6: 5, 7: 5, 8: 5}
USUAL_DAYS = 42.0
AUGUST = 8


@dataclass(frozen=True, slots=True)
class SchoolPeriodDays:
    """Teaching days `[starts_on, ends_on)` of one period."""

    number: int
    school_year: int
    starts_on: dt.date
    ends_on: dt.date


def number_of(day: dt.date, periods: Sequence[SchoolPeriodDays]) -> int:
    """The period, 1 to 5, that a loan beginning that day belongs to; in holidays the one that follows."""
    of_year = [one for one in periods if one.school_year == school_year_of(day)]
    following = [one.number for one in of_year if day < one.ends_on]
    return min(following) if following else BY_MONTH[day.month]


def school_year_of(day: dt.date) -> int:
    """The school year, by its first year; August belongs to the one that begins."""
    return day.year if day.month >= AUGUST else day.year - 1


def over_on(periods: Sequence[SchoolPeriodDays], school_year: int, number: int) -> dt.date:
    """The first day that is after a period of a school year; of several zones the last one.

    Where nobody published that year, the first of August after it.
    """
    known = [one.ends_on for one in periods if (one.school_year, one.number) == (school_year, number)]
    return max(known, default=dt.date(school_year + 1, AUGUST, 1))


def days_of(periods: Sequence[SchoolPeriodDays], school_year: int) -> list[float]:
    """How long each of the five periods is; the usual length where the year is not known."""
    known = {one.number: float((one.ends_on - one.starts_on).days) for one in periods if one.school_year == school_year}
    return [known.get(number, USUAL_DAYS) for number in range(1, 6)]
