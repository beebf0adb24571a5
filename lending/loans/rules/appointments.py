"""When a loan is brought back: an hour of the depot's desk, agreed at hand-over and moved at will until the last day.

A slot is what the desk is open of one hour of the clock: « at most four an hour » then means the same whenever the
desk opens. All days and hours are local to the depot.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from lending.catalog.rules import clean_line
from lending.loans.rules.appointment_errors import (
    LONGEST_BRINGER,
    AppointmentDayRefused,
    AppointmentFull,
    AppointmentHourRefused,
    AppointmentImpossible,
    BringerTooLong,
)
from lending.loans.rules.calendar import OpeningCalendar
from lending.loans.rules.periods import DAY

SHORTEST_MINUTES = 15
# How far ahead somebody who is late may say when they come.
LATE_DAYS = 14
# No more days than these are offered: the last ones, nearest to the day on which the loan is due.
MOST_DAYS = 70
MINUTES = 60
# Every loan that is out has a visit that is looked at again and again, and depots have few kinds of day.
WEEKDAYS_REMEMBERED = 1_000

Stretch = tuple[dt.time, dt.time]


@dataclass(frozen=True, order=True, slots=True)
class Slot:
    """From when to when somebody is expected, within one hour of the clock."""

    starts_at: dt.time
    ends_at: dt.time

    @property
    def hour(self) -> int:
        """The hour of the clock that it lies in: no two slots of a day share one."""
        return self.starts_at.hour


@dataclass(frozen=True, order=True, slots=True)
class Visit:
    """A day and a slot."""

    comes_on: dt.date
    slot: Slot


@dataclass(frozen=True, slots=True)
class DeskHours:
    """On which days the desk is open, and from when to when on each weekday (0 = Monday).

    A day that is open by exception, on a weekday without hours, has no slot: nobody wrote down its hours.
    """

    calendar: OpeningCalendar
    stretches: Mapping[int, Sequence[Stretch]]

    def slots(self, day: dt.date) -> tuple[Slot, ...]:
        """The slots of a day in order; none where the desk is closed or its hours are unknown."""
        return slots_of(self.stretches.get(day.weekday(), ())) if self.calendar.is_open(day) else ()

    def slots_ahead(self, day: dt.date, local_now: dt.datetime) -> tuple[Slot, ...]:
        """Those that have not begun yet."""
        if day < local_now.date():
            return ()
        slots = self.slots(day)
        return slots if day > local_now.date() else tuple(one for one in slots if one.starts_at > local_now.time())


@dataclass(frozen=True, slots=True)
class Room:
    """How many are expected already in each hour of each day, and how many may be; None for any number."""

    most: int | None
    taken: Mapping[tuple[dt.date, int], int]

    def left(self, day: dt.date, slot: Slot) -> int | None:
        """How many more may come; None for any number."""
        return None if self.most is None else max(0, self.most - self.count(day, slot))

    def count(self, day: dt.date, slot: Slot) -> int:
        """How many are expected."""
        return self.taken.get((day, slot.hour), 0)

    def is_full(self, day: dt.date, slot: Slot) -> bool:
        """Whether nobody more may come."""
        return self.left(day, slot) == 0


@dataclass(frozen=True, slots=True)
class Preference:
    """What a proposal looks for: the days on which the borrower can come, and the hours they would rather have."""

    can_come: Callable[[dt.date], bool]
    hour: int | None = None
    # When the same school comes anyway, by day: one way for everything.
    anyway: Mapping[dt.date, int] | None = None


def slots_of(stretches: Iterable[Stretch]) -> tuple[Slot, ...]:
    """A day's stretches of opening, cut at the full hours. What is left of an hour counts from a quarter on."""
    return _cut(tuple(sorted(stretches)))


@lru_cache(WEEKDAYS_REMEMBERED)
def _cut(stretches: tuple[Stretch, ...]) -> tuple[Slot, ...]:
    by_hour: dict[int, Slot] = {}
    for stretch in stretches:
        for slot in _pieces(*stretch):
            by_hour.setdefault(slot.hour, slot)
    return tuple(by_hour.values())


