"""Telling somebody something, inside the transaction in which it becomes true.

Only the row and the key are written; the text is made when the message is sent, from what is true then.
"""

import datetime as dt

from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from lending.core import outbox
from lending.notices.rules import NoticeKind
from lending.notices.tables import Notice

TOPIC = "mail"


def announce(session: Session, *, kind: str, person_id: int, subject: str, key: str, now: dt.datetime) -> bool:
    """Write down a message in the caller's transaction; False when this key was announced before.

    `subject` names what it is about: `booking:12`, or `person:12` for a link to sign in.
    A message that goes to several people needs one key for each of them.
    """
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    row = {"key": key, "kind": NoticeKind(kind).value, "person_id": person_id, "subject": subject}
    statement = insert(Notice).values(**row, created_at=now).on_conflict_do_nothing().returning(Notice.id)
    if session.execute(statement).first() is None:
        return False
    return outbox.enqueue(session, TOPIC, subject, now, key=key)
