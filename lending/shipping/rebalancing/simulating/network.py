"""A made-up network: regions of associations, titles that some want more than others, copies where they were bought."""

from dataclasses import dataclass

import numpy as np

from lending.shipping.rebalancing.rules.arrays import Floats, Ints

ASSOCIATIONS, REGIONS = 102, 20
# A requested title is in nobody's mind equally: some are asked for ten times as often as others.
SPREAD_OF_TITLES = 1.0
REGION_KM = 200.0
# How a year's requests fall on its five periods.
SEASON = np.array([0.16, 0.22, 0.24, 0.22, 0.16])


@dataclass(frozen=True, slots=True)
class Density:
    """Of a title in an association, on average: copies there are, requests of a year."""

    copies: float
    requests: float


# Many titles of which few associations have a copy, as in the whole country; few titles that most of them have.
THIN, DENSE = Density(0.118, 0.5), Density(1.0, 4.0)


@dataclass(frozen=True, slots=True)
class MadeUpRegion:
    """Requests of a year by title and association, the copies there, kilometres between associations, their size."""

    yearly: Floats
    held: Ints
    km: Floats
    people: Floats

    @property
    def copies(self) -> int:
        """How many there are."""
        return int(self.held.sum())


def made_up_network(titles: int, chance: np.random.Generator, density: Density = THIN) -> list[MadeUpRegion]:
    """102 associations in 20 regions."""
    sizes = np.full(REGIONS, ASSOCIATIONS // REGIONS)
    sizes[: ASSOCIATIONS % REGIONS] += 1
    wanted = chance.lognormal(-(SPREAD_OF_TITLES**2) / 2, SPREAD_OF_TITLES, titles) * density.requests
    return [made_up_region(int(size), wanted, density.copies, chance) for size in sizes]


def made_up_region(size: int, wanted: Floats, copies: float, chance: np.random.Generator) -> MadeUpRegion:
    """Copies lie where somebody once bought them, which says a little and not much about who asks today."""
    titles = len(wanted)
    people = chance.gamma(4.0, 0.25, size)
    yearly = wanted[:, None] * people[None, :] * chance.gamma(1.5, 1 / 1.5, (titles, size))
    bought = copies * (0.5 + 0.5 * people[None, :]) * chance.gamma(0.7, 1 / 0.7, (titles, size))
    held = np.minimum(chance.poisson(bought), 6).astype(np.int64)
    place = chance.uniform(0.0, REGION_KM, (size, 2))
    km = 1.3 * np.hypot(*(place[:, None] - place[None]).transpose(2, 0, 1))
    return MadeUpRegion(yearly, held, np.asarray(km), people)
