"""Distances between places."""

from math import asin, cos, radians, sin, sqrt

from lending.search.schemas import Place

EARTH_KM = 6371.0


def kilometres(one: Place, other: Place) -> float:
    """The way as the crow flies."""
    north, east = radians(other.latitude - one.latitude), radians(other.longitude - one.longitude)
    across = cos(radians(one.latitude)) * cos(radians(other.latitude)) * sin(east / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(sin(north / 2) ** 2 + across)))
