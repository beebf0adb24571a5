"""Rounds of made-up departments: how long ordering takes, and how near to the proven shortest order it comes."""

import time
from dataclasses import dataclass

import numpy as np

from lending.bench.exact_rounds import shortest
from lending.bench.figures import Figure, Part, print_parts
from lending.shipping.rounds.rules.places import Crow, Place, Ways
from lending.shipping.rounds.rules.timetable import Call, Load, Van, timetable
from lending.shipping.rounds.rules.windows import HOUR, MINUTE, Window
from lending.shipping.rounds.solving.ordering import Order, order

MOST_SECONDS, MOST_GAP_PERCENT = 5.0, 3.0
PER_CENT = 100.0
RENNES = Place(48.11, -1.68)
SPREAD_DEGREES = 0.15
# So long that one van makes fifty stops in it: what is measured is the order, not what a driver may be asked for.
LONG_DAY = Van(departs=0, returns_by=24 * HOUR, most=Load(200, 2_000_000))
SMALL, SMALL_STOPS = 12, 10
NARROW, NARROW_STOPS = 6, 25
STAY = 4 * MINUTE


@dataclass(frozen=True, slots=True)
class MadeUp:
    """A round to order; `van` leaves from place 0."""

    calls: list[Call]
    van: Van
    ways: Ways


def bench_rounds(stops: int, seed: int) -> None:
    """Order one large round, and small ones whose shortest order is proven here."""
    chance = np.random.default_rng(seed)
    small = [made_up(chance, SMALL_STOPS, wide=True) for _ in range(SMALL)]
    narrow = [made_up(chance, NARROW_STOPS, wide=False) for _ in range(NARROW)]
    large = [made_up(chance, stops, wide=True), made_up(chance, stops, wide=False)]
    print_parts(
        [
            _against_proven(f"{SMALL} rounds of {SMALL_STOPS} stops, wide windows", small),
            _against_proven(f"{NARROW} rounds of {NARROW_STOPS} stops, windows of an hour", narrow),
            _large(stops, large),
        ]
    )


def made_up(chance: np.random.Generator, stops: int, *, wide: bool) -> MadeUp:
    """Stops around Rennes, each brings and collects something. Some order of them keeps every window.

    Wide windows are a morning or an afternoon; narrow ones lie within an hour around when a round made by chance comes.
    """
    scatter = chance.normal(0, SPREAD_DEGREES, (stops, 2))
    places = [RENNES, *(Place(RENNES.latitude + north, RENNES.longitude + east) for north, east in scatter)]
    ways = Crow().ways(places)
    loads = chance.integers(0, 4, (stops, 2))
    free = [
        Call(number + 1, (Window(0, 24 * HOUR),), STAY, Load(int(one), 10_000 * int(one)), Load(int(other)))
        for number, (one, other) in enumerate(loads)
    ]
    # A witness: from each stop to the nearest one, and windows laid around when the van comes.
    route = _nearest_first(ways)
    visits = timetable([free[number] for number in route], LONG_DAY, ways).visits
    calls = list(free)
    for number, visit in zip(route, visits, strict=True):
        calls[number] = _with_window(chance, free[number], visit.begins, wide=wide)
    return MadeUp(calls, LONG_DAY, ways)


def _nearest_first(ways: Ways) -> list[int]:
    ahead, place, route = set(range(1, len(ways.metres))), 0, []
    while ahead:
        place = min(ahead, key=lambda one: int(ways.metres[place, one]))
        ahead.remove(place)
        route.append(place - 1)
    return route


def _with_window(chance: np.random.Generator, call: Call, begins: int, *, wide: bool) -> Call:
    half = 2 * HOUR if wide else HOUR // 2
    opens = max(0, begins - int(chance.integers(0, 2 * half)))
    window = Window(opens, opens + 2 * half)
    return Call(call.place, (window,), call.stay, call.brought, call.collected)


def _against_proven(name: str, rounds: list[MadeUp]) -> Part:
    gaps, seconds, inside = [], [], 0
    for one in rounds:
        proven = shortest(one.calls, one.van, one.ways)
        found, taken = _timed(one)
        metres = _metres(one, found)
        inside += len(found.inside)
        seconds.append(taken)
        gaps.append(PER_CENT * (metres - proven) / proven if proven else PER_CENT)
    return Part(
        name,
        ["all", "worst"],
        [
            Figure("above the proven optimum", "%", {"worst": round(max(gaps), 2)}, ("at most", MOST_GAP_PERCENT)),
            Figure("ordered", "s", {"worst": round(max(seconds), 2)}, ("at most", MOST_SECONDS)),
            _stops_made(inside, sum(len(one.calls) for one in rounds)),
        ],
    )


def _large(stops: int, rounds: list[MadeUp]) -> Part:
    figures = []
    for name, one in zip(("wide windows", "windows of an hour"), rounds, strict=True):
        found, taken = _timed(one)
        figures += [
            Figure(f"{name}: ordered", "s", {"worst": round(taken, 2)}, ("at most", MOST_SECONDS)),
            Figure(f"{name}: length", "km", {"all": round(_metres(one, found) / 1000, 1)}),
            _stops_made(len(found.inside), len(one.calls)),
        ]
    return Part(f"a round of {stops} stops", ["all", "worst"], figures)


def _stops_made(inside: int, stops: int) -> Figure:
    return Figure("stops made", "stops", {"all": inside}, ("exactly", stops))


def _timed(one: MadeUp) -> tuple[Order, float]:
    started = time.perf_counter()
    found = order(one.calls, one.van, one.ways)
    return found, time.perf_counter() - started


def _metres(one: MadeUp, found: Order) -> int:
    return timetable([one.calls[number] for number in found.inside], one.van, one.ways).metres
