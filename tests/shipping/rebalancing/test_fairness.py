"""Fairness looks at what is served once a plan is carried out: a place that gives is not emptied for the others."""

import numpy as np
import pytest

from lending.shipping.rebalancing.rules.problem import Problem, after, total_gain
from lending.shipping.rebalancing.rules.serving import gains_of_periods
from lending.shipping.rebalancing.simulating.network import DENSE, SEASON, THIN, Density
from lending.shipping.rebalancing.simulating.ways import planned
from lending.shipping.rebalancing.simulating.year import LOAN_DAYS, PERIOD_DAYS
from lending.shipping.rebalancing.solving.best import solve
from lending.shipping.rebalancing.solving.fairness import LARGEST_WEIGHT, LEAST_WEIGHT, fairer, relative_need
from tests.shipping.rebalancing.kit import problem
from tests.shipping.rebalancing.test_simulated_years import region

LOAN_EUROS = 15.0
TITLES = 20
# The first place asks once a year for each of its titles and has a copy of all, the second asks more often, in vain.
THERE = [1.1 + 0.1 * number for number in range(TITLES)]
LOANS = np.array([[[0.9, 0.1], [0.9 * often, 0.1 * often]] for often in THERE])
REQUESTS = np.array([[1.0, often] for often in THERE])


def small_and_large() -> Problem:
    return problem((LOANS * LOAN_EUROS).tolist(), [[1, 0]] * TITLES, unit=0.1)


def served_shares(given: Problem, fairness_percent: int) -> list[float]:
    solved = solve(fairer(given, LOANS, REQUESTS, fairness_percent), seconds=10.0)
    served = total_gain(LOANS, after(given, solved.plan)).sum(axis=0)
    return (served / REQUESTS.sum(axis=0)).tolist()


def test_without_fairness_nothing_is_weighed() -> None:
    given = small_and_large()
    assert fairer(given, LOANS, REQUESTS, 0) is given


def test_who_gives_keeps_more_the_fairer_a_plan_is() -> None:
    shares = [served_shares(small_and_large(), percent) for percent in (0, 50, 100)]
    assert shares[0] == pytest.approx([0.0, 0.9])
    gives = [one[0] for one in shares]
    assert 0.0 < gives[1] <= gives[2]
    assert min(shares[2]) > 0.2


def test_need_is_one_where_a_place_is_served_as_the_mean_and_bounded_where_nothing_is() -> None:
    loans = np.full((1, 3, 1), 1.0)
    asked = np.array([[2.0, 2.0, 2.0]])
    assert relative_need(loans, np.array([[1, 1, 1]]), asked).tolist() == [1.0, 1.0, 1.0]
    assert relative_need(loans, np.array([[1, 1, 0]]), asked).tolist() == [2 / 3, 2 / 3, LARGEST_WEIGHT]
    much = np.array([[2.0, 100.0, 100.0]])
    assert relative_need(loans, np.array([[1, 1, 1]]), much)[0] == LEAST_WEIGHT


@pytest.mark.parametrize(("density", "titles"), [(DENSE, 25), (THIN, 300)], ids=["dense", "thin"])
def test_the_worst_served_places_are_served_better_and_few_loans_are_lost(density: Density, titles: int) -> None:
    found = {percent: [expected(seed, density, titles, percent) for seed in range(6)] for percent in (0, 100)}
    worst = {percent: sum(least for least, _ in some) for percent, some in found.items()}
    served = {percent: sum(total for _, total in some) for percent, some in found.items()}
    assert worst[100] > 1.2 * worst[0]
    assert served[100] >= 0.9 * served[0]


def expected(seed: int, density: Density, titles: int, fairness_percent: int) -> tuple[float, float]:
    """The smallest share served of all places, and the loans in all of them, if everything comes as is expected."""
    given = region(seed, density, titles)
    demand = given.yearly[:, :, None] * SEASON
    held = planned(given, demand, fairness_percent=fairness_percent).held
    days = np.full((held.shape[1], len(SEASON)), PERIOD_DAYS)
    loans = gains_of_periods(demand, days, np.full(titles, LOAN_DAYS), int(held.max()))
    served = total_gain(loans, held).sum(axis=0)
    return float((served / given.yearly.sum(axis=0)).min()), float(served.sum())
