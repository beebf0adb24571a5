"""Use cases for reservations at risk: see what could be done, and do it."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from lending.catalog.rules import Visibility
from lending.catalog.tables import Title
from lending.core.actor import Actor, Role
from lending.core.clock import Clock
from lending.core.database import Database
from lending.core.errors import NotFound
from lending.loans.queries import cures, reservations
from lending.loans.rules.cures import CureGone, CureKind, NothingToCure, Place, place_of
from lending.loans.rules.periods import DAY, Period
from lending.loans.rules.states import Cause, State
from lending.loans.schemas import Reservation
from lending.loans.schemas.cures import Cure
from lending.loans.service import borrowers
from lending.loans.service.admission import admit, write_conditions
from lending.loans.service.cancel import require_touch
from lending.loans.service.desk_access import require_desk
from lending.loans.service.locking import lock_school, lock_title
from lending.loans.service.open_shelf import open_shelf
from lending.loans.service.recording import Act, record
from lending.loans.service.shelf import Shelf
from lending.loans.service.telling import tell_borrower, tell_search
from lending.loans.tables import Booking
from lending.network import queries as network
from lending.network.schemas import SchoolView
from lending.notices.rules import NoticeKind

# Looking for proposals costs a search each: a depot's day shows those of the nearest reservations.
SHOWN_AT_DEPOT = 5


class Cures:
    """What may become of reservations that no copy can serve."""

    def __init__(self, db: Database, clock: Clock) -> None:
        """Takes the database and the source of now."""
        self._db = db
        self._clock = clock

    def cures(self, actor: Actor, booking_id: int) -> list[Cure]:
        """The proposals for a reservation; none unless it is at risk. Raises NotFound, Forbidden."""
        with self._db.read() as session:
            require_touch(session, actor, booking_id)
            booking = session.get_one(Booking, booking_id)
            return cures.cures_of(session, booking, self._clock.now()) if _is_at_risk(booking) else []

    def cures_at(self, actor: Actor, depot_id: int) -> dict[int, list[Cure]]:
        """The proposals for a depot's reservations at risk, nearest start first. Raises NotFound, Forbidden."""
        now = self._clock.now()
        with self._db.read() as session:
            require_desk(session, actor, depot_id)
            query = select(Booking).where(
                Booking.depot_id == depot_id,
                Booking.state == State.PLANNED.value,
                Booking.cause == Cause.LOAN.value,
                Booking.copy_id.is_(None),
            )
            nearest = query.order_by(Booking.starts_on, Booking.id).limit(SHOWN_AT_DEPOT)
            return {one.id: cures.cures_of(session, one, now) for one in session.scalars(nearest).all()}

    def accept_cure(self, actor: Actor, booking_id: int, cure: str) -> Reservation:
        """Do what was proposed: for the school's teachers and the lender's staff.

        Raises NotFound, Forbidden, NothingToCure, CureGone and what keeps a school from a loan.
        """
        now = self._clock.now()
        with self._db.write() as session:
            _accept(session, actor, booking_id, place_of(cure), now)
            return reservations.one(session, booking_id, now)


def _accept(session: Session, actor: Actor, booking_id: int, place: Place, now: dt.datetime) -> None:
    require_touch(session, actor, booking_id)
    network.depot(session, place.depot_id)
    school, booking, title = _locked(session, booking_id, place)
    # Settling its own shelf may serve it with a sibling copy.
    open_shelf(session, session.get_one(Title, booking.title_id), booking.depot_id, now)
    if not _is_at_risk(booking):
        raise NothingToCure(reference=booking.reference)
    _check_kind(booking, place)
    before = _words(booking)
    shelf = open_shelf(session, title, place.depot_id, now)
    _move(shelf, actor, school, booking, place.period)
    booking.version += 1
    session.flush()
    record(session, booking, Act.CURED, actor, now, f"{before} → {_words(booking)}")
    tell_borrower(session, booking, NoticeKind.CHANGED, now, f"changed:{booking.id}:{booking.version}")
    tell_search(session, title.id, now)


def _locked(session: Session, booking_id: int, place: Place) -> tuple[SchoolView, Booking, Title]:
    """The school, then both titles in one order for everybody."""
    row = session.execute(select(Booking.school_id, Booking.title_id).where(Booking.id == booking_id)).one()
    if row.school_id is None:
        raise NotFound
    lock_school(session, row.school_id)
    titles = {id_: lock_title(session, id_) for id_ in sorted({row.title_id, place.title_id})}
    title = titles[place.title_id]
    if title.visibility != Visibility.PUBLISHED:
        raise NotFound
    booking = session.get_one(Booking, booking_id, populate_existing=True)
    return network.school(session, row.school_id), booking, title


def _check_kind(booking: Booking, place: Place) -> None:
    """A proposal changes what its kind says: the depot alone keeps title and dates, a title keeps the dates."""
    keeps_dates = (booking.starts_on, booking.ends_on) == (place.period.starts_on, place.period.ends_on)
    keeps_title = booking.title_id == place.title_id
    if place.kind != CureKind.DATES and not keeps_dates:
        raise NotFound
    if keeps_title == (place.kind == CureKind.TITLE):
        raise NotFound


def _move(shelf: Shelf, actor: Actor, school: SchoolView, booking: Booking, period: Period) -> None:
    is_own = borrowers.is_own_school(actor, school)
    terms = admit(shelf, school, period, needs_lead=is_own, except_id=booking.id)
    blocked = terms.buffers.around(period)
    copy_id = shelf.make_room(blocked)
    if copy_id is None:
        raise CureGone(title_name=shelf.title.name)
    is_other_lender = booking.association_id != terms.association_id
    booking.title_id, booking.copy_id, booking.depot_id = shelf.title.id, copy_id, terms.depot_id
    booking.association_id, booking.pinned = terms.association_id, False
    booking.starts_on, booking.ends_on = period.starts_on, period.ends_on
    booking.blocked_starts_on, booking.blocked_ends_on = blocked.starts_on, blocked.ends_on
    if is_other_lender:
        # Another association lends on its own conditions, and nobody there has agreed yet.
        write_conditions(shelf.session, booking, terms.rule, school)
        serves = actor.covers(network.path_of(shelf.session, terms.association_id), Role.STAFF)
        booking.awaits_approval = booking.awaits_approval and not serves


def _is_at_risk(booking: Booking) -> bool:
    is_loan = booking.cause == Cause.LOAN and booking.school_id is not None
    return is_loan and booking.state == State.PLANNED and booking.copy_id is None


def _words(booking: Booking) -> str:
    """What an entry in the record says: numbers, because names change."""
    days = f"{booking.starts_on.isoformat()}/{(booking.ends_on - DAY).isoformat()}"
    return f"title {booking.title_id}, depot {booking.depot_id}, {days}"
