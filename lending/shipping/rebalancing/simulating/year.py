"""A school year of a region, request by request: who finds a copy free borrows it, who finds none goes away."""

from dataclasses import dataclass, field

import numpy as np

from lending.shipping.rebalancing.rules.arrays import Floats, Ints
from lending.shipping.rebalancing.simulating.network import SEASON, MadeUpRegion

PERIOD_DAYS, LOAN_DAYS = 50.0, 35.0
YEAR_DAYS = PERIOD_DAYS * len(SEASON)


@dataclass(frozen=True, slots=True)
class Requests:
    """Each request's title, day from the start of the year, and place; in the order of titles and days."""

    title: Ints
    day: Floats
    place: Ints


@dataclass(slots=True)
class Outcome:
    """What a year brought: requests by (titles, places, periods), how many were served, and what moved on the way."""

    requests: Floats
    served: Floats
    moves: int = 0
    km: float = 0.0
    busy_days: float = 0.0


@dataclass(slots=True)
class _Shelf:
    """The copies of one title: where each is, and from which day on it is free."""

    place: list[int]
    free_on: list[float] = field(default_factory=list)

    def free_at(self, place: int, day: float) -> int | None:
        """A copy that is free there."""
        found = (one for one, where in enumerate(self.place) if where == place and self.free_on[one] <= day)
        return next(found, None)

    def nearest_free(self, place: int, day: float, km: list[list[float]]) -> int | None:
        """The copy that is free nearest to a place."""
        free = [one for one, free_on in enumerate(self.free_on) if free_on <= day]
        return min(free, key=lambda one: (km[self.place[one]][place], one), default=None)


def made_up_requests(region: MadeUpRegion, chance: np.random.Generator) -> Requests:
    """A year's requests: they come at random, by the season."""
    counts = chance.poisson(region.yearly[:, :, None] * SEASON)
    title, place, period = (np.repeat(one.ravel(), counts.ravel()) for one in np.indices(counts.shape))
    day = (period + chance.uniform(size=len(period))) * PERIOD_DAYS
    order = np.lexsort((day, title))
    return Requests(title[order], day[order], place[order])


def year(held: Ints, km: Floats, requests: Requests, *, floats: bool = False) -> Outcome:
    """Live through a year with so many copies of each title in each place.

    Where copies float, who finds none free is sent the nearest free one of the region, and it stays there.
    """
    shape = (*held.shape, len(SEASON))
    outcome = Outcome(np.zeros(shape), np.zeros(shape))
    period = (requests.day // PERIOD_DAYS).astype(np.int64)
    np.add.at(outcome.requests, (requests.title, requests.place, period), 1.0)
    ways = km.tolist()
    ends = np.searchsorted(requests.title, np.arange(len(held) + 1))
    for title, copies in enumerate(held):
        some = slice(int(ends[title]), int(ends[title + 1]))
        shelf = _Shelf(np.repeat(np.arange(len(copies)), copies).tolist())
        shelf.free_on = [0.0] * len(shelf.place)
        for day, place in zip(requests.day[some].tolist(), requests.place[some].tolist(), strict=True):
            if _is_served(shelf, place, day, outcome, ways if floats else None):
                outcome.served[title, place, int(day // PERIOD_DAYS)] += 1
    return outcome


def _is_served(shelf: _Shelf, place: int, day: float, outcome: Outcome, ways: list[list[float]] | None) -> bool:
    copy = shelf.free_at(place, day)
    if copy is None and ways is not None:
        copy = shelf.nearest_free(place, day, ways)
        if copy is not None:
            outcome.moves += 1
            outcome.km += ways[shelf.place[copy]][place]
            shelf.place[copy] = place
    if copy is None:
        return False
    shelf.free_on[copy] = day + LOAN_DAYS
    outcome.busy_days += min(LOAN_DAYS, YEAR_DAYS - day)
    return True
