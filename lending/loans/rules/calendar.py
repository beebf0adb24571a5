"""When a depot is open, by day.

A depot without opening hours, or one that stays closed for more than a year, must not send a search round
for ever: plain days count then, and `is_assumed` lets a page say so.
"""

import datetime as dt
from dataclasses import dataclass

from lending.loans.rules.periods import DAY, Period

SEARCH_LIMIT_DAYS = 400


@dataclass(frozen=True, slots=True)
class OpeningCalendar:
    """Weekdays with opening hours (0 = Monday) and closures over whole days."""

    weekdays: frozenset[int] = frozenset()
    closures: tuple[Period, ...] = ()

    @property
    def is_assumed(self) -> bool:
        """Whether nobody has told the opening hours, so that every weekday counts as open."""
        return not self.weekdays

    def is_open(self, day: dt.date) -> bool:
        """Whether somebody is there on `day`."""
        on_weekday = self.is_assumed or day.weekday() in self.weekdays
        return on_weekday and not any(closure.holds(day) for closure in self.closures)

    def next_open_day(self, day: dt.date) -> dt.date | None:
        """The first open day from `day` on; None when there is none for more than a year."""
        return self._search(day, DAY)

    def previous_open_day(self, day: dt.date) -> dt.date | None:
        """The last open day up to `day`; None when there is none for more than a year."""
        return self._search(day, -DAY)

    def after_open_days(self, day: dt.date, count: int) -> dt.date:
        """The first day such that `count` open days lie from `day` up to it, itself not counted."""
        for _ in range(count):
            day = (self.next_open_day(day) or day) + DAY
        return day

    def before_open_days(self, day: dt.date, count: int) -> dt.date:
        """The last day such that `count` open days lie from it, itself counted, up to `day`."""
        for _ in range(count):
            eve = day - DAY
            day = self.previous_open_day(eve) or eve
        return day

    def count_open_days(self, period: Period) -> int:
        """How many days of the period are open."""
        return sum(self.is_open(day) for day in period.days())

    def _search(self, day: dt.date, step: dt.timedelta) -> dt.date | None:
        for _ in range(SEARCH_LIMIT_DAYS):
            if self.is_open(day):
                return day
            day += step
        return None


ALWAYS_OPEN = OpeningCalendar(weekdays=frozenset(range(7)))
