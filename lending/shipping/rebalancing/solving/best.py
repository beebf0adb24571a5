"""The best plan that is found in the time given, with the bound that no plan can beat."""

import math
from dataclasses import dataclass

import numpy as np

from lending.shipping.rebalancing.rules.arrays import Ints
from lending.shipping.rebalancing.rules.problem import (
    CENT,
    Plan,
    Problem,
    check_plan,
    is_sound,
    no_plan,
    plan_of,
    value_of,
)
from lending.shipping.rebalancing.solving.arcs import Arcs, worthwhile
from lending.shipping.rebalancing.solving.greedy import greedy
from lending.shipping.rebalancing.solving.model import Model, model_of, tie_euros
from lending.shipping.rebalancing.solving.relaxing import Relaxation
from lending.shipping.rebalancing.solving.solver import Answer, Solver

# Up to so many columns the very best is found at once.
SMALL = 2000
USUAL_GAP = 0.005
WHOLE = 1e-5


@dataclass(frozen=True, slots=True)
class Solved:
    """A plan, what it is worth, and what no plan on these arcs can exceed; `bound_euros` is endless if unknown."""

    plan: Plan
    value_euros: float
    bound_euros: float
    is_greedy: bool

    @property
    def share_of_bound(self) -> float:
        """How much of the bound the plan reaches, 0 to 1; 0 where no bound is known, all of it within a cent."""
        if not math.isfinite(self.bound_euros):
            return 0.0
        if self.bound_euros - self.value_euros <= CENT:
            return 1.0
        return max(0.0, self.value_euros / self.bound_euros)


def first_answer(problem: Problem, most_per_title: int | None = None) -> Solved:
    """The greedy plan, at once and without a bound."""
    plan = greedy(problem, worthwhile(problem, most_per_title))
    check_plan(problem, plan)
    return Solved(plan, value_of(problem, plan), math.inf, is_greedy=True)


def solve(problem: Problem, seconds: float, gap: float = USUAL_GAP, most_per_title: int | None = None) -> Solved:
    """The best plan found in so many seconds, at least as good as the greedy one.

    The same problem gives the same plan unless time runs out on the way. With `most_per_title` only the best arcs of
    each title are looked at, and the bound holds for these.
    """
    arcs = worthwhile(problem, most_per_title)
    if not len(arcs.title):
        return Solved(no_plan(problem), 0.0, 0.0, is_greedy=False)
    quick = greedy(problem, arcs)
    check_plan(problem, quick)
    model = model_of(problem, arcs, np.arange(len(arcs.title)))
    if len(model.cost) <= SMALL:
        return _best_of(problem, arcs, quick, [_exact(model, seconds)])
    return _large(problem, arcs, quick, seconds, gap)


def _exact(model: Model, seconds: float) -> Answer:
    is_whole = model.is_whole.copy()
    is_whole[: model.arcs] = 1
    return Solver(model, is_whole, 0.0).run(seconds)


def _large(problem: Problem, arcs: Arcs, quick: Plan, seconds: float, gap: float) -> Solved:
    """Relax, settle the trips; where that is not near enough to the bound, branch in the rest of the time."""
    relaxation = Relaxation(problem, arcs, seconds / 2)
    relaxed = relaxation.relaxed()
    settled = relaxation.with_trips(relaxed, gap)
    found = _best_of(problem, arcs, quick, [settled])
    if found.share_of_bound >= 1.0 - 2 * gap:
        return found
    model = model_of(problem, arcs, relaxation.links)
    branched = Solver(model, model.is_whole, gap).run(seconds / 2)
    return _best_of(problem, arcs, quick, [settled, branched])


def _best_of(problem: Problem, arcs: Arcs, quick: Plan, answers: list[Answer]) -> Solved:
    """The best of several plans, and the lowest of the bounds. The tie-break hides less than a cent in all."""
    plans = [plan for one in answers if (plan := _plan_in(problem, arcs, one)) is not None]
    plan = max([quick, *plans], key=lambda one: value_of(problem, one))
    value = value_of(problem, plan)
    bound = min((one.bound for one in answers), default=math.inf)
    slack = tie_euros(problem) * float(problem.movable.sum()) if math.isfinite(bound) else 0.0
    return Solved(plan, value, max(bound + slack, value), is_greedy=plan is quick and not plans)


def _plan_in(problem: Problem, arcs: Arcs, answer: Answer) -> Plan | None:
    """The plan of an answer; what is not whole is left where it is, and a plan that this breaks is none."""
    if answer.columns is None:
        return None
    counts: Ints = np.floor(answer.columns[: len(arcs.title)] + WHOLE).astype(np.int64)
    plan = plan_of(problem, arcs.title, arcs.route, counts)
    return plan if is_sound(problem, plan) else None
