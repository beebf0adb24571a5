"""What a plan decides on, and what a plan must never do. Money is in euros, counts are whole copies."""

from dataclasses import dataclass

import numpy as np

from lending.shipping.rebalancing.rules.arrays import Floats, Ints

CENT = 0.01


@dataclass(frozen=True, slots=True)
class Routes:
    """Who may send to whom: from and to which place, what a copy costs, and on which trip it goes."""

    from_place: Ints
    to_place: Ints
    unit_euros: Floats
    trip: Ints


@dataclass(frozen=True, slots=True)
class Trips:
    """Trips that can be made: what one costs, how many copies it carries, how often it is made at most."""

    fixed_euros: Floats
    capacity: Ints
    most: Ints


@dataclass(frozen=True, slots=True)
class Problem:
    """What is known before a plan.

    `gains` is what the k-th copy of a title in a place is worth in euros, (titles, places, k), falling along k. `held`,
    `movable` and `room` are (titles, places): copies there, how many of them may leave, how many more may come.
    """

    gains: Floats
    held: Ints
    movable: Ints
    room: Ints
    routes: Routes
    trips: Trips
    budget_euros: float | None = None

    def next_gain(self) -> Floats:
        """What one more copy is worth in each place; nothing may come where there is no room."""
        most = self.gains.shape[2]
        found = np.take_along_axis(self.gains, np.minimum(self.held, most - 1)[:, :, None], 2)[:, :, 0]
        return np.where((self.room > 0) & (self.held < most), found, -np.inf)

    def first_loss(self) -> Floats:
        """What one copy fewer takes away; endless where none may leave."""
        found = np.take_along_axis(self.gains, np.maximum(self.held - 1, 0)[:, :, None], 2)[:, :, 0]
        return np.where((self.movable > 0) & (self.held > 0), found, np.inf)


@dataclass(frozen=True, slots=True)
class Plan:
    """So many copies of a title on a route, and how often each trip is made."""

    title: Ints
    route: Ints
    count: Ints
    trips: Ints

    @property
    def moves(self) -> int:
        """How many copies move."""
        return int(self.count.sum())


class BrokenPlanError(AssertionError):
    """A plan breaks a rule: a defect of who made it, never of who asked."""


def no_plan(problem: Problem) -> Plan:
    """Nothing moves."""
    nothing = np.zeros(0, np.int64)
    return Plan(nothing, nothing, nothing, np.zeros(len(problem.trips.most), np.int64))


def trips_needed(problem: Problem, route: Ints, count: Ints) -> Ints:
    """How often each trip is made to carry so many copies."""
    load = np.bincount(problem.routes.trip[route], count, len(problem.trips.most))
    return np.asarray(np.ceil(load / problem.trips.capacity - 1e-9), dtype=np.int64)


def plan_of(problem: Problem, title: Ints, route: Ints, count: Ints) -> Plan:
    """A plan from the copies on each route, with as few trips as they need, in the order of titles and routes."""
    moved = count > 0
    title, route, count = title[moved], route[moved], count[moved]
    order = np.lexsort((route, title))
    return Plan(title[order], route[order], count[order], trips_needed(problem, route, count))


def leaving(problem: Problem, plan: Plan) -> Ints:
    """Copies that leave each place, (titles, places)."""
    return _spread(problem, plan, problem.routes.from_place)


def arriving(problem: Problem, plan: Plan) -> Ints:
    """Copies that come to each place, (titles, places)."""
    return _spread(problem, plan, problem.routes.to_place)


def after(problem: Problem, plan: Plan) -> Ints:
    """Copies in each place once the plan is carried out, (titles, places)."""
    return problem.held + arriving(problem, plan) - leaving(problem, plan)


def cost_of(problem: Problem, plan: Plan) -> float:
    """What moving costs, in euros: each copy and each trip."""
    copies = (problem.routes.unit_euros[plan.route] * plan.count).sum()
    return float(copies + (problem.trips.fixed_euros * plan.trips).sum())


def worth_of(problem: Problem, plan: Plan) -> float:
    """What the loans won are worth, in euros, before the cost of moving."""
    return float((total_gain(problem.gains, after(problem, plan)) - total_gain(problem.gains, problem.held)).sum())


def value_of(problem: Problem, plan: Plan) -> float:
    """What a plan is worth in the end, in euros."""
    return worth_of(problem, plan) - cost_of(problem, plan)


def total_gain(gains: Floats, copies: Ints) -> Floats:
    """What so many copies are worth together, (titles, places)."""
    summed = np.concatenate([np.zeros((*gains.shape[:2], 1)), gains.cumsum(axis=2)], axis=2)
    return np.asarray(np.take_along_axis(summed, copies[:, :, None], 2)[:, :, 0])


def check_plan(problem: Problem, plan: Plan) -> None:
    """Raise BrokenPlanError when a plan moves what may not move, overfills a trip or a place, or costs too much."""
    if broken := broken_rules(problem, plan):
        raise BrokenPlanError(", ".join(broken))


def is_sound(problem: Problem, plan: Plan) -> bool:
    """Whether a plan keeps every rule."""
    return not broken_rules(problem, plan)


def broken_rules(problem: Problem, plan: Plan) -> list[str]:
    """The rules that a plan breaks."""
    out, into = leaving(problem, plan), arriving(problem, plan)
    load = np.bincount(problem.routes.trip[plan.route], plan.count, len(plan.trips))
    budget = problem.budget_euros
    rules = {
        "negative": (plan.count < 0).any() or (plan.trips < 0).any(),
        "copies that may not leave": (out > problem.movable).any(),
        "no room": (into - out > problem.room).any(),
        "an overfull trip": (load > problem.trips.capacity * plan.trips).any(),
        "too many trips": (plan.trips > problem.trips.most).any(),
        "beyond the budget": budget is not None and cost_of(problem, plan) > budget + CENT,
    }
    return [name for name, is_broken in rules.items() if is_broken]


def _spread(problem: Problem, plan: Plan, place: Ints) -> Ints:
    spread = np.zeros(problem.held.shape, np.int64)
    np.add.at(spread, (plan.title, place[plan.route]), plan.count)
    return spread
