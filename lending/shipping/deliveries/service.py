"""Use cases of deliveries: each public method is one transaction."""

import datetime as dt

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lending.catalog.rules import clean_line
from lending.core.actor import Actor, Role
from lending.core.clock import Clock
from lending.core.database import Database
from lending.core.errors import NotFound
from lending.core.i18n import gettext as _
from lending.loans.queries import relays, reservations
from lending.loans.rules.appointment_errors import GoesOnToSchool
from lending.loans.rules.incidents import LoanNotOut
from lending.loans.rules.states import Cause, State
from lending.loans.schemas import DeskDecision, DeskScan
from lending.loans.schemas.declarations import NewDeclaration
from lending.loans.service import scan as desk
from lending.loans.service.declarations import write_declaration
from lending.loans.service.locking import lock_booking
from lending.loans.service.parties import is_borrower, own_loan, require_party
from lending.loans.tables import Booking
from lending.network import queries as network
from lending.shipping.carriers.rules import Address
from lending.shipping.deliveries import queries
from lending.shipping.deliveries.rules import (
    Gap,
    Way,
    check_address,
    check_arrival,
    check_way_back,
    told,
)
from lending.shipping.deliveries.schemas import Arrival, DeliveriesView, NewDelivery, NewReturn
from lending.shipping.deliveries.tables import Delivery, DeliveryGap


class Deliveries:
    """Loans on their way to schools and back."""

    def __init__(self, db: Database, clock: Clock) -> None:
        """Takes the database and the source of now."""
        self._db = db
        self._clock = clock

    def of_booking(self, actor: Actor, booking_id: int) -> DeliveriesView:
        """How a loan travels: for its school, and for staff and coordinators of who lends.

        Raises NotFound, Unauthenticated, Forbidden.
        """
        with self._db.read() as session:
            require_party(session, actor, booking_id, Role.STAFF, Role.COORDINATOR)
            return _view(session, actor, loan_of(session, booking_id))

    def send(self, actor: Actor, booking_id: int, new: NewDelivery) -> DeliveriesView:
        """The copy leaves for the school: the desk's hand-over, and how it travels.

        Raises SchoolAddressIncomplete, what the desk raises, Forbidden, NotFound.
        """
        now = self._clock.now()
        with self._db.write() as session:
            booking = lock_booking(session, booking_id)[1]
            decision = DeskDecision(action="hand_over", booking_id=booking_id, note_seen=True, found_confirmed=True)
            desk.act(session, actor, DeskScan(code=new.code, depot_id=booking.depot_id), decision, now)
            check_address(new.mode, _address(session, booking, new.street))
            note_out(session, actor, booking_id, new, now)
            return _view(session, actor, booking)

    def confirm(self, actor: Actor, booking_id: int, arrival: Arrival) -> DeliveriesView:
        """It came to the school, with what was missing or broken: the desk reads that before it takes the loan back.

        Raises DeliveryNotSent, DeliveryArrived, SameLineTwice, LoanNotOut, UnknownContentLine, DeclaredTooMany,
        Unauthenticated, Forbidden, NotFound.
        """
        now = self._clock.now()
        gaps = told(Gap(one.line_id, one.missing, one.broken) for one in arrival.gaps)
        with self._db.write() as session:
            booking = own_loan(session, actor, booking_id)
            row = queries.row_of(session, booking, Way.OUT)
            check_arrival(booking.reference, row.sent_at if row else None, row.arrived_at if row else None)
            if booking.state != State.OUT or row is None:
                raise LoanNotOut(reference=booking.reference, state=booking.state)
            for gap in gaps:
                _write_gap(session, actor, booking, row, gap, now)
            row.arrived_at, row.confirmed_by = now, actor.person_id
            session.flush()
            return _view(session, actor, booking)

    def send_back(self, actor: Actor, booking_id: int, new: NewReturn) -> DeliveriesView:
        """It leaves the school; the return at the desk ends it.

        Raises LoanNotOut, GoesOnToSchool, ArrivalNotConfirmed, SentBackAlready, Unauthenticated, Forbidden, NotFound.
        """
        now = self._clock.now()
        with self._db.write() as session:
            booking = own_loan(session, actor, booking_id)
            if booking.state != State.OUT:
                raise LoanNotOut(reference=booking.reference, state=booking.state)
            goes_on = relays.onwards(session, booking.id)
            if goes_on is not None:
                raise GoesOnToSchool(reference=booking.reference, school_name=goes_on.school_name)
            out = queries.row_of(session, booking, Way.OUT)
            is_on_way = out is not None and out.arrived_at is None
            is_sent_back = queries.row_of(session, booking, Way.BACK) is not None
            check_way_back(booking.reference, is_on_way=is_on_way, is_sent_back=is_sent_back)
            _write(session, actor, booking_id, Way.BACK, new, now)
            return _view(session, actor, booking)


