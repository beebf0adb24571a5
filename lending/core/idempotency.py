"""A request that may be sent twice, by a double click or a desk that lost its network, is answered twice and done once.

The answer is stored in the transaction that does the work: both exist or neither.
"""

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

import msgspec
from sqlalchemy import bindparam, delete, insert, select, text
from sqlalchemy.orm import Session

from lending.core.database import ask, table_of
from lending.core.errors import Conflict
from lending.core.i18n import N_
from lending.core.tables import AnsweredRequest

T = TypeVar("T", bound=msgspec.Struct)
KEPT_FOR = dt.timedelta(days=7)
# Written once: every change at a desk says them.
_table = table_of(AnsweredRequest)
TAKE_TURN = text("select pg_advisory_xact_lock(hashtextextended(:one, 0))")
GIVEN = select(_table.c.fingerprint, _table.c.answer).where(
    _table.c.person_id == bindparam("person_id"), _table.c.key == bindparam("key")
)
KEEP = insert(_table)


@dataclass(eq=False)
class KeyUsedForAnotherRequest(Conflict):
    """The same Idempotency-Key came with another content."""

    slug: ClassVar[str] = "idempotency-key-reused"
    title: ClassVar[str] = N_("Clé déjà utilisée")
    detail: ClassVar[str] = N_("Cette clé d’envoi a déjà servi pour une autre demande.")


def fingerprint(request: msgspec.Struct) -> str:
    """What makes two requests the same."""
    return hashlib.sha256(msgspec.json.encode(request)).hexdigest()


def earlier_answer(
    session: Session,
    person_id: int,
    key: str | None,
    request: msgspec.Struct,
    answer_type: type[T],
) -> T | None:
    """The answer given before, if any. Raises KeyUsedForAnotherRequest.

    Of two requests with one key that arrive together, the second waits here for the first one's commit.
    """
    if key and session.get_bind().dialect.name == "postgresql":
        session.execute(TAKE_TURN, {"one": f"{person_id}:{key}"})
    row = ask(session, GIVEN, person_id=person_id, key=key).first() if key else None
    if row is None:
        return None
    if row.fingerprint != fingerprint(request):
        raise KeyUsedForAnotherRequest
    return msgspec.json.decode(row.answer, type=answer_type)


def words_of_answer(session: Session, person_id: int, key: str) -> dict[str, Any]:
    """What the key answered, whatever was asked; empty without any."""
    row = session.get(AnsweredRequest, (person_id, key))
    return {} if row is None else msgspec.json.decode(row.answer, type=dict[str, Any])


def remember_answer(
    session: Session,
    person_id: int,
    key: str | None,
    request: msgspec.Struct,
    answer: Any,
    now: dt.datetime,
) -> None:
    """Keep the answer beside the work it reports."""
    if key:
        body = msgspec.json.encode(answer).decode()
        row = {"person_id": person_id, "key": key, "fingerprint": fingerprint(request), "answer": body}
        ask(session, KEEP, **row, created_at=now)


def forget_old_answers(session: Session, now: dt.datetime) -> None:
    """Drop what is older than a week."""
    session.execute(delete(AnsweredRequest).where(AnsweredRequest.created_at < now - KEPT_FOR))
