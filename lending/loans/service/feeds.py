"""Calendars under secret addresses: whoever knows the address reads, so that it is made anew when it leaked."""

import secrets

from sqlalchemy import delete, select

from lending.accounts.queries import actor_of
from lending.accounts.rules import hash_secret
from lending.core.actor import Actor
from lending.core.calendar_file import calendar_file
from lending.core.clock import Clock
from lending.core.database import Database
from lending.core.errors import NotFound, Unauthenticated
from lending.core.i18n import gettext as _
from lending.core.i18n import speaking
from lending.loans.queries import agenda
from lending.loans.service import reads
from lending.loans.service.desk_access import require_desk
from lending.loans.tables import Feed
from lending.network import queries as network

SECRET_BYTES = 24


class Feeds:
    """Bookings as calendar files."""

    def __init__(self, db: Database, clock: Clock, base_url: str) -> None:
        """`base_url` is where the pages are; entries lead there."""
        self._db = db
        self._clock = clock
        self._base_url = base_url

    def open_mine(self, actor: Actor) -> str:
        """A new secret for the person's own loans; an older one ends. Raises Unauthenticated."""
        if actor.person_id is None:
            raise Unauthenticated
        return self._open(person_id=actor.person_id)

    def open_depot(self, actor: Actor, depot_id: int) -> str:
        """A new secret for a depot's comings and goings; an older one ends. Raises Forbidden, NotFound."""
        with self._db.read() as session:
            require_desk(session, actor, depot_id)
        return self._open(depot_id=depot_id)

    def read(self, secret: str) -> bytes:
        """The calendar behind a secret. Raises NotFound."""
        now = self._clock.now()
        with self._db.read() as session:
            feed = session.scalar(select(Feed).where(Feed.token_hash == hash_secret(secret).hex()))
            if feed is None:
                raise NotFound
            if feed.depot_id is not None:
                name, found = network.depot(session, feed.depot_id).name, agenda.of_depot(session, feed.depot_id, now)
                return calendar_file(name, agenda.entries(session, found, self._base_url))
            person_id = feed.person_id or 0
            with speaking(actor_of(session, person_id).language):
                found = agenda.of_person(session, person_id, now)
                return calendar_file(_("Mes emprunts"), agenda.entries(session, found, self._base_url))

    def booking(self, actor: Actor, booking_id: int) -> bytes:
        """One booking as a file, for its school and the lender's staff. Raises NotFound, Forbidden."""
        with self._db.read() as session:
            found = reads.detail(session, actor, booking_id, self._clock.now()).reservation
            return calendar_file(found.title_name, agenda.entries(session, [found], self._base_url))

    def _open(self, *, person_id: int | None = None, depot_id: int | None = None) -> str:
        secret = secrets.token_urlsafe(SECRET_BYTES)
        with self._db.write() as session:
            same = Feed.person_id == person_id if person_id is not None else Feed.depot_id == depot_id
            session.execute(delete(Feed).where(same))
            subject = {"person_id": person_id, "depot_id": depot_id}
            session.add(Feed(token_hash=hash_secret(secret).hex(), created_at=self._clock.now(), **subject))
        return secret