def days_ahead(due_on: dt.date, local_now: dt.datetime, hours: DeskHours) -> list[dt.date]:
    """The days on which a loan may be brought back: until its last one, or within two weeks once that is over."""
    today = local_now.date()
    last = _last_day(due_on, today)
    first = max(today, last - MOST_DAYS * DAY)
    days = (first + n * DAY for n in range((last - first).days + 1))
    return [day for day in days if hours.slots_ahead(day, local_now)]


def propose(due_on: dt.date, local_now: dt.datetime, hours: DeskHours, room: Room, wished: Preference) -> Visit | None:
    """The last day on which the borrower can come and the desk has room; else the last with room; None without one.

    On that day the hour wished for, else when the school comes anyway, else the quietest, the earliest of these.
    """
    days = sorted(days_ahead(due_on, local_now, hours), key=lambda day: (wished.can_come(day), day), reverse=True)
    for day in days:
        free = [one for one in hours.slots_ahead(day, local_now) if not room.is_full(day, one)]
        if free:
            return Visit(day, min(free, key=lambda slot: _distance(day, slot, room, wished)))
    return None


def check_visit(
    day: dt.date, hour: int, due_on: dt.date, local_now: dt.datetime, hours: DeskHours, room: Room
) -> Visit:
    """The visit. Raises the errors of `appointment_errors`, with what is possible."""
    days = days_ahead(due_on, local_now, hours)
    if not days:
        raise AppointmentImpossible
    if day not in days:
        raise AppointmentDayRefused(comes_on=day, last_on=days[-1])
    slots = hours.slots_ahead(day, local_now)
    free = tuple(one.hour for one in slots if not room.is_full(day, one))
    slot = next((one for one in slots if one.hour == hour), None)
    if slot is None:
        raise AppointmentHourRefused(comes_on=day, hour=hour, free_hours=free)
    if room.is_full(day, slot):
        raise AppointmentFull(comes_on=day, hour=hour, max_returns=room.most or 0, free_hours=free)
    return Visit(day, slot)


def check_bringer(name: str) -> str:
    """The name of who brings the things, in one line. Raises BringerTooLong."""
    line = clean_line(name)
    if len(line) > LONGEST_BRINGER:
        raise BringerTooLong
    return line


def still_stands(visit: Visit, due_on: dt.date, local_now: dt.datetime, hours: DeskHours) -> bool:
    """Whether an appointment may stay: one that is over stays what it was, one ahead needs an open desk."""
    if visit.comes_on < local_now.date():
        return True
    return visit.comes_on <= _last_day(due_on, local_now.date()) and visit.slot in hours.slots(visit.comes_on)


def _last_day(due_on: dt.date, today: dt.date) -> dt.date:
    return due_on if due_on >= today else today + LATE_DAYS * DAY


def _distance(day: dt.date, slot: Slot, room: Room, wished: Preference) -> tuple[int, int, int, int]:
    by_wish = 0 if wished.hour is None else abs(slot.hour - wished.hour)
    anyway = (wished.anyway or {}).get(day)
    return (by_wish, int(anyway is not None and anyway != slot.hour), room.count(day, slot), slot.hour)


def _pieces(opens_at: dt.time, closes_at: dt.time) -> Iterable[Slot]:
    opens, closes = _minutes(opens_at), _minutes(closes_at)
    cuts = [opens, *range(opens // MINUTES * MINUTES + MINUTES, closes, MINUTES), closes]
    pieces = list(pairwise(cuts))
    # A desk that opens for less than a quarter on each side of the hour keeps the longer side: it is open after all.
    long_enough = [one for one in pieces if one[1] - one[0] >= SHORTEST_MINUTES] or [max(pieces, key=_length)]
    return [Slot(_time(first), _time(last)) for first, last in long_enough]


def _length(piece: tuple[int, int]) -> int:
    return piece[1] - piece[0]


def _minutes(moment: dt.time) -> int:
    return moment.hour * MINUTES + moment.minute


def _time(minutes: int) -> dt.time:
    # The last minute of the day stands for midnight, which belongs to the next one.
    return dt.time(*divmod(min(minutes, 24 * MINUTES - 1), MINUTES))
