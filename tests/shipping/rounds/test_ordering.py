"""Orders of stops against every possible one."""

from itertools import permutations
from pathlib import Path

import msgspec
import numpy as np
import pytest

from lending.bench.exact_rounds import shortest
from lending.bench.rounds import MadeUp, made_up
from lending.shipping.rounds.rules.places import Ways
from lending.shipping.rounds.rules.timetable import Call, Load, Van, timetable
from lending.shipping.rounds.rules.windows import HOUR, Window
from lending.shipping.rounds.solving.ordering import order

INSTANCES = sorted((Path(__file__).parent / "instances").glob("*.json"))
MOST_GAP = 1.03
# Enough for a machine that does much else.
PATIENCE_SECONDS = 60.0


def by_hand(one: MadeUp) -> int | None:
    """The shortest of all orders."""
    tables = (timetable(list(calls), one.van, one.ways) for calls in permutations(one.calls))
    return min((found.metres for found in tables if found.is_kept(one.van)), default=None)


def metres_of(one: MadeUp, inside: tuple[int, ...]) -> int:
    found = timetable([one.calls[number] for number in inside], one.van, one.ways)
    assert found.is_kept(one.van)
    return found.metres


@pytest.mark.parametrize("seed", range(6))
def test_the_proof_and_the_solver_agree_with_every_order(seed: int) -> None:
    one = made_up(np.random.default_rng(seed), 6, wide=seed % 2 == 0)
    best = by_hand(one)
    assert best == shortest(one.calls, one.van, one.ways)
    found = order(one.calls, one.van, one.ways, PATIENCE_SECONDS)
    assert found.outside == ()
    assert best is not None
    assert metres_of(one, found.inside) <= best * MOST_GAP


def test_the_proof_knows_when_there_is_no_round() -> None:
    one = made_up(np.random.default_rng(3), 4, wide=True)
    never = Call(1, (Window(0, 60),), 0)
    assert shortest([never, *one.calls[1:]], one.van, one.ways) is None


class Stored(msgspec.Struct):
    """An instance in the manner of Solomon's, and the metres of its proven shortest round."""

    metres: list[list[int]]
    seconds: list[list[int]]
    windows: list[list[int]]
    stay: int
    brought: list[int]
    collected: list[int]
    most_parcels: int
    departs: int
    returns_by: int
    shortest: int

    def read(self) -> MadeUp:
        calls = [
            Call(number, (Window(*window),), self.stay, Load(brought), Load(collected))
            for number, (window, brought, collected) in enumerate(
                zip(self.windows, self.brought, self.collected, strict=True), start=1
            )
        ]
        van = Van(self.departs, self.returns_by, Load(self.most_parcels))
        return MadeUp(calls, van, Ways(np.array(self.metres), np.array(self.seconds)))


@pytest.mark.parametrize("path", INSTANCES, ids=lambda path: path.stem)
def test_stored_instances_are_ordered_within_three_percent(path: Path) -> None:
    stored = msgspec.json.decode(path.read_bytes(), type=Stored)
    one = stored.read()
    assert shortest(one.calls, one.van, one.ways) == stored.shortest
    found = order(one.calls, one.van, one.ways, PATIENCE_SECONDS)
    assert found.outside == ()
    assert metres_of(one, found.inside) <= stored.shortest * MOST_GAP


def test_there_are_stored_instances() -> None:
    assert len(INSTANCES) >= 3


def small(*calls: Call, most: int = 10) -> MadeUp:
    """Places on a line, 10 km and 15 minutes apart."""
    place = np.arange(len(calls) + 1)
    apart = np.abs(place[:, None] - place[None, :])
    return MadeUp(list(calls), Van(8 * HOUR, 12 * HOUR, Load(most, 100_000)), Ways(apart * 10_000, apart * 900))


def test_what_does_not_fit_is_outside() -> None:
    morning, never = (Window(9 * HOUR, 11 * HOUR),), ()
    one = small(
        Call(1, morning, 60), Call(2, never, 60), Call(3, (Window(13 * HOUR, 14 * HOUR),), 60), Call(4, morning, 60)
    )
    found = order(one.calls, one.van, one.ways, PATIENCE_SECONDS)
    assert (sorted(found.inside), found.outside) == ([0, 3], (1, 2))


def test_a_van_that_is_too_small_leaves_the_rest() -> None:
    always = (Window(0, 24 * HOUR),)
    one = small(*(Call(number, always, 60, Load(2, 0)) for number in (1, 2, 3)), most=4)
    found = order(one.calls, one.van, one.ways, PATIENCE_SECONDS)
    assert (len(found.inside), len(found.outside)) == (2, 1)


def test_a_stop_with_two_windows_is_visited_once_in_the_one_that_is_shorter() -> None:
    early, late = Window(8 * HOUR, 8 * HOUR + 1800), Window(10 * HOUR, 11 * HOUR)
    one = small(Call(1, (early, late), 60), Call(2, (early,), 60), Call(3, (Window(9 * HOUR, 10 * HOUR),), 60))
    found = order(one.calls, one.van, one.ways, PATIENCE_SECONDS)
    assert sorted(found.inside) == [0, 1, 2]
    assert metres_of(one, found.inside) == 60_000


def test_nothing_to_order_is_no_round() -> None:
    one = small(Call(1, (), 60))
    assert order(one.calls, one.van, one.ways).inside == ()
