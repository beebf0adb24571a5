"""How much is asked for where: counts of several years, made sound where they are thin.

Every count is of requests, met or not: lost demand counts, or a plan would learn that nobody wants what nobody could
get. A request is one loan, one entry of the waiting list, or one reservation that could not be had; a search that found
nothing counts as part of one, because not everybody who searches borrows.
"""

from dataclasses import dataclass

import numpy as np

from lending.shipping.rebalancing.rules.arrays import Floats, Ints

# Of ten searches that found nothing, three would have been loans: a guess, shown with every number.
SEARCH_COUNTS_AS = 0.3
PERIODS = 5
# So many requests of a group are worth as much as what the whole region shows of its seasons.
PROFILE_STRENGTH = 20.0
# An expectation is worth this many times what was counted in the same years, at least and at most.
SMALLEST_STRENGTH, LARGEST_STRENGTH = 0.05, 2.0


@dataclass(frozen=True, slots=True)
class Demand:
    """Requests of a year, (titles, places), and how a year's requests fall on its periods, (titles, periods)."""

    yearly: Floats
    profile: Floats
    expected: Floats
    strength: float

    def of_periods(self) -> Floats:
        """Requests by title, place and school period."""
        return self.yearly[:, :, None] * self.profile[:, None, :]


def strength_of(counts: Floats, expected: Floats) -> float:
    """How far the expectation is to be trusted, in histories of the same length, by the counts' moments.

    Counts that stray no more than chance does give the largest trust, wild ones the smallest.
    """
    beyond_chance = float(((counts - expected) ** 2 - expected).sum())
    if beyond_chance <= 0:
        return LARGEST_STRENGTH
    return float(np.clip(expected.sum() / beyond_chance, SMALLEST_STRENGTH, LARGEST_STRENGTH))


def shrunk(counts: Floats, expected: Floats, strength: float) -> Floats:
    """Gamma-Poisson: the expectation weighs as much as `strength` histories, the counts as one.

    The weight is the same however little was expected: what people asked for in vain in a place from which nobody
    expected anything is believed.
    """
    return np.asarray((strength * expected + counts) / (strength + 1.0))


def shares_of_places(totals: Floats, weight: Floats) -> Floats:
    """How the region's requests fall on its places: by their size, drawn towards what was counted.

    A place of unknown size (weight 0) counts as one of the mean size.
    """
    known = weight[weight > 0]
    size = np.where(weight > 0, weight, known.mean() if len(known) else 1.0)
    expected = (totals.sum() + 1.0) * size / size.sum()
    drawn = shrunk(totals, expected, strength_of(totals, expected))
    return np.asarray(drawn / drawn.sum())


def demand_of(counts: Floats, group: Ints, weight: Floats, years: float) -> Demand:
    """The demand behind counts of (titles, places, periods) over so many years.

    `group` says which titles are alike (theme and level), `weight` how large each place is, 0 if unknown. A title in a
    place is drawn towards its share of the region's demand for it, and that towards the titles of its group.
    """
    totals = counts.sum(axis=(1, 2))
    of_group = means_of_groups(totals, group)
    wanted = shrunk(totals, of_group, strength_of(totals, of_group))
    here = counts.sum(axis=2)
    expected = wanted[:, None] * shares_of_places(here.sum(axis=0), weight)[None, :]
    strength = strength_of(here, expected)
    yearly = shrunk(here, expected, strength) / years
    return Demand(yearly, profile_of(counts.sum(axis=1), group), expected / years, strength)


def means_of_groups(totals: Floats, group: Ints) -> Floats:
    """For each title the mean of its group; a group that nobody ever asked for has half a request, not none."""
    size = np.bincount(group)
    mean = (np.bincount(group, totals) + 0.5) / np.maximum(size, 1)
    return np.asarray(mean[group])


def profile_of(counts: Floats, group: Ints) -> Floats:
    """How a year's requests fall on its periods, for each title by its group, drawn towards all titles."""
    everywhere = (counts.sum(axis=0) + 1.0) / (counts.sum() + counts.shape[1])
    by_group = np.zeros((int(group.max(initial=0)) + 1, counts.shape[1]))
    np.add.at(by_group, group, counts)
    drawn = by_group + PROFILE_STRENGTH * everywhere
    return np.asarray((drawn / drawn.sum(axis=1, keepdims=True))[group])


def at_least_known(forecast: Floats, known: Floats) -> Floats:
    """Never less than what is asked for already: reservations made and people who wait."""
    return np.maximum(forecast, known)
