"""The first answer: the best copy first, then without the trips that do not pay.

It is quick and breaks no rule, and it may miss a tenth of what could be had: two moves that share a trip are seen only
once both are there.
"""

import heapq

import numpy as np

from lending.shipping.rebalancing.rules.arrays import Flags, Floats, Ints
from lending.shipping.rebalancing.rules.problem import Plan, Problem, cost_of, no_plan, plan_of, value_of
from lending.shipping.rebalancing.solving.arcs import LEAST_EUROS, Arcs

MOST_ROUNDS = 12


def greedy(problem: Problem, arcs: Arcs) -> Plan:
    """A plan that keeps every rule; nothing moves where nothing pays."""
    is_open = np.ones(len(problem.trips.most), bool)
    best = no_plan(problem)
    for _ in range(MOST_ROUNDS):
        counts, earned = _filled(problem, arcs, is_open)
        plan = _within_budget(problem, arcs, counts)
        best = max(best, plan, key=lambda one: value_of(problem, one))
        losing = _losing(problem, arcs, counts, earned)
        if not losing.any():
            break
        is_open &= ~losing
    return best


def _filled(problem: Problem, arcs: Arcs, is_open: Flags) -> tuple[Ints, Floats]:
    """Copies by arc, the dearest first, as if trips that are open cost nothing; and what each trip earns."""
    filling = _Filling(problem, arcs)
    usable = is_open[problem.routes.trip[arcs.route]]
    heap = [(-net, arc) for arc, net in enumerate(arcs.net_euros.tolist()) if usable[arc]]
    heapq.heapify(heap)
    while heap:
        said, arc = heapq.heappop(heap)
        net = filling.net(arc)
        if net <= LEAST_EUROS:
            continue
        if net < -said - LEAST_EUROS:
            heapq.heappush(heap, (-net, arc))
            continue
        filling.move(arc, net)
        heapq.heappush(heap, (-net, arc))
    return filling.counts, filling.earned


class _Filling:
    """Copies on their way while a plan is filled."""

    def __init__(self, problem: Problem, arcs: Arcs) -> None:
        self._gains = problem.gains
        self._copies = problem.held.copy()
        self._may_leave, self._may_come = problem.movable.copy(), problem.room.copy()
        routes, trips = problem.routes, problem.trips
        self._title = arcs.title.tolist()
        self._route = arcs.route.tolist()
        self._from, self._to = routes.from_place.tolist(), routes.to_place.tolist()
        self._unit, self._trip = routes.unit_euros.tolist(), routes.trip.tolist()
        self._left = (trips.capacity * trips.most).tolist()
        self.counts = np.zeros(len(arcs.title), np.int64)
        self.earned = np.zeros(len(trips.most))

    def net(self, arc: int) -> float:
        """What one more copy on the arc brings now; nothing where it may not go."""
        title, route = self._title[arc], self._route[arc]
        here, there = self._from[route], self._to[route]
        is_free = self._may_leave[title, here] > 0 and self._may_come[title, there] > 0
        if not is_free or self._left[self._trip[route]] <= 0:
            return 0.0
        gain = self._gains[title, there, self._copies[title, there]]
        loss = self._gains[title, here, self._copies[title, here] - 1]
        return float(gain - loss - self._unit[route])

    def move(self, arc: int, net: float) -> None:
        """Put one copy on its way."""
        title, route = self._title[arc], self._route[arc]
        here, there, trip = self._from[route], self._to[route], self._trip[route]
        self._copies[title, here] -= 1
        self._copies[title, there] += 1
        self._may_leave[title, here] -= 1
        self._may_come[title, there] -= 1
        self._left[trip] -= 1
        self.counts[arc] += 1
        self.earned[trip] += net


def _losing(problem: Problem, arcs: Arcs, counts: Ints, earned: Floats) -> Flags:
    """The trips to close: of those that earn less than they cost, the worse half."""
    trips = plan_of(problem, arcs.title, arcs.route, counts).trips
    short = problem.trips.fixed_euros * trips - earned
    losing = (trips > 0) & (short > 0)
    if not losing.any():
        return losing
    share = earned / np.maximum(problem.trips.fixed_euros * trips, LEAST_EUROS)
    return np.asarray(losing & (share <= np.median(share[losing])))


def _within_budget(problem: Problem, arcs: Arcs, counts: Ints) -> Plan:
    """The plan, without the trips that bring least for their money where it costs too much."""
    plan = plan_of(problem, arcs.title, arcs.route, counts)
    budget = problem.budget_euros
    if budget is None or cost_of(problem, plan) <= budget:
        return plan
    of_trip = problem.routes.trip[arcs.route]
    earned = np.bincount(of_trip, arcs.net_euros * counts, len(plan.trips))
    spent = problem.trips.fixed_euros * plan.trips + np.bincount(
        of_trip, problem.routes.unit_euros[arcs.route] * counts, len(plan.trips)
    )
    kept = counts.copy()
    left = budget
    for trip in np.argsort(-earned / np.maximum(spent, LEAST_EUROS), kind="stable"):
        if spent[trip] <= left:
            left -= float(spent[trip])
        else:
            kept[of_trip == trip] = 0
    return plan_of(problem, arcs.title, arcs.route, kept)
