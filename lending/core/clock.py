"""The only source of "now". Rules take `today` as an argument and never look at a clock."""

import datetime as dt
from dataclasses import dataclass
from typing import Protocol, runtime_checkable
from zoneinfo import ZoneInfo


@runtime_checkable
class Clock(Protocol):
    """Tells the present instant."""

    def now(self) -> dt.datetime:
        """The present instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> dt.datetime:
        """The present instant, aware, in UTC."""
        return dt.datetime.now(dt.UTC)


@dataclass(frozen=True)
class StandingClock:
    """A clock that stands still: for looking at another day, and for measurements."""

    at: dt.datetime

    def now(self) -> dt.datetime:
        """Always the same instant, aware, in UTC."""
        return self.at


def local_day(instant: dt.datetime, time_zone: str) -> dt.date:
    """The calendar day of an instant where `time_zone` (IANA name) is in force."""
    return instant.astimezone(ZoneInfo(time_zone)).date()


def today_in(clock: Clock, time_zone: str) -> dt.date:
    """Today where `time_zone` is in force: overseas departments may be on another day than Paris."""
    return local_day(clock.now(), time_zone)
