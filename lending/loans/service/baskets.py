"""Use cases of baskets: each public method is one transaction.

A line is a hold: it keeps a copy from others like a loan does, for a quarter of an hour after the last change.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from lending.catalog.tables import Title
from lending.core.actor import Actor
from lending.core.clock import Clock
from lending.core.database import Database
from lending.core.errors import Conflict, NotFound, Unauthenticated
from lending.core.i18n import N_, gettext
from lending.loans.queries import reservations
from lending.loans.queries.alternatives import nearest_free_periods
from lending.loans.queries.pools import IS_OPEN
from lending.loans.rules.basket import (
    HELD_FOR,
    MOST_LINES,
    BasketEmpty,
    BasketFull,
    BasketRefused,
    FewerFree,
    RefusedLine,
)
from lending.loans.rules.errors import NoCopyFree
from lending.loans.rules.periods import Period
from lending.loans.rules.states import Because, Cause, State
from lending.loans.schemas import NewReservation, Reservation
from lending.loans.schemas.basket import Basket, ConfirmedBasket, ConfirmedDepot, NewLine
from lending.loans.service import borrowers, reserve
from lending.loans.service.admission import admit, write_conditions
from lending.loans.service.locking import lock_school, lock_title
from lending.loans.service.open_shelf import open_shelf
from lending.loans.service.recording import Act, record
from lending.loans.service.references import new_reference
from lending.loans.service.telling import tell_borrower, tell_search
from lending.loans.tables import Booking
from lending.network import queries as network

ENDED = N_("Le temps de cette ligne est passé : l’exemplaire n’est plus gardé.")


class Baskets:
    """What a person holds before confirming it."""

    def __init__(self, db: Database, clock: Clock) -> None:
        """Takes the database and the source of now."""
        self._db = db
        self._clock = clock

    def show(self, actor: Actor) -> Basket:
        """The person's basket. Raises Unauthenticated."""
        with self._db.read() as session:
            return _basket(session, _person(actor), self._clock.now())

    def add(self, actor: Actor, line: NewLine) -> Basket:
        """Hold copies for a quarter of an hour; the whole basket is held as long.

        Raises FewerFree, BasketFull, Forbidden, NotFound and what a reservation raises.
        """
        person_id, now = _person(actor), self._clock.now()
        try:
            with self._db.write() as session:
                if len(_lines(session, person_id, now)) + line.quantity > MOST_LINES:
                    raise BasketFull
                for done in range(line.quantity):
                    _hold(session, actor, line, done, now)
                _keep(session, person_id, now)
                return _basket(session, person_id, now)
        except NoCopyFree as refusal:
            with self._db.read() as session:
                reserve.add_alternatives(session, refusal, line.school_id, now, line.depot_id)
            raise

    def remove(self, actor: Actor, booking_id: int) -> Basket:
        """Give a line back. Raises NotFound, Unauthenticated."""
        person_id, now = _person(actor), self._clock.now()
        with self._db.write() as session:
            line = next((one for one in _lines(session, person_id, now) if one.id == booking_id), None)
            if line is None:
                raise NotFound
            title = lock_title(session, line.title_id)
            line.state, line.cancelled_at = State.CANCELLED.value, now
            line.cancelled_because = Because.BORROWER.value
            session.flush()
            open_shelf(session, title, line.depot_id, now)
            _keep(session, person_id, now)
            return _basket(session, person_id, now)

    def confirm(self, actor: Actor, *, wants_all: bool, seen: Sequence[int] = ()) -> ConfirmedBasket:
        """Make loans of the lines: all of them or none, or whatever is possible.

        `seen` are the lines that the person believes to confirm: one whose time is over is refused, with what is
        free instead. Raises BasketEmpty, BasketRefused, Unauthenticated.
        """
        person_id, now = _person(actor), self._clock.now()
        with self._db.write() as session:
            lines = _lines(session, person_id, now)
            for school_id in sorted({one.school_id or 0 for one in lines}):
                lock_school(session, school_id)
            reference = new_reference()
            refused = [_confirm_line(session, actor, line, reference, now) for line in lines]
            ended = _ended(session, person_id, set(seen) - {one.id for one in lines}, now)
            left = (*ended, *(one for one in refused if one is not None))
            if not lines and not ended:
                raise BasketEmpty
            if left and (wants_all or len(left) == len(lines) + len(ended)):
                raise BasketRefused(refused=left)
            return _confirmed(session, reference, left, now)


