"""Which titles could go where at all: what cannot pay is left out before anybody looks for a plan."""

from dataclasses import dataclass

import numpy as np

from lending.shipping.rebalancing.rules.arrays import Floats, Ints
from lending.shipping.rebalancing.rules.problem import Problem

# Titles looked at together: bounds the memory where every association may send to every other.
TITLES_AT_ONCE = 250
# A copy moves for more than the tenth of a cent.
LEAST_EUROS = 0.001


@dataclass(frozen=True, slots=True)
class Arcs:
    """A title on a route, with what its first copy brings after its own cost, before the trip's."""

    title: Ints
    route: Ints
    net_euros: Floats


def worthwhile(problem: Problem, most_per_title: int | None = None) -> Arcs:
    """The arcs on which a copy brings more than its loss and its own cost.

    What a first copy cannot earn a later one cannot either, since gains fall and losses grow. With `most_per_title`
    only the best arcs of each title are kept: then a bound holds for these alone.
    """
    gain, loss = problem.next_gain(), problem.first_loss()
    parts = [_of_titles(problem, gain, loss, first, most_per_title) for first in range(0, len(gain), TITLES_AT_ONCE)]
    if not parts:
        parts = [(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))]
    title, route, net = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Arcs(title, route, net)


def _of_titles(
    problem: Problem, gain: Floats, loss: Floats, first: int, most_per_title: int | None
) -> tuple[Ints, Ints, Floats]:
    some = slice(first, first + TITLES_AT_ONCE)
    routes = problem.routes
    net = gain[some][:, routes.to_place] - loss[some][:, routes.from_place] - routes.unit_euros
    if most_per_title is not None and most_per_title < net.shape[1]:
        least = np.partition(net, -most_per_title, axis=1)[:, -most_per_title]
        net = np.where(net >= least[:, None], net, -np.inf)
    title, route = np.nonzero(net > LEAST_EUROS)
    return title + first, route, net[title, route]
