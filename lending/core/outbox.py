"""What must follow a transaction, written inside it.

A row with a `key` is a message: the key is unique for ever, so a job may run any number of times. A row without one
is a nudge ("title 12 changed"): it is deleted once acted upon, because present state is what gets sent.
Consumers claim rows with a lease longer than their own time-outs; a crash lets the lease run out and the row is
taken again.
"""

import datetime as dt
import random
from collections.abc import Sequence
from functools import cache

import msgspec
from sqlalchemy import Executable, and_, bindparam, delete, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from lending.core.database import ask, table_of
from lending.core.tables import WAITING, OutboxRow

# About six hours: a mail server that makes strangers wait (greylisting) lets them in by then.
MAX_ATTEMPTS = 16
LONGEST_BACK_OFF_SECONDS = 3600
ERROR_LENGTH = 500

# Written once: a sender says each of these for every letter. SQLite reads the partial index only where the statement
# spells its condition out.
_table = table_of(OutboxRow)
_is_due = and_(
    _table.c.topic == bindparam("topic"),
    text(f"outbox.{WAITING}"),
    _table.c.next_at <= bindparam("now"),
    or_(_table.c.leased_until.is_(None), _table.c.leased_until <= bindparam("now")),
)
_are_these = _table.c.id.in_(bindparam("ids", expanding=True))
FIRST_DUE = select(_table.c.id).where(_is_due).limit(1)
CLAIM = (
    select(_table.c.id, _table.c.topic, _table.c.subject, _table.c.key, _table.c.attempts)
    .where(_is_due)
    .order_by(_table.c.next_at, _table.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
LEASE = update(_table).where(_are_these).values(leased_until=bindparam("until"), attempts=_table.c.attempts + 1)
FINISH = (
    update(_table)
    .where(_are_these, _table.c.key.is_not(None))
    .values(state="done", done_at=bindparam("now"), leased_until=None, last_error=None)
    .returning(_table.c.id)
)
PUT_BACK = (
    update(_table)
    .where(_are_these, _table.c.attempts > 0)
    .values(leased_until=None, next_at=bindparam("until"), attempts=_table.c.attempts - 1)
)
FORGET = delete(_table).where(_are_these, _table.c.key.is_(None))


class OutboxItem(msgspec.Struct, frozen=True):
    """A claimed row."""

    id: int
    topic: str
    subject: str
    key: str | None
    attempts: int


class OutboxState(msgspec.Struct, frozen=True):
    """How a topic stands: for readiness, the doctor and the administrators' page."""

    topic: str
    waiting: int
    parked: int
    oldest_at: dt.datetime | None


def enqueue(session: Session, topic: str, subject: str, now: dt.datetime, key: str | None = None) -> bool:
    """Write what must follow; False when a message with this key exists already."""
    values = _fresh(topic, subject, now, key)
    return ask(session, _insertion(session.get_bind().dialect.name), **values).first() is not None


def enqueue_many(session: Session, topic: str, messages: Sequence[tuple[str, str]], now: dt.datetime) -> int:
    """Write messages given as subject and key, thousands in a few statements; returns how many are new."""
    if not messages:
        return 0
    rows = [_fresh(topic, subject, now, key) for subject, key in messages]
    return len(session.execute(_insertion(session.get_bind().dialect.name), rows).all())


def _fresh(topic: str, subject: str, now: dt.datetime, key: str | None) -> dict[str, object]:
    return {
        "topic": topic,
        "subject": subject,
        "key": key,
        "created_at": now,
        "next_at": now,
        "state": "waiting",
        "attempts": 0,
    }


@cache
def _insertion(dialect: str) -> Executable:
    """Written once: it is sent for nearly everything that changes."""
    insert = sqlite_insert if dialect == "sqlite" else postgresql_insert
    return insert(_table).on_conflict_do_nothing().returning(_table.c.id)


def claim(
    session: Session,
    topic: str,
    now: dt.datetime,
    lease: dt.timedelta,
    limit: int = 100,
) -> list[OutboxItem]:
    """Take up to `limit` due rows for the length of the lease. Needs `db.write()`."""
    rows = ask(session, CLAIM, topic=topic, now=now, most=limit).all()
    if rows:
        ask(session, LEASE, ids=[row.id for row in rows], until=now + lease)
    return [OutboxItem(row.id, row.topic, row.subject, row.key, row.attempts + 1) for row in rows]


def has_due(session: Session, topic: str, now: dt.datetime) -> bool:
    """Whether `claim` would find something; needs no write."""
    return ask(session, FIRST_DUE, topic=topic, now=now).first() is not None


def finish(session: Session, ids: list[int], now: dt.datetime) -> None:
    """Mark messages as done and forget nudges."""
    done = ask(session, FINISH, ids=ids, now=now).all()
    if len(done) < len(ids):
        ask(session, FORGET, ids=ids)


def fail(
    session: Session,
    item_id: int,
    error: str,
    now: dt.datetime,
    *,
    permanent: bool = False,
) -> None:
    """Try again later, ever later; park the row when it is hopeless, for a person to see."""
    row = session.get_one(OutboxRow, item_id)
    row.last_error = error[:ERROR_LENGTH]
    row.leased_until = None
    if permanent or row.attempts >= MAX_ATTEMPTS:
        row.state = "parked"
    else:
        row.next_at = now + back_off(row.attempts)


def back_off(attempts: int) -> dt.timedelta:
    """Twice as long each time, at most an hour, with jitter so that failures do not march in step."""
    seconds = min(LONGEST_BACK_OFF_SECONDS, 2**attempts) * random.uniform(0.5, 1.5)  # noqa: S311 - jitter, no secret
    return dt.timedelta(seconds=seconds)


def put_back(session: Session, ids: list[int], next_at: dt.datetime) -> None:
    """Give rows back untried, because who should take them is away: this counts as no attempt."""
    ask(session, PUT_BACK, ids=ids, until=next_at)


def free(session: Session, topic: str) -> None:
    """End every lease of a topic: for the only consumer there is, when it takes over from one that died."""
    leased = (OutboxRow.topic == topic, OutboxRow.state == "waiting", OutboxRow.leased_until.is_not(None))
    session.execute(update(OutboxRow).where(*leased).values(leased_until=None))


def release(session: Session, item_id: int, now: dt.datetime) -> None:
    """Let a parked row be tried again at once."""
    row = session.get_one(OutboxRow, item_id)
    row.state, row.attempts, row.next_at, row.leased_until = "waiting", 0, now, None


def state_of(session: Session, topic: str) -> OutboxState:
    """How many rows wait and are parked, and since when the oldest waits."""
    waiting = and_(OutboxRow.topic == topic, OutboxRow.state == "waiting")
    count, oldest = session.execute(select(func.count(), func.min(OutboxRow.created_at)).where(waiting)).one()
    parked = select(func.count()).where(OutboxRow.topic == topic, OutboxRow.state == "parked")
    return OutboxState(topic, count, session.scalar(parked) or 0, oldest)
