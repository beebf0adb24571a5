"""Fairness: a loan counts more where a smaller share of what is asked for is served."""

import numpy as np

from lending.shipping.rebalancing.rules.arrays import Floats, Ints
from lending.shipping.rebalancing.rules.problem import total_gain

LEAST_WEIGHT, LARGEST_WEIGHT = 0.5, 2.0


def weights_of_places(loans: Floats, held: Ints, requests: Floats, fairness_percent: int) -> Floats:
    """How much a loan counts in each place: the same everywhere, or more where a smaller share is served.

    `loans` are the expected loans of each copy, (titles, places, k), `requests` the expected ones, (titles, places).
    """
    served = total_gain(loans, held).sum(axis=0)
    rate = served / np.maximum(requests.sum(axis=0), 1e-9)
    mean = float(served.sum()) / max(float(requests.sum()), 1e-9)
    relative = np.clip(mean / np.maximum(rate, 1e-9), LEAST_WEIGHT, LARGEST_WEIGHT)
    return np.asarray(1.0 + fairness_percent / 100 * (relative - 1.0))
