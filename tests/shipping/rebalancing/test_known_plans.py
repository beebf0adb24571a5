"""Small problems whose best plan is known: exactly that plan comes out."""

from dataclasses import dataclass

import pytest

from lending.shipping.rebalancing.rules.problem import Problem, value_of
from lending.shipping.rebalancing.solving.best import first_answer, solve
from tests.shipping.rebalancing.kit import best_value, moves, problem

Moves = list[tuple[int, int, int, int]]


@dataclass
class Case:
    name: str
    given: Problem
    plan: Moves
    euros: float


# Gains are euros of the first, second, third copy; a copy costs 1 € to move, and a trip what `fixed` says.
IDLE, WANTED = [2.0, 0.5, 0.1], [20.0, 12.0, 5.0]
CASES = [
    Case("nothing to move: everybody is served alike", problem([[WANTED, WANTED]], [[1, 1]]), [], 0.0),
    Case("nothing to move: nobody has a copy", problem([[WANTED, WANTED]], [[0, 0]]), [], 0.0),
    Case("one obvious move", problem([[IDLE, WANTED]], [[1, 0]]), [(0, 0, 1, 1)], 17.0),
    Case(
        "two copies go, the third would bring less than it costs",
        problem([[[9.0, 0.5, 0.1], [20.0, 12.0, 1.0]]], [[3, 0]]),
        [(0, 0, 1, 2)],
        29.4,
    ),
    Case("the trip costs more than one move brings", problem([[IDLE, WANTED]], [[1, 0]], fixed=18.0), [], 0.0),
    Case(
        "two moves together are worth a trip that none is worth alone",
        problem([[IDLE, WANTED], [IDLE, WANTED]], [[1, 0], [1, 0]], fixed=18.0),
        [(0, 0, 1, 1), (1, 0, 1, 1)],
        16.0,
    ),
    Case(
        "three titles share a trip rather than take two",
        problem(
            [[[0.0], [0.0], [9.0]], [[0.0], [9.0], [8.0]], [[0.0], [0.0], [9.0]]],
            [[1, 0, 0], [1, 0, 0], [1, 0, 0]],
            fixed=10.0,
        ),
        [(0, 0, 2, 1), (1, 0, 2, 1), (2, 0, 2, 1)],
        13.0,
    ),
    Case("the owner does not consent", problem([[IDLE, WANTED]], [[1, 0]], movable=[[0, 0]]), [], 0.0),
    Case(
        "the last copy is protected, the second may go",
        problem([[[2.0, 0.5, 0.1], WANTED]], [[2, 0]], movable=[[1, 0]]),
        [(0, 0, 1, 1)],
        18.5,
    ),
    Case(
        "a reservation is in the way of the nearest copy, another place sends",
        problem([[IDLE, [3.0, 0.0, 0.0], WANTED]], [[1, 1, 0]], movable=[[0, 1, 0]]),
        [(0, 1, 2, 1)],
        16.0,
    ),
    Case(
        "the budget allows one of two moves: the better one",
        problem([[IDLE, WANTED], [[1.0, 0.0, 0.0], [30.0, 0.0, 0.0]]], [[1, 0], [1, 0]], budget=1.5),
        [(1, 0, 1, 1)],
        28.0,
    ),
    Case("no money at all", problem([[IDLE, WANTED]], [[1, 0]], budget=0.0), [], 0.0),
    Case(
        "a tie: the place that comes first sends",
        problem([[IDLE, IDLE, WANTED]], [[1, 1, 0]], room=[[0, 0, 1]]),
        [(0, 0, 2, 1)],
        17.0,
    ),
    Case(
        "a tie: the place that comes first receives",
        problem([[IDLE, WANTED, WANTED]], [[1, 0, 0]]),
        [(0, 0, 1, 1)],
        17.0,
    ),
    Case(
        "a full car leaves the least useful copy",
        problem([[[0.0], [5.0]], [[0.0], [9.0]], [[0.0], [7.0]]], [[1, 0], [1, 0], [1, 0]], capacity=2),
        [(1, 0, 1, 1), (2, 0, 1, 1)],
        14.0,
    ),
    Case(
        "a second trip is made where it pays",
        problem(
            [[[0.0], [9.0]], [[0.0], [9.0]], [[0.0], [9.0]]], [[1, 0], [1, 0], [1, 0]], capacity=2, trips=2, fixed=5.0
        ),
        [(0, 0, 1, 1), (1, 0, 1, 1), (2, 0, 1, 1)],
        14.0,
    ),
    Case(
        "no room: the shelf takes one more only",
        problem([[[9.0, 0.0, 0.0], [20.0, 19.0, 18.0]]], [[3, 0]], room=[[9, 1]]),
        [(0, 0, 1, 1)],
        19.0,
    ),
    Case(
        "a copy goes where it brings most, though two want it",
        problem([[IDLE, [11.0, 3.0, 0.0], [14.0, 3.0, 0.0]]], [[1, 0, 0]]),
        [(0, 0, 2, 1)],
        11.0,
    ),
    Case(
        "two depots send to one another different titles",
        problem([[IDLE, WANTED], [WANTED, IDLE]], [[1, 0], [0, 1]], fixed=4.0),
        [(0, 0, 1, 1), (1, 1, 0, 1)],
        26.0,
    ),
    Case("there is no road", problem([[IDLE, WANTED, IDLE]], [[1, 0, 0]], routes=[(0, 2), (2, 1)]), [], 0.0),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_best_plan_is_exactly_this(case: Case) -> None:
    solved = solve(case.given, seconds=10.0)
    assert moves(case.given, solved.plan) == case.plan
    assert solved.value_euros == pytest.approx(case.euros, abs=1e-6)
    assert solved.value_euros == pytest.approx(value_of(case.given, solved.plan))
    assert solved.value_euros <= solved.bound_euros <= solved.value_euros + 0.01
    assert solved.share_of_bound == 1.0


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_nothing_at_all_is_better(case: Case) -> None:
    assert best_value(case.given) == pytest.approx(case.euros, abs=1e-6)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_first_answer_is_no_worse_than_nothing_and_no_better_than_the_best(case: Case) -> None:
    first = first_answer(case.given)
    assert 0.0 <= first.value_euros <= case.euros + 1e-6
    assert first.is_greedy


def test_where_no_trip_pays_the_plan_that_moves_nothing_is_known_to_be_the_best() -> None:
    titles = 400
    given = problem([[IDLE, WANTED]] * titles, [[1, 0]] * titles, fixed=10_000.0)
    solved = solve(given, seconds=10.0)
    assert (solved.plan.moves, solved.value_euros, solved.share_of_bound) == (0, 0.0, 1.0)
