"""Plans of all regions of a made-up country: how long, how near to the bound, how much memory."""

import os
import resource
import sys
import time
from dataclasses import dataclass

import numpy as np

from lending.bench.figures import Figure, Part, print_parts
from lending.shipping.rebalancing.rules.costs import Prices, direct
from lending.shipping.rebalancing.rules.problem import Problem
from lending.shipping.rebalancing.rules.serving import gains_of_periods
from lending.shipping.rebalancing.simulating.network import SEASON, MadeUpRegion, made_up_network
from lending.shipping.rebalancing.solving.best import Solved, first_answer, solve

LOAN_DAYS, PERIOD_DAYS = 35.0, 50.0
LOAN_EUROS = 20.0
STEPS_BEYOND = 4
SECONDS_PER_REGION = 60.0
MOST_SECONDS, MOST_REGION_SECONDS, MOST_GREEDY_SECONDS = 120.0, 6.0, 1.0
MOST_MEBIBYTES = 2048.0
LEAST_SHARE_PERCENT = 99.0
PER_CENT = 100.0
# Small cars: nearly every trip is made and full. Lorries that cost a lot: which trips are made is the question.
PRICES = {
    "cars": Prices(),
    "lorries": Prices(copy_euros=4.0, trip_euros=150.0, km_euros=2.0, capacity=1000),
}


@dataclass(frozen=True)
class _Region:
    copies: int
    seconds: float
    own_seconds: float
    greedy_seconds: float
    greedy: Solved
    best: Solved
    associations: int

    @property
    def first_share(self) -> float:
        """How much of the bound the first answer reaches; all of it where nothing can be won."""
        return self.greedy.value_euros / self.best.bound_euros if self.best.bound_euros > 0 else 1.0


def bench_rebalancing(titles: int, seed: int) -> None:
    """Solve each region once, one after the other."""
    network = made_up_network(titles, np.random.default_rng(seed))
    print_parts([_part(network, titles, name, prices) for name, prices in PRICES.items()])


def _part(network: list[MadeUpRegion], titles: int, name: str, prices: Prices) -> Part:
    started, own = time.perf_counter(), time.process_time()
    regions = [_solved(one, prices) for one in network]
    spent = time.perf_counter() - started, time.process_time() - own
    return _plans(f"{name}: {titles} titles", regions, *spent)


def _solved(region: MadeUpRegion, prices: Prices) -> _Region:
    given = problem_of(region, prices)
    started = time.perf_counter()
    greedy = first_answer(given)
    between = time.perf_counter()
    own = time.process_time()
    best = solve(given, SECONDS_PER_REGION)
    return _Region(
        copies=region.copies,
        seconds=time.perf_counter() - between,
        own_seconds=time.process_time() - own,
        greedy_seconds=between - started,
        greedy=greedy,
        best=best,
        associations=given.held.shape[1],
    )


def problem_of(region: MadeUpRegion, prices: Prices) -> Problem:
    """A region's problem for a whole school year, its demand known."""
    held = region.held
    requests = region.yearly[:, :, None] * SEASON
    days = np.full((held.shape[1], len(SEASON)), PERIOD_DAYS)
    steps = int(held.max(initial=0)) + STEPS_BEYOND
    gains = gains_of_periods(requests, days, np.full(len(held), LOAN_DAYS), steps)
    routes, trips = direct(region.km, prices)
    return Problem(gains * LOAN_EUROS, held, held, np.full_like(held, STEPS_BEYOND), routes, trips)


def _plans(name: str, regions: list[_Region], seconds: float, own_seconds: float) -> Part:
    fives = [one for one in regions if one.associations == min(one.associations for one in regions)]
    copies = sum(one.copies for one in regions)
    shares = [PER_CENT * one.best.share_of_bound for one in regions]
    first = [PER_CENT * one.first_share for one in regions]
    return Part(
        f"{name}, {sum(one.associations for one in regions)} associations, {copies} copies",
        ["all", "worst region"],
        [
            Figure("all regions, one after the other", "s", {"all": round(seconds, 1)}, ("at most", MOST_SECONDS)),
            Figure("of it processor", "s", {"all": round(own_seconds, 1)}),
            _worst("a region of 5 associations", "s", [one.seconds for one in fives], MOST_REGION_SECONDS),
            Figure("of it processor", "s", {"worst region": round(max(one.own_seconds for one in fives), 2)}),
            _worst("its first answer (greedy)", "s", [one.greedy_seconds for one in regions], MOST_GREEDY_SECONDS),
            Figure("of the bound", "%", {"worst region": round(min(shares), 2)}, ("at least", LEAST_SHARE_PERCENT)),
            Figure("of the bound, first answer", "%", {"worst region": round(min(first), 1)}),
            Figure("programs that wanted a core meanwhile", "load", {"all": round(os.getloadavg()[0], 1)}),
            Figure("memory at most", "MiB", {"all": round(_mebibytes())}, ("at most", MOST_MEBIBYTES)),
            Figure("copies moved", "copies", {"all": sum(one.best.plan.moves for one in regions)}),
            Figure("trips", "trips", {"all": sum(int(one.best.plan.trips.sum()) for one in regions)}),
        ],
    )


def _worst(name: str, unit: str, values: list[float], most: float) -> Figure:
    return Figure(name, unit, {"worst region": round(max(values), 2)}, ("at most", most))


def _mebibytes() -> float:
    """The most memory that this process ever held."""
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / 1024**2 if sys.platform == "darwin" else used / 1024
