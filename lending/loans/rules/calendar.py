"""When a depot is open, by day.

At the desk people collect and bring back; on office days copies are prepared and checked behind a closed desk. A
depot without opening hours, or one that stays closed for more than a year, must not send a search round for ever:
plain days count then, and `is_assumed` lets a page say so.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from lending.loans.rules.periods import DAY, Period
from lending.network.public_holidays import is_public_holiday

SEARCH_LIMIT_DAYS = 400


@dataclass(frozen=True, slots=True)
class OpeningCalendar:
    """Weekdays (0 = Monday) of the desk and of the office, whole days closed, and exceptions.

    `yearly` closures come back on the same days of every later year. `territory` names the public holidays (see
    `network.public_holidays`), None for a depot that has none. On `exceptional` days the desk is open all the same.
    """

    weekdays: frozenset[int] = frozenset()
    closures: tuple[Period, ...] = ()
    office_weekdays: frozenset[int] = frozenset()
    yearly: tuple[Period, ...] = ()
    territory: str | None = None
    exceptional: frozenset[dt.date] = frozenset()
    # Days asked before: a title's calendar asks for each of them several times.
    _open: dict[dt.date, bool] = field(default_factory=dict, compare=False, repr=False)
    _working: dict[dt.date, bool] = field(default_factory=dict, compare=False, repr=False)

    @property
    def is_assumed(self) -> bool:
        """Whether nobody has told the opening hours, so that every weekday counts as open."""
        return not self.weekdays

    def is_open(self, day: dt.date) -> bool:
        """Whether somebody can collect or bring back on `day`."""
        known = self._open.get(day)
        if known is None:
            on_weekday = self.is_assumed or day.weekday() in self.weekdays
            known = self._open[day] = day in self.exceptional or (on_weekday and not self._is_closed(day))
        return known

    def is_working(self, day: dt.date) -> bool:
        """Whether somebody prepares and checks on `day`, at the desk or in the office."""
        known = self._working.get(day)
        if known is None:
            in_office = day.weekday() in self.office_weekdays and not self._is_closed(day)
            known = self._working[day] = in_office or self.is_open(day)
        return known

    def next_open_day(self, day: dt.date) -> dt.date | None:
        """The first open day from `day` on; None when there is none for more than a year."""
        return _search(self.is_open, day, DAY)

    def previous_open_day(self, day: dt.date) -> dt.date | None:
        """The last open day up to `day`; None when there is none for more than a year."""
        return _search(self.is_open, day, -DAY)

    def after_open_days(self, day: dt.date, count: int) -> dt.date:
        """The first day such that `count` working days lie from `day` up to it, itself not counted."""
        for _ in range(count):
            day = (_search(self.is_working, day, DAY) or day) + DAY
        return day

    def before_open_days(self, day: dt.date, count: int) -> dt.date:
        """The last day such that `count` working days lie from it, itself counted, up to `day`."""
        for _ in range(count):
            eve = day - DAY
            day = _search(self.is_working, eve, -DAY) or eve
        return day

    def count_open_days(self, period: Period) -> int:
        """How many days of the period are open."""
        return sum(self.is_open(day) for day in period.days())

    def with_closure(self, closure: Period) -> "OpeningCalendar":
        """The same calendar with one more closure."""
        closures = tuple(sorted((*self.closures, closure)))
        return replace(self, closures=closures, _open={}, _working={})

    def _is_closed(self, day: dt.date) -> bool:
        return (
            any(closure.holds(day) for closure in self.closures)
            or any(_comes_back(closure, day) for closure in self.yearly)
            or is_public_holiday(day, self.territory)
        )


def _comes_back(closure: Period, day: dt.date) -> bool:
    """Whether a yearly closure holds `day`, in its own year or a later one."""
    return any(
        first <= day < first + closure.length_days * DAY
        for first in (_in_year(closure.starts_on, day.year), _in_year(closure.starts_on, day.year - 1))
        if first >= closure.starts_on
    )


def _in_year(day: dt.date, year: int) -> dt.date:
    # A closure that began on 29 February begins on the 28th of the years that lack it.
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=year, day=28) if is_leap_day else day.replace(year=year)


def _search(holds: Callable[[dt.date], bool], day: dt.date, step: dt.timedelta) -> dt.date | None:
    for _ in range(SEARCH_LIMIT_DAYS):
        if holds(day):
            return day
        day += step
    return None


ALWAYS_OPEN = OpeningCalendar(weekdays=frozenset(range(7)))
