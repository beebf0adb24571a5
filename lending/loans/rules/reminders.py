"""When to remind. Jobs ask for the present state: one that did not run for days repeats nothing."""

import datetime as dt

# Days after the last day on which the first, second and third notice of lateness go out.
OVERDUE_STEPS_DAYS = (1, 7, 21)


def is_late(due_on: dt.date, today: dt.date) -> bool:
    """Whether the last day is over: on the day itself nobody is late."""
    return today > due_on


def days_late(due_on: dt.date, today: dt.date) -> int:
    """Days since the last day; 0 while in time."""
    return max(0, (today - due_on).days)


def is_due_soon(due_on: dt.date, today: dt.date, reminder_days: int) -> bool:
    """Whether the last day is at most `reminder_days` ahead and not over."""
    return 0 <= (due_on - today).days <= reminder_days


def overdue_step(due_on: dt.date, today: dt.date) -> int | None:
    """The notice that lateness has reached (1, 2, 3): only this one is sent, whatever was missed before."""
    reached = [number for number, days in enumerate(OVERDUE_STEPS_DAYS, start=1) if days_late(due_on, today) >= days]
    return reached[-1] if reached else None
