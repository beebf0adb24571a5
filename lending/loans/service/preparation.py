"""Use cases of getting things ready: what to fetch, that it is ready, and that it is not after all."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from lending.core.actor import Actor
from lending.core.clock import Clock, local_day
from lending.core.database import Database
from lending.loans.queries import picking, reservations
from lending.loans.queries.calendars import calendars
from lending.loans.rules.desk_errors import BookingNotCollectable
from lending.loans.rules.periods import DAY
from lending.loans.rules.states import State
from lending.loans.schemas import Reservation
from lending.loans.schemas.preparation import Pick
from lending.loans.service import check_out
from lending.loans.service.desk_access import require_desk
from lending.loans.service.locking import lock_booking
from lending.loans.tables import Booking


class Preparation:
    """A depot's work before a hand-over."""

    def __init__(self, db: Database, clock: Clock) -> None:
        """Takes the database and the source of now."""
        self._db = db
        self._clock = clock

    def picks(self, actor: Actor, depot_id: int) -> list[Pick]:
        """What to fetch from the shelves for today and the next open day. Raises Forbidden, NotFound."""
        now = self._clock.now()
        with self._db.read() as session:
            depot = require_desk(session, actor, depot_id)
            today = local_day(now, depot.time_zone)
            calendar = calendars(session, {depot.id: depot.holiday_territory})[depot.id]
            until = (calendar.next_open_day(today + DAY) or today) + DAY
            return picking.picks(session, depot.association_id, depot_id, today, until)

    def offers(self, actor: Actor, depot_id: int) -> list[Reservation]:
        """The copies that are kept for who waits. Raises Forbidden, NotFound."""
        with self._db.read() as session:
            depot = require_desk(session, actor, depot_id)
            return picking.offers(session, depot.association_id, depot_id, self._clock.now())

    def ready(self, actor: Actor, booking_id: int) -> Reservation:
        """The planned copy is ready and stays planned; twice is once.

        Raises NotFound, Forbidden, BookingNotCollectable.
        """
        now = self._clock.now()
        with self._db.write() as session:
            if not session.scalar(select(Booking.pinned).where(Booking.id == booking_id)):
                check_out.pin(session, actor, booking_id, now)
            return self._shown(session, actor, booking_id)

    def not_ready(self, actor: Actor, booking_id: int) -> Reservation:
        """It goes back to its shelf: another copy may be planned again. Raises like `ready`."""
        with self._db.write() as session:
            _, booking = lock_booking(session, booking_id)
            require_desk(session, actor, booking.depot_id)
            if booking.state != State.PLANNED:
                raise BookingNotCollectable(reference=booking.reference, state=booking.state)
            booking.version += booking.pinned
            booking.pinned = False
            session.flush()
            return self._shown(session, actor, booking_id)

    def _shown(self, session: Session, actor: Actor, booking_id: int) -> Reservation:
        one = reservations.one(session, booking_id, self._clock.now())
        require_desk(session, actor, one.depot_id)
        return one
