"""To whom digests come, and what becomes of what was kept for one that comes no more."""

import datetime as dt

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from lending.accounts.tables import RoleGrant
from lending.core import outbox
from lending.core.tables import OutboxRow
from lending.notices.queries import KEPT, OF_OUTBOX
from lending.notices.rules import DIGEST_ROLES, NoticeKind, Rhythm, organisation_of
from lending.notices.schemas import Draft
from lending.notices.tables import Notice, NoticePreference


def gets_digest(session: Session, person_id: int) -> bool:
    """Whether digests come to a person: they asked for one, and work in an organisation that has some."""
    return bool(session.scalar(select(_comes_to(person_id))))


def still_gets(session: Session, digest: Draft) -> bool:
    """Whether a digest that was announced is still for its reader: who left an organisation hears no more of it."""
    works_there = RoleGrant.organisation_id == organisation_of(digest.subject)
    return bool(session.scalar(select(_comes_to(digest.person_id, works_there))))


def release_stranded(session: Session, now: dt.datetime) -> int:
    """Give what is kept for people without a digest its turn at once; returns how many messages."""
    rows = select(Notice, OutboxRow).join(OutboxRow, OF_OUTBOX).where(*KEPT, ~_comes_to(Notice.person_id))
    found = session.execute(rows.order_by(Notice.id)).all()
    for notice, row in found:
        notice.gathered_at = None
        outbox.release(session, row.id, now)
    return len(found)


def _comes_to(person_id: int | InstrumentedAttribute[int], *where: ColumnElement[bool]) -> ColumnElement[bool]:
    asked = exists().where(
        NoticePreference.person_id == person_id,
        NoticePreference.kind == NoticeKind.DIGEST.value,
        NoticePreference.delivery.in_([Rhythm.DAILY.value, Rhythm.WEEKLY.value]),
    )
    return asked & exists().where(RoleGrant.person_id == person_id, RoleGrant.role.in_(DIGEST_ROLES), *where)
