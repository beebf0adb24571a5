"""Where dates go when a depot closes on them."""

import datetime as dt

from lending.loans.rules.calendar import OpeningCalendar
from lending.loans.rules.periods import DAY, Period

LONGEST_PUSH = dt.timedelta(days=14)


def moved_dates(period: Period, calendar: OpeningCalendar, today: dt.date, *, is_out: bool) -> list[Period]:
    """Where a loan may go, the best first; empty when its dates may stay.

    The last day goes to the next open day, else to the one before; after a long closure the one before comes first,
    so that nobody keeps a copy for weeks by surprise. The first day goes likewise; a loan that is out keeps its own.
    Nothing is moved into the past.
    """
    starts = [period.starts_on] if is_out else _around(period.starts_on, calendar, today)
    dues = _around(period.due_on, calendar, today)
    if starts[:1] == [period.starts_on] and dues[:1] == [period.due_on]:
        return []
    return [Period.through(first, last) for first in starts for last in dues if first <= last]


def _around(day: dt.date, calendar: OpeningCalendar, today: dt.date) -> list[dt.date]:
    """The day itself if it may stay; else the next open day, then the one before."""
    if day < today or calendar.is_open(day):
        return [day]
    after, before = calendar.next_open_day(day), calendar.previous_open_day(day - DAY)
    found = [after, before if before is not None and before >= today else None]
    if after is not None and after - day > LONGEST_PUSH:
        found.reverse()
    return [one for one in found if one is not None]
