"""The plan of copies of one title in one depot, open for change.

Everything here needs the title's lock. Whoever opens a shelf finds it settled: late loans have grown, plans
behind them or on copies that are gone have moved to sibling copies, and what found no place stands without a
copy, at risk, and its borrower was told.
"""

import datetime as dt
from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from lending.catalog.tables import Title
from lending.core.clock import local_day
from lending.loans.queries import relays
from lending.loans.queries.pools import IS_OPEN, is_expired, job_of, lendable_copies
from lending.loans.queries.terms import Terms, TermsBook
from lending.loans.rules.borrowers import Borrowers
from lending.loans.rules.occupancy import NEW
from lending.loans.rules.packing import place, replan
from lending.loans.rules.periods import DAY, Period
from lending.loans.rules.repack import Job, Plan
from lending.loans.rules.states import Because, Cause, State
from lending.loans.service.telling import tell_borrower, tell_search
from lending.loans.tables import Booking
from lending.notices.rules import NoticeKind

# A way or a repair is of one copy: no sibling can take it over.
TIED = frozenset({Cause.TRANSFER, Cause.MAINTENANCE})

# Written once: whoever changes a plan asks both.
_open = (
    select(Booking)
    .where(Booking.title_id == bindparam("title_id"), IS_OPEN)
    .order_by(Booking.id)
    .execution_options(populate_existing=True)
)
OPEN_HERE = _open.where(Booking.depot_id == bindparam("depot_id"))
OPEN_ELSEWHERE = _open.where(
    Booking.depot_id != bindparam("depot_id"), Booking.copy_id.in_(bindparam("copy_ids", expanding=True))
)


