"""The month of a title's copies, for those who promise them."""

import datetime as dt

from lending.catalog.tables import Title
from lending.core.actor import Actor, Role
from lending.core.clock import Clock, local_day
from lending.core.database import Database
from lending.core.errors import NotFound
from lending.loans.queries.terms import TermsBook
from lending.loans.queries.timeline import timeline
from lending.loans.rules.stretches import month_of
from lending.loans.schemas.timeline import Timeline
from lending.network import queries as network


class Timelines:
    """Copies side by side, day by day."""

    def __init__(self, db: Database, clock: Clock) -> None:
        """Takes the database and the source of now."""
        self._db = db
        self._clock = clock

    def month(self, actor: Actor, title_id: int, depot_id: int, day: dt.date | None = None) -> Timeline:
        """The calendar month of `day` (this month without one), for the depot's staff. Raises Forbidden, NotFound."""
        now = self._clock.now()
        with self._db.read() as session:
            title, depot = session.get(Title, title_id), network.depot(session, depot_id)
            actor.require(network.path_of(session, depot.association_id), Role.STAFF, Role.COORDINATOR)
            if title is None:
                raise NotFound
            terms = TermsBook(session, [depot_id]).of(depot_id, title.kind)
            today = local_day(now, terms.time_zone)
            return timeline(session, title_id, terms, month_of(day or today), today, now)
