"""Keeping the index in step with the database.

A change of a title writes an outbox row in its own transaction. The consumer claims rows, loads the titles as they
are now, sends them, waits until a search sees them, and only then forgets the rows: a crash sends again, which
changes nothing.
"""

import datetime as dt
import logging

from lending.core import outbox
from lending.core.clock import Clock
from lending.core.database import Database
from lending.core.errors import LendingError
from lending.core.outbox import OutboxItem
from lending.search import queries
from lending.search.port import SearchIndex
from lending.search.schemas import Freshness, IndexDocument

TOPIC = "search"
LEASE = dt.timedelta(seconds=60)
BATCH = 200
log = logging.getLogger(__name__)


class IndexSync:
    """Moves changes from the database to the index."""

    def __init__(self, db: Database, clock: Clock, index: SearchIndex) -> None:
        """Only one process may write to an embedded index: the one that leads the jobs."""
        self._db = db
        self._clock = clock
        self._index = index
        self._was_filled = False

    def sync(self) -> int:
        """Bring what changed into the index; returns how many changes. An empty index is built first."""
        if self._is_blank():
            return self.rebuild()
        done = 0
        while items := self._claim():
            done += self._apply(items)
            if len(items) < BATCH:
                break
        return done

    def rebuild(self) -> int:
        """Build anew beside the index in use, swap, then catch up with what changed meanwhile."""
        with self._db.read() as session:
            ids = queries.published_ids(session)
        count = self._index.rebuild(document for batch in queries.batches(ids) for document in self._documents(batch))
        self.reconcile()
        return count

    def reconcile(self) -> int:
        """Send what the index lacks and delete what it should not have; returns how many titles differed."""
        with self._db.read() as session:
            wanted = set(queries.published_ids(session))
        present = self._index.document_ids()
        missing, surplus = sorted(wanted - present), sorted(present - wanted)
        for batch in queries.batches(missing):
            self._index.apply(self._documents(batch), [])
        if surplus:
            self._index.apply([], surplus)
        return len(missing) + len(surplus)

    def refresh(self) -> int:
        """Send every title again: busy days move with the calendar."""
        with self._db.read() as session:
            ids = queries.published_ids(session)
        for batch in queries.batches(ids):
            self._index.apply(self._documents(batch), [])
        return len(ids)

    def freshness(self) -> Freshness:
        """How the index stands beside the database. Raises IndexDown."""
        with self._db.read() as session:
            state = outbox.state_of(session, TOPIC)
            published = queries.published_count(session)
        return Freshness(
            documents=len(self._index.document_ids()),
            published=published,
            waiting=state.waiting,
            parked=state.parked,
            oldest_waiting_at=state.oldest_at,
        )

    def _is_blank(self) -> bool:
        # Asked until the index was seen with something in it: this runs every second, and reads every id.
        if self._was_filled or self._index.document_ids():
            self._was_filled = True
            return False
        with self._db.read() as session:
            return queries.published_count(session) > 0

    def _claim(self) -> list[OutboxItem]:
        now = self._clock.now()
        with self._db.read() as session:
            if not outbox.state_of(session, TOPIC).waiting:
                return []
        with self._db.write() as session:
            return outbox.claim(session, TOPIC, now, LEASE, BATCH)

    def _apply(self, items: list[OutboxItem]) -> int:
        ids = {int(item.subject.removeprefix("title:")) for item in items}
        try:
            put = self._documents(sorted(ids))
            self._index.apply(put, ids - {document.id for document in put})
        except (LendingError, OSError, ValueError) as error:
            log.warning("the index did not take %d changes: %s", len(items), error)
            self._give_back(items, str(error))
            return 0
        with self._db.write() as session:
            outbox.finish(session, [item.id for item in items], self._clock.now())
        return len(items)

    def _give_back(self, items: list[OutboxItem], error: str) -> None:
        now = self._clock.now()
        with self._db.write() as session:
            for item in items:
                outbox.fail(session, item.id, error, now)

    def _documents(self, title_ids: list[int]) -> list[IndexDocument]:
        with self._db.read() as session:
            return queries.documents(session, title_ids, self._clock.now())