class Shelf:
    """Interchangeable copies and the open bookings that count on them."""

    def __init__(self, session: Session, title: Title, depot_id: int, now: dt.datetime) -> None:
        """`title` must be locked; the depot must exist."""
        self.session = session
        self.title = title
        self.now = now
        self._book = TermsBook(session, [depot_id])
        self.terms: Terms = self._book.of(depot_id, title.kind)
        self.today = local_day(now, self.terms.time_zone)
        self.copies: list[int] = lendable_copies(session, title.id, depot_id)
        self.bookings = self._open_bookings()
        self.settle()

    def terms_for(self, borrowers: Borrowers) -> Terms:
        """The terms for a borrower who is not of the association."""
        return self._book.of(self.terms.depot_id, self.title.kind, borrowers)

    def settle(self) -> None:
        """Let late loans grow, move plans that lost their copy, tell those that cannot be served."""
        self.session.flush()
        self.bookings = [one for one in self.bookings if one.state in (State.PLANNED, State.OUT)]
        freed = self._end_holds([one for one in self.bookings if is_expired(one, self.now)])
        late = self._late()
        lost = self._set_aside([*self._stranded(), *self._behind(late)])
        for loan, ends_on in late.items():
            loan.blocked_ends_on = ends_on
        self.session.flush()
        if self._serve_waiting() or lost or late or freed:
            tell_search(self.session, self.title.id, self.now)
        # A hold promises nothing yet: without a copy it just ends.
        self._end_holds([one for one in self.at_risk() if one.cause == Cause.HOLD])
        for booking in self.at_risk():
            key = f"{NoticeKind.AT_RISK}:{booking.id}:{booking.starts_on.isoformat()}"
            tell_borrower(self.session, booking, NoticeKind.AT_RISK, self.now, key)

    def at_risk(self) -> list[Booking]:
        """The open bookings that no copy can serve, nearest start first."""
        waiting = (one for one in self._own() if one.copy_id is None)
        return sorted(waiting, key=lambda one: (one.starts_on, one.id))

    def has_room(self, period: Period) -> bool:
        """Whether one more loan of `period` (without its buffers) could be served."""
        blocked = self.terms.buffers.around(period)
        return place(Job(NEW, blocked), self._served(), self.copies) is not None

    def make_room(self, blocked: Period, copy_id: int | None = None) -> int | None:
        """A copy (this one, if given) for a new booking, moving others' plans if need be; None without one."""
        job = Job(NEW, blocked, copy_id, is_fixed=copy_id is not None)
        plan = place(job, self._served(), self.copies)
        if plan is None:
            return None
        self._apply({id_: copy for id_, copy in plan.items() if id_ != NEW})
        return plan[NEW]

    def put(self, booking: Booking, blocked: Period, copy_id: int) -> bool:
        """Give a booking this copy for these days, moving others' plans if need be; False if it cannot be."""
        others = [job for job in self._served() if job.id != booking.id]
        plan = place(Job(booking.id, blocked, copy_id, is_fixed=True), others, self.copies)
        if plan is None:
            return False
        booking.copy_id = None
        self.session.flush()
        booking.blocked_starts_on, booking.blocked_ends_on = blocked.starts_on, blocked.ends_on
        self._apply(plan)
        return True

    def pass_on(self, loan: Booking, after: Booking) -> bool:
        """Let a reservation follow a loan on its copy, with no day at the depot between; False if it cannot be.

        The days between the two belong to the reservation: nobody can have what stays with a school.
        """
        joined = Period(loan.blocked_starts_on, after.blocked_ends_on)
        others = [job for job in self._served() if job.id not in (loan.id, after.id)]
        plan = place(Job(loan.id, joined, loan.copy_id, is_fixed=True), others, self.copies)
        if plan is None:
            return False
        after.copy_id = None
        self.session.flush()
        self._apply({id_: copy for id_, copy in plan.items() if id_ != loan.id})
        loan.blocked_ends_on = after.blocked_starts_on = loan.ends_on
        self.session.flush()
        after.copy_id, after.pinned = loan.copy_id, True
        self.session.flush()
        return True

    def part(self, after: Booking) -> None:
        """A reservation no longer follows a loan: it is planned anew, with its days of preparation."""
        around = self.terms.buffers.around(Period(after.starts_on, after.ends_on))
        after.copy_id, after.pinned = None, False
        after.blocked_starts_on, after.blocked_ends_on = around.starts_on, around.ends_on
        self.settle()

    def move(self, booking: Booking, period: Period) -> bool:
        """Give a booking other days, on another copy if it may change; False, and no change, if it cannot be.

        A loan that is out keeps its copy and its first day.
        """
        plan, blocked = self._plan_for(booking, period), self._blocked(booking, period)
        if plan is None:
            return False
        booking.copy_id = None if booking.state == State.PLANNED else booking.copy_id
        self.session.flush()
        self._apply({id_: copy for id_, copy in plan.items() if id_ != booking.id})
        booking.starts_on, booking.ends_on = period.starts_on, period.ends_on
        booking.blocked_starts_on, booking.blocked_ends_on = blocked.starts_on, blocked.ends_on
        booking.copy_id = plan[booking.id]
        self.session.flush()
        return True

    def could_move(self, booking: Booking, period: Period) -> bool:
        """Whether `move` would give these days."""
        return self._plan_for(booking, period) is not None

    def planned_on(self, copy_id: int, period: Period, except_id: int | None = None) -> Booking | None:
        """The booking that counts on a copy in a period: a pinned one first, then the nearest."""
        found = [
            one
            for one in self.bookings
            if one.copy_id == copy_id and one.id != except_id and job_of(one).period.overlaps(period)
        ]
        return min(found, key=lambda one: (not one.pinned, one.starts_on, one.id), default=None)

    def add(self, booking: Booking) -> None:
        """Put a new booking beside the others."""
        self.session.add(booking)
        self.session.flush()
        self.bookings.append(booking)

    def _plan_for(self, booking: Booking, period: Period) -> Plan | None:
        others = [job for job in self._served() if job.id != booking.id]
        job = Job(booking.id, self._blocked(booking, period), booking.copy_id, job_of(booking).is_fixed)
        held = booking.copy_id
        # A copy that left the shelf while it was out stays with its loan, and takes nobody else's plan.
        copies = self.copies if held is None or held in self.copies else [held]
        return place(job, others, copies)

    def _blocked(self, booking: Booking, period: Period) -> Period:
        around = self.terms.buffers.around(period)
        goes_on = next(iter(relays.that_count(self.session, [booking.id])), None)
        if booking.state == State.OUT:
            ends_on = period.ends_on if goes_on else around.ends_on
            return Period(booking.blocked_starts_on, max(ends_on, booking.starts_on + DAY))
        loan = next((one for one in self.bookings if goes_on and one.id == goes_on.loan_id), None)
        return Period(loan.ends_on, around.ends_on) if loan and period.starts_on >= loan.ends_on else around

    def _open_bookings(self) -> list[Booking]:
        here = {"title_id": self.title.id, "depot_id": self.terms.depot_id}
        own = self.session.scalars(OPEN_HERE, here).all()
        held = {one.copy_id for one in own if one.copy_id is not None}
        # A copy that was moved between depots may still be held from the other one.
        copies = {"copy_ids": sorted({*self.copies, *held})}
        return [*own, *self.session.scalars(OPEN_ELSEWHERE, {**here, **copies})]

    def _own(self) -> Iterable[Booking]:
        return (one for one in self.bookings if one.depot_id == self.terms.depot_id)

    def _served(self) -> list[Job]:
        return [self._job(one) for one in self.bookings if one.copy_id is not None]

    def _job(self, booking: Booking) -> Job:
        job = job_of(booking)
        is_ours = booking.depot_id == self.terms.depot_id
        return job if is_ours else Job(job.id, job.period, job.copy, is_fixed=True)

    def _stranded(self) -> list[Booking]:
        return [
            one
            for one in self._own()
            if one.state == State.PLANNED and one.copy_id is not None and one.copy_id not in self.copies
            if one.cause not in TIED
        ]

    def _end_holds(self, holds: Sequence[Booking]) -> bool:
        for hold in holds:
            hold.state, hold.cancelled_at = State.CANCELLED.value, self.now
            hold.cancelled_because = Because.EXPIRED.value
        self.session.flush()
        self.bookings = [one for one in self.bookings if one not in holds]
        return bool(holds)

    def _late(self) -> dict[Booking, dt.date]:
        """The loans that keep their copy longer than is written down, and until when (not included)."""
        grown = {
            one: self.terms.buffers.end_while_out(Period(one.starts_on, one.ends_on), one.blocked_ends_on, self.today)
            for one in self._own()
            if one.state == State.OUT
        }
        late = {one: ends_on for one, ends_on in grown.items() if ends_on > one.blocked_ends_on}
        turnaround = self.terms.buffers.turnaround_days * DAY
        short = [one for one in grown if one.blocked_ends_on < one.ends_on + turnaround]
        return self._coming_home(late, short) if late or short else late

    def _coming_home(self, late: dict[Booking, dt.date], short: Sequence[Booking]) -> dict[Booking, dt.date]:
        """What goes on to another school grows into nobody's days; what no longer does has its turnaround again."""
        goes_on = relays.were_to_go_on(self.session, [one.id for one in (*late, *short)])
        back = {
            one: self.terms.buffers.end_if_returned_on(one.ends_on - DAY)
            for one in short
            if goes_on.get(one.id) is False
        }
        return back | {one: ends_on for one, ends_on in late.items() if not goes_on.get(one.id)}

    def _behind(self, late: dict[Booking, dt.date]) -> list[Booking]:
        until = {one.copy_id: ends_on for one, ends_on in late.items()}
        return [
            one
            for one in self.bookings
            if one.state == State.PLANNED and one.copy_id in until and one.blocked_starts_on < until[one.copy_id]
        ]

    def _set_aside(self, bookings: Sequence[Booking]) -> bool:
        for booking in bookings:
            booking.copy_id, booking.pinned = None, False
        self.session.flush()
        return bool(bookings)

    def _serve_waiting(self) -> bool:
        """Find copies for who has none: what is promised first, even from what is only held, then the holds."""
        has_served = self._place(self._without_copy(is_hold=False))
        if self._without_copy(is_hold=False):
            self._set_aside([one for one in self._own() if one.cause == Cause.HOLD and one.copy_id is not None])
            has_served |= self._place(self._without_copy(is_hold=False))
        return self._place(self._without_copy(is_hold=True)) or has_served

    def _without_copy(self, *, is_hold: bool) -> list[Booking]:
        free = (one for one in self.at_risk() if one.cause not in TIED)
        return [one for one in free if (one.cause == Cause.HOLD) is is_hold]

    def _place(self, bookings: Sequence[Booking]) -> bool:
        if not bookings:
            return False
        plan = replan(self._served(), [job_of(one) for one in bookings], self.copies)
        self._apply(plan)
        return bool(plan)

    def _apply(self, plan: Plan) -> None:
        moving = [one for one in self.bookings if one.id in plan and plan[one.id] != one.copy_id]
        # First off their copies, then onto the new ones: at no moment do two stand on the same.
        for booking in moving:
            booking.copy_id = None
        self.session.flush()
        for booking in moving:
            booking.copy_id = plan[booking.id]
        self.session.flush()
