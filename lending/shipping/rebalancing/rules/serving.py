"""How many requests n copies serve: Erlang's loss formula.

Requests come at random, a loan keeps a copy for a while, and who finds none free goes away. People who wait, and
reservations made ahead, are served somewhat better than that; the simulator says by how much.
"""

import numpy as np

from lending.shipping.rebalancing.rules.arrays import Floats


def refused_share(copies: int, load: float) -> float:
    """The share of requests that find no copy free. `load` is requests × days per loan / days of the season."""
    share = 1.0
    for number in range(1, copies + 1):
        share = load * share / (number + load * share)
    return share


def served(requests: float, copies: int, load: float) -> float:
    """Requests of a season that are served by so many copies."""
    return requests * (1.0 - refused_share(copies, load))


def gains(requests: Floats, load: Floats, most: int) -> Floats:
    """How many more requests the first, second … `most`-th copy serves: one more axis at the end, falling along it."""
    share = np.ones_like(load)
    steps = np.zeros((*load.shape, most))
    for number in range(1, most + 1):
        before, share = share, load * share / (number + load * share)
        steps[..., number - 1] = requests * (before - share)
    return steps


def gains_of_periods(requests: Floats, days: Floats, loan_days: Floats, most: int) -> Floats:
    """The same over several periods that have a demand of their own.

    `requests` is (titles, places, periods), `days` the length of each period, (places, periods), `loan_days` how long
    a loan keeps a copy away, (titles,). Gives (titles, places, most).
    """
    total = np.zeros((*requests.shape[:2], most))
    for period in range(requests.shape[2]):
        of_period = requests[:, :, period]
        load = of_period * loan_days[:, None] / days[None, :, period]
        total += gains(of_period, load, most)
    return total