def note_out(session: Session, actor: Actor, booking_id: int, new: NewDelivery, now: dt.datetime) -> None:
    """Note that a loan that was handed over just now travels; what an undone hand-over left is forgotten."""
    stale = session.scalars(select(Delivery.id).where(Delivery.booking_id == booking_id)).all()
    session.execute(delete(DeliveryGap).where(DeliveryGap.delivery_id.in_(stale)))
    session.execute(delete(Delivery).where(Delivery.id.in_(stale)))
    _write(session, actor, booking_id, Way.OUT, new, now, clean_line(new.street))


def note_back(session: Session, actor: Actor, booking_id: int, new: NewReturn, now: dt.datetime) -> None:
    """Note that a loan left its school with somebody, unless the school said so already."""
    booking = session.get_one(Booking, booking_id)
    if queries.row_of(session, booking, Way.BACK) is None:
        _write(session, actor, booking_id, Way.BACK, new, now)


def _write(
    session: Session,
    actor: Actor,
    booking_id: int,
    way: Way,
    new: NewDelivery | NewReturn,
    now: dt.datetime,
    street: str = "",
) -> None:
    session.add(
        Delivery(
            booking_id=booking_id,
            way=way.value,
            mode=new.mode.value,
            carrier=clean_line(new.carrier),
            tracking_number=clean_line(new.tracking_number),
            street=street,
            sent_at=now,
            sent_by=actor.person_id,
        )
    )
    session.flush()


def _write_gap(session: Session, actor: Actor, booking: Booking, row: Delivery, gap: Gap, now: dt.datetime) -> None:
    """What the school found, and the same as its declaration: whoever takes the loan back must have read it."""
    said = NewDeclaration(
        line_id=gap.line_id, missing=gap.missing, broken=gap.broken, note=_("Constaté à l’arrivée à l’école.")
    )
    write_declaration(session, actor, booking, said, said.note, now)
    session.add(DeliveryGap(delivery_id=row.id, line_id=gap.line_id, missing=gap.missing, broken=gap.broken))
    session.flush()


def loan_of(session: Session, booking_id: int) -> Booking:
    """A loan of a school. Raises NotFound."""
    booking = session.get(Booking, booking_id, populate_existing=True)
    if booking is None or booking.cause != Cause.LOAN or booking.school_id is None:
        raise NotFound
    return booking


def _address(session: Session, booking: Booking, street: str) -> Address:
    school = network.school(session, booking.school_id or 0)
    return Address(school.name, street, school.postcode or "", school.commune)


def _view(session: Session, actor: Actor, booking: Booking) -> DeliveriesView:
    scope = reservations.scope(session, booking.id)
    out, back = (queries.view_of(session, booking, way) for way in Way)
    is_out, is_own = booking.state == State.OUT, is_borrower(actor, scope.school_path)
    is_on_way = out is not None and out.arrived_at is None
    goes_on = is_out and relays.onwards(session, booking.id) is not None
    return DeliveriesView(
        booking_id=booking.id,
        reference=booking.reference,
        out=out,
        back=back,
        may_send=booking.state == State.PLANNED and actor.covers(scope.association_path, Role.STAFF),
        may_confirm=is_own and is_out and is_on_way,
        may_send_back=is_own and is_out and not is_on_way and back is None and not goes_on,
    )
