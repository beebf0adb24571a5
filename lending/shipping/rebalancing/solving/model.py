"""The problem as rows and columns for HiGHS, built without a loop over its parts.

Columns: copies on each arc; the steps up that a place's gains take, and the steps down; how often each trip is made.
Since gains fall along their steps, steps need no order of their own. Rows: what comes and goes in a place is what it
steps up and down; no more leaves a place than may; a trip carries no more than it holds; the budget.
"""

from dataclasses import dataclass

import numpy as np

from lending.shipping.rebalancing.rules.arrays import Floats, Ints
from lending.shipping.rebalancing.rules.problem import CENT, Problem
from lending.shipping.rebalancing.solving.arcs import Arcs
from lending.shipping.rebalancing.solving.steps import Nodes, nodes_of, steps_down, steps_up

# Among plans that are worth the same, the one whose routes come first: at most this much of a euro per copy.
MOST_TIE_EUROS = 1e-4


@dataclass(frozen=True, slots=True)
class Model:
    """Columns with cost, upper bounds (the lower ones are 0) and entries; rows with bounds. The cost is to be small."""

    cost: Floats
    upper: Floats
    is_whole: Ints
    starts: Ints
    rows: Ints
    values: Floats
    row_lower: Floats
    row_upper: Floats
    arcs: int


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns of one sort: cost and upper bound of each; for each entry its column (counted here), row and value."""

    cost: Floats
    upper: Floats
    column: Ints
    row: Ints
    value: Floats


@dataclass(frozen=True, slots=True)
class _Rows:
    """Where each sort of row begins: balances, what may leave, trips, the arcs' own links to their trip, the budget."""

    leave: int
    trip: int
    link: int
    budget: int


def model_of(problem: Problem, arcs: Arcs, links: Ints) -> Model:
    """The model of the arcs that may pay, with links of some arcs to their trips: see `linked`."""
    nodes = nodes_of(problem, arcs)
    up, down = steps_up(problem, arcs, nodes), steps_down(problem, arcs, nodes)
    known, row_of = np.unique(np.concatenate([nodes.source, nodes.target, up.node, down.node]), return_inverse=True)
    ends = np.cumsum([len(arcs.title), len(arcs.title), len(up.node)])
    source, target, up_row, down_row = np.split(row_of, ends)
    trips = len(problem.trips.most)
    rows = _Rows(len(known), 2 * len(known), 2 * len(known) + trips, 2 * len(known) + trips + len(links))
    carried = most_on(problem, nodes)
    sorts = [
        _copies(problem, arcs, Nodes(source, target), carried, rows, links),
        _steps(-up.euros, up_row, -1.0),
        _steps(down.euros, down_row, 1.0),
        _trips(problem, arcs, carried, rows, links),
    ]
    starts, row, value = _by_column(sorts)
    upper = np.concatenate([one.upper for one in sorts])
    is_whole = np.zeros(len(upper), np.int64)
    is_whole[len(upper) - trips :] = 1
    movable = problem.movable.ravel()[known].astype(float)
    budget = np.inf if problem.budget_euros is None else problem.budget_euros
    balanced, bounded = np.zeros(len(known)), np.zeros(trips + len(links))
    return Model(
        cost=np.concatenate([one.cost for one in sorts]),
        upper=upper,
        is_whole=is_whole,
        starts=starts,
        rows=row,
        values=value,
        row_lower=np.concatenate([balanced, np.full(rows.budget + 1 - len(known), -np.inf)]),
        row_upper=np.concatenate([balanced, movable, bounded, [budget]]),
        arcs=len(arcs.title),
    )


def tie_euros(problem: Problem) -> float:
    """What the last route makes a copy dearer; all copies together stay below a cent."""
    return min(MOST_TIE_EUROS, CENT / 2 / max(float(problem.movable.sum()), 1.0))


def linked(problem: Problem, arcs: Arcs, carried: Floats) -> Floats:
    """At most so many copies go on an arc each time that its trip is made.

    A link says of one arc alone that nothing goes without its trip. All links follow from the trips' room once trips
    are whole, but without them a solver sees fractions of trips that cost next to nothing.
    """
    return np.minimum(carried, problem.trips.capacity[problem.routes.trip[arcs.route]])


def most_on(problem: Problem, nodes: Nodes) -> Floats:
    """How many copies an arc could carry at most."""
    movable, room = problem.movable.ravel(), problem.room.ravel()
    return np.asarray(np.minimum(movable[nodes.source], room[nodes.target] + movable[nodes.target]), dtype=np.float64)


def _copies(problem: Problem, arcs: Arcs, ends: Nodes, carried: Floats, rows: _Rows, links: Ints) -> Columns:
    """A copy on an arc leaves one balance, joins the other, uses the place's leave, room on the trip and money."""
    unit, trip = problem.routes.unit_euros[arcs.route], problem.routes.trip[arcs.route]
    count = len(unit)
    one, arc = np.ones(count), np.arange(count)
    tie = tie_euros(problem) * arcs.route / max(len(problem.routes.trip), 1)
    row = [ends.source, ends.target, rows.leave + ends.source, rows.trip + trip]
    return Columns(
        cost=unit + tie,
        upper=carried,
        column=np.concatenate([np.tile(arc, len(row) + 1), links]),
        row=np.concatenate([*row, np.full(count, rows.budget), rows.link + np.arange(len(links))]),
        value=np.concatenate([-one, one, one, one, unit, one[links]]),
    )


def _steps(cost: Floats, row: Ints, entry: float) -> Columns:
    """One copy more or fewer in a balance."""
    return Columns(cost, np.ones(len(row)), np.arange(len(row)), row, np.full(len(row), entry))


def _trips(problem: Problem, arcs: Arcs, carried: Floats, rows: _Rows, links: Ints) -> Columns:
    """A trip gives room for copies and costs money. What could never fill it is not offered as room."""
    trips, trip = problem.trips, problem.routes.trip[arcs.route]
    count = len(trips.most)
    room = np.minimum(trips.capacity, np.maximum(np.bincount(trip, carried, count), 1.0))
    number = np.arange(count)
    return Columns(
        cost=trips.fixed_euros,
        upper=trips.most.astype(float),
        column=np.concatenate([number, trip[links], number]),
        row=np.concatenate([rows.trip + number, rows.link + np.arange(len(links)), np.full(count, rows.budget)]),
        value=np.concatenate([-room, -linked(problem, arcs, carried)[links], trips.fixed_euros]),
    )


def _by_column(sorts: list[Columns]) -> tuple[Ints, Ints, Floats]:
    """Where each column starts, the row of each entry, each entry."""
    first = np.concatenate([[0], np.cumsum([len(one.cost) for one in sorts])])
    column = np.concatenate([one.column + before for one, before in zip(sorts, first[:-1], strict=True)])
    row = np.concatenate([one.row for one in sorts])
    value = np.concatenate([one.value for one in sorts])
    order = np.lexsort((row, column))
    starts = np.concatenate([[0], np.cumsum(np.bincount(column, minlength=int(first[-1])))])
    return starts, row[order], value[order]
