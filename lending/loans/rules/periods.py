"""Stretches of local days: half-open `[starts_on, ends_on)` inside; people see the last day, `due_on`."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from lending.loans.rules.errors import DateOutOfRange, PeriodReversed

DAY = dt.timedelta(days=1)
# Beyond these, adding days could leave the calendar of the language itself.
FIRST_YEAR, LAST_YEAR = 2000, 2199


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """Days from `starts_on` up to, but without, `ends_on`: never empty."""

    starts_on: dt.date
    ends_on: dt.date

    def __post_init__(self) -> None:
        """Raise PeriodReversed for a period that holds no day."""
        if self.starts_on >= self.ends_on:
            raise PeriodReversed

    @classmethod
    def through(cls, starts_on: dt.date, due_on: dt.date) -> "Period":
        """The period whose last day is `due_on`. Raises PeriodReversed, DateOutOfRange."""
        if not (starts_on.year >= FIRST_YEAR and due_on.year <= LAST_YEAR):
            raise DateOutOfRange
        return cls(starts_on, due_on + DAY)

    @property
    def due_on(self) -> dt.date:
        """The last day."""
        return self.ends_on - DAY

    @property
    def length_days(self) -> int:
        """How many days it holds: the first counts, so does the last."""
        return (self.ends_on - self.starts_on).days

    def overlaps(self, other: "Period") -> bool:
        """Whether they share a day. One that ends where the other starts does not overlap it."""
        return self.starts_on < other.ends_on and other.starts_on < self.ends_on

    def holds(self, day: dt.date) -> bool:
        """Whether `day` is one of its days."""
        return self.starts_on <= day < self.ends_on

    def within(self, other: "Period") -> "Period":
        """The days shared with `other`. Raises PeriodReversed when there are none."""
        return Period(max(self.starts_on, other.starts_on), min(self.ends_on, other.ends_on))

    def moved(self, days: int) -> "Period":
        """The same length, `days` later (or earlier)."""
        shift = dt.timedelta(days=days)
        return Period(self.starts_on + shift, self.ends_on + shift)

    def days(self) -> Iterator[dt.date]:
        """Each day in order."""
        return (self.starts_on + dt.timedelta(days=n) for n in range(self.length_days))
