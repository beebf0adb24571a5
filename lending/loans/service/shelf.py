"""The plan of copies of one title in one depot, open for change.

Everything here needs the title's lock. Whoever opens a shelf finds it settled: late loans have grown, plans
behind them or on copies that are gone have moved to sibling copies, and what found no place stands without a
copy, at risk, and its borrower was told.
"""

import datetime as dt
from collections.abc import Sequence
from functools import partial

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from lending.catalog.tables import Title
from lending.core.database import ask, table_of
from lending.loans.queries import relays
from lending.loans.queries.pools import IS_OPEN, job_of, lendable_copies
from lending.loans.queries.terms import Terms, TermsBook
from lending.loans.rules.borrowers import Borrowers
from lending.loans.rules.occupancy import NEW
from lending.loans.rules.packing import place
from lending.loans.rules.periods import DAY, Period
from lending.loans.rules.repack import Job, Plan
from lending.loans.rules.states import Because, Cause, State
from lending.loans.service.standing import Standing, at_risk_key
from lending.loans.service.telling import tell_borrower, tell_search
from lending.loans.tables import Booking
from lending.notices.rules import NoticeKind

# Written once: whoever changes a plan asks them.
_booking = table_of(Booking).c
_open = select(Booking).order_by(Booking.id).execution_options(populate_existing=True)
OPEN_HERE = _open.where(Booking.title_id == bindparam("title_id"), IS_OPEN, Booking.depot_id == bindparam("depot_id"))
THESE = _open.where(Booking.id.in_(bindparam("ids", expanding=True)))
OPEN_ELSEWHERE = select(_booking.id).where(
    *(_booking.title_id == bindparam("title_id"), IS_OPEN, _booking.depot_id != bindparam("depot_id")),
    _booking.copy_id.in_(bindparam("copy_ids", expanding=True)),
)


class Shelf(Standing[Booking]):
    """Interchangeable copies and the open bookings that count on them."""

    def __init__(self, session: Session, title: Title, depot_id: int, now: dt.datetime) -> None:
        """`title` must be locked; the depot must exist."""
        self.session = session
        self.title = title
        self._book = TermsBook(session, [depot_id])
        copies = lendable_copies(session, title.id, depot_id)
        bookings = _open_bookings(session, title.id, depot_id, copies)
        terms, go_on = self._book.of(depot_id, title.kind), partial(relays.were_to_go_on, session)
        super().__init__(terms, copies, bookings, now, go_on)
        self.settle()

    def terms_for(self, borrowers: Borrowers) -> Terms:
        """The terms for a borrower who is not of the association."""
        return self._book.of(self.terms.depot_id, self.title.kind, borrowers)

    def settle(self) -> None:
        """Let late loans grow, move plans that lost their copy, tell those that cannot be served."""
        self.session.flush()
        self.bookings = [one for one in self.bookings if one.state in (State.PLANNED, State.OUT)]
        freed = self._end_holds(self.expired())
        late = self.late()
        lost = self._set_aside([*self.stranded(), *self.behind(late)])
        for loan, ends_on in late.items():
            loan.blocked_ends_on = ends_on
        self.session.flush()
        if self._serve_waiting() or lost or late or freed:
            tell_search(self.session, self.title.id, self.now)
        # A hold promises nothing yet: without a copy it just ends.
        self._end_holds([one for one in self.at_risk() if one.cause == Cause.HOLD])
        for booking in self.at_risk():
            key = at_risk_key(booking)
            tell_borrower(self.session, booking, NoticeKind.AT_RISK, self.now, key)

    def make_room(self, blocked: Period, copy_id: int | None = None) -> int | None:
        """A copy (this one, if given) for a new booking, moving others' plans if need be; None without one."""
        plan = self.room_in(blocked, copy_id)
        if plan is None:
            return None
        self._apply({id_: copy for id_, copy in plan.items() if id_ != NEW})
        return plan[NEW]

    def put(self, booking: Booking, blocked: Period, copy_id: int) -> bool:
        """Give a booking this copy for these days, moving others' plans if need be; False if it cannot be."""
        others = [job for job in self.served() if job.id != booking.id]
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
        others = [job for job in self.served() if job.id not in (loan.id, after.id)]
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
        blocked = self._blocked(booking, period)
        plan = self._plan_for(booking, blocked)
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
        return self._plan_for(booking, self._blocked(booking, period)) is not None

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

    def _plan_for(self, booking: Booking, blocked: Period) -> Plan | None:
        others = [job for job in self.served() if job.id != booking.id]
        job = Job(booking.id, blocked, booking.copy_id, job_of(booking).is_fixed)
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

    def _end_holds(self, holds: Sequence[Booking]) -> bool:
        for hold in holds:
            hold.state, hold.cancelled_at = State.CANCELLED.value, self.now
            hold.cancelled_because = Because.EXPIRED.value
        self.session.flush()
        self.bookings = [one for one in self.bookings if one not in holds]
        return bool(holds)

    def _set_aside(self, bookings: Sequence[Booking]) -> bool:
        for booking in bookings:
            booking.copy_id, booking.pinned = None, False
        self.session.flush()
        return bool(bookings)

    def _serve_waiting(self) -> bool:
        """Find copies for who has none: what is promised first, even from what is only held, then the holds."""
        has_served = self._place(self.without_copy(is_hold=False))
        if self.without_copy(is_hold=False):
            self._set_aside([one for one in self.own() if one.cause == Cause.HOLD and one.copy_id is not None])
            has_served |= self._place(self.without_copy(is_hold=False))
        return self._place(self.without_copy(is_hold=True)) or has_served

    def _place(self, bookings: Sequence[Booking]) -> bool:
        if not bookings:
            return False
        plan = self.plan_for(bookings)
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


def _open_bookings(session: Session, title_id: int, depot_id: int, lendable: Sequence[int]) -> list[Booking]:
    here = {"title_id": title_id, "depot_id": depot_id}
    own = session.scalars(OPEN_HERE, here).all()
    held = {one.copy_id for one in own if one.copy_id is not None}
    # A copy that was moved between depots may still be held from the other one.
    elsewhere = ask(session, OPEN_ELSEWHERE, copy_ids=sorted({*lendable, *held}), **here).scalars().all()
    # Hardly ever: only then objects are made.
    return [*own, *session.scalars(THESE, {"ids": elsewhere})] if elsewhere else list(own)
