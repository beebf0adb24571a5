"""Quiet days: no mail that can wait on Sundays and in the school holidays of the reader's zone."""

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

SUNDAY = 6
DAY = dt.timedelta(days=1)
MORNING = dt.time(7)
# Summer holidays are the longest; whoever waits for longer than this waits for nothing.
LONGEST_QUIET_DAYS = 75


def quiet_until(now: dt.datetime, time_zone: str, is_holiday: Callable[[dt.date], bool]) -> dt.datetime | None:
    """The morning of the next day that is not quiet, where the reader is; None when today is not quiet.

    `is_holiday` answers for local days.
    """
    zone = ZoneInfo(time_zone)
    today = now.astimezone(zone).date()
    if not _is_quiet(today, is_holiday):
        return None
    days = (today + number * DAY for number in range(1, LONGEST_QUIET_DAYS + 1))
    wakes_on = next((day for day in days if not _is_quiet(day, is_holiday)), today + LONGEST_QUIET_DAYS * DAY)
    return dt.datetime.combine(wakes_on, MORNING, zone).astimezone(dt.UTC)


def _is_quiet(day: dt.date, is_holiday: Callable[[dt.date], bool]) -> bool:
    return day.weekday() == SUNDAY or is_holiday(day)
