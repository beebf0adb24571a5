"""What moving costs: a price per copy, a price per trip and per kilometre. Distances are as the crow flies × 1.3."""

import math
from dataclasses import dataclass

import numpy as np

from lending.shipping.rebalancing.rules.arrays import Floats, Ints
from lending.shipping.rebalancing.rules.problem import Routes, Trips

EARTH_KM = 6371.0
DETOUR = 1.3


@dataclass(frozen=True, slots=True)
class Prices:
    """In euros: to pack and note one copy, to set out at all, each kilometre there; and copies that a trip carries."""

    copy_euros: float = 2.0
    trip_euros: float = 15.0
    km_euros: float = 0.35
    capacity: int = 60


def road_km(latitude: Floats, longitude: Floats) -> Floats:
    """Kilometres by road between all places, guessed from their coordinates in degrees."""
    north, east = np.radians(latitude), np.radians(longitude)
    half = (
        np.sin((north[:, None] - north[None, :]) / 2) ** 2
        + np.cos(north)[:, None] * np.cos(north)[None, :] * np.sin((east[:, None] - east[None, :]) / 2) ** 2
    )
    return np.asarray(2 * EARTH_KM * DETOUR * np.arcsin(np.sqrt(np.clip(half, 0, 1))))


def road_km_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The same for two places, each as latitude and longitude."""
    km = road_km(np.array([one[0], other[0]]), np.array([one[1], other[1]]))
    return round(float(km[0, 1]), 1)


def pairs(places: int) -> tuple[Ints, Ints]:
    """Every ordered pair of two different places."""
    one, other = np.nonzero(~np.eye(places, dtype=bool))
    return one, other


def direct(km: Floats, prices: Prices, region: Ints | None = None) -> tuple[Routes, Trips]:
    """Each place may send to every other one (of its region), on a trip of its own."""
    one, other = pairs(len(km))
    if region is not None:
        is_near = region[one] == region[other]
        one, other = one[is_near], other[is_near]
    count = len(one)
    routes = Routes(one, other, np.full(count, prices.copy_euros), np.arange(count))
    return routes, Trips(
        prices.trip_euros + prices.km_euros * km[one, other],
        np.full(count, prices.capacity, np.int64),
        np.ones(count, np.int64),
    )


def between_regions(km: Floats, region: Ints, prices: Prices) -> tuple[Routes, Trips]:
    """Places of different regions send to one another on a trip that their regions share.

    The trip costs as much as the mean way between both regions' places.
    """
    one, other = pairs(len(km))
    is_apart = region[one] != region[other]
    one, other = one[is_apart], other[is_apart]
    key = region[one] * (int(region.max(initial=0)) + 1) + region[other]
    known, trip = np.unique(key, return_inverse=True)
    way = np.bincount(trip, km[one, other]) / np.maximum(np.bincount(trip), 1)
    count = len(known)
    routes = Routes(one, other, np.full(len(one), prices.copy_euros), trip.astype(np.int64))
    return routes, Trips(
        prices.trip_euros + prices.km_euros * way, np.full(count, prices.capacity, np.int64), np.ones(count, np.int64)
    )


def euros_in_cents(euros: float) -> int:
    """Whole cents."""
    return math.floor(euros * 100 + 0.5)
