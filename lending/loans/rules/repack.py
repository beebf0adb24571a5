"""A copy for every booking when some may not move: exact, depth first, within a limit of steps."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from lending.loans.rules.periods import Period

NODE_LIMIT = 2_000
NEVER = dt.date.max
Plan = dict[int, int]


@dataclass(frozen=True, slots=True)
class Job:
    """A stretch of occupation, buffers included; `copy` is where it stands, or must when `is_fixed`."""

    id: int
    period: Period
    copy: int | None = None
    is_fixed: bool = False


class NodeLimitError(Exception):
    """The search was given up; it says nothing about whether a plan exists."""


def repack(jobs: Sequence[Job], copies: Sequence[int], node_limit: int = NODE_LIMIT) -> Plan | None:
    """A copy for every job: fixed ones stay, the others stay if they can; None if there is no such plan.

    Exact. Raises NodeLimitError when it would take too long to know.
    """
    fixed = _fixed_by_copy(jobs, copies)
    if any(_collide(periods) for periods in fixed.values()):
        return None
    movable = sorted(
        (job for job in jobs if not job.is_fixed),
        key=lambda job: (job.period.starts_on, -job.period.length_days, job.id),
    )
    chosen = _Search(movable, list(copies), fixed).run(node_limit)
    if chosen is None:
        return None
    kept = {job.id: job.copy for job in jobs if job.is_fixed and job.copy is not None}
    return kept | {job.id: copy for job, copy in zip(movable, chosen, strict=True)}


def _fixed_by_copy(jobs: Iterable[Job], copies: Collection[int]) -> dict[int, list[Period]]:
    fixed: dict[int, list[Period]] = {copy: [] for copy in copies}
    for job in jobs:
        if job.is_fixed and job.copy in fixed:
            fixed[job.copy].append(job.period)
    return {copy: sorted(periods) for copy, periods in fixed.items()}


def _collide(periods: Sequence[Period]) -> bool:
    return any(one.overlaps(after) for one, after in pairwise(periods))


class _Search:
    """Depth first through the movable jobs by start. Without a fixed job ahead it never has to turn back."""

    def __init__(self, movable: Sequence[Job], copies: Sequence[int], fixed: Mapping[int, Sequence[Period]]) -> None:
        self._movable = movable
        self._copies = copies
        self._fixed = fixed
        self._taken: list[int] = []
        self._ends: dict[int, list[Period]] = {copy: [] for copy in copies}
        self._planned: dict[int, list[Job]] = {copy: [] for copy in copies}
        for job in movable:
            if job.copy in self._planned:
                self._planned[job.copy].append(job)

    def run(self, node_limit: int) -> list[int] | None:
        """A copy per movable job, in their order."""
        open_choices: list[Iterator[int]] = []
        nodes = 0
        while len(self._taken) < len(self._movable):
            if len(open_choices) == len(self._taken):
                nodes += 1
                if nodes > node_limit:
                    raise NodeLimitError
                open_choices.append(iter(self._candidates(self._movable[len(self._taken)])))
            copy = next(open_choices[-1], None)
            if copy is not None:
                self._take(copy)
            elif self._taken:
                open_choices.pop()
                self._give_back()
            else:
                return None
        return self._taken

    def _take(self, copy: int) -> None:
        self._ends[copy].append(self._movable[len(self._taken)].period)
        self._taken.append(copy)

    def _give_back(self) -> None:
        self._ends[self._taken.pop()].pop()

    def _candidates(self, job: Job) -> list[int]:
        free = sorted(
            (copy for copy in self._copies if self._is_free(copy, job.period)),
            key=self._liking(job),
        )
        # Two copies whose fixed work ahead is the same are the same copy as far as this search can tell.
        ahead = {copy: tuple(one for one in self._fixed[copy] if one.ends_on > job.period.starts_on) for copy in free}
        return [copy for n, copy in enumerate(free) if ahead[copy] not in [ahead[c] for c in free[:n]]]

    def _is_free(self, copy: int, period: Period) -> bool:
        latest = self._ends[copy][-1:]
        return not any(one.overlaps(period) for one in (*latest, *self._fixed[copy]))

    def _liking(self, job: Job) -> Callable[[int], tuple[bool, int, int, int]]:
        """Stay; else, for a plan that must move, the tightest copy; for the new one, the copy needed last."""

        def rank(copy: int) -> tuple[bool, int, int, int]:
            is_new = job.copy is None
            needed = self._needed_days_after(copy, job)
            return (copy != job.copy, -needed if is_new else needed, -self._idle_since(copy), copy)

        return rank

    def _needed_days_after(self, copy: int, job: Job) -> int:
        ahead = [one for one in self._fixed[copy] if one.starts_on >= job.period.ends_on]
        if job.copy is None:
            ahead += [other.period for other in self._planned[copy] if other.period.starts_on >= job.period.starts_on]
        return min((one.starts_on for one in ahead), default=NEVER).toordinal()

    def _idle_since(self, copy: int) -> int:
        return self._ends[copy][-1].ends_on.toordinal() if self._ends[copy] else 0
