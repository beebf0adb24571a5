"""Reads of notices."""

import datetime as dt
from typing import TypeAlias

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session

from lending.accounts.tables import Person
from lending.core.tables import OutboxRow
from lending.network.tables import Organisation
from lending.notices.announce import TOPIC
from lending.notices.rules import NoticeKind
from lending.notices.schemas import Draft, NoticeRecord
from lending.notices.tables import Notice

Records: TypeAlias = Select[Notice, str, str, OutboxRow]


def draft(session: Session, key: str) -> Draft | None:
    """The message announced under a key."""
    row = session.execute(_drafts().where(Notice.key == key)).first()
    return None if row is None else _draft(*row)


def drafts_for(session: Session, person_id: int, limit: int) -> list[Draft]:
    """A person's messages, newest first; links to sign in and what was called off are left out."""
    own = and_(Notice.person_id == person_id, Notice.cancelled_at.is_(None))
    query = _drafts().where(own, Notice.kind != NoticeKind.SIGN_IN_LINK.value)
    newest = query.order_by(Notice.created_at.desc(), Notice.id.desc()).limit(limit)
    return [_draft(*row) for row in session.execute(newest)]


def notice_by_key(session: Session, key: str) -> Notice:
    """The row of an announced message, to be marked."""
    return session.scalars(select(Notice).where(Notice.key == key)).one()


def records(session: Session, state: str | None, limit: int) -> list[NoticeRecord]:
    """What happened to the newest messages, all of them or those in one state."""
    query = (
        select(Notice, Person.name, Person.email, OutboxRow)
        .join(Person, Person.id == Notice.person_id)
        .join(OutboxRow, and_(OutboxRow.topic == TOPIC, OutboxRow.key == Notice.key))
        .order_by(Notice.created_at.desc(), Notice.id.desc())
        .limit(limit)
    )
    return [_record(*row) for row in session.execute(_in_state(query, state))]


def outbox_row_of(session: Session, notice_id: int) -> OutboxRow | None:
    """The outbox's row of a message."""
    same_key = and_(OutboxRow.topic == TOPIC, OutboxRow.key == Notice.key)
    return session.scalar(select(OutboxRow).join(Notice, same_key).where(Notice.id == notice_id))


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


def _in_state(query: Records, state: str | None) -> Records:
    match state:
        case None:
            return query
        case "cancelled":
            return query.where(Notice.cancelled_at.is_not(None))
        case "sent":
            return query.where(OutboxRow.state == "done", Notice.cancelled_at.is_(None))
        case _:
            return query.where(OutboxRow.state == state, Notice.cancelled_at.is_(None))


def _drafts() -> Select[Notice, Person]:
    return select(Notice, Person).join(Person, Person.id == Notice.person_id)


def _draft(notice: Notice, person: Person) -> Draft:
    return Draft(
        notice_id=notice.id,
        key=notice.key,
        kind=notice.kind,
        subject=notice.subject,
        created_at=notice.created_at,
        sent_at=notice.sent_at,
        person_id=person.id,
        name=person.name,
        email=person.email,
        language=person.language,
    )


def _record(notice: Notice, name: str, email: str, row: OutboxRow) -> NoticeRecord:
    state = "cancelled" if notice.cancelled_at else {"done": "sent"}.get(row.state, row.state)
    return NoticeRecord(
        id=notice.id,
        kind=notice.kind,
        subject=notice.subject,
        person_name=name,
        email=email,
        state=state,
        attempts=row.attempts,
        error=row.last_error,
        created_at=notice.created_at,
        sent_at=notice.sent_at,
        next_at=row.next_at if state == "waiting" else None,
    )
