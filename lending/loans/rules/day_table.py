"""A depot's calendar written out day by day: for a year's worth of questions about loans, each asked once.

What was written out is kept for the next who asks about the same calendar, which is a value: a closure more makes
another one.
"""

import datetime as dt
from collections.abc import Sequence
from functools import lru_cache

from lending.loans.rules.blocked import Buffers
from lending.loans.rules.periods import DAY, Period

Table = list[int | None]


class DayTable:
    """Answers as `Buffers` and its calendar do; beyond the window it asks them."""

    def __init__(self, buffers: Buffers, window: Period) -> None:
        """`window` should hold the loans asked about, and some days around them."""
        self._buffers = buffers
        self.calendar = buffers.calendar
        self._first = window.starts_on.toordinal()
        days = list(window.days())
        opened = [buffers.calendar.is_open(day) for day in days]
        working = [buffers.calendar.is_working(day) for day in days]
        self._next_open = _next(opened)
        self._after = _repeated(_behind(working), buffers.turnaround_days)
        # The last working day before a day is the first one after it, read from the other end.
        mirrored = _repeated(_behind(working[::-1]), buffers.preparation_days)
        self._before: Table = [None if place is None else len(days) - place for place in reversed(mirrored)]

    def stretched(self, period: Period) -> Period:
        """The period with its last day moved to the next open one, where there is one."""
        found = self._find(self._next_open, period.due_on)
        due_on = found or self._buffers.calendar.next_open_day(period.due_on)
        return period if due_on is None else Period(period.starts_on, due_on + DAY)

    def around(self, period: Period) -> Period:
        """The days on which a loan of `period` keeps its copy."""
        starts_on, ends_on = self._find(self._before, period.starts_on), self._find(self._after, period.ends_on)
        if starts_on is None or ends_on is None:
            return self._buffers.around(period)
        return Period(starts_on, ends_on)

    def _find(self, table: Table, day: dt.date) -> dt.date | None:
        place = day.toordinal() - self._first
        found = table[place] if 0 <= place < len(table) else None
        return None if found is None else dt.date.fromordinal(self._first + found)


@lru_cache(maxsize=512)
def day_table(buffers: Buffers, window: Period) -> DayTable:
    """The table of these buffers over a window, kept from an earlier question if there was one."""
    return DayTable(buffers, window)


def _next(holds: Sequence[bool]) -> Table:
    """For each place the first place from it on that holds; None where the window ends before."""
    found: Table = []
    latest: int | None = None
    for place in range(len(holds) - 1, -1, -1):
        latest = place if holds[place] else latest
        found.append(latest)
    return found[::-1]


def _behind(holds: Sequence[bool]) -> Table:
    """For each place, and for the end, the place behind the first one that holds."""
    return [*(None if place is None else place + 1 for place in _next(holds)), None]


def _repeated(step: Table, count: int) -> Table:
    """Where `count` steps lead from each place."""
    reached: Table = list(range(len(step)))
    for _ in range(count):
        reached = [None if place is None else step[place] for place in reached]
    return reached
