"""A second opinion that knows nothing of plans: it tries every copy for every booking, day by day.

It asks what a patient person with a wall calendar would ask: can everybody who was promised something be served?
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.kit.loans import DAY


@dataclass(frozen=True)
class Stay:
    """Somebody keeps a copy on these days; `copy` is given where it may not change."""

    days: frozenset[dt.date]
    copy: int | None


def days_of(first: dt.date, end: dt.date) -> frozenset[dt.date]:
    return frozenset(first + n * DAY for n in range((end - first).days))


def can_all_be_served(stays: Sequence[Stay], copies: Sequence[int]) -> bool:
    """Whether some way of giving everybody a copy leaves no copy with two on one day."""
    return any(True for _ in ways(sorted(stays, key=lambda one: one.copy is None), {copy: set() for copy in copies}))


def ways(stays: Sequence[Stay], taken: dict[int, set[dt.date]]) -> Iterator[None]:
    if not stays:
        yield None
        return
    stay, *others = stays
    for copy in [stay.copy] if stay.copy is not None else list(taken):
        days = taken.get(copy)
        if days is not None and not days & stay.days:
            days |= stay.days
            yield from ways(others, taken)
            days -= stay.days
