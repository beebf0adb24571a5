"""Which copies may leave a place: what their owner says, and what is promised to somebody."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

CONSENTS, KEPT_AT_HOME = True, 1


@dataclass(frozen=True, slots=True)
class Words:
    """What an owner allows."""

    consents: bool = CONSENTS
    kept_at_home: int = KEPT_AT_HOME


@dataclass(frozen=True, slots=True)
class Stocked:
    """A copy of one title in one place. `is_promised` says that a reservation or a loan still needs it there."""

    copy_id: int
    owner_id: int
    place_id: int
    is_promised: bool
    moves_this_year: int
    idle_weeks: int


def may_leave(copies: Iterable[Stocked], words: Mapping[int, Words], most_moves: int) -> list[Stocked]:
    """The copies of a title in one place that may leave, those that rested longest first.

    An owner's copies at its own place stay until it keeps what it asked for; promised ones count among them.
    """
    copies = list(copies)
    at_home: dict[int, int] = {}
    for one in copies:
        if one.owner_id == one.place_id:
            at_home[one.owner_id] = at_home.get(one.owner_id, 0) + 1
    free = [one for one in copies if _is_free(one, words.get(one.owner_id, Words()), most_moves)]
    leaving = []
    for one in sorted(free, key=lambda one: (-one.idle_weeks, one.copy_id)):
        if one.owner_id != one.place_id:
            leaving.append(one)
        elif at_home[one.owner_id] > words.get(one.owner_id, Words()).kept_at_home:
            at_home[one.owner_id] -= 1
            leaving.append(one)
    return leaving


def _is_free(copy: Stocked, words: Words, most_moves: int) -> bool:
    return words.consents and not copy.is_promised and copy.moves_this_year < most_moves
