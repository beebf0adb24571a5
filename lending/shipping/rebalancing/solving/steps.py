"""The steps that gains take up and down from the copies that are there: only those that could be taken."""

from dataclasses import dataclass

import numpy as np

from lending.shipping.rebalancing.rules.arrays import Floats, Ints
from lending.shipping.rebalancing.rules.problem import Problem
from lending.shipping.rebalancing.solving.arcs import Arcs


@dataclass(frozen=True, slots=True)
class Nodes:
    """Where the copies of each arc leave and arrive: title × places + place."""

    source: Ints
    target: Ints


@dataclass(frozen=True, slots=True)
class Steps:
    """Steps, each of one copy: in which node, and what it brings or takes away."""

    node: Ints
    euros: Floats


def nodes_of(problem: Problem, arcs: Arcs) -> Nodes:
    """The ends of each arc."""
    places, routes = problem.held.shape[1], problem.routes
    return Nodes(arcs.title * places + routes.from_place[arcs.route], arcs.title * places + routes.to_place[arcs.route])


def steps_up(problem: Problem, arcs: Arcs, nodes: Nodes) -> Steps:
    """What one copy more, two more … bring, as long as that is above the cheapest way to get one."""
    cheapest = np.full(problem.held.size, np.inf)
    need = problem.first_loss().ravel()[nodes.source] + problem.routes.unit_euros[arcs.route]
    np.minimum.at(cheapest, nodes.target, need)
    node = np.unique(nodes.target)
    held, room = problem.held.ravel()[node], problem.room.ravel()[node]
    step = np.arange(problem.gains.shape[2])
    index = held[:, None] + step[None, :]
    euros = _gains_at(problem, node, index)
    taken = (step < room[:, None]) & (index < problem.gains.shape[2]) & (euros > cheapest[node][:, None])
    row, column = np.nonzero(taken)
    return Steps(node[row], euros[row, column])


def steps_down(problem: Problem, arcs: Arcs, nodes: Nodes) -> Steps:
    """What one copy fewer, two fewer … take away, as long as that is below the best use elsewhere."""
    dearest = np.full(problem.held.size, -np.inf)
    use = problem.next_gain().ravel()[nodes.target] - problem.routes.unit_euros[arcs.route]
    np.maximum.at(dearest, nodes.source, use)
    node = np.unique(nodes.source)
    held, movable = problem.held.ravel()[node], problem.movable.ravel()[node]
    step = np.arange(problem.gains.shape[2])
    index = held[:, None] - 1 - step[None, :]
    euros = _gains_at(problem, node, index)
    taken = (step < movable[:, None]) & (index >= 0) & (euros < dearest[node][:, None])
    row, column = np.nonzero(taken)
    return Steps(node[row], euros[row, column])


def _gains_at(problem: Problem, node: Ints, index: Ints) -> Floats:
    of_node = problem.gains.reshape(-1, problem.gains.shape[2])[node]
    return np.asarray(np.take_along_axis(of_node, np.clip(index, 0, of_node.shape[1] - 1), 1))
