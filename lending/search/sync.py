"""Keeping the index in step with the database.

A change of a title writes an outbox row in its own transaction. The consumer claims rows, loads the titles as they
are now, sends them, waits until a search sees them, and only then forgets the rows: a crash sends again, which
changes nothing. An index that is away loses nothing either: rows go back as they were. What an index refuses is
found by halving the batch, and set aside for a person to see. While an index is built anew the rows wait, and are
replayed after the swap.
"""

import datetime as dt
import logging
import threading
from collections.abc import Iterator

from lending.core import outbox
from lending.core.clock import Clock
from lending.core.database import Database
from lending.core.outbox import OutboxItem
from lending.search import pause, queries
from lending.search.port import IndexDown, IndexRefused, SearchIndex
from lending.search.schemas import Freshness, IndexDocument

TOPIC = "search"
LEASE = dt.timedelta(seconds=60)
BATCH = 200
# A title that cannot be sent is tried a few times: what fails for a moment only is no reason to set it aside.
TRIES = 4
AWAY = dt.timedelta(seconds=5)
# What a title that cannot be sent raises, in its making or in the index; anything else is an error of ours.
POISON = (IndexRefused, ValueError, TypeError, LookupError, ArithmeticError)
log = logging.getLogger(__name__)


class IndexSync:
    """Moves changes from the database to the index."""

    def __init__(self, db: Database, clock: Clock, index: SearchIndex) -> None:
        """Only one process consumes: the one that leads the jobs."""
        self._db = db
        self._clock = clock
        self._index = index
        self._one_turn = threading.Lock()
        self._was_filled = False
        self._took_over = False

    def sync(self) -> int:
        """Bring what changed into the index; returns how many changes. An empty index is built first.

        Turns of one process never overlap: the older state of a title could overtake the newer one.
        """
        with self._one_turn:
            return self._sync()

    def rebuild(self) -> int:
        """Build anew beside the index in use, swap, then catch up with what changed meanwhile."""
        with pause.held(self._db, self._clock):
            count = self._index.rebuild(self._all_documents())
        self.reconcile()
        self._was_filled = self._was_filled or count > 0
        return count

    def reconcile(self) -> int:
        """Send what the index lacks and delete what it should not have; returns how many titles differed."""
        with self._db.read() as session:
            wanted = set(queries.published_ids(session))
        present = self._index.document_ids()
        missing, surplus = sorted(wanted - present), sorted(present - wanted)
        sent = sum(self._send_or_leave(batch) for batch in queries.batches(missing))
        if surplus:
            self._index.apply([], surplus)
        return sent + len(surplus)

    def refresh(self) -> int:
        """Send every title again: busy days move with the calendar."""
        with self._db.read() as session:
            ids = queries.published_ids(session)
        return sum(self._send_or_leave(batch) for batch in queries.batches(ids))

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

    def _sync(self) -> int:
        with self._db.read() as session:
            if pause.is_on(session, self._clock.now()):
                return 0
        if self._is_blank():
            return self.rebuild()
        done = 0
        while items := self._claim():
            sent = self._apply(items)
            done += sent
            if sent < BATCH:
                break
        return done

    def _is_blank(self) -> bool:
        # Asked until the index was seen with something in it: this runs every second, and reads every id.
        try:
            self._was_filled = self._was_filled or bool(self._index.document_ids())
        except IndexDown:
            return False
        if self._was_filled:
            return False
        with self._db.read() as session:
            return queries.published_count(session) > 0

    def _claim(self) -> list[OutboxItem]:
        now = self._clock.now()
        if not self._took_over:
            # Whoever consumed before is dead, or it would still lead: what it had taken need not wait.
            with self._db.write() as session:
                outbox.free(session, TOPIC)
                pause.end(session)
            self._took_over = True
        with self._db.read() as session:
            if not outbox.has_due(session, TOPIC, now):
                return []
        with self._db.write() as session:
            return outbox.claim(session, TOPIC, now, LEASE, BATCH)

    def _apply(self, items: list[OutboxItem]) -> int:
        """Send what the rows speak of; returns how many rows are done."""
        try:
            return self._send(sorted(items, key=lambda item: item.subject))
        except (IndexDown, OSError) as error:
            log.warning("the index is away, %d changes wait: %s", len(items), error)
            with self._db.write() as session:
                outbox.put_back(session, [item.id for item in items], self._clock.now() + AWAY)
            return 0

    def _send(self, items: list[OutboxItem]) -> int:
        try:
            self._put({int(item.subject.removeprefix("title:")) for item in items})
        except POISON as error:
            if items[0].subject == items[-1].subject:
                return self._set_aside(items, error)
            half = len(items) // 2
            return self._send(items[:half]) + self._send(items[half:])
        with self._db.write() as session:
            outbox.finish(session, [item.id for item in items], self._clock.now())
        return len(items)

    def _put(self, title_ids: set[int]) -> None:
        documents = self._documents(sorted(title_ids))
        self._index.apply(documents, title_ids - {document.id for document in documents})

    def _set_aside(self, items: list[OutboxItem], error: Exception) -> int:
        log.error("the index does not take %s: %s", items[0].subject, error)
        now = self._clock.now()
        with self._db.write() as session:
            for item in items:
                outbox.fail(session, item.id, f"{type(error).__name__}: {error}", now, permanent=item.attempts >= TRIES)
        return 0

    def _send_or_leave(self, title_ids: list[int]) -> int:
        """Send titles that no row speaks of; one that cannot be sent is left out and said in the log."""
        try:
            self._put(set(title_ids))
        except POISON as error:
            if len(title_ids) == 1:
                log.error("the index does not take title:%d: %s", title_ids[0], error)  # noqa: TRY400 - one line
                return 0
            half = len(title_ids) // 2
            return self._send_or_leave(title_ids[:half]) + self._send_or_leave(title_ids[half:])
        return len(title_ids)

    def _all_documents(self) -> Iterator[IndexDocument]:
        with self._db.read() as session:
            ids = queries.published_ids(session)
        for batch in queries.batches(ids):
            yield from self._documents(batch)

    def _documents(self, title_ids: list[int]) -> list[IndexDocument]:
        with self._db.read() as session:
            return queries.documents(session, title_ids, self._clock.now())
