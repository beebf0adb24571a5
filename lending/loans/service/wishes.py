"""Use cases of waiting: each public method is one transaction."""

import datetime as dt
from collections.abc import Callable, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lending.catalog.rules import Visibility
from lending.catalog.tables import Copy, Title
from lending.core.actor import Actor, Role
from lending.core.clock import Clock
from lending.core.database import Database
from lending.core.errors import Forbidden, NotFound, Unauthenticated
from lending.loans.queries import reservations, wishes
from lending.loans.queries.pools import IS_OPEN
from lending.loans.rules.errors import FreePeriod, NoCopies
from lending.loans.rules.periods import Period
from lending.loans.rules.states import Because, Cause
from lending.loans.rules.waiting import (
    OPEN,
    AlreadyHasIt,
    AlreadyWaiting,
    CopyIsFree,
    OfferIsOver,
    WishIsClosed,
    WishState,
    check_order,
    check_window,
)
from lending.loans.schemas import Reservation
from lending.loans.schemas.waiting import NewWish, WishView
from lending.loans.service import borrowers
from lending.loans.service.admission import admit, terms_for, write_conditions
from lending.loans.service.locking import lock_school, lock_title
from lending.loans.service.open_shelf import open_shelf
from lending.loans.service.recording import Act, record
from lending.loans.service.references import new_reference
from lending.loans.service.replan import replan_title
from lending.loans.service.reserve import depots_with_copies, first_word
from lending.loans.service.shelf import Shelf
from lending.loans.service.telling import tell_borrower, tell_search
from lending.loans.service.unsettled import unsettled
from lending.loans.service.waiting import close
from lending.loans.tables import Booking, Wish
from lending.network import queries as network
from lending.network.schemas import SchoolView

Act_ = Callable[[Session, Wish, dt.datetime], None]


