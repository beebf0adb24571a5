"""Use cases that change what was agreed: each public method is one transaction."""

import datetime as dt
from collections.abc import Callable

from sqlalchemy.orm import Session

from lending.core.actor import Actor, Role
from lending.core.clock import Clock
from lending.core.database import Database
from lending.core.errors import NotFound
from lending.core.idempotency import earlier_answer, remember_answer
from lending.loans.queries import events, reservations
from lending.loans.queries.pools import copy_choices
from lending.loans.rules.errors import NoCopyFree
from lending.loans.rules.states import Cause
from lending.loans.schemas import Reservation
from lending.loans.schemas.changes import (
    AllLoans,
    BookingEventView,
    CopyChoice,
    NewDates,
    Order,
    RenewalOffer,
    RenewalWish,
    RenewedLoans,
    Repetition,
)
from lending.loans.service import change, renew
from lending.loans.service.appointing import follow
from lending.loans.service.renew_all import renew_all
from lending.loans.service.reserve import add_alternatives
from lending.loans.service.restore import restore
from lending.loans.tables import Booking

Work = Callable[[Session, dt.datetime], Booking]


class Changes:
    """Extensions, other days, another copy, a return asked for earlier."""

    def __init__(self, db: Database, clock: Clock) -> None:
        """Takes the database and the source of now."""
        self._db = db
        self._clock = clock

    def renew(self, actor: Actor, booking_id: int, wish: RenewalWish) -> Reservation:
        """Keep a loan longer: for its school, or the depot's staff. Raises NotOut, RenewalRefused, CalendarUnknown."""

        def work(session: Session, now: dt.datetime) -> Booking:
            booking = renew.renew(session, actor, booking_id, wish, now)
            follow(session, [booking], now)
            return booking

        return self._do(work)

    def renewal_offer(self, actor: Actor, booking_id: int) -> RenewalOffer:
        """What an extension could give now. Raises NotFound, Forbidden, NotOut."""
        with self._db.rehearse() as session:
            return renew.offer(session, actor, booking_id, self._clock.now())

    def renew_all(self, actor: Actor, key: str | None = None) -> RenewedLoans:
        """Extend everything that the person's schools have; a refusal stops no other. Raises Unauthenticated.

        `key` makes a repetition answer the same.
        """
        now, person_id, request = self._clock.now(), actor.person_id or 0, AllLoans()
        with self._db.write() as session:
            done = earlier_answer(session, person_id, key, request, RenewedLoans)
            if done is not None:
                return done
            answer = renew_all(session, actor, now)
            remember_answer(session, person_id, key, request, answer, now)
            return answer

    def restore(self, actor: Actor, booking_id: int) -> Reservation:
        """Take a cancellation back, shortly after it. Raises UndoOver, NoCopyFree and what a reservation raises."""
        return self._or_alternatives(booking_id, lambda session, now: restore(session, actor, booking_id, now))

    def change_dates(self, actor: Actor, booking_id: int, wanted: NewDates) -> Reservation:
        """Give a reservation other days. Raises VersionChanged, BookingNotCollectable and what a reservation raises."""
        return self._or_alternatives(
            booking_id, lambda session, now: change.change_dates(session, actor, booking_id, wanted, now)
        )

    def change_copy(self, actor: Actor, booking_id: int, copy_id: int) -> Reservation:
        """Keep one particular copy for a reservation: for the depot's staff. Raises `rules.desk_errors`."""
        return self._do(lambda session, now: change.change_copy(session, actor, booking_id, copy_id, now))

    def copies(self, actor: Actor, booking_id: int) -> list[CopyChoice]:
        """The copies that could be kept for a reservation: for the depot's staff. Raises NotFound, Forbidden."""
        with self._db.read() as session:
            scope = reservations.scope(session, booking_id)
            actor.require(scope.association_path, Role.STAFF)
            return copy_choices(session, session.get_one(Booking, booking_id))

    def recall(self, actor: Actor, booking_id: int, reason: str = "") -> Reservation:
        """Call a loan back: for the depot's staff. Raises NotFound, Forbidden, NotOut."""
        return self._do(lambda session, now: change.recall(session, actor, booking_id, reason, now))

    def repetition(self, actor: Actor, booking_id: int) -> Repetition:
        """The same title a year later, to be reserved like any other. Raises NotFound, Forbidden."""
        with self._db.rehearse() as session:
            return change.repetition(session, actor, booking_id, self._clock.now())

    def history(self, actor: Actor, booking_id: int) -> list[BookingEventView]:
        """What was done to a booking: for the lender's staff. Raises NotFound, Forbidden."""
        with self._db.read() as session:
            scope = reservations.scope(session, booking_id)
            actor.require(scope.association_path, Role.STAFF, Role.COORDINATOR)
            return events.of_booking(session, booking_id)

    def order(self, actor: Actor, reference: str) -> Order:
        """What was confirmed together: for its school and the lenders' staff. Raises NotFound."""
        with self._db.read() as session:
            is_ordered = Booking.order_reference == reference
            found = reservations.of(session, self._clock.now(), is_ordered, Booking.cause == Cause.LOAN.value)
            visible = [one for one in found if _may_see(actor, reservations.scope(session, one.id))]
        if not visible:
            raise NotFound
        return Order(reference=reference, reservations=visible)

    def _or_alternatives(self, booking_id: int, work: Work) -> Reservation:
        """Do it; a refusal for want of a copy says what is free instead."""
        try:
            return self._do(work)
        except NoCopyFree as refusal:
            with self._db.read() as session:
                school_id = session.get_one(Booking, booking_id).school_id or 0
                add_alternatives(session, refusal, school_id, self._clock.now())
            raise

    def _do(self, work: Work) -> Reservation:
        now = self._clock.now()
        with self._db.write() as session:
            booking = work(session, now)
            return reservations.one(session, booking.id, now)


def _may_see(actor: Actor, scope: reservations.Scope) -> bool:
    is_borrower = scope.school_path is not None and actor.covers(scope.school_path, Role.TEACHER)
    return is_borrower or actor.covers(scope.association_path, Role.STAFF, Role.COORDINATOR)
