"""A mark in the database that an index is being built: until the swap, changes wait instead of going into the old one.

Whoever builds renews the mark; one that is not renewed was left by a crash and holds nobody up.
"""

import datetime as dt
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from lending.core import outbox
from lending.core.clock import Clock
from lending.core.database import Database
from lending.core.tables import OutboxRow

TOPIC = "search-rebuild"
LIFETIME = dt.timedelta(seconds=15)
RENEWED_AFTER_SECONDS = 4.0


@contextmanager
def held(db: Database, clock: Clock) -> Iterator[None]:
    """Let changes wait during the block, however long it takes."""
    ended = threading.Event()
    keeper = threading.Thread(target=_keep, args=(db, clock, ended), daemon=True)
    with db.write() as session:
        begin(session, clock.now())
    keeper.start()
    try:
        yield
    finally:
        ended.set()
        keeper.join()
        with db.write() as session:
            end(session)


def _keep(db: Database, clock: Clock, ended: threading.Event) -> None:
    while not ended.wait(RENEWED_AFTER_SECONDS):
        with db.write() as session:
            go_on(session, clock.now())


def begin(session: Session, now: dt.datetime) -> None:
    """Let changes wait. Needs `db.write()`."""
    end(session)
    outbox.enqueue(session, TOPIC, "all", now)


def go_on(session: Session, now: dt.datetime) -> None:
    """The build lives. Needs `db.write()`."""
    session.execute(update(OutboxRow).where(OutboxRow.topic == TOPIC).values(created_at=now))


def end(session: Session) -> None:
    """Let changes go through. Needs `db.write()`."""
    session.execute(delete(OutboxRow).where(OutboxRow.topic == TOPIC))


def is_on(session: Session, now: dt.datetime) -> bool:
    """Whether an index is being built."""
    renewed_at = session.scalar(select(func.max(OutboxRow.created_at)).where(OutboxRow.topic == TOPIC))
    return renewed_at is not None and now - renewed_at < LIFETIME