class Wishes:
    """Waiting for titles that are taken."""

    def __init__(self, db: Database, clock: Clock) -> None:
        """Takes the database and the source of now."""
        self._db = db
        self._clock = clock

    def join(self, actor: Actor, new: NewWish) -> WishView:
        """Wait for a title: the school's teachers, or the lender's staff for them.

        Raises CopyIsFree, AlreadyWaiting, AlreadyHasIt, WindowTooShort, NoCopies, SchoolOfAnotherAssociation,
        PeriodReversed, Forbidden, NotFound.
        """
        window, now = Period.through(new.starts_on, new.until_on), self._clock.now()
        check_window(window, new.length_days)
        with self._db.write() as session:
            lock_school(session, new.school_id)
            school = network.school(session, new.school_id)
            person_id = borrowers.person_to_tell(session, actor, school, None)
            title = _published(session, new.title_id)
            lender_id = network.depot(session, new.depot_id).association_id if new.depot_id else school.association_id
            _check_free_of(session, school, title, window)
            _check_nothing_free(session, title, school, lender_id, window, new, now)
            wish = _new_wish(session, lender_id, window, new, person_id, now)
            return _one(session, wish.id, now)

    def accept(self, actor: Actor, wish_id: int) -> Reservation:
        """Take what is offered. Raises OfferIsOver, Forbidden, NotFound and what a reservation raises."""
        now = self._clock.now()
        with self._db.write() as session:
            school = network.school(session, _school_of(session, wish_id))
            lock_school(session, school.id)
            wish, shelf, hold = _offered(session, actor, wish_id, now)
            terms = admit(shelf, school, Period(hold.starts_on, hold.ends_on), needs_lead=False)
            hold.cause, hold.held_until_at = Cause.LOAN.value, None
            write_conditions(session, hold, terms.rule, school)
            hold.version += 1
            close(wish, WishState.SERVED, now)
            session.flush()
            record(session, hold, Act.RESERVED, actor, now)
            tell_borrower(session, hold, first_word(hold), now)
            return reservations.one(session, hold.id, now)

    def decline(self, actor: Actor, wish_id: int) -> WishView:
        """Do not take what is offered, and wait no longer. Raises OfferIsOver, Forbidden, NotFound."""
        now = self._clock.now()
        with self._db.write() as session:
            wish, _, _ = _offered(session, actor, wish_id, now)
            _give_up(session, wish, now)
            return _one(session, wish_id, now)

    def cancel(self, actor: Actor, wish_id: int) -> WishView:
        """Wait no longer. Raises WishIsClosed, Forbidden, NotFound."""
        return self._do(actor, wish_id, _give_up)

    def suspend(self, actor: Actor, wish_id: int, until_on: dt.date | None) -> WishView:
        """Keep the rank, but be passed over before a day; None goes on. Raises WishIsClosed, Forbidden, NotFound."""

        def work(session: Session, wish: Wish, now: dt.datetime) -> None:
            wish.suspended_until_on = until_on
            wish.version += 1
            session.flush()
            replan_title(session, wish.title_id, now)

        return self._do(actor, wish_id, work)

    def reorder(self, actor: Actor, title_id: int, association_id: int, wish_ids: Sequence[int]) -> list[WishView]:
        """Put the queue in another order; who is being served stays first. Raises QueueChanged, Forbidden, NotFound."""
        now = self._clock.now()
        with self._db.write() as session:
            actor.require(network.path_of(session, association_id), Role.STAFF)
            lock_title(session, title_id)
            queue = wishes.queue(session, title_id, association_id)
            offered = [one.id for one in queue if one.state == WishState.OFFERED]
            check_order([one.id for one in queue], offered, wish_ids)
            ranks = {wish_id: rank for rank, wish_id in enumerate(wish_ids, start=1)}
            for wish in queue:
                wish.rank = ranks[wish.id]
            session.flush()
            return wishes.of(session, now, Wish.id.in_(wish_ids))

    def mine(self, actor: Actor) -> list[WishView]:
        """What the person's schools wait for. Raises Unauthenticated."""
        if not actor.is_signed_in:
            raise Unauthenticated
        schools = [grant.organisation_id for grant in actor.grants_of(Role.TEACHER)]
        with self._db.read() as session:
            return wishes.of(session, self._clock.now(), Wish.school_id.in_(schools), wishes.IS_WAITING)

    def of_association(self, actor: Actor, association_id: int) -> list[WishView]:
        """Who waits for what an association lends: for its staff. Raises Forbidden, NotFound."""
        with self._db.read() as session:
            actor.require(network.path_of(session, association_id), Role.STAFF, Role.COORDINATOR)
            return wishes.of(session, self._clock.now(), Wish.association_id == association_id, wishes.IS_WAITING)

    def serve(self) -> int:
        """Follow up offers and offer what is free, for the worker; returns the titles that needed it."""
        now = self._clock.now()
        with self._db.read() as session:
            waiting = set(session.scalars(select(Wish.title_id).where(wishes.IS_WAITING).distinct()))
            held = select(Booking.title_id).where(IS_OPEN, Booking.held_until_at <= now).distinct()
            title_ids = unsettled(session, waiting | set(session.scalars(held)), now)
        for title_id in title_ids:
            with self._db.write() as session:
                replan_title(session, title_id, now)
        return len(title_ids)

    def _do(self, actor: Actor, wish_id: int, work: Act_) -> WishView:
        now = self._clock.now()
        with self._db.write() as session:
            wish = _locked(session, actor, wish_id)
            if wish.state not in OPEN:
                raise WishIsClosed(state=wish.state)
            work(session, wish, now)
            return _one(session, wish_id, now)


def _published(session: Session, title_id: int) -> Title:
    title = lock_title(session, title_id)
    if title.visibility != Visibility.PUBLISHED:
        raise NotFound
    return title


def _check_free_of(session: Session, school: SchoolView, title: Title, window: Period) -> None:
    """Neither waiting already, nor with the title in hand or reserved on some of these days."""
    waits = select(Wish.id).where(Wish.title_id == title.id, Wish.school_id == school.id, wishes.IS_WAITING)
    if session.scalar(waits) is not None:
        raise AlreadyWaiting
    has = select(Booking.reference).where(
        Booking.title_id == title.id,
        Booking.school_id == school.id,
        IS_OPEN,
        Booking.starts_on < window.ends_on,
        Booking.ends_on > window.starts_on,
    )
    reference = session.scalar(has.limit(1))
    if reference is not None:
        raise AlreadyHasIt(reference=reference)


