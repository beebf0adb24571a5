"""How far it is. Without a road network: as the crow flies × 1.3, at a speed that grows with the distance."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from lending.shipping.rebalancing.rules.costs import road_km

Ints = npt.NDArray[np.int64]
METRES = 1000
SECONDS_PER_HOUR = 3600
# Up to so many kilometres, so many kilometres an hour: through a town, between villages, on a main road.
CLASSES_KM = (3.0, 15.0)
SPEEDS_KMH = (22.0, 45.0, 65.0)


@dataclass(frozen=True, slots=True)
class Place:
    """Degrees north and east."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Ways:
    """From every place to every other one, in metres and in seconds at the wheel."""

    metres: Ints
    seconds: Ints


class Router(Protocol):
    """Who knows the roads."""

    def ways(self, places: Sequence[Place]) -> Ways:
        """Square matrices in the order of the places, nothing on the diagonal."""


class Crow:
    """Guesses roads from coordinates alone."""

    def ways(self, places: Sequence[Place]) -> Ways:
        """Each stretch of a way is driven at the speed of its class, so that farther never takes less time."""
        latitude = np.array([one.latitude for one in places], dtype=np.float64)
        longitude = np.array([one.longitude for one in places], dtype=np.float64)
        km = road_km(latitude, longitude)
        hours = np.zeros_like(km)
        for begin, end, speed in zip((0.0, *CLASSES_KM), (*CLASSES_KM, np.inf), SPEEDS_KMH, strict=True):
            hours += np.clip(km - begin, 0, end - begin) / speed
        return Ways(
            np.rint(km * METRES).astype(np.int64),
            np.rint(hours * SECONDS_PER_HOUR).astype(np.int64),
        )
