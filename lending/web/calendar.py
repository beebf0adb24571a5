"""A depot's days as months of weeks, ready for a table."""

import datetime as dt
from itertools import groupby

import msgspec

from lending.loans.schemas import DayState, DepotAvailability


class Cell(msgspec.Struct, frozen=True):
    """A day of the table: past, closed, free or taken; `None` stands for a day of another month."""

    day: dt.date
    state: str
    free: int


class Month(msgspec.Struct, frozen=True):
    """A month: weeks of seven cells."""

    first_on: dt.date
    weeks: list[list[Cell | None]]


def months(depot: DepotAvailability, today: dt.date) -> list[Month]:
    """The months that the depot's days cover."""
    return [
        _month([_cell(day, depot, today) for day in days])
        for _, days in groupby(depot.days, key=lambda one: (one.day.year, one.day.month))
    ]


def _cell(day: DayState, depot: DepotAvailability, today: dt.date) -> Cell:
    if day.day < today or day.day < depot.earliest_on:
        return Cell(day.day, "past", 0)
    if not day.is_open:
        return Cell(day.day, "closed", day.free)
    return Cell(day.day, "free" if day.free else "taken", day.free)


def _month(cells: list[Cell]) -> Month:
    padded: list[Cell | None] = [None] * cells[0].day.weekday() + cells
    padded += [None] * (-len(padded) % 7)
    return Month(cells[0].day.replace(day=1), [padded[start : start + 7] for start in range(0, len(padded), 7)])
