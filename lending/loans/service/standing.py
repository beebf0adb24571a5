"""How a shelf stands: the copies of one title in one depot, and the open bookings that count on them.

It reads the same behind the title's lock, from rows that may be changed, and without one, from bare columns.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Generic, TypeVar

from lending.core.clock import local_day
from lending.loans.queries.pools import Occupied, is_expired, job_of
from lending.loans.queries.terms import Terms
from lending.loans.rules.occupancy import NEW
from lending.loans.rules.packing import place, replan
from lending.loans.rules.periods import DAY, Period
from lending.loans.rules.repack import Job, Plan
from lending.loans.rules.states import Cause, State
from lending.loans.rules.waiting import fitting_periods
from lending.loans.tables import Booking
from lending.notices.rules import NoticeKind

# A way or a repair is of one copy: no sibling can take it over.
TIED = frozenset({Cause.TRANSFER, Cause.MAINTENANCE})
Open = TypeVar("Open", Booking, Occupied)
GoOn = Callable[[Collection[int]], Mapping[int, bool]]


class Standing(Generic[Open]):
    """Interchangeable copies and the open bookings that count on them."""

    def __init__(
        self, terms: Terms, copies: list[int], bookings: list[Open], now: dt.datetime, were_to_go_on: GoOn
    ) -> None:
        """`bookings` are the depot's own, by id, then those of other depots that hold these copies.

        `were_to_go_on` says of loans whether they were ever to go on to another school, and whether they still are.
        """
        self.terms = terms
        self.copies = copies
        self.bookings: list[Open] = bookings
        self.now = now
        self.today = local_day(now, terms.time_zone)
        self._were_to_go_on = were_to_go_on

    def is_settled(self) -> bool:
        """Whether every plan may stay as it is; what people are told of it is another question."""
        return not (self.expired() or self.late() or self.stranded() or self._may_be_served())

    def at_risk(self) -> list[Open]:
        """The open bookings that no copy can serve, nearest start first."""
        waiting = (one for one in self.own() if one.copy_id is None)
        return sorted(waiting, key=lambda one: (one.starts_on, one.id))

    def has_room(self, period: Period) -> bool:
        """Whether one more loan of `period` (without its buffers) could be served."""
        return self.room_in(self.terms.buffers.around(period)) is not None

    def room_in(self, blocked: Period, copy_id: int | None = None) -> Plan | None:
        """Where one more booking would go (on this copy, if given) and which plans would move for it."""
        return place(Job(NEW, blocked, copy_id, is_fixed=copy_id is not None), self.served(), self.copies)

    def periods_in(self, window: Period, length_days: int) -> Iterator[Period]:
        """The loans of this length that could begin in the window, the earliest first, free or not."""
        earliest_on = self.today + self.terms.rule.lead_days * DAY
        return fitting_periods(window, length_days, self.terms.calendar, earliest_on)

    def own(self) -> Iterable[Open]:
        """The bookings of this depot."""
        return (one for one in self.bookings if one.depot_id == self.terms.depot_id)

    def served(self) -> list[Job]:
        """What has a copy, as the planner sees it."""
        return [self._job(one) for one in self.bookings if one.copy_id is not None]

    def expired(self) -> list[Open]:
        """The holds whose time is over."""
        return [one for one in self.bookings if is_expired(one, self.now)]

    def stranded(self) -> list[Open]:
        """The plans on a copy that is not of this shelf any more."""
        return [
            one
            for one in self.own()
            if one.state == State.PLANNED and one.copy_id is not None and one.copy_id not in self.copies
            if one.cause not in TIED
        ]

    def late(self) -> dict[Open, dt.date]:
        """The loans that keep their copy longer than is written down, and until when (not included)."""
        grown = {
            one: self.terms.buffers.end_while_out(Period(one.starts_on, one.ends_on), one.blocked_ends_on, self.today)
            for one in self.own()
            if one.state == State.OUT
        }
        late = {one: ends_on for one, ends_on in grown.items() if ends_on > one.blocked_ends_on}
        turnaround = self.terms.buffers.turnaround_days * DAY
        short = [one for one in grown if one.blocked_ends_on < one.ends_on + turnaround]
        return self._coming_home(late, short) if late or short else late

    def _coming_home(self, late: dict[Open, dt.date], short: Sequence[Open]) -> dict[Open, dt.date]:
        """What goes on to another school grows into nobody's days; what no longer does has its turnaround again."""
        goes_on = self._were_to_go_on([one.id for one in (*late, *short)])
        back = {
            one: self.terms.buffers.end_if_returned_on(one.ends_on - DAY)
            for one in short
            if goes_on.get(one.id) is False
        }
        return back | {one: ends_on for one, ends_on in late.items() if not goes_on.get(one.id)}

    def behind(self, late: dict[Open, dt.date]) -> list[Open]:
        """The plans that late loans stand in the way of."""
        until = {one.copy_id: ends_on for one, ends_on in late.items()}
        return [
            one
            for one in self.bookings
            if one.state == State.PLANNED and one.copy_id in until and one.blocked_starts_on < until[one.copy_id]
        ]

    def without_copy(self, *, is_hold: bool) -> list[Open]:
        """Who has no copy and may have any."""
        free = (one for one in self.at_risk() if one.cause not in TIED)
        return [one for one in free if (one.cause == Cause.HOLD) is is_hold]

    def plan_for(self, bookings: Sequence[Open]) -> Plan:
        """Copies for these where there is room, and the plans that move for them."""
        return replan(self.served(), [job_of(one) for one in bookings], self.copies)

    def _may_be_served(self) -> bool:
        """Whether serving who has no copy would change something: a hold may have to go for a promise."""
        waiting = self.without_copy(is_hold=False)
        if any(one.cause == Cause.HOLD and (waiting or one.copy_id is None) for one in self.own()):
            return True
        return bool(waiting) and bool(self.plan_for(waiting))

    def _job(self, booking: Open) -> Job:
        job = job_of(booking)
        is_ours = booking.depot_id == self.terms.depot_id
        return job if is_ours else Job(job.id, job.period, job.copy, is_fixed=True)


def at_risk_key(booking: Booking | Occupied) -> str:
    """The message that tells a borrower so: once for each first day."""
    return f"{NoticeKind.AT_RISK}:{booking.id}:{booking.starts_on.isoformat()}"
