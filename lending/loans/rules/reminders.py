"""When to remind. Jobs ask for the present state: one that did not run for days repeats nothing."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from lending.core.errors import Invalid
from lending.core.i18n import N_

MOST_STEPS = 6
MOST_DAYS = 365


class CopyTo(StrEnum):
    """Who is told too."""

    NOBODY = "none"
    UNION = "union"


@dataclass(frozen=True, slots=True)
class Step:
    """A reminder of lateness so many days after the last day, with a copy to somebody."""

    after_days: int
    copy_to: CopyTo = CopyTo.NOBODY


# When an association reminds that says nothing itself.
DEFAULT_STEPS = (Step(1), Step(7), Step(14), Step(28))


@dataclass(eq=False)
class BadSteps(Invalid):
    """Steps of reminders that do not rise."""

    slug: ClassVar[str] = "bad-steps"
    title: ClassVar[str] = N_("Rappels incorrects")
    detail: ClassVar[str] = N_(
        "Indiquez de 1 à {most} rappels, chacun plus tard que le précédent, au plus {days} jours."
    )
    name: str = "step-1"
    most: int = MOST_STEPS
    days: int = MOST_DAYS

    def beside(self) -> str | None:
        """The first step that is wrong."""
        return self.name


def check_steps(steps: Sequence[Step]) -> None:
    """Raise BadSteps unless there are some and each comes later than the one before."""
    if not 1 <= len(steps) <= MOST_STEPS:
        raise BadSteps
    before = 0
    for number, step in enumerate(steps, start=1):
        if not before < step.after_days <= MOST_DAYS:
            raise BadSteps(name=f"step-{number}")
        before = step.after_days


def is_late(due_on: dt.date, today: dt.date) -> bool:
    """Whether the last day is over: on the day itself nobody is late."""
    return today > due_on


def days_late(due_on: dt.date, today: dt.date) -> int:
    """Days since the last day; 0 while in time."""
    return max(0, (today - due_on).days)


def is_due_soon(due_on: dt.date, today: dt.date, reminder_days: int) -> bool:
    """Whether the last day is at most `reminder_days` ahead and not over."""
    return 0 <= (due_on - today).days <= reminder_days


def is_due_tomorrow(due_on: dt.date, today: dt.date) -> bool:
    """Whether today is the day before the last one."""
    return (due_on - today).days == 1


def overdue_step(due_on: dt.date, today: dt.date, steps: Sequence[Step] = DEFAULT_STEPS) -> int | None:
    """The notice that lateness has reached (1, 2, 3): only this one is sent, whatever was missed before."""
    late = days_late(due_on, today)
    reached = [number for number, step in enumerate(steps, start=1) if late >= step.after_days]
    return reached[-1] if reached else None
