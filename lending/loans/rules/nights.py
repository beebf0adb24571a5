"""When a reminder would be announced, looking ahead: the same rules as of tonight, asked for the days to come."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from lending.core.errors import Invalid
from lending.core.i18n import N_
from lending.loans.rules.reminders import Step

MOST_DAYS_AHEAD = 366
DAY = dt.timedelta(days=1)


@dataclass(eq=False)
class BadNight(Invalid):
    """Nobody knows what will be sent so far ahead, and what was sent is in the list of messages."""

    slug: ClassVar[str] = "bad-night"
    title: ClassVar[str] = N_("Jour hors de portée")
    detail: ClassVar[str] = N_("Choisissez un jour entre le {first_on} et le {last_on}.")
    field: ClassVar[str | None] = "on"
    first_on: dt.date
    last_on: dt.date


def check_night(on: dt.date, today: dt.date) -> None:
    """Raise BadNight for a day that is over or more than a year ahead."""
    last_on = today + MOST_DAYS_AHEAD * DAY
    if not today <= on <= last_on:
        raise BadNight(first_on=today, last_on=last_on)


def turning_days(
    due_on: dt.date, reminder_days: int, steps: Sequence[Step], today: dt.date, until: dt.date
) -> list[dt.date]:
    """The days from today on, `until` included, on which a loan's reminder may become another one."""
    before: Iterable[dt.date] = (due_on - days * DAY for days in (max(1, reminder_days), 1, 0))
    after = (due_on + step.after_days * DAY for step in steps)
    return sorted({day for day in (today, *before, *after) if today <= day <= until})
