"""Fairness: a loan counts more where a smaller share of what is asked for is served once a plan is carried out.

What is served before says little: a plan takes copies from where they rest, and it is there that too few may be left.
"""

from dataclasses import replace

import numpy as np

from lending.shipping.rebalancing.rules.arrays import Floats, Ints
from lending.shipping.rebalancing.rules.problem import Problem, after, total_gain
from lending.shipping.rebalancing.solving.best import first_answer

LEAST_WEIGHT, LARGEST_WEIGHT = 0.5, 2.0
# Weights change the plan and the plan changes the weights: so many quick plans are tried.
ROUNDS = 5
LEAST_SHARE = 1e-3


def fairer(
    problem: Problem, loans: Floats, requests: Floats, fairness_percent: int, most_per_title: int | None = None
) -> Problem:
    """The same problem, in which a loan counts more in places of which the plan would serve a smaller share.

    `loans` are the expected loans of each copy, (titles, places, k), `requests` the expected ones, (titles, places).
    Nothing changes at 0 %; at 100 % a loan counts in proportion to how far its place lies below the mean. Of the
    weights tried the fairest ones are taken: see `evenness`.
    """
    if not fairness_percent:
        return problem
    tried, need = [problem], np.ones(problem.held.shape[1])
    even: list[tuple[float, float]] = []
    for _ in range(ROUNDS):
        copies = after(problem, first_answer(tried[-1], most_per_title).plan)
        even.append(evenness(loans, copies, requests))
        # Half of the way only, or two places would take turns.
        need = np.sqrt(need * relative_need(loans, copies, requests))
        weight = 1.0 + fairness_percent / 100 * (need - 1.0)
        tried.append(replace(problem, gains=problem.gains * weight[None, :, None]))
    return tried[even.index(max(even))]


def evenness(loans: Floats, copies: Ints, requests: Floats) -> tuple[float, float]:
    """The share served in the place that is served worst; then, the higher the more even, of all places."""
    served, asked = total_gain(loans, copies).sum(axis=0), requests.sum(axis=0)
    share = np.maximum(served[asked > 0] / asked[asked > 0], LEAST_SHARE)
    return round(float(share.min(initial=1.0)), 6), float(np.log(share).sum())


def relative_need(loans: Floats, copies: Ints, requests: Floats) -> Floats:
    """How much worse than the mean each place is served by so many copies: 1 as the mean, 2 half as well."""
    served, asked = total_gain(loans, copies).sum(axis=0), requests.sum(axis=0)
    mean = float(served.sum()) / max(float(asked.sum()), 1e-9)
    rate = served / np.maximum(asked, 1e-9)
    return np.asarray(np.clip(mean / np.maximum(rate, 1e-9), LEAST_WEIGHT, LARGEST_WEIGHT))