def _check_nothing_free(
    session: Session,
    title: Title,
    school: SchoolView,
    lender_id: int,
    window: Period,
    new: NewWish,
    now: dt.datetime,
) -> None:
    depots = [new.depot_id] if new.depot_id else depots_with_copies(session, title, lender_id)
    owned = select(Copy.id).where(Copy.title_id == title.id, Copy.owner_id == lender_id, Copy.status != "withdrawn")
    if not depots and session.scalar(owned.limit(1)) is None:
        raise NoCopies(title_id=title.id, title_name=title.name)
    for depot_id in depots:
        shelf = open_shelf(session, title, depot_id, now)
        borrowers.check_lends(session, school, terms_for(shelf, school))
        _check_shelf(shelf, window, new.length_days)


def _check_shelf(shelf: Shelf, window: Period, length_days: int) -> None:
    for period in shelf.periods_in(window, length_days):
        if shelf.has_room(period):
            free = FreePeriod(period.starts_on, period.due_on, shelf.terms.depot_id)
            raise CopyIsFree(starts_on=period.starts_on, free=(free,))


def _new_wish(
    session: Session, lender_id: int, window: Period, new: NewWish, person_id: int | None, now: dt.datetime
) -> Wish:
    last = select(func.max(Wish.rank)).where(Wish.title_id == new.title_id, Wish.association_id == lender_id)
    wish = Wish(
        reference=new_reference(),
        title_id=new.title_id,
        association_id=lender_id,
        depot_id=new.depot_id,
        school_id=new.school_id,
        person_id=person_id,
        starts_on=window.starts_on,
        ends_on=window.ends_on,
        length_days=new.length_days,
        state=WishState.WAITING.value,
        rank=(session.scalar(last) or 0) + 1,
        created_at=now,
    )
    session.add(wish)
    session.flush()
    return wish


def _school_of(session: Session, wish_id: int) -> int:
    school_id = session.scalar(select(Wish.school_id).where(Wish.id == wish_id))
    if school_id is None:
        raise NotFound
    return school_id


def _locked(session: Session, actor: Actor, wish_id: int) -> Wish:
    """The wish behind its title's lock, if the person may touch it. Raises NotFound, Forbidden."""
    found = session.execute(
        select(Wish.title_id, Wish.school_id, Wish.association_id).where(Wish.id == wish_id)
    ).first()
    if found is None:
        raise NotFound
    title_id, school_id, association_id = found
    is_borrower = actor.covers(network.path_of(session, school_id), Role.TEACHER)
    if not is_borrower and not actor.covers(network.path_of(session, association_id), Role.STAFF):
        raise Forbidden if actor.is_signed_in else Unauthenticated
    lock_title(session, title_id)
    return session.get_one(Wish, wish_id, populate_existing=True)


def _offered(session: Session, actor: Actor, wish_id: int, now: dt.datetime) -> tuple[Wish, Shelf, Booking]:
    """The wish with its open offer. Raises OfferIsOver, NotFound, Forbidden."""
    wish = _locked(session, actor, wish_id)
    hold = wishes.offer_of(session, wish_id)
    if wish.state != WishState.OFFERED or hold is None:
        raise OfferIsOver
    shelf = open_shelf(session, lock_title(session, wish.title_id), hold.depot_id, now)
    if wishes.offer_of(session, wish_id) is None:
        raise OfferIsOver
    return wish, shelf, hold


def _give_up(session: Session, wish: Wish, now: dt.datetime) -> None:
    """Close the wish; a copy that was kept for it goes to the next."""
    hold = wishes.offer_of(session, wish.id)
    close(wish, WishState.CANCELLED, now)
    if hold is not None:
        hold.state, hold.cancelled_at = "cancelled", now
        hold.cancelled_because = Because.BORROWER.value
    session.flush()
    replan_title(session, wish.title_id, now)
    tell_search(session, wish.title_id, now)


def _one(session: Session, wish_id: int, now: dt.datetime) -> WishView:
    return wishes.of(session, now, Wish.id == wish_id)[0]
