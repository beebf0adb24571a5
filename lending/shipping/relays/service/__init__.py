"""Use cases of relays: each public method is one transaction, behind the title's lock."""

from sqlalchemy import or_
from sqlalchemy.orm import Session

from lending.core.actor import Actor, Role
from lending.core.clock import Clock
from lending.core.database import Database
from lending.loans.queries import reservations
from lending.loans.rules.states import State
from lending.loans.service.appointing import follow
from lending.loans.service.locking import lock_booking
from lending.loans.service.open_shelf import open_shelf
from lending.loans.service.parties import is_borrower, own_loan, require_party
from lending.loans.tables import Booking, Relay
from lending.network import queries as network
from lending.shipping.deliveries.rules import Gap, told
from lending.shipping.deliveries.schemas import NewReturn
from lending.shipping.deliveries.service import loan_of, note_back
from lending.shipping.relays import queries
from lending.shipping.relays.rules import Hand, NoRelay, RelayState, check_cancel, check_give, check_take, state_of
from lending.shipping.relays.schemas import Count, NewRelay, RelaysView
from lending.shipping.relays.service.agreeing import check_fit, check_free, pass_on, tell_both, write_relay
from lending.shipping.relays.service.hands import change_hands, write_gap
from lending.shipping.shipments.rules import Mode


class Relays:
    """Copies that go on from school to school."""

    def __init__(self, db: Database, clock: Clock) -> None:
        """Takes the database and the source of now."""
        self._db = db
        self._clock = clock

    def of_booking(self, actor: Actor, booking_id: int) -> RelaysView:
        """Where a loan goes on to and where it came from: for its school, and staff and coordinators of who lends.

        Raises NotFound, Unauthenticated, Forbidden.
        """
        with self._db.read() as session:
            require_party(session, actor, booking_id, Role.STAFF, Role.COORDINATOR)
            return _view(session, actor, loan_of(session, booking_id))

    def agree(self, actor: Actor, booking_id: int, new: NewRelay) -> RelaysView:
        """A loan's copy will go on to a reservation: said of either of them by the lender's staff.

        Raises LoanNotOut, the errors of `rules`, Unauthenticated, Forbidden, NotFound.
        """
        now = self._clock.now()
        with self._db.write() as session:
            _require_staff(session, actor, booking_id, new.other_id)
            title, booking = lock_booking(session, booking_id)
            other = loan_of(session, new.other_id)
            loan, after = (other, booking) if other.state == State.OUT else (booking, other)
            check_fit(session, loan, after)
            shelf = open_shelf(session, title, loan.depot_id, now)
            check_free(session, loan, after)
            pass_on(shelf, actor, loan, after)
            write_relay(session, actor, loan, after, new, now)
            follow(session, [loan], now)
            tell_both(session, loan, after, now)
            return _view(session, actor, booking)

    def give(self, actor: Actor, booking_id: int, count: Count) -> RelaysView:
        """It leaves the first school, with what is missing or broken: its declaration, read with the return.

        Raises NoRelay, RelayOver, RelayGiven, RelayTaken, SameLineTwice, UnknownContentLine, DeclaredTooMany,
        Unauthenticated, Forbidden, NotFound.
        """
        now = self._clock.now()
        gaps = told(Gap(one.line_id, one.missing, one.broken) for one in count.gaps)
        with self._db.write() as session:
            loan = own_loan(session, actor, booking_id)
            row = queries.newest(session, Relay.from_booking_id == loan.id)
            if row is None:
                raise NoRelay(reference=loan.reference)
            check_give(loan.reference, state_of(queries.steps_of(session, row)))
            for gap in gaps:
                write_gap(session, actor, row, Hand.GIVEN, gap, now)
            row.given_at, row.given_by = now, actor.person_id
            session.flush()
            return _view(session, actor, loan)

    def take(self, actor: Actor, booking_id: int, count: Count) -> RelaysView:
        """It came to the second school: the first loan is over and the second begins, both or neither.

        Raises NoRelay, RelayOver, RelayNotGiven, RelayTaken, SameLineTwice, UnknownContentLine, DeclaredTooMany,
        the errors of the desk's return and hand-over, Unauthenticated, Forbidden, NotFound.
        """
        now = self._clock.now()
        gaps = told(Gap(one.line_id, one.missing, one.broken) for one in count.gaps)
        with self._db.write() as session:
            after = own_loan(session, actor, booking_id)
            row = queries.newest(session, Relay.to_booking_id == after.id)
            if row is None:
                raise NoRelay(reference=after.reference)
            loan = lock_booking(session, row.from_booking_id)[1]
            state = state_of(queries.steps_of(session, row))
            check_take(after.reference, state, network.school(session, loan.school_id or 0).name)
            change_hands(session, actor, row, loan, now)
            for gap in gaps:
                write_gap(session, actor, row, Hand.TAKEN, gap, now)
            row.taken_at, row.taken_by = now, actor.person_id
            session.flush()
            return _view(session, actor, after)

    def cancel(self, actor: Actor, booking_id: int) -> RelaysView:
        """Call it off, for the lender's staff: the reservation is planned anew; what was given is on its way home.

        Raises NoRelay, RelayOver, RelayTaken, Unauthenticated, Forbidden, NotFound.
        """
        now = self._clock.now()
        with self._db.write() as session:
            _require_staff(session, actor, booking_id)
            title, booking = lock_booking(session, booking_id)
            row = queries.newest(session, or_(Relay.from_booking_id == booking_id, Relay.to_booking_id == booking_id))
            if row is None:
                raise NoRelay(reference=booking.reference)
            check_cancel(booking.reference, state_of(queries.steps_of(session, row)))
            row.cancelled_at, row.cancelled_by = now, actor.person_id
            session.flush()
            shelf = open_shelf(session, title, booking.depot_id, now)
            loan, after = (session.get_one(Booking, id_) for id_ in (row.from_booking_id, row.to_booking_id))
            shelf.part(after)
            if row.given_at is not None:
                back = NewReturn(mode=Mode(row.mode), carrier=row.carrier, tracking_number=row.tracking_number)
                note_back(session, actor, loan.id, back, now)
            follow(session, [loan], now)
            tell_both(session, loan, after, now)
            return _view(session, actor, booking)


def _require_staff(session: Session, actor: Actor, *booking_ids: int) -> None:
    for booking_id in booking_ids:
        actor.require(reservations.scope(session, booking_id).association_path, Role.STAFF)


def _view(session: Session, actor: Actor, booking: Booking) -> RelaysView:
    scope = reservations.scope(session, booking.id)
    onwards = queries.view_of(session, queries.newest(session, Relay.from_booking_id == booking.id))
    before = queries.view_of(session, queries.newest(session, Relay.to_booking_id == booking.id))
    states = {one.state for one in (onwards, before) if one}
    is_open = bool(states & {RelayState.AGREED, RelayState.GIVEN})
    is_staff, is_own = actor.covers(scope.association_path, Role.STAFF), is_borrower(actor, scope.school_path)
    may_agree = is_staff and not is_open and booking.state in (State.PLANNED, State.OUT)
    return RelaysView(
        booking_id=booking.id,
        reference=booking.reference,
        onwards=onwards,
        before=before,
        candidates=queries.candidates(session, booking) if may_agree else [],
        may_agree=may_agree,
        may_give=is_own and onwards is not None and onwards.state == RelayState.AGREED,
        may_take=is_own and before is not None and before.state == RelayState.GIVEN,
        may_cancel=is_staff and is_open,
    )
