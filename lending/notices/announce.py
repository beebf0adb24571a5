"""Telling somebody something, inside the transaction in which it becomes true.

Only the row and the key are written; the text is made when the message is sent, from what is true then.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache

from sqlalchemy import Executable
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from lending.core import outbox
from lending.core.database import ask, table_of
from lending.notices.rules import NoticeKind
from lending.notices.tables import Notice

TOPIC = "mail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is told to one person, as `announce` takes it."""

    kind: str
    person_id: int
    subject: str
    key: str
    association_id: int | None = None


def announce(
    session: Session,
    *,
    kind: str,
    person_id: int,
    subject: str,
    key: str,
    now: dt.datetime,
    association_id: int | None = None,
) -> bool:
    """Write down a message in the caller's transaction; False when this key was announced before.

    `subject` names what it is about: `booking:12`, or `person:12` for a link to sign in. `association_id` speaks, and
    its staff see what became of the message; without one it is the federation's.
    A message that goes to several people needs one key for each of them.
    """
    message = Message(kind=kind, person_id=person_id, subject=subject, key=key, association_id=association_id)
    is_new = ask(session, _insertion(session.get_bind().dialect.name), **_row(message, now)).first() is not None
    return is_new and outbox.enqueue(session, TOPIC, subject, now, key)


def announce_many(session: Session, messages: Sequence[Message], now: dt.datetime) -> int:
    """Write down messages as `announce` does, thousands in a few statements; returns how many are new."""
    if not messages:
        return 0
    rows = [_row(one, now) for one in messages]
    found = session.execute(_insertion(session.get_bind().dialect.name), rows)
    new = [(subject, key) for subject, key in found.all()]
    return outbox.enqueue_many(session, TOPIC, new, now)


def _row(message: Message, now: dt.datetime) -> dict[str, object]:
    return {**asdict(message), "kind": NoticeKind(message.kind).value, "created_at": now}


@cache
def _insertion(dialect: str) -> Executable:
    insert = sqlite_insert if dialect == "sqlite" else postgresql_insert
    table = table_of(Notice)
    return insert(table).on_conflict_do_nothing().returning(table.c.subject, table.c.key)
