"""Years of the whole made-up network, each lived through once for every way of moving copies: the same requests."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from lending.shipping.rebalancing.simulating.network import Density, MadeUpRegion, made_up_network
from lending.shipping.rebalancing.simulating.ways import Placed, equalised, noted_demand, planned
from lending.shipping.rebalancing.simulating.year import YEAR_DAYS, Outcome, made_up_requests, year

NOTHING, EQUAL, FLOAT = "no moves", "equal counts", "float"
PLAN, FAIR_PLAN, CHEAP_PLAN = "plan", "fair plan", "plan, same km"
WAYS = (NOTHING, EQUAL, FLOAT, PLAN, FAIR_PLAN, CHEAP_PLAN)
DAYS_PER_WEEK = 7
TENTH = 10


@dataclass(slots=True)
class Tally:
    """What a way of moving brought in all regions together. `places` has requests and served ones of each."""

    requests: float = 0.0
    served: float = 0.0
    moves: int = 0
    km: float = 0.0
    expected_more: float = 0.0
    copies: int = 0
    busy_days: float = 0.0
    places: list[tuple[float, float]] = field(default_factory=list)

    def add(self, placed: Placed, outcome: Outcome) -> None:
        """Count one region in."""
        self.requests += float(outcome.requests.sum())
        self.served += float(outcome.served.sum())
        self.moves += placed.moves + outcome.moves
        self.km += placed.km + outcome.km
        self.expected_more += placed.expected_more
        self.copies += int(placed.held.sum())
        self.busy_days += outcome.busy_days
        by_place = (one.sum(axis=(0, 2)).tolist() for one in (outcome.requests, outcome.served))
        self.places += zip(*by_place, strict=True)

    @property
    def idle_weeks(self) -> float:
        """Weeks of the school year that a copy rested, on average."""
        return (YEAR_DAYS - self.busy_days / max(self.copies, 1)) / DAYS_PER_WEEK

    @property
    def worst_tenth(self) -> float:
        """The share of requests served in the tenth of the associations that is served worst."""
        order = sorted(self.places, key=lambda one: one[1] / max(one[0], 1.0))
        worst = order[: max(len(order) // TENTH, 1)]
        return sum(served for _, served in worst) / max(sum(requests for requests, _ in worst), 1.0)


Year = dict[str, Tally]


def years(titles: int, density: Density, seed: int, count: int) -> Iterator[Year]:
    """So many years, each of a network of its own."""
    for number in range(count):
        chance = np.random.default_rng([seed, number])
        found = {way: Tally() for way in WAYS}
        for region in made_up_network(titles, chance, density):
            _live(region, chance, found)
        yield found


def more_served(found: Year, way: str) -> float:
    """Requests served beyond those that are served when nothing moves."""
    return found[way].served - found[NOTHING].served


def _live(region: MadeUpRegion, chance: np.random.Generator, found: Year) -> None:
    demand, requests = noted_demand(region, chance), made_up_requests(region, chance)
    equal, untouched = equalised(region), Placed(region.held)
    placed = {
        NOTHING: untouched,
        EQUAL: equal,
        FLOAT: untouched,
        PLAN: planned(region, demand),
        FAIR_PLAN: planned(region, demand, fairness_percent=100),
        CHEAP_PLAN: planned(region, demand, most_km=equal.km),
    }
    for way, one in placed.items():
        found[way].add(one, year(one.held, region.km, requests, floats=way == FLOAT))
