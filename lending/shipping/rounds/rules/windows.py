"""When somebody is there: windows of a day, in seconds since its local midnight."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

HOUR, MINUTE = 3600, 60
WEDNESDAY, SATURDAY = 2, 5
# While pupils are taught somebody opens the door; not in the minutes in which everybody comes or goes.
SCHOOL_HOURS = ((dt.time(8, 45), dt.time(11, 45)), (dt.time(13, 45), dt.time(16, 15)))
ASSUMED_DEPOT_HOURS = ((dt.time(9), dt.time(17)),)


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """The van may begin its stop from `opens` until `closes`."""

    opens: int
    closes: int


def seconds_of(time: dt.time) -> int:
    """A wall clock's time as seconds since midnight."""
    return time.hour * HOUR + time.minute * MINUTE + time.second


def time_of(seconds: int) -> dt.time:
    """The other way round, to the minute; what lies beyond midnight is 23:59."""
    minutes = min(max(seconds, 0) // MINUTE, 24 * 60 - 1)
    return dt.time(minutes // 60, minutes % 60)


def windows_of(hours: Iterable[tuple[dt.time, dt.time]]) -> tuple[Window, ...]:
    """Stretches of hours as windows, those that touch or overlap as one."""
    merged: list[Window] = []
    for opens, closes in sorted((seconds_of(one), seconds_of(other)) for one, other in hours):
        if merged and opens <= merged[-1].closes:
            merged[-1] = Window(merged[-1].opens, max(closes, merged[-1].closes))
        else:
            merged.append(Window(opens, closes))
    return tuple(merged)


def school_windows(day: dt.date, *, is_holiday: bool) -> tuple[Window, ...]:
    """The hours of teaching: in the morning, and in the afternoon but on Wednesdays; none on holidays."""
    if is_holiday or day.weekday() >= SATURDAY:
        return ()
    return windows_of(SCHOOL_HOURS[:1] if day.weekday() == WEDNESDAY else SCHOOL_HOURS)


def depot_windows(
    day: dt.date, hours: Iterable[tuple[int, dt.time, dt.time]], *, is_working: bool, is_assumed: bool
) -> tuple[Window, ...]:
    """The hours of desk and office on that weekday (0 = Monday); usual ones where nobody has told any."""
    if not is_working:
        return ()
    own = [(opens, closes) for weekday, opens, closes in hours if weekday == day.weekday()]
    return windows_of(own or (ASSUMED_DEPOT_HOURS if is_assumed else ()))
