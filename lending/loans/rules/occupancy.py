"""Copies and what keeps them busy, day by day: answers for many periods what `packing.place` answers for one."""

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import accumulate, pairwise

from lending.loans.rules.packing import place
from lending.loans.rules.periods import Period
from lending.loans.rules.repack import Job

NEW = 0


class Occupancy:
    """The copies of a pool over a window of days. Made once, it answers most questions by looking up two numbers."""

    def __init__(self, served: Sequence[Job], copies: Sequence[int], window: Period) -> None:
        """`served` are the jobs with a copy; what reaches beyond the window is planned anew for each question."""
        self._served = served
        self._copies = copies
        self._window = window
        self._first = window.starts_on.toordinal()
        standing: dict[int, list[Job]] = {copy: [] for copy in copies}
        for job in served:
            if job.copy in standing:
                standing[job.copy].append(job)
        self._jobs = [job for jobs in standing.values() for job in jobs]
        busy = [self._days(job.period for job in jobs) for jobs in standing.values()]
        self._free: list[int] = [len(busy) - sum(day) for day in zip(*busy, strict=True)] or [0] * window.length_days
        self._free_until = self._longest_free(busy)

    def free_on(self, day: dt.date) -> int:
        """How many copies nobody has, prepares or puts back in order on a day of the window."""
        return self._free[day.toordinal() - self._first]

    def has_room(self, blocked: Period) -> bool:
        """Whether one more job can be served, by moving plans if need be."""
        if blocked.starts_on < self._window.starts_on or blocked.ends_on > self._window.ends_on:
            return self._is_placed(blocked)
        first, end = blocked.starts_on.toordinal() - self._first, blocked.ends_on.toordinal() - self._first
        if self._free_until[first] >= end:
            return True
        if self._full_from[first] < end:
            return False
        return self._counting_is_enough(blocked) or self._is_placed(blocked)

    def _is_placed(self, blocked: Period) -> bool:
        return place(Job(NEW, blocked), self._served, self._copies) is not None

    def _counting_is_enough(self, blocked: Period) -> bool:
        """Whether all can be served from left to right: what may not move has begun before anything that may."""
        first_movable = min(self._first_movable, blocked.starts_on)
        return self._is_kept and all(job.period.starts_on <= first_movable for job in self._jobs if job.is_fixed)

    @cached_property
    def _first_movable(self) -> dt.date:
        return min((job.period.starts_on for job in self._jobs if not job.is_fixed), default=dt.date.max)

    @cached_property
    def _is_kept(self) -> bool:
        """Whether no two jobs stand on the same copy: behind a late loan they may, until the night's job comes."""
        ordered = sorted(self._jobs, key=lambda job: (job.copy or 0, job.period))
        return not any(one.copy == after.copy and one.period.overlaps(after.period) for one, after in pairwise(ordered))

    @cached_property
    def _full_from(self) -> list[int]:
        """For each day the next one on which there are as many jobs as copies, counted from the window's first."""
        changes = [0] * (self._window.length_days + 1)
        for first, end in self._spans(job.period for job in self._jobs):
            changes[first] += 1
            changes[end] -= 1
        upcoming, found = self._window.length_days, []
        for day, jobs in reversed(list(enumerate(accumulate(changes[:-1])))):
            upcoming = day if jobs >= len(self._copies) else upcoming
            found.append(upcoming)
        return found[::-1]

    def _longest_free(self, busy: Iterable[Sequence[bool]]) -> list[int]:
        """For each day the end (not included) up to which one and the same copy stays free from it on."""
        longest = [0] * self._window.length_days
        for days in busy:
            end = self._window.length_days
            for day in range(end - 1, -1, -1):
                if days[day]:
                    end = day
                elif end > longest[day]:
                    longest[day] = end
        return longest

    def _days(self, periods: Iterable[Period]) -> list[bool]:
        days = [False] * self._window.length_days
        for first, end in self._spans(periods):
            days[first:end] = [True] * (end - first)
        return days

    def _spans(self, periods: Iterable[Period]) -> Iterable[tuple[int, int]]:
        for period in periods:
            if period.overlaps(self._window):
                shared = period.within(self._window)
                yield shared.starts_on.toordinal() - self._first, shared.ends_on.toordinal() - self._first
