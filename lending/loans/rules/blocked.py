"""How long a loan keeps its copy from others: preparation before, turnaround after, both in open days."""

import datetime as dt
from dataclasses import dataclass

from lending.loans.rules.calendar import OpeningCalendar
from lending.loans.rules.periods import DAY, Period


@dataclass(frozen=True, slots=True)
class Buffers:
    """What a depot adds around a loan."""

    calendar: OpeningCalendar
    preparation_days: int
    turnaround_days: int

    def around(self, period: Period) -> Period:
        """The days on which a loan of `period` keeps its copy."""
        return Period(
            self.calendar.before_open_days(period.starts_on, self.preparation_days),
            self.calendar.after_open_days(period.ends_on, self.turnaround_days),
        )

    def end_if_returned_on(self, day: dt.date) -> dt.date:
        """Until when (not included) the copy is kept when it comes back on `day`."""
        return self.calendar.after_open_days(day + DAY, self.turnaround_days)

    def end_while_out(self, period: Period, blocked_ends_on: dt.date, today: dt.date) -> dt.date:
        """Until when (not included) a loan that is still out today keeps its copy.

        It is late once its last day is over; it can then come back today at the earliest.
        """
        if period.ends_on > today:
            return blocked_ends_on
        return max(blocked_ends_on, self.end_if_returned_on(today))
