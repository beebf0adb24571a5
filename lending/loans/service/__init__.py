"""Use cases of lending: each public method is one transaction."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from lending.catalog import queries as catalog
from lending.catalog.rules import Kind
from lending.catalog.tables import Title
from lending.core.actor import Actor, Role
from lending.core.clock import local_day
from lending.core.idempotency import earlier_answer, remember_answer
from lending.core.paging import MAX_PAGE_SIZE, Cursor, Page, decode_cursor
from lending.loans.queries import alternatives, counts, desk, reservations
from lending.loans.queries.availability import availability
from lending.loans.rules.errors import FreePeriod, NoCopyFree
from lending.loans.rules.periods import Period
from lending.loans.schemas import (
    CompletedCopy,
    Completion,
    DeskDecision,
    DeskScan,
    FoundLine,
    LoanCounts,
    LoanFilter,
    NewLoan,
    NewReservation,
    Reservation,
    ReservationDetail,
    RuleView,
    ScanResult,
    TitleAvailability,
)
from lending.loans.schemas.desk import ComesBack, DeskDay
from lending.loans.schemas.papers import ScannedLoan
from lending.loans.service import cancel, check_in, check_out, reads, replan, reserve, scan
from lending.loans.service.replay import Replays
from lending.network import queries as network

Answer = TypeVar("Answer", bound=msgspec.Struct)


USUAL_WINDOW = dt.timedelta(days=91)


class _CompletionRequest(msgspec.Struct, frozen=True):
    """What makes two completions the same."""

    copy_id: int
    completion: Completion


class Loans(Replays):
    """Reservations, hand-overs, returns, and what time does to them."""

    def reserve(self, actor: Actor, wanted: NewReservation, key: str | None = None) -> Reservation:
        """Reserve for a school: its teachers, or the staff on its behalf.

        `key` makes a repetition answer the same. Raises the errors of `rules.errors`, Forbidden, NotFound.
        """

        def work(session: Session, now: dt.datetime) -> Reservation:
            booking = reserve.reserve(session, actor, wanted, now)
            return reservations.one(session, booking.id, now)

        try:
            return self._once(actor, key, wanted, Reservation, work)
        except NoCopyFree as refusal:
            # Only now, when nobody waits for this title's lock any more.
            with self._db.read() as session:
                reserve.add_alternatives(session, refusal, wanted.school_id, self._clock.now(), wanted.depot_id)
            raise

    def cancel(self, actor: Actor, booking_id: int) -> Reservation:
        """Give a reservation up. Raises NotFound, Forbidden, BookingNotCancellable."""
        now = self._clock.now()
        with self._db.write() as session:
            cancel.cancel(session, actor, booking_id, now)
            return reservations.one(session, booking_id, now)

    def scan(self, actor: Actor, depot_id: int, code: str) -> ScanResult:
        """What can be done with the copy at this desk; nothing changes.

        Raises Forbidden, NotFound, UnknownBarcode, DamagedBarcode, LoanCodeScanned, ForeignBarcode, CopyNotHere.
        """
        with self._db.read() as session:
            return scan.look(session, actor, depot_id, code, self._clock.now())

    def scan_in_pile(self, actor: Actor, depot_id: int, code: str) -> ScanResult | ComesBack:
        """What a scan means in a pile of things that come back; nothing changes. Raises like `scan`."""
        with self._db.read() as session:
            return scan.look_in_pile(session, actor, depot_id, code, self._clock.now())

    def scan_loan(self, actor: Actor, depot_id: int, code: str) -> ScannedLoan:
        """What the paper of a loan opens at this desk: `booking_id_of` tells such codes from those of copies.

        Raises Forbidden, NotFound, DamagedBarcode, LoanOfAnotherDepot.
        """
        with self._db.read() as session:
            return scan.look_at_loan(session, actor, depot_id, code, self._clock.now())

    def desk(self, actor: Actor, wanted: DeskScan, key: str | None = None) -> ScanResult:
        """A scan with the desk's decision, or without one. `key` makes a repetition answer the same."""
        decision = wanted.decision
        if decision is None:
            return self.scan(actor, wanted.depot_id, wanted.code)

        def work(session: Session, now: dt.datetime) -> ScanResult:
            return scan.act(session, actor, wanted, decision, now)

        return self._once(actor, key, wanted, ScanResult, work)

    def check_out(self, actor: Actor, depot_id: int, code: str, booking_id: int | None = None) -> ScanResult:
        """Hand a copy over to a booking, or to the one it is meant for. Raises `rules.desk_errors`."""
        decision = DeskDecision(action="hand_over", booking_id=booking_id)
        return self.desk(actor, DeskScan(code=code, depot_id=depot_id, decision=decision))

    def check_in(
        self,
        actor: Actor,
        depot_id: int,
        code: str,
        found: Sequence[FoundLine] = (),
        note: str = "",
        *,
        accept_withdrawn: bool = False,
    ) -> ScanResult:
        """Take a copy back; lines not in `found` were all there. Raises `rules.desk_errors`, `rules.incidents`."""
        decision = DeskDecision(action="take_back", found=list(found), note=note, accept_withdrawn=accept_withdrawn)
        return self.desk(actor, DeskScan(code=code, depot_id=depot_id, decision=decision))

    def lend_now(self, actor: Actor, wanted: NewLoan, key: str | None = None) -> Reservation:
        """Lend over the counter from today on; it may end earlier than wished. Raises the errors of `rules`."""

        def work(session: Session, now: dt.datetime) -> Reservation:
            booking = check_out.lend_now(session, actor, wanted, now)
            return reservations.one(session, booking.id, now)

        return self._once(actor, key, wanted, Reservation, work)

    def complete_copy(
        self, actor: Actor, copy_id: int, completion: Completion, key: str | None = None
    ) -> CompletedCopy:
        """The missing parts are back. Raises NotFound, Forbidden, CopyIsOnLoan, NothingToComplete."""

        def work(session: Session, now: dt.datetime) -> CompletedCopy:
            waiting = check_in.complete_copy(session, actor, copy_id, completion, now)
            ids = [one.id for one in waiting]
            copy = desk.scanned(catalog.copy(session, copy_id))
            return CompletedCopy(copy=copy, at_risk=reservations.some(session, ids, now))

        return self._once(actor, key, _CompletionRequest(copy_id, completion), CompletedCopy, work)

    def pin(self, actor: Actor, booking_id: int) -> Reservation:
        """Keep the planned copy: its preparation begins. Raises NotFound, Forbidden, BookingNotCollectable."""
        now = self._clock.now()
        with self._db.write() as session:
            check_out.pin(session, actor, booking_id, now)
            return reservations.one(session, booking_id, now)

    def make_ready(self, actor: Actor, booking_id: int) -> Reservation:
        """Say that the planned copy waits at the desk. Raises NotFound, Forbidden, BookingNotCollectable."""
        now = self._clock.now()
        with self._db.write() as session:
            check_out.make_ready(session, actor, booking_id, now)
            return reservations.one(session, booking_id, now)

    def availability(
        self,
        title_id: int,
        starts_on: dt.date | None = None,
        until_on: dt.date | None = None,
        association_id: int | None = None,
    ) -> TitleAvailability:
        """A published title day by day, both days included: public. Raises NotFound, PeriodReversed.

        Without days, the next three months.
        """
        starts_on = starts_on or self._clock.now().date()
        window = Period.through(starts_on, until_on or starts_on + USUAL_WINDOW)
        with self._db.read() as session:
            title = reads.visible_title(session, title_id)
            return availability(session, title, window, self._clock.now(), association_id)

    def nearest_free_periods(
        self, title_id: int, starts_on: dt.date, due_on: dt.date, association_id: int
    ) -> list[FreePeriod]:
        """Periods of about this length, closest to this one, with a free copy. Raises like `availability`."""
        period = Period.through(starts_on, due_on)
        with self._db.read() as session:
            title = reads.visible_title(session, title_id)
            place = (session, title, period, self._clock.now(), association_id)
            return list(alternatives.nearest_free_periods(*place))

    def free_between(
        self,
        title_ids: Sequence[int],
        starts_on: dt.date,
        due_on: dt.date,
        association_id: int | None = None,
    ) -> set[int]:
        """Those of the titles of which some depot has a copy for the whole period. Raises PeriodReversed."""
        period = Period.through(starts_on, due_on)
        with self._db.read() as session:
            query = select(Title.id, Title.kind).where(Title.id.in_(title_ids))
            kinds = dict(iter(session.execute(query)))
            return alternatives.free_titles(session, kinds, period, self._clock.now(), association_id)

    def rule(self, association_id: int, kind: Kind) -> RuleView:
        """The rule in force for a kind in an association: public. Raises NotFound."""
        with self._db.read() as session:
            return reads.rule(session, association_id, kind)

    def reservation(self, actor: Actor, booking_id: int) -> ReservationDetail:
        """One booking, for its school and the lender's staff. Raises NotFound, Forbidden."""
        with self._db.read() as session:
            return reads.detail(session, actor, booking_id, self._clock.now())

    def reservations(
        self,
        actor: Actor,
        wanted: LoanFilter = "all",
        school_id: int | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[Reservation]:
        """What the person's schools (or this one) reserved. Raises Unauthenticated, Forbidden, BadCursor."""
        after, size = _page(cursor, limit)
        with self._db.read() as session:
            return reads.of_schools(session, actor, school_id, wanted, self._clock.now(), after, size)

    def loans(
        self,
        actor: Actor,
        association_id: int | None = None,
        wanted: LoanFilter = "open",
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[Reservation]:
        """What an association lends, or all that the person looks after. Raises Forbidden, BadCursor."""
        after, size = _page(cursor, limit)
        with self._db.read() as session:
            return reads.lent(session, actor, association_id, wanted, self._clock.now(), after, size)

    def desk_day(self, actor: Actor, depot_id: int) -> DeskDay:
        """A depot's work today. Raises Forbidden, NotFound."""
        with self._db.read() as session:
            return reads.desk_day(session, actor, depot_id, self._clock.now())

    def copy_history(self, actor: Actor, copy_id: int) -> list[Reservation]:
        """What a copy did and will do, the latest first. Raises Forbidden, NotFound."""
        with self._db.read() as session:
            return reads.copy_history(session, actor, copy_id, self._clock.now())

    def counts(self, actor: Actor, association_id: int) -> LoanCounts:
        """An association's loans in figures. Raises Forbidden, NotFound."""
        with self._db.read() as session:
            actor.require(network.path_of(session, association_id), Role.STAFF, Role.COORDINATOR)
            today = local_day(self._clock.now(), network.time_zone_of(session, association_id))
            return counts.counts(session, association_id, today)

    def replan_title(self, session: Session, title_id: int, now: dt.datetime) -> None:
        """Plan a title's bookings anew, inside the transaction that changed its copies."""
        replan.replan_title(session, title_id, now)

    def _once(
        self,
        actor: Actor,
        key: str | None,
        request: msgspec.Struct,
        answer_type: type[Answer],
        work: Callable[[Session, dt.datetime], Answer],
    ) -> Answer:
        """Do the work, or give the answer of the first time. A refusal is not kept: it may change."""
        now, person_id = self._clock.now(), actor.person_id or 0
        with self._db.write() as session:
            done = earlier_answer(session, person_id, key, request, answer_type)
            if done is not None:
                return done
            answer = work(session, now)
            remember_answer(session, person_id, key, request, answer, now)
            return answer


def _page(cursor: str | None, limit: int) -> tuple[Cursor | None, int]:
    return decode_cursor(cursor) if cursor else None, max(1, min(limit, MAX_PAGE_SIZE))
