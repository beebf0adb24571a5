"""When the van is where, and how full: the one reckoning, whoever chose the order."""

from collections.abc import Sequence
from dataclasses import dataclass

from lending.shipping.rounds.rules.places import Ways
from lending.shipping.rounds.rules.windows import Window


@dataclass(frozen=True, slots=True)
class Load:
    """Parcels and their weight."""

    parcels: int = 0
    grams: int = 0

    def __add__(self, other: "Load") -> "Load":
        """Both together."""
        return Load(self.parcels + other.parcels, self.grams + other.grams)

    def __sub__(self, other: "Load") -> "Load":
        """What is left."""
        return Load(self.parcels - other.parcels, self.grams - other.grams)

    def fits(self, most: "Load") -> bool:
        """Whether a van that carries so much takes it."""
        return self.parcels <= most.parcels and self.grams <= most.grams


@dataclass(frozen=True, slots=True)
class Call:
    """A stop: its place in the matrices, when somebody is there, for how long, what is brought and what collected."""

    place: int
    windows: tuple[Window, ...]
    stay: int
    brought: Load = Load()
    collected: Load = Load()


@dataclass(frozen=True, slots=True)
class Van:
    """Leaves the depot (place 0) at `departs` and is back by `returns_by`, in seconds since midnight."""

    departs: int
    returns_by: int
    most: Load


@dataclass(frozen=True, slots=True)
class Visit:
    """A stop in its order. `late` is by how much its last window is missed, `wait` how long before the door opens."""

    arrives: int
    begins: int
    leaves: int
    wait: int
    late: int
    metres: int
    load: Load


@dataclass(frozen=True, slots=True)
class Timetable:
    """A whole round: `heaviest` is the fullest that the van ever is, part by part."""

    visits: tuple[Visit, ...]
    back: int
    metres: int
    heaviest: Load

    def is_kept(self, van: Van) -> bool:
        """Whether nobody is missed, nothing is left standing and the van is back in time."""
        in_time = all(one.late == 0 for one in self.visits) and self.back <= van.returns_by
        return in_time and self.heaviest.fits(van.most)


def timetable(calls: Sequence[Call], van: Van, ways: Ways) -> Timetable:
    """The stops in this order. All that is brought is in the van when it leaves."""
    clock, place, metres = van.departs, 0, 0
    load = sum((one.brought for one in calls), Load())
    heaviest, visits = load, []
    for call in calls:
        way = int(ways.metres[place, call.place])
        arrives = clock + int(ways.seconds[place, call.place])
        begins, late = _beginning(arrives, call.windows)
        load = load - call.brought + call.collected
        clock, place, metres = begins + call.stay, call.place, metres + way
        heaviest = Load(max(heaviest.parcels, load.parcels), max(heaviest.grams, load.grams))
        visits.append(Visit(arrives, begins, clock, begins - arrives, late, way, load))
    back = clock + int(ways.seconds[place, 0])
    return Timetable(tuple(visits), back, metres + int(ways.metres[place, 0]), heaviest)


def _beginning(arrives: int, windows: Sequence[Window]) -> tuple[int, int]:
    """When the stop begins, and how late: in the first window that is not over, else at once and too late."""
    for window in windows:
        if arrives <= window.closes:
            return max(arrives, window.opens), 0
    return arrives, arrives - windows[-1].closes if windows else arrives
