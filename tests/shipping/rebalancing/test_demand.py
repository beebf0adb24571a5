"""Counts become demand: thin ones lean on the region, thick ones stand alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lending.shipping.rebalancing.rules.demand import (
    LARGEST_STRENGTH,
    SMALLEST_STRENGTH,
    at_least_known,
    demand_of,
    shares_of_places,
    shrunk,
    strength_of,
)

ONE_GROUP = np.zeros(3, np.int64)


def test_a_title_that_nobody_asked_for_leans_on_its_group_and_on_the_size_of_the_place() -> None:
    counts = np.zeros((3, 2, 5))
    counts[0, :, 2], counts[1, :, 2] = 30, 30
    found = demand_of(counts, ONE_GROUP, np.array([3.0, 1.0]), years=2.0)
    assert 0 < found.yearly[2, 1] < found.yearly[0, 1]
    assert found.expected[2, 1] < found.expected[2, 0] < 3 * found.expected[2, 1]
    assert found.yearly[2, 0] > found.yearly[2, 1]


def test_what_was_refused_where_nobody_expected_anything_is_believed() -> None:
    counts = np.zeros((3, 2, 5))
    counts[0, 0, 1], counts[1, 0, 1], counts[2, 1, 3] = 600, 600, 6
    found = demand_of(counts, np.array([0, 0, 1]), np.array([100_000.0, 1.0]), years=1.0)
    assert found.yearly[2, 1] > 2.0


def test_places_share_by_size_until_enough_was_counted() -> None:
    assert shares_of_places(np.array([0.0, 0.0]), np.array([3.0, 1.0])) == pytest.approx([0.75, 0.25])
    assert shares_of_places(np.array([0.0, 0.0, 0.0]), np.array([3.0, 1.0, 0.0]))[2] == pytest.approx(1 / 3)
    assert shares_of_places(np.array([0.0, 0.0]), np.zeros(2)) == pytest.approx([0.5, 0.5])
    assert shares_of_places(np.array([900.0, 100.0]), np.ones(2)) == pytest.approx([0.9, 0.1], abs=0.03)


def test_what_was_counted_often_is_believed() -> None:
    counts = np.zeros((3, 2, 5))
    counts[:, 0, 1], counts[:, 1, 1] = 400, 10
    found = demand_of(counts, ONE_GROUP, np.array([1.0, 1.0]), years=1.0)
    assert found.yearly[0, 0] == pytest.approx(400, rel=0.05)
    assert found.yearly[0, 1] < 30


def test_the_season_is_that_of_former_years() -> None:
    counts = np.zeros((3, 1, 5))
    counts[:, 0, 3] = 200
    profile = demand_of(counts, ONE_GROUP, np.ones(1), years=1.0).profile
    assert profile[0, 3] > 0.9
    assert profile.sum(axis=1) == pytest.approx([1.0, 1.0, 1.0])


def test_groups_have_seasons_of_their_own() -> None:
    counts = np.zeros((2, 1, 5))
    counts[0, 0, 0], counts[1, 0, 4] = 300, 300
    profile = demand_of(counts, np.array([0, 1]), np.ones(1), years=1.0).profile
    assert profile[0, 0] > 0.9
    assert profile[1, 4] > 0.9


def test_without_any_history_every_number_is_finite_and_above_nothing() -> None:
    found = demand_of(np.zeros((3, 2, 5)), ONE_GROUP, np.ones(2), years=1.0)
    assert (found.yearly > 0).all()
    assert np.isfinite(found.of_periods()).all()


@given(st.lists(st.integers(0, 60), min_size=2, max_size=8), st.floats(SMALLEST_STRENGTH, LARGEST_STRENGTH))
def test_what_is_shrunk_lies_between_count_and_expectation(counts: list[int], strength: float) -> None:
    counted = np.array(counts, float)
    expected = np.full(len(counts), counted.mean() + 0.1)
    found = shrunk(counted, expected, strength)
    assert (found >= np.minimum(counted, expected) - 1e-9).all()
    assert (found <= np.maximum(counted, expected) + 1e-9).all()


def test_wild_counts_trust_the_expectation_less_than_even_ones() -> None:
    expected = np.full(6, 10.0)
    assert strength_of(np.full(6, 10.0), expected) == LARGEST_STRENGTH
    assert strength_of(np.array([0.0, 60, 0, 0, 0, 0]), expected) < 1.0
    assert strength_of(np.array([0.0, 600, 0, 0, 0, 0]), expected) == SMALLEST_STRENGTH


def test_what_is_known_is_the_least() -> None:
    assert at_least_known(np.array([1.5, 4.0]), np.array([3.0, 2.0])).tolist() == [3.0, 4.0]
