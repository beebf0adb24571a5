"""What a count of a depot (or of one shelf) says of each copy. The truth at the close decides, not the morning's."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from lending.catalog.states import PRESENT


class Finding(StrEnum):
    """What became of a copy in a count: exactly one of these."""

    COUNTED = "counted"
    OUT = "out"
    HANDLED = "handled"
    MISSING = "missing"
    MISPLACED = "misplaced"
    SHOULD_BE_OUT = "should_be_out"
    FOUND_AGAIN = "found_again"


@dataclass(frozen=True)
class Place:
    """What is counted: a depot, or one of its shelves (`shelf` empty: all of them)."""

    depot_id: int
    shelf: str = ""

    def holds(self, depot_id: int, shelf: str) -> bool:
        """Whether a copy that belongs there is expected."""
        return depot_id == self.depot_id and self.shelf in ("", shelf)

    def overlaps(self, other: "Place") -> bool:
        """Whether a copy could be expected in both."""
        return self.depot_id == other.depot_id and ("" in (self.shelf, other.shelf) or self.shelf == other.shelf)


@dataclass(frozen=True)
class Known:
    """A copy as the catalogue knows it, and as loans do.

    `left_at`: since when it is out of its depot, None when it is not. `back_at`: when it last came back.
    `is_inside`: it stands in a trunk and goes where that goes.
    """

    copy_id: int
    depot_id: int
    shelf: str
    status: str
    left_at: dt.datetime | None = None
    back_at: dt.datetime | None = None
    is_inside: bool = False


def finding_of(copy: Known, place: Place, seen_at: dt.datetime | None, opened_at: dt.datetime) -> Finding | None:
    """What the count says of a copy; None for one that neither belongs here nor was seen."""
    if copy.is_inside:
        # Its trunk is counted; nobody need open it, and whoever did found it where it belongs.
        return None if seen_at is None else Finding.COUNTED
    is_expected = copy.status in PRESENT and place.holds(copy.depot_id, copy.shelf)
    if seen_at is None:
        return _unseen(copy, opened_at) if is_expected else None
    # Seen and lent afterwards is fine; seen while it is out means that nobody took it back.
    if copy.left_at is not None and copy.left_at <= seen_at:
        return Finding.SHOULD_BE_OUT
    if copy.status not in PRESENT:
        return Finding.FOUND_AGAIN
    return Finding.COUNTED if is_expected else Finding.MISPLACED


def _unseen(copy: Known, opened_at: dt.datetime) -> Finding:
    if copy.left_at is not None:
        return Finding.OUT
    # It came back while others counted: the desk has it in its hands.
    if copy.back_at is not None and copy.back_at >= opened_at:
        return Finding.HANDLED
    return Finding.MISSING


def findings(
    copies: Iterable[Known], place: Place, seen_at: Mapping[int, dt.datetime], opened_at: dt.datetime
) -> dict[int, Finding]:
    """One finding for each copy that is expected or was seen."""
    found = {copy.copy_id: finding_of(copy, place, seen_at.get(copy.copy_id), opened_at) for copy in copies}
    return {copy_id: finding for copy_id, finding in found.items() if finding is not None}


def first_overlapping(place: Place, others: Collection[Place]) -> Place | None:
    """A count going on that would count the same copies."""
    return next((one for one in others if one.overlaps(place)), None)
