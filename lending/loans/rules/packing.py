"""Which copy serves which booking.

Copies of one title in one depot are interchangeable, so a plan may move to another copy until it is pinned.
Counting is not enough once something is fixed (a loan, a pinned plan): with copy 1 taken on days 1-3 and
copy 2 on days 5-7, never more than two overlap, and yet days 2-6 fit nowhere. Hence a stored plan, and a search
for another one where the plan in place has no room. Fixed jobs make that search hard in theory; it stops after
`node_limit` steps and the answer is then "no", which is safe.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from lending.loans.rules.periods import Period
from lending.loans.rules.repack import NODE_LIMIT, Job, NodeLimitError, Plan, repack


def peak(periods: Iterable[Period]) -> int:
    """The most periods that share one day."""
    periods = list(periods)
    # An end sorts before a start on the same day: they do not overlap.
    turns = sorted([(one.starts_on, 1) for one in periods] + [(one.ends_on, -1) for one in periods])
    running = highest = 0
    for _, change in turns:
        running += change
        highest = max(highest, running)
    return highest


def place(new: Job, served: Sequence[Job], copies: Sequence[int], node_limit: int = NODE_LIMIT) -> Plan | None:
    """Where `new` goes and which plans move for it; None when there is no room (or none was found in time).

    First a free copy, then the cheap bound, then a new arrangement of what may move.
    """
    pool = [job for job in served if job.copy in copies]
    wanted = [copy for copy in copies if not new.is_fixed or copy == new.copy]
    free = _free_copies(new.period, pool, wanted)
    if free:
        return {new.id: _tightest(new.period, pool, free)}
    if not wanted or not _has_room(new.period, pool, len(copies)):
        return None
    return _rearranged(new, pool, copies, node_limit)


def replan(served: Sequence[Job], unserved: Sequence[Job], copies: Sequence[int], node_limit: int = NODE_LIMIT) -> Plan:
    """Give unserved jobs a copy where there is room, earliest first; one left out of the plan has none."""
    plan: Plan = {}
    standing = {job.id: job for job in served}
    for job in sorted(unserved, key=lambda job: (job.period.starts_on, job.id)):
        changes = place(job, list(standing.values()), copies, node_limit) or {}
        if changes:
            standing[job.id] = job
        for moved, copy in changes.items():
            standing[moved] = replace(standing[moved], copy=copy)
        plan |= changes
    return plan


def _free_copies(period: Period, pool: Iterable[Job], wanted: Iterable[int]) -> list[int]:
    busy = {job.copy for job in pool if job.period.overlaps(period)}
    return [copy for copy in wanted if copy not in busy]


def _tightest(period: Period, pool: Iterable[Job], free: Sequence[int]) -> int:
    """The copy that leaves the shortest gap before the period, so that long gaps stay whole."""
    idle_since = {
        copy: max(
            (job.period.ends_on for job in pool if job.copy == copy and job.period < period),
            default=None,
        )
        for copy in free
    }

    def gap(copy: int) -> tuple[int, int]:
        since = idle_since[copy]
        return (10**6 if since is None else (period.starts_on - since).days, copy)

    return min(free, key=gap)


def _has_room(period: Period, pool: Iterable[Job], count: int) -> bool:
    return peak(job.period.within(period) for job in pool if job.period.overlaps(period)) < count


def _rearranged(new: Job, pool: Sequence[Job], copies: Sequence[int], node_limit: int) -> Plan | None:
    near = _connected(new, pool)
    try:
        plan = repack([*near, new], copies, node_limit)
    except NodeLimitError:
        return None
    if plan is None:
        return None
    before = {job.id: job.copy for job in near}
    return {job: copy for job, copy in plan.items() if before.get(job) != copy}


def _connected(new: Job, pool: Sequence[Job]) -> list[Job]:
    """The jobs that a chain of overlaps ties to the new one: the others cannot matter to it."""
    starts_on, ends_on = new.period.starts_on, new.period.ends_on
    near: list[Job] = []
    rest = list(pool)
    while True:
        reach = Period(starts_on, ends_on)
        found = [job for job in rest if job.period.overlaps(reach)]
        if not found:
            return near
        near += found
        rest = [job for job in rest if not job.period.overlaps(reach)]
        starts_on = min(starts_on, *(job.period.starts_on for job in found))
        ends_on = max(ends_on, *(job.period.ends_on for job in found))
