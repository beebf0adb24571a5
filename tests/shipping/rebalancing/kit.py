"""Small problems that one can solve in the head, and a solver that tries everything."""

import itertools

import numpy as np

from lending.shipping.rebalancing.rules.problem import Plan, Problem, Routes, Trips, is_sound, plan_of, value_of

MANY = 99


def problem(
    gains: list[list[list[float]]],
    held: list[list[int]],
    *,
    movable: list[list[int]] | None = None,
    room: list[list[int]] | None = None,
    routes: list[tuple[int, int]] | None = None,
    unit: float = 1.0,
    fixed: float = 0.0,
    capacity: int = MANY,
    trips: int = 1,
    budget: float | None = None,
) -> Problem:
    """Each route has a trip of its own; by default every place may send to every other one."""
    places = len(held[0])
    ends = routes or [(i, j) for i in range(places) for j in range(places) if i != j]
    count = len(ends)
    return Problem(
        gains=np.array(gains, float),
        held=np.array(held, np.int64),
        movable=np.array(movable if movable is not None else held, np.int64),
        room=np.array(room if room is not None else np.full_like(held, MANY), np.int64),
        routes=Routes(
            np.array([i for i, _ in ends], np.int64),
            np.array([j for _, j in ends], np.int64),
            np.full(count, unit),
            np.arange(count),
        ),
        trips=Trips(np.full(count, fixed), np.full(count, capacity, np.int64), np.full(count, trips, np.int64)),
        budget_euros=budget,
    )


def moves(problem: Problem, plan: Plan) -> list[tuple[int, int, int, int]]:
    """A plan as (title, from, to, copies), in order."""
    routes = problem.routes
    return sorted(
        (int(title), int(routes.from_place[route]), int(routes.to_place[route]), int(count))
        for title, route, count in zip(plan.title, plan.route, plan.count, strict=True)
    )


def best_value(problem: Problem) -> float:
    """The highest value of all plans there are: every count on every route is tried."""
    titles, routes = len(problem.held), len(problem.routes.trip)
    most = [
        range(int(problem.movable[title, problem.routes.from_place[route]]) + 1)
        for title in range(titles)
        for route in range(routes)
    ]
    title = np.repeat(np.arange(titles), routes)
    route = np.tile(np.arange(routes), titles)
    plans = (plan_of(problem, title, route, np.array(counts, np.int64)) for counts in itertools.product(*most))
    return max(value_of(problem, plan) for plan in plans if is_sound(problem, plan))
