"""Pure rules of custody: from what happened to a copy to who had it, one after the other, without a gap."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum


class HolderKind(StrEnum):
    """What sort of hands a copy is in."""

    DEPOT = "depot"
    ROAD = "road"
    PERSON = "person"
    SCHOOL = "school"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Hand:
    """A copy came into these hands; `came_from` is the depot that it was in before, where that is known."""

    happened_at: dt.datetime
    kind: HolderKind
    name: str
    came_from: str = ""
    person_name: str = ""


@dataclass(frozen=True, slots=True)
class Holding:
    """Who had it, from when until when. Nobody noted the beginning where `since_at` is None; the last one has it."""

    kind: HolderKind
    name: str
    since_at: dt.datetime | None
    until_at: dt.datetime | None = None
    person_name: str = ""


def chain(hands: Iterable[Hand], depot_name: str) -> list[Holding]:
    """The holders of a copy in order, the present one last: never empty, each begins where the one before ends.

    `depot_name` is where the catalogue says that it is kept: it counts where no hand tells otherwise.
    """
    ordered = sorted(hands, key=lambda hand: hand.happened_at)
    if not ordered:
        return [Holding(HolderKind.DEPOT, depot_name, None)]
    first = ordered[0]
    held = [Holding(HolderKind.DEPOT, first.came_from, None)] if first.came_from else []
    for hand in ordered:
        if held and (held[-1].kind, held[-1].name) == (hand.kind, hand.name):
            continue
        if held:
            held[-1] = replace(held[-1], until_at=hand.happened_at)
        held.append(Holding(hand.kind, hand.name, hand.happened_at, person_name=hand.person_name))
    last = held[-1]
    if last.kind == HolderKind.DEPOT and last.name != depot_name:
        held.append(Holding(HolderKind.DEPOT, depot_name, None))
    return held
