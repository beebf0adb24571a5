"""What happened to the pieces of a copy: each loss falls between two looks into it, and on whoever had it between.

The checklist may ask for more or for less from one look to the next: what was never there is not lost, and what was
bought is not found again. Looks of old times counted only what was not as it should be; a line that they do not name
was all there.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise


@dataclass(frozen=True)
class Count:
    """How many pieces of a line there should have been, and how many there were."""

    expected: int
    found: int


@dataclass(frozen=True)
class Look:
    """A check of a copy, by line of its checklist."""

    id: int
    at: dt.datetime
    counts: Mapping[int, Count] = field(default_factory=dict)


@dataclass(frozen=True)
class Had:
    """A loan of the copy: when it left, when it came back (None while it is out), and the look at its return."""

    id: int
    left_at: dt.datetime
    back_at: dt.datetime | None = None
    return_look_id: int | None = None


@dataclass(frozen=True)
class Turn:
    """Pieces of a line that went missing (`count` > 0) or came back (`count` < 0) between two looks.

    `before` is None when nobody had looked before. `had_by` are the loans in between, the first first.
    """

    line_id: int
    count: int
    before: Look | None
    after: Look
    had_by: tuple[Had, ...] = ()


def turns(looks: Iterable[Look], loans: Iterable[Had]) -> list[Turn]:
    """Every change of what is missing, in the order of the looks that found it."""
    ordered = sorted(looks, key=lambda one: (one.at, one.id))
    had = sorted(loans, key=lambda one: (one.left_at, one.id))
    return [turn for before, after in pairwise([None, *ordered]) if after for turn in _between(before, after, had)]


def _between(before: Look | None, after: Look, loans: Sequence[Had]) -> list[Turn]:
    known = before.counts if before else {}
    had_by = tuple(one for one in loans if _lay_between(one, before, after))
    changes = {line_id: _gone(known.get(line_id), after.counts.get(line_id)) for line_id in {*known, *after.counts}}
    return [Turn(line_id, count, before, after, had_by) for line_id, count in sorted(changes.items()) if count]


def _gone(before: Count | None, after: Count | None) -> int:
    """How many pieces went missing; fewer than none when some came back."""
    before, after = before or _all_of(after), after or _all_of(before)
    lost = max(0, min(before.found, after.expected) - after.found)
    return lost or -max(0, min(after.found, before.expected) - before.found)


def _all_of(other: Count | None) -> Count:
    expected = other.expected if other else 0
    return Count(expected, expected)


def _lay_between(loan: Had, before: Look | None, after: Look) -> bool:
    """Whether somebody had the copy between two looks.

    The look at its return ends a loan whatever the clocks say: a desk without network tells the hours later.
    """
    if loan.return_look_id is not None:
        return loan.return_look_id == after.id
    is_back_before = before is not None and loan.back_at is not None and loan.back_at <= before.at
    return loan.left_at < after.at and not is_back_before
