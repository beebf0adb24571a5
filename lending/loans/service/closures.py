"""Close depots: see what it hits, then close them and move the dates in one action."""

import datetime as dt
from collections.abc import Sequence
from itertools import groupby

from sqlalchemy.orm import Session

from lending.core.actor import Actor, Role
from lending.core.clock import Clock, local_day
from lending.core.database import Database
from lending.loans.queries import closures, reservations
from lending.loans.queries.terms import Terms, TermsBook
from lending.loans.rules.calendar import OpeningCalendar
from lending.loans.rules.closing import moved_dates
from lending.loans.rules.periods import Period
from lending.loans.rules.states import State
from lending.loans.schemas.closures import ClosureHit, ClosureImpact
from lending.loans.service.appointing import follow_and_tell
from lending.loans.service.locking import lock_title
from lending.loans.service.open_shelf import open_shelf
from lending.loans.service.recording import Act, record
from lending.loans.service.shelf import Shelf
from lending.loans.service.telling import tell_borrower, tell_search
from lending.loans.tables import Booking
from lending.network import queries as network
from lending.network.schemas import NewClosure
from lending.network.service import Network
from lending.notices.rules import NoticeKind


class Closures:
    """What closed days do to loans."""

    def __init__(self, db: Database, clock: Clock, network_service: Network) -> None:
        """Takes the database, the source of now, and who keeps the calendars."""
        self._db = db
        self._clock = clock
        self._network = network_service

    def preview(self, actor: Actor, depot_ids: Sequence[int], new: NewClosure) -> ClosureImpact:
        """What a closure would hit and where the dates would go. Raises Forbidden, NotFound, PeriodReversed."""
        closure, now = Period(new.starts_on, new.ends_on), self._clock.now()
        with self._db.read() as session:
            _require(session, actor, depot_ids)
            book = TermsBook(session, depot_ids)
            hits = [
                _hit(session, one, _closed(book.of(one.depot_id, "trunk"), closure), now)
                for one in closures.touched(session, depot_ids, closure)
            ]
        return ClosureImpact(hits=hits, is_announced=False)

    def announce(self, actor: Actor, depot_ids: Sequence[int], new: NewClosure) -> ClosureImpact:
        """Close the depots and move what the closure hits, each borrower told once.

        Raises Forbidden, NotFound, BadClosure, PeriodReversed. The closure stands first; should the moving be cut
        short, `move_from_closed_days` goes on with it.
        """
        closure = Period(new.starts_on, new.ends_on)
        self._network.close_depots(actor, list(depot_ids), new)
        with self._db.read() as session:
            found = [(one.title_id, one.id) for one in closures.touched(session, depot_ids, closure)]
        moved = self._move(actor, found)
        return ClosureImpact(hits=moved, is_announced=True)

    def move_from_closed_days(self, actor: Actor, depot_ids: Sequence[int], ahead: Period) -> int:
        """Move every loan that begins or ends on a closed day within `ahead`; returns how many moved."""
        with self._db.read() as session:
            found = [(one.title_id, one.id) for one in closures.touched(session, depot_ids, ahead)]
        return sum(hit.new_due_on is not None for hit in self._move(actor, found))

    def _move(self, actor: Actor, found: Sequence[tuple[int, int]]) -> list[ClosureHit]:
        now, hits = self._clock.now(), []
        for title_id, group in groupby(found, key=lambda one: one[0]):
            with self._db.write() as session:
                title = lock_title(session, title_id)
                bookings = [session.get_one(Booking, id_, populate_existing=True) for _, id_ in group]
                for booking in bookings:
                    shelf = open_shelf(session, title, booking.depot_id, now)
                    hits += _moved(session, actor, shelf, booking, now)
                told = [one.reservation.id for one in hits if one.new_due_on is not None]
                follow_and_tell(session, bookings, now, told)
                tell_search(session, title_id, now)
        return hits


def _moved(session: Session, actor: Actor, shelf: Shelf, booking: Booking, now: dt.datetime) -> list[ClosureHit]:
    if booking.state not in (State.PLANNED, State.OUT):
        return []
    before = Period(booking.starts_on, booking.ends_on)
    is_out = booking.state == State.OUT
    wished = moved_dates(before, shelf.terms.calendar, shelf.today, is_out=is_out)
    if not wished:
        return []
    for period in wished:
        if booking.copy_id is not None and shelf.move(booking, period):
            booking.agreed_ends_on = booking.agreed_ends_on or before.ends_on
            booking.version += 1
            session.flush()
            record(session, booking, Act.DUE_MOVED, actor, now, f"{before.starts_on} – {before.due_on}")
            key = closures.due_key(booking.id, booking.starts_on, booking.ends_on)
            tell_borrower(session, booking, NoticeKind.DUE_MOVED, now, key)
            return [_as_hit(session, booking, period, now)]
    return [_as_hit(session, booking, None, now)]


def _hit(session: Session, booking: Booking, calendar: OpeningCalendar, now: dt.datetime) -> ClosureHit:
    today = local_day(now, network.time_zone_of(session, booking.association_id))
    period = Period(booking.starts_on, booking.ends_on)
    wished = moved_dates(period, calendar, today, is_out=booking.state == State.OUT)
    return _as_hit(session, booking, wished[0] if wished else None, now)


def _as_hit(session: Session, booking: Booking, period: Period | None, now: dt.datetime) -> ClosureHit:
    return ClosureHit(
        reservation=reservations.one(session, booking.id, now),
        new_starts_on=period.starts_on if period else None,
        new_due_on=period.due_on if period else None,
    )


def _closed(terms: Terms, closure: Period) -> OpeningCalendar:
    """The calendar as it would be."""
    return terms.calendar.with_closure(closure)


def _require(session: Session, actor: Actor, depot_ids: Sequence[int]) -> None:
    for depot_id in depot_ids:
        depot = network.depot(session, depot_id)
        actor.require(network.path_of(session, depot.association_id), Role.STAFF)
