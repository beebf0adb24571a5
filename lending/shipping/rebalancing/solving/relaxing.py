"""Large plans: a linear program bounds them; which trips are made is then settled by trying.

Links between arcs and trips are added where an answer breaks them: few of thousands ever matter. With the trips given,
what remains is a flow, whose answers are whole copies.
"""

import time

import numpy as np

from lending.shipping.rebalancing.rules.arrays import Floats, Ints
from lending.shipping.rebalancing.rules.problem import Problem
from lending.shipping.rebalancing.solving.arcs import Arcs
from lending.shipping.rebalancing.solving.model import linked, model_of, most_on
from lending.shipping.rebalancing.solving.solver import Answer, Solver
from lending.shipping.rebalancing.solving.steps import nodes_of

BROKEN = 1e-4
MOST_ROUNDS = 12
# Where an answer makes half a trip, it is made or not; both are tried, and what lies between.
CUTS = (0.5, 0.3, 0.7, 0.15)
MOST_PASSES = 3
WORTH_A_CHANGE = 1e-4


class Relaxation:
    """The problem without whole numbers, which trips may be fixed in."""

    def __init__(self, problem: Problem, arcs: Arcs, seconds: float) -> None:
        """Nothing is solved yet. All answers together take so many seconds at most."""
        self._ends_at = time.monotonic() + seconds
        self._trip = problem.routes.trip[arcs.route]
        self._trips = len(problem.trips.most)
        self._most = problem.trips.most.astype(float)
        self._per_trip = linked(problem, arcs, most_on(problem, nodes_of(problem, arcs)))
        model = model_of(problem, arcs, np.zeros(0, np.int64))
        self._first_trip = len(model.cost) - self._trips
        self._solver = Solver(model, np.zeros(len(model.cost), np.int64), 0.0)
        self.links: Ints = np.zeros(0, np.int64)

    def relaxed(self) -> Answer:
        """The answer whose value no plan exceeds."""
        answer = self._run()
        for _ in range(MOST_ROUNDS):
            broken = self._broken(answer)
            if not len(broken) or self.is_late:
                break
            self.links = np.concatenate([self.links, broken])
            columns = np.stack([broken, self._first_trip + self._trip[broken]], axis=1)
            values = np.stack([np.ones(len(broken)), -self._per_trip[broken]], axis=1)
            self._solver.add_rows(columns, values)
            following = self._run()
            if following.columns is None:
                break
            answer = following
        return answer

    def with_trips(self, relaxed: Answer, gap: float) -> Answer:
        """The best answer found with whole trips, until it is within the gap of the bound or time is over."""
        if relaxed.columns is None:
            return relaxed
        wanted = relaxed.columns[self._first_trip :]
        enough = relaxed.bound * (1.0 - gap)
        best, trips = Answer(None, -np.inf, relaxed.bound), np.zeros(self._trips)
        for cut in CUTS:
            tried = np.minimum(np.floor(wanted + 1.0 - cut - 1e-9), self._most)
            answer = self._fixed(tried)
            if answer.value > best.value:
                best, trips = answer, tried
            if best.value >= enough or self.is_late:
                return best
        return self._changed(best, trips, np.argsort(-np.abs(wanted - trips), kind="stable"), enough)

    @property
    def is_late(self) -> bool:
        """Whether the time is over."""
        return time.monotonic() >= self._ends_at

    def _changed(self, best: Answer, trips: Floats, order: Ints, enough: float) -> Answer:
        """Make one trip more or fewer as long as that helps."""
        for _ in range(MOST_PASSES):
            before = best.value
            for trip in order.tolist():
                for count in (trips[trip] - 1.0, trips[trip] + 1.0):
                    if not 0.0 <= count <= self._most[trip]:
                        continue
                    tried = trips.copy()
                    tried[trip] = count
                    answer = self._fixed(tried)
                    if answer.value > best.value + WORTH_A_CHANGE:
                        best, trips = answer, tried
                if best.value >= enough or self.is_late:
                    return best
            if best.value <= before:
                break
        return best

    def _fixed(self, trips: Floats) -> Answer:
        self._solver.fix_last(trips)
        return self._run()

    def _run(self) -> Answer:
        return self._solver.run(self._ends_at - time.monotonic())

    def _broken(self, answer: Answer) -> Ints:
        if answer.columns is None:
            return np.zeros(0, np.int64)
        made = answer.columns[self._first_trip :]
        over = answer.columns[: len(self._trip)] - self._per_trip * made[self._trip]
        over[self.links] = 0.0
        return np.nonzero(over > BROKEN)[0]