def _person(actor: Actor) -> int:
    if actor.person_id is None:
        raise Unauthenticated
    return actor.person_id


def _lines(session: Session, person_id: int, now: dt.datetime) -> list[Booking]:
    """The holds of a basket, by title: the order in which titles are locked. Offers to who waits are none."""
    query = select(Booking).where(
        Booking.person_id == person_id,
        Booking.cause == Cause.HOLD.value,
        Booking.wish_id.is_(None),
        Booking.held_until_at > now,
        IS_OPEN,
    )
    rows = session.scalars(query.order_by(Booking.title_id, Booking.id).execution_options(populate_existing=True))
    return list(rows)


def _hold(session: Session, actor: Actor, line: NewLine, done: int, now: dt.datetime) -> None:
    wanted = NewReservation(
        title_id=line.title_id,
        school_id=line.school_id,
        starts_on=line.starts_on,
        due_on=line.due_on,
        depot_id=line.depot_id,
    )
    try:
        reserve.hold(session, actor, wanted, now + HELD_FOR, now)
    except NoCopyFree as refusal:
        if done:
            raise FewerFree(asked=line.quantity, free=done) from refusal
        raise


def _keep(session: Session, person_id: int, now: dt.datetime) -> None:
    """Whoever goes on filling a basket keeps what is in it."""
    for line in _lines(session, person_id, now):
        line.held_until_at = now + HELD_FOR
    session.flush()


def _confirm_line(
    session: Session, actor: Actor, line: Booking, reference: str, now: dt.datetime
) -> RefusedLine | None:
    """Make a loan of a hold; what stands in its way, if anything does."""
    title = lock_title(session, line.title_id)
    shelf = open_shelf(session, title, line.depot_id, now)
    school = network.school(session, line.school_id or 0)
    try:
        terms = admit(shelf, school, Period(line.starts_on, line.ends_on), needs_lead=False)
    except Conflict as refusal:
        return RefusedLine(line.id, title.id, title.name, refusal.slug, str(refusal))
    line.cause, line.held_until_at, line.order_reference = Cause.LOAN.value, None, reference
    # Staff fill baskets for schools: from now on it is the teacher's.
    line.person_id = borrowers.person_to_tell(session, actor, school, None)
    write_conditions(session, line, terms.rule, school)
    line.version += 1
    session.flush()
    record(session, line, Act.RESERVED, actor, now)
    tell_borrower(session, line, reserve.first_word(line), now)
    tell_search(session, title.id, now)
    return None


def _ended(session: Session, person_id: int, line_ids: Collection[int], now: dt.datetime) -> list[RefusedLine]:
    """The lines whose time is over, with what is free instead."""
    query = select(Booking, Title).join(Title, Title.id == Booking.title_id)
    own = query.where(Booking.id.in_(line_ids), Booking.person_id == person_id, Booking.held_until_at.is_not(None))
    found = []
    for line, title in session.execute(own):
        place = (session, title, Period(line.starts_on, line.ends_on), now, line.association_id)
        found.append(
            RefusedLine(line.id, title.id, title.name, "hold-ended", gettext(ENDED), nearest_free_periods(*place))
        )
    return found


def _basket(session: Session, person_id: int, now: dt.datetime) -> Basket:
    lines = _lines(session, person_id, now)
    ends = [one.held_until_at for one in lines if one.held_until_at is not None]
    return Basket(
        held_until_at=min(ends, default=None), lines=reservations.some(session, [one.id for one in lines], now)
    )


def _confirmed(session: Session, reference: str, refused: Sequence[RefusedLine], now: dt.datetime) -> ConfirmedBasket:
    found = reservations.of(session, now, Booking.order_reference == reference)
    return ConfirmedBasket(order_reference=reference, depots=_by_depot(found), refused=list(refused))


def _by_depot(found: Sequence[Reservation]) -> list[ConfirmedDepot]:
    ordered = sorted(found, key=lambda one: (one.association_name, one.depot_name, one.depot_id, one.starts_on))
    groups = [list(group) for _, group in groupby(ordered, key=lambda one: one.depot_id)]
    return [
        ConfirmedDepot(
            depot_id=group[0].depot_id,
            depot_name=group[0].depot_name,
            association_name=group[0].association_name,
            reservations=group,
        )
        for group in groups
    ]
