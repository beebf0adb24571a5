"""What copies serve: the formula against known values and against a simulation."""

import heapq
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lending.shipping.rebalancing.rules.serving import gains, gains_of_periods, refused_share, served


def simulated_share(copies: int, load: float, seed: int, requests: int = 60_000) -> float:
    """The share of requests refused when they come at random and each keeps a copy for one unit of time."""
    chance = random.Random(seed)
    now, refused, back = 0.0, 0, [0.0] * copies
    for _ in range(requests):
        now += chance.expovariate(load)
        if back[0] <= now:
            heapq.heapreplace(back, now + 1.0)
        else:
            refused += 1
    return refused / requests


@pytest.mark.parametrize(("copies", "load", "share"), [(0, 3.0, 1.0), (1, 1.0, 0.5), (2, 1.0, 0.2), (5, 3.0, 0.11005)])
def test_known_values_of_the_loss_formula(copies: int, load: float, share: float) -> None:
    assert refused_share(copies, load) == pytest.approx(share, abs=1e-5)


@pytest.mark.parametrize(("copies", "load"), [(1, 0.3), (1, 2.0), (2, 1.0), (3, 2.5), (6, 4.0)])
def test_the_formula_agrees_with_a_simulation(copies: int, load: float) -> None:
    assert refused_share(copies, load) == pytest.approx(simulated_share(copies, load, seed=1), abs=0.012)


@given(st.floats(0.0, 50.0), st.floats(0.0, 20.0), st.integers(1, 12))
def test_each_copy_brings_less_than_the_one_before_and_all_together_serve_what_the_formula_says(
    requests: float, load: float, most: int
) -> None:
    steps = gains(np.array([requests]), np.array([load]), most)[0]
    assert (steps >= -1e-12).all()
    assert (np.diff(steps) <= 1e-9).all()
    assert steps.sum() == pytest.approx(served(requests, most, load), abs=1e-9)
    assert steps.sum() <= requests + 1e-9


def test_periods_add_up() -> None:
    requests = np.array([[[2.0, 6.0]]])
    steps = gains_of_periods(requests, np.array([[35.0, 42.0]]), np.array([28.0]), 3)
    apart = [served(2.0, n, 2.0 * 28 / 35) + served(6.0, n, 6.0 * 28 / 42) for n in (1, 2, 3)]
    assert np.cumsum(steps[0, 0]) == pytest.approx(apart)
