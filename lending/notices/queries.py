"""Reads of notices."""

import datetime as dt
from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, and_, bindparam, func, select, update
from sqlalchemy.orm import Session

from lending.accounts.tables import Person
from lending.core.database import ask, table_of
from lending.core.tables import OutboxRow
from lending.network.tables import Organisation
from lending.notices.announce import TOPIC
from lending.notices.rules import NoticeKind
from lending.notices.schemas import Draft
from lending.notices.tables import Notice, PaperLetter

OF_OUTBOX = and_(OutboxRow.topic == TOPIC, OutboxRow.key == Notice.key)
# For a digest that has not gone yet.
KEPT = (Notice.gathered_at.is_not(None), Notice.sent_at.is_(None), Notice.cancelled_at.is_(None))
# Written as literals, as in the partial index of the bell.
IS_SHOWN = and_(Notice.cancelled_at.is_(None), Notice.kind != NoticeKind.SIGN_IN_LINK.value)

# What becomes of a message: only the columns that it names are written.
_table = table_of(Notice)
# Asked by every page.
UNREAD = (
    select(func.count())
    .select_from(_table)
    .where(_table.c.person_id == bindparam("person_id"), _table.c.read_at.is_(None))
    .where(_table.c.cancelled_at.is_(None), _table.c.kind != NoticeKind.SIGN_IN_LINK.value)
)
MARK = update(_table).where(_table.c.id == bindparam("notice_id"))


def draft(session: Session, key: str) -> Draft | None:
    """The message announced under a key."""
    row = ask(session, _draft_by_key(), key=key).mappings().first()
    return None if row is None else _draft(row)


def drafts(session: Session, *conditions: ColumnElement[bool]) -> list[Draft]:
    """The messages that fulfil the conditions, oldest first."""
    return [_draft(row) for row in session.execute(_drafts().where(*conditions).order_by(Notice.id)).mappings()]


def drafts_for(session: Session, person_id: int, limit: int, before_id: int | None = None) -> list[Draft]:
    """A person's messages, newest first; links to sign in and what was called off are left out."""
    query = _drafts().where(Notice.person_id == person_id, IS_SHOWN)
    if before_id is not None:
        query = query.where(Notice.id < before_id)
    return [_draft(row) for row in session.execute(query.order_by(Notice.id.desc()).limit(limit)).mappings()]


def gathered(session: Session, person_id: int) -> list[Draft]:
    """A person's messages that wait for the next digest, oldest first."""
    return drafts(session, Notice.person_id == person_id, *KEPT)


def mark(session: Session, notice_id: int, **facts: object) -> None:
    """Write down what became of a message; `facts` are by column."""
    ask(session, MARK, notice_id=notice_id, **facts)


def mark_gathered_as_sent(session: Session, notice_ids: Sequence[int], message_id: str, now: dt.datetime) -> None:
    """What a digest was written from went out with it; what another sender gathered since waits for the next one."""
    told = update(Notice).where(Notice.id.in_(notice_ids), Notice.sent_at.is_(None))
    session.execute(told.values(sent_at=now, message_id=message_id))


def unread(session: Session, person_id: int) -> int:
    """How many messages a person has not seen yet."""
    return ask(session, UNREAD, person_id=person_id).scalar() or 0


def leave_to_paper(session: Session, notice_id: int, now: dt.datetime) -> None:
    """Let the next batch have a message; one that was printed and is asked for again, is printed again."""
    row = session.get(PaperLetter, notice_id)
    if row is None:
        session.add(PaperLetter(notice_id=notice_id, waits_since_at=now))
    else:
        row.batch_id, row.waits_since_at = None, now
    session.flush()


def notice_by_key(session: Session, key: str) -> Notice:
    """The row of an announced message, to be marked."""
    return session.scalars(select(Notice).where(Notice.key == key)).one()


def notices_by_id(session: Session, ids: Sequence[int], *conditions: ColumnElement[bool]) -> list[Notice]:
    """These rows, those that fulfil the conditions."""
    return list(session.scalars(select(Notice).where(Notice.id.in_(ids), *conditions)))


def sent_since(session: Session, since: dt.datetime) -> int:
    """How many letters went out after an instant, whoever sent them."""
    return session.scalar(select(func.count()).select_from(Notice).where(Notice.sent_at > since)) or 0


def outbox_row_of(session: Session, notice_id: int) -> OutboxRow | None:
    """The outbox's row of a message."""
    return session.scalar(select(OutboxRow).join(Notice, OF_OUTBOX).where(Notice.id == notice_id))


def overdue_since(session: Session) -> dt.datetime | None:
    """Since when the letter that should have gone first has been due; None when none waits."""
    return session.scalar(
        select(OutboxRow.next_at)
        .where(OutboxRow.topic == TOPIC, OutboxRow.state == "waiting")
        .order_by(OutboxRow.next_at)
        .limit(1)
    )


def root_path(session: Session) -> str:
    """The path of the federation; the mail of all is its business alone."""
    root = select(Organisation.path).where(Organisation.parent_id.is_(None)).order_by(Organisation.id)
    return session.scalar(root.limit(1)) or "/"


@cache
def _drafts() -> Select[Any]:
    """Messages and to whom they are, as columns named like the facts of a `Draft`."""
    own = ("key", "kind", "subject", "created_at", "sent_at", "person_id", "association_id", "read_at")
    person = table_of(Person)
    columns = (_table.c[name] for name in own)
    query = select(_table.c.id.label("notice_id"), *columns, person.c.name, person.c.email, person.c.language)
    return query.join_from(_table, person, person.c.id == _table.c.person_id)


@cache
def _draft_by_key() -> Select[Any]:
    return _drafts().where(_table.c.key == bindparam("key"))


def _draft(row: RowMapping) -> Draft:
    return Draft(**row)
