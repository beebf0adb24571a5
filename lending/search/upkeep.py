"""For administrators: how the index stands, what it refused, and a second try."""

import datetime as dt
from collections.abc import Callable

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from lending.catalog.tables import Title
from lending.core import outbox
from lending.core.actor import Actor, Role
from lending.core.clock import Clock
from lending.core.database import Database
from lending.core.errors import NotFound
from lending.core.tables import OutboxRow
from lending.notices.queries import root_path
from lending.search.port import IndexDown, IndexRefused
from lending.search.schemas import Freshness
from lending.search.sync import TOPIC

MOST_SHOWN = 100


class ParkedTitle(msgspec.Struct, frozen=True, kw_only=True):
    """A change that the index refused. `title_id` is None when the row speaks of no title."""

    row_id: int
    title_id: int | None
    name: str
    error: str
    since: dt.datetime


class IndexState(msgspec.Struct, frozen=True, kw_only=True):
    """How the index stands. Without `freshness` it does not answer."""

    freshness: Freshness | None
    waiting: int
    waiting_since: dt.datetime | None
    parked: list[ParkedTitle]


class IndexUpkeep:
    """Looks after the index."""

    def __init__(
        self, db: Database, clock: Clock, freshness: Callable[[], Freshness], rebuild: Callable[[], int]
    ) -> None:
        """`freshness` asks the index and may raise IndexDown; `rebuild` builds it anew."""
        self._db = db
        self._clock = clock
        self._freshness = freshness
        self._rebuild = rebuild

    def figures(self) -> dict[str, int]:
        """How many changes wait, since how many seconds, and how many were set aside; asks the database only."""
        now = self._clock.now()
        with self._db.read() as session:
            state = outbox.state_of(session, TOPIC)
        seconds = int((now - state.oldest_at).total_seconds()) if state.oldest_at else 0
        return {"waiting": state.waiting, "oldest_seconds": max(0, seconds), "parked": state.parked}

    def state(self, actor: Actor) -> IndexState:
        """How the index stands and what it refused; for administrators."""
        with self._db.read() as session:
            actor.require(root_path(session), Role.ADMIN)
            state, parked = outbox.state_of(session, TOPIC), _parked(session)
        return IndexState(freshness=self._asked(), waiting=state.waiting, waiting_since=state.oldest_at, parked=parked)

    def retry(self, actor: Actor, row_id: int) -> None:
        """Send a title again that was set aside. Raises NotFound."""
        with self._db.write() as session:
            actor.require(root_path(session), Role.ADMIN)
            row = session.get(OutboxRow, row_id)
            if row is None or row.topic != TOPIC or row.state != "parked":
                raise NotFound
            outbox.release(session, row_id, self._clock.now())

    def rebuild(self, actor: Actor) -> int:
        """Build the index anew beside the one in use. Raises IndexDown, IndexRefused."""
        with self._db.read() as session:
            actor.require(root_path(session), Role.ADMIN)
        return self._rebuild()

    def _asked(self) -> Freshness | None:
        try:
            return self._freshness()
        except (IndexDown, IndexRefused):
            return None


def _parked(session: Session) -> list[ParkedTitle]:
    rows = session.scalars(
        select(OutboxRow)
        .where(OutboxRow.topic == TOPIC, OutboxRow.state == "parked")
        .order_by(OutboxRow.created_at)
        .limit(MOST_SHOWN)
    ).all()
    ids = {row.id: _title_id(row.subject) for row in rows}
    known = session.execute(select(Title.id, Title.name).where(Title.id.in_(ids.values())))
    names: dict[int | None, str] = {title_id: name for title_id, name in known}  # noqa: C416 - rows are no pairs
    return [
        ParkedTitle(
            row_id=row.id,
            title_id=ids[row.id],
            name=names.get(ids[row.id], row.subject),
            error=row.last_error or "",
            since=row.created_at,
        )
        for row in rows
    ]


def _title_id(subject: str) -> int | None:
    number = subject.removeprefix("title:")
    return int(number) if number.isdecimal() else None
