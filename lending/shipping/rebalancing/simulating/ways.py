"""Ways to place copies before a year begins: a naive rule, and our plan from what was noted of former years."""

from dataclasses import dataclass

import numpy as np

from lending.shipping.rebalancing.rules.arrays import Floats, Ints
from lending.shipping.rebalancing.rules.costs import Prices, direct
from lending.shipping.rebalancing.rules.demand import demand_of
from lending.shipping.rebalancing.rules.problem import Problem, after, total_gain
from lending.shipping.rebalancing.rules.serving import gains_of_periods
from lending.shipping.rebalancing.simulating.network import MadeUpRegion
from lending.shipping.rebalancing.simulating.year import LOAN_DAYS, PERIOD_DAYS, made_up_requests, year
from lending.shipping.rebalancing.solving.best import solve
from lending.shipping.rebalancing.solving.fairness import fairer

# Of ten people who found nothing, six left a trace.
NOTED_SHARE = 0.6
HISTORY_YEARS = 2
LOAN_EUROS = 15.0
MOST_MORE = 4
# So much time that none is ever missing: a seed gives the same year however busy the machine is.
SOLVING_SECONDS, GAP = 600.0, 0.01


@dataclass(frozen=True, slots=True)
class Placed:
    """Copies after the moves, (titles, places); how many moved, the kilometres of all trips, loans expected of it."""

    held: Ints
    moves: int = 0
    km: float = 0.0
    expected_more: float = 0.0


def equalised(region: MadeUpRegion) -> Placed:
    """The naive rule: as many copies of each title everywhere, by the shortest ways; what is left over stays."""
    held, load = region.held.copy(), np.zeros_like(region.km)
    for copies in held:
        while (most := copies.max()) - (least := copies.min()) > 1:
            givers, takers = np.nonzero(copies == most)[0], np.nonzero(copies == least)[0]
            near = np.argmin(region.km[np.ix_(givers, takers)])
            giver, taker = givers[near // len(takers)], takers[near % len(takers)]
            copies[giver] -= 1
            copies[taker] += 1
            load[giver, taker] += 1
    trips = np.ceil(load / Prices().capacity)
    return Placed(held, int(load.sum()), float((trips * region.km).sum()))


def noted_demand(region: MadeUpRegion, chance: np.random.Generator) -> Floats:
    """The demand, (titles, places, periods), as it is learnt from what was served and noted in former years."""
    counts = np.zeros((*region.held.shape, 5))
    for _ in range(HISTORY_YEARS):
        outcome = year(region.held, region.km, made_up_requests(region, chance))
        unmet = (outcome.requests - outcome.served).astype(np.int64)
        counts += outcome.served + chance.binomial(unmet, NOTED_SHARE)
    group = np.zeros(len(counts), np.int64)
    return demand_of(counts, group, region.people, HISTORY_YEARS).of_periods()


def planned(region: MadeUpRegion, demand: Floats, *, most_km: float | None = None, fairness_percent: int = 0) -> Placed:
    """Our plan. With `most_km` only kilometres cost anything, and no more of them may be driven."""
    prices = Prices() if most_km is None else Prices(copy_euros=0.01, trip_euros=0.0)
    budget = None if most_km is None else most_km * prices.km_euros
    days = np.full((region.held.shape[1], demand.shape[2]), PERIOD_DAYS)
    steps = int(region.held.max(initial=0)) + MOST_MORE
    gains = gains_of_periods(demand, days, np.full(len(region.held), LOAN_DAYS), steps)
    room = np.full_like(region.held, MOST_MORE)
    given = Problem(gains * LOAN_EUROS, region.held, region.held, room, *direct(region.km, prices), budget)
    fair = fairer(given, gains, demand.sum(axis=2), fairness_percent)
    plan = solve(fair, SOLVING_SECONDS, GAP).plan
    held = after(given, plan)
    ways = region.km[given.routes.from_place, given.routes.to_place]
    more = float((total_gain(gains, held) - total_gain(gains, region.held)).sum())
    return Placed(held, plan.moves, float((ways * plan.trips).sum()), more)
