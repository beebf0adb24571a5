"""What time alone does to loans, for the worker: each run asks the present state and takes one title at a time."""

import datetime as dt
from collections.abc import Callable

from sqlalchemy.orm import Session

from lending.core.clock import Clock
from lending.core.database import Database
from lending.loans.affiliation_notices import announce_ending
from lending.loans.digest_notices import announce_digests
from lending.loans.queries.appointments import misplaced
from lending.loans.service import overdue, replan
from lending.loans.service.appointing import follow_and_tell
from lending.loans.service.locking import lock_booking
from lending.loans.service.unsettled import unsettled
from lending.network import queries as network
from lending.notices.digests import release_stranded


class TimePassing:
    """The part of `Loans` that nobody has to ask for."""

    def __init__(self, db: Database, clock: Clock) -> None:
        """Takes the database and the source of now."""
        self._db = db
        self._clock = clock

    def grow_overdue(self) -> int:
        """Let late loans keep their copies and plan anew what is behind them; returns the titles looked at."""
        return self._settle(lambda session: overdue.titles_with_late_loans(session, self._clock.now()))

    def replan_changed(self) -> int:
        """Plan anew where copies changed unnoticed or bookings at risk can be served; returns the titles."""
        return self._settle(lambda session: unsettled(session, replan.titles_out_of_order(session), self._clock.now()))

    def lapse_uncollected(self) -> int:
        """Cancel reservations whose whole period went by without anybody coming; returns how many."""
        now = self._clock.now()
        with self._db.read() as session:
            ids = overdue.uncollected(session, now)
        lapsed = 0
        for booking_id in ids:
            with self._db.write() as session:
                lapsed += overdue.lapse(session, booking_id, now)
        return lapsed

    def keep_appointments(self) -> int:
        """Plan returns anew that are expected while the desk is closed by now; returns how many moved."""
        now = self._clock.now()
        with self._db.read() as session:
            ids = misplaced(session, now)
        moved = 0
        for booking_id in ids:
            with self._db.write() as session:
                _, booking = lock_booking(session, booking_id)
                moved += follow_and_tell(session, [booking], now)
        return moved

    def remind_due_soon(self) -> int:
        """Announce reminders before the last day, each once; returns how many."""
        return self._announce(overdue.due_soon)

    def tell_overdue(self) -> int:
        """Announce notices of lateness, each once; returns how many."""
        return self._announce(overdue.overdue)

    def tell_affiliations_ending(self) -> int:
        """Announce to schools that their affiliation ends, each once; returns how many messages."""
        now = self._clock.now()
        with self._db.read() as session:
            ids = [one.id for one in network.associations(session)]
        told = 0
        for association_id in ids:
            with self._db.write() as session:
                told += announce_ending(session, association_id, now)
        return told

    def tell_digests(self) -> int:
        """Announce today's digests, each once; returns how many. What waits for a digest that ended goes out."""
        now = self._clock.now()
        with self._db.write() as session:
            release_stranded(session, now)
            return announce_digests(session, now)

    def _settle(self, titles: Callable[[Session], list[int]]) -> int:
        now = self._clock.now()
        with self._db.read() as session:
            title_ids = titles(session)
        for title_id in title_ids:
            with self._db.write() as session:
                replan.replan_title(session, title_id, now)
        return len(title_ids)

    def _announce(self, due: Callable[[Session, dt.datetime, int], list[overdue.Reminder]]) -> int:
        """One association after another: each transaction is short."""
        now = self._clock.now()
        with self._db.one_view():
            with self._db.read() as session:
                association_ids = overdue.associations_with_loans(session)
            return sum(self._announce_of(association_id, due, now) for association_id in association_ids)

    def _announce_of(
        self, association_id: int, due: Callable[[Session, dt.datetime, int], list[overdue.Reminder]], now: dt.datetime
    ) -> int:
        with self._db.read() as session:
            reminders = due(session, now, association_id)
        if not reminders:
            return 0
        with self._db.write() as session:
            return overdue.announce_all(session, reminders, now)
