"""From which days a loan of the usual length may start, and what it would keep of its copy.

This hangs on the calendar, the rule and today only, not on the title: it is written out once for all the titles
that a depot lends on the same terms.
"""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

from lending.core.errors import LendingError
from lending.loans.rules.blocked import Buffers
from lending.loans.rules.day_table import DayTable
from lending.loans.rules.loan_rules import LoanRule, check_dates
from lending.loans.rules.periods import DAY, Period

# Preparation or turnaround over a long closure; beyond it an answer takes longer and stays right.
LONGEST_BUFFER = dt.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Start:
    """A day, and the days on which a loan from it keeps its copy: None when the rules allow no loan from it."""

    day: dt.date
    is_open: bool
    blocked: Period | None


def laid_out(window: Period) -> Period:
    """The days that must be known to answer about loans that lie in the window."""
    return Period(window.starts_on - LONGEST_BUFFER, window.ends_on + LONGEST_BUFFER)


@lru_cache(maxsize=1024)
def usual_starts(buffers: Buffers, rule: LoanRule, window: Period, today: dt.date) -> tuple[Start, ...]:
    """Each day of the window, in order."""
    usual_days = rule.loan_days * DAY
    table = DayTable(buffers, laid_out(Period(window.starts_on, window.ends_on + usual_days)))
    return tuple(_start(table, rule, Period(day, day + usual_days), today) for day in window.days())


def _start(table: DayTable, rule: LoanRule, usual: Period, today: dt.date) -> Start:
    day = usual.starts_on
    if day < today or not table.calendar.is_open(day):
        return Start(day, is_open=day >= today and table.calendar.is_open(day), blocked=None)
    period = table.stretched(usual)
    try:
        check_dates(period, rule, table.calendar, today)
    except LendingError:
        return Start(day, is_open=True, blocked=None)
    return Start(day, is_open=True, blocked=table.around(period))
