"""Simulated school years under several ways of moving copies, as a table and a picture."""

from collections.abc import Callable
from pathlib import Path

import click

from lending.bench.figures import Figure, Goal, Part, print_parts
from lending.shipping.rebalancing.simulating.comparing import (
    CHEAP_PLAN,
    EQUAL,
    FAIR_PLAN,
    PLAN,
    WAYS,
    Tally,
    Year,
    more_served,
    years,
)
from lending.shipping.rebalancing.simulating.network import DENSE, THIN
from lending.shipping.rebalancing.simulating.picture import Bars, picture

PER_CENT = 100.0
# What our plan serves of the requests that were unmet, against the naive rule, when it may drive as far and no farther.
LEAST_AGAINST_NAIVE, MOST_KM_AGAINST_NAIVE = 110.0, 100.0
# Where titles stand nearly everywhere there are fewer of them, so that both networks have about as many copies.
FEWER = 8
OURS = (PLAN, FAIR_PLAN, CHEAP_PLAN)


def simulate_moves(titles: int, seed: int, count: int, output: Path) -> None:
    """Live through so many years of the network, print what each way brought, and draw it."""
    found = lived(titles, seed, count)
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(drawn(found), encoding="utf-8")
    click.echo(f"A picture is in {output}.", err=True)
    print_parts([moves_part(name, some) for name, some in found.items()])


def lived(titles: int, seed: int, count: int) -> dict[str, list[Year]]:
    """So many years where each title is rare, and as many where fewer titles stand nearly everywhere."""
    few = max(titles // FEWER, 1)
    return {
        f"{titles} titles, thin": list(years(titles, THIN, seed, count)),
        f"{few} titles, dense": list(years(few, DENSE, seed, count)),
    }


def moves_part(name: str, found: list[Year]) -> Part:
    """The figures of the mean year; the goals hold for all years together and for the worst of them."""
    return Part(
        f"{name}, {len(found)} years, {len(found[0][PLAN].places)} associations",
        WAYS,
        [
            _mean("requests served", "%", found, lambda one: PER_CENT * one.served / one.requests),
            _mean("requests unmet", "requests", found, lambda one: one.requests - one.served, 0),
            Figure("more served than without moves", "requests", _more(found)),
            _mean("expected of the moves", "requests", found, lambda one: one.expected_more, 0),
            _mean("moves", "copies", found, lambda one: one.moves, 0),
            _mean("driven", "km", found, lambda one: one.km, 0),
            _mean("a copy rests", "weeks", found, lambda one: one.idle_weeks),
            _mean("served in the worst tenth of associations", "%", found, lambda one: PER_CENT * one.worst_tenth),
            _against("more served, against equal counts", OURS, found, more_served),
            _against("km, against equal counts", OURS, found, _km),
            _against("more served at no more km", (CHEAP_PLAN,), found, more_served, ("at least", LEAST_AGAINST_NAIVE)),
            _worst("the same, worst year", found, more_served, min, ("at least", LEAST_AGAINST_NAIVE)),
            _worst("its km, worst year", found, _km, max, ("at most", MOST_KM_AGAINST_NAIVE)),
        ],
    )


def drawn(found: dict[str, list[Year]]) -> str:
    """The picture of the mean year of each network."""
    return picture([(f"{name}, {len(some)} simulated school years", _bars(some)) for name, some in found.items()])


def _bars(found: list[Year]) -> list[Bars]:
    more, km = _more(found), _mean("", "", found, lambda one: one.km).values
    return [Bars(way, more[way], km[way]) for way in WAYS]


def _more(found: list[Year]) -> dict[str, float]:
    return {way: round(sum(more_served(one, way) for one in found) / len(found)) for way in WAYS}


def _mean(name: str, unit: str, found: list[Year], value: Callable[[Tally], float], digits: int = 1) -> Figure:
    means = {way: round(sum(value(one[way]) for one in found) / len(found), digits) for way in WAYS}
    return Figure(name, unit, means)


def _against(
    name: str, ways: tuple[str, ...], found: list[Year], value: Callable[[Year, str], float], goal: Goal | None = None
) -> Figure:
    naive = sum(value(one, EQUAL) for one in found)
    return Figure(name, "%", {way: _percent(sum(value(one, way) for one in found), naive) for way in ways}, goal)


def _worst(
    name: str,
    found: list[Year],
    value: Callable[[Year, str], float],
    worst: Callable[[list[float]], float],
    goal: Goal,
) -> Figure:
    shares = [_percent(value(one, CHEAP_PLAN), value(one, EQUAL)) for one in found]
    return Figure(name, "%", {CHEAP_PLAN: worst(shares)}, goal)


def _percent(ours: float, naive: float) -> float:
    return round(PER_CENT * ours / max(naive, 1.0), 1)


def _km(found: Year, way: str) -> float:
    return found[way].km
