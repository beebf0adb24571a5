"""A copy's bookings as stretches of a window that leave no day out."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from lending.loans.rules.periods import DAY, Period


@dataclass(frozen=True, slots=True)
class Stay:
    """What one booking makes of its copy: the blocked period around the loan, and what the middle is called."""

    id: int
    blocked: Period
    loan: Period
    word: str


@dataclass(frozen=True, slots=True)
class Piece:
    """Days of the window and what happens on them; `stay_id` is None while the copy is free."""

    word: str
    period: Period
    stay_id: int | None = None


def pieces(stays: Iterable[Stay], window: Period) -> list[Piece]:
    """The window from its first day to its last, free days between. The stays must not overlap."""
    found: list[Piece] = []
    day = window.starts_on
    for stay in sorted(stays, key=lambda one: one.blocked):
        for word, starts_on, ends_on in _parts(stay):
            first, last = max(starts_on, window.starts_on), min(ends_on, window.ends_on)
            if first >= last:
                continue
            found += _free(day, first)
            found.append(Piece(word, Period(first, last), stay.id))
            day = last
    return found + _free(day, window.ends_on)


def _parts(stay: Stay) -> list[tuple[str, dt.date, dt.date]]:
    return [
        ("preparation", stay.blocked.starts_on, stay.loan.starts_on),
        (stay.word, stay.loan.starts_on, min(stay.loan.ends_on, stay.blocked.ends_on)),
        ("turnaround", stay.loan.ends_on, stay.blocked.ends_on),
    ]


def _free(starts_on: dt.date, ends_on: dt.date) -> list[Piece]:
    return [Piece("free", Period(starts_on, ends_on))] if starts_on < ends_on else []


def month_of(day: dt.date) -> Period:
    """The calendar month that holds a day."""
    first = day.replace(day=1)
    return Period(first, (first + 32 * DAY).replace(day=1))
