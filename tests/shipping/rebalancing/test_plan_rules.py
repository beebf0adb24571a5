"""Whatever the problem: copies are kept in number, minimum, money and trips are respected, nothing beats the bound."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lending.shipping.rebalancing.rules.problem import (
    BrokenPlanError,
    Plan,
    Problem,
    arriving,
    check_plan,
    cost_of,
    leaving,
    value_of,
)
from lending.shipping.rebalancing.solving import best
from lending.shipping.rebalancing.solving.best import Solved, first_answer, solve
from tests.shipping.rebalancing.kit import best_value, problem

amounts = st.floats(0.0, 40.0).map(lambda value: round(value, 2))


@st.composite
def problems(draw: st.DrawFn, titles: int = 4, places: int = 3) -> Problem:
    shape = (draw(st.integers(1, titles)), draw(st.integers(2, places)))
    steps = draw(st.lists(amounts, min_size=shape[0] * shape[1] * 5, max_size=shape[0] * shape[1] * 5))
    gains = np.sort(np.array(steps).reshape(*shape, 5), axis=2)[:, :, ::-1]
    counts = st.lists(st.integers(0, 2), min_size=shape[0] * shape[1], max_size=shape[0] * shape[1])
    held = np.array(draw(counts)).reshape(shape)
    kept = np.minimum(held, np.array(draw(counts)).reshape(shape))
    return problem(
        gains.tolist(),
        held.tolist(),
        movable=(held - kept).tolist(),
        room=np.array(draw(counts)).reshape(shape).tolist(),
        unit=draw(st.sampled_from([0.0, 1.0, 4.0])),
        fixed=draw(st.sampled_from([0.0, 3.0, 20.0])),
        capacity=draw(st.integers(1, 4)),
        trips=draw(st.integers(1, 2)),
        budget=draw(st.none() | st.floats(0.0, 60.0)),
    )


def assert_sound(given_: Problem, solved: Solved) -> None:
    plan = solved.plan
    out, into = leaving(given_, plan), arriving(given_, plan)
    after = given_.held + into - out
    assert (after.sum(axis=1) == given_.held.sum(axis=1)).all()
    assert (after >= given_.held - given_.movable).all()
    assert (after >= 0).all()
    assert (out <= given_.movable).all()
    assert (into - out <= given_.room).all()
    assert given_.budget_euros is None or cost_of(given_, plan) <= given_.budget_euros + 0.01
    carried = np.bincount(given_.routes.trip[plan.route], plan.count, len(plan.trips))
    assert (carried <= plan.trips * given_.trips.capacity).all()
    assert (plan.trips <= given_.trips.most).all()
    assert solved.value_euros == pytest.approx(value_of(given_, plan))
    assert -1e-9 <= solved.value_euros <= solved.bound_euros + 1e-9


@settings(max_examples=150, deadline=None)
@given(problems())
def test_the_best_plan_keeps_every_rule(given_: Problem) -> None:
    solved, first = solve(given_, seconds=5.0), first_answer(given_)
    assert_sound(given_, solved)
    assert_sound(given_, first)
    assert first.value_euros <= solved.value_euros + 1e-9


@settings(max_examples=80, deadline=None)
@given(problems())
def test_large_plans_are_solved_another_way_and_keep_every_rule_too(given_: Problem) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(best, "SMALL", 0)
        solved = solve(given_, seconds=5.0)
    assert_sound(given_, solved)
    exact = solve(given_, seconds=5.0)
    assert exact.value_euros <= solved.bound_euros + 0.01


@settings(max_examples=60, deadline=None)
@given(problems(titles=2, places=2))
def test_between_two_places_nothing_is_better(given_: Problem) -> None:
    assert solve(given_, seconds=5.0).value_euros == pytest.approx(best_value(given_), abs=1e-2)


@settings(max_examples=30, deadline=None)
@given(problems())
def test_the_same_problem_gives_the_same_plan(given_: Problem) -> None:
    one, two = solve(given_, seconds=5.0).plan, solve(given_, seconds=5.0).plan
    for name in ("title", "route", "count", "trips"):
        assert (getattr(one, name) == getattr(two, name)).all()


WRONG = [
    ("copies that may not leave", {"movable": [[0, 0]]}, 1, 1),
    ("no room", {"room": [[0, 0]]}, 1, 1),
    ("an overfull trip", {"capacity": 1}, 2, 1),
    ("too many trips", {}, 1, 2),
    ("beyond the budget", {"budget": 0.5}, 1, 1),
    ("negative", {}, -1, 1),
]


@pytest.mark.parametrize(("rule", "words", "count", "trips"), WRONG, ids=str)
def test_a_plan_that_breaks_a_rule_is_told_apart(rule: str, words: dict[str, object], count: int, trips: int) -> None:
    given_ = problem([[[1.0, 1.0, 1.0], [5.0, 4.0, 3.0]]], [[2, 0]], routes=[(0, 1)], **words)  # type: ignore[arg-type]
    zero = np.zeros(1, np.int64)
    plan = Plan(zero, zero, np.array([count]), np.array([trips]))
    with pytest.raises(BrokenPlanError, match=rule):
        check_plan(given_, plan)
