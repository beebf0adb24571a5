"""What must be settled before a copy leaves: the association's word, the signed agreement, the deposit."""

import datetime as dt
from collections.abc import Callable
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from lending.catalog.rules import clean_text
from lending.catalog.tables import Title
from lending.core.actor import Actor, Role
from lending.core.clock import Clock
from lending.core.database import Database
from lending.loans.queries import reservations
from lending.loans.queries.pools import IS_OPEN
from lending.loans.rules.period_errors import NothingToDecide
from lending.loans.rules.states import Because, State
from lending.loans.schemas import Reservation
from lending.loans.service.cancel import release
from lending.loans.service.locking import lock_booking
from lending.loans.service.recording import Act, record
from lending.loans.service.telling import tell_borrower, tell_deposit
from lending.loans.tables import Agreement, Booking
from lending.network import queries as network
from lending.network.rules import school_year_of
from lending.notices.rules import NoticeKind

DepositStep = Literal["received", "returned", "cashed"]
DEPOSIT_WORDS: tuple[DepositStep, ...] = ("received", "returned", "cashed")
DEPOSIT_STEPS: dict[str, frozenset[str]] = {
    "due": frozenset({"received"}),
    "received": frozenset({"returned", "cashed"}),
}


class Conditions:
    """The decisions of the depot's staff about a booking."""

    def __init__(self, db: Database, clock: Clock) -> None:
        """Takes the database and the source of now."""
        self._db = db
        self._clock = clock

    def approve(self, actor: Actor, booking_id: int) -> Reservation:
        """Agree to a request. Raises NotFound, Forbidden, NothingToDecide."""

        def decide(session: Session, booking: Booking, now: dt.datetime) -> None:
            _require(booking, is_waiting=booking.awaits_approval)
            booking.awaits_approval = False
            record(session, booking, Act.APPROVED, actor, now)
            tell_borrower(session, booking, NoticeKind.BOOKING_CONFIRMED, now)

        return self._decide(actor, booking_id, decide)

    def refuse(self, actor: Actor, booking_id: int, reason: str) -> Reservation:
        """Do not agree; the copy is free again. Raises NotFound, Forbidden, NothingToDecide."""
        now = self._clock.now()
        with self._db.write() as session:
            title, booking = _locked(session, actor, booking_id)
            _require(booking, is_waiting=booking.awaits_approval)
            record(session, booking, Act.REFUSED, actor, now, clean_text(reason))
            release(session, title, booking, now, Because.REFUSED)
            return reservations.one(session, booking_id, now)

    def sign(self, actor: Actor, booking_id: int, *, for_the_year: bool = False) -> Reservation:
        """The agreement came back signed, for this loan or for the school year.

        Raises NotFound, Forbidden, NothingToDecide.
        """

        def decide(session: Session, booking: Booking, now: dt.datetime) -> None:
            _require(booking, is_waiting=booking.awaits_agreement)
            booking.awaits_agreement = False
            record(session, booking, Act.SIGNED, actor, now)
            if for_the_year:
                _sign_for_the_year(session, booking, now)

        return self._decide(actor, booking_id, decide)

    def move_deposit(self, actor: Actor, booking_id: int, step: DepositStep, note: str = "") -> Reservation:
        """The deposit was received, given back or cashed. Raises NotFound, Forbidden, NothingToDecide."""

        def decide(session: Session, booking: Booking, now: dt.datetime) -> None:
            if step not in DEPOSIT_STEPS.get(booking.deposit_state, frozenset()):
                raise NothingToDecide(reference=booking.reference)
            booking.deposit_state = step
            record(session, booking, Act.DEPOSIT, actor, now, f"{step} {clean_text(note)}".strip())
            tell_deposit(session, booking, now)

        return self._decide(actor, booking_id, decide)

    def _decide(
        self, actor: Actor, booking_id: int, decide: Callable[[Session, Booking, dt.datetime], None]
    ) -> Reservation:
        now = self._clock.now()
        with self._db.write() as session:
            _, booking = _locked(session, actor, booking_id)
            decide(session, booking, now)
            booking.version += 1
            session.flush()
            return reservations.one(session, booking_id, now)


def _locked(session: Session, actor: Actor, booking_id: int) -> tuple[Title, Booking]:
    title, booking = lock_booking(session, booking_id)
    actor.require(network.path_of(session, booking.association_id), Role.STAFF)
    return title, booking


def _require(booking: Booking, *, is_waiting: bool) -> None:
    if booking.state != State.PLANNED or not is_waiting:
        raise NothingToDecide(reference=booking.reference)


def _sign_for_the_year(session: Session, booking: Booking, now: dt.datetime) -> None:
    """Write the year's agreement down, and let go of every booking of the school that waits for it."""
    school_id, year = booking.school_id or 0, school_year_of(booking.starts_on)
    if session.get(Agreement, (booking.association_id, school_id, year)) is None:
        row = Agreement(association_id=booking.association_id, school_id=school_id, school_year=year)
        row.signed_on = now.date()
        session.add(row)
    waiting = select(Booking).where(
        Booking.association_id == booking.association_id, Booking.school_id == school_id, IS_OPEN
    )
    for other in session.scalars(waiting.where(Booking.awaits_agreement)):
        other.awaits_agreement = school_year_of(other.starts_on) != year
