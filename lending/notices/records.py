"""What became of messages, for those who look after the mail."""

from collections import defaultdict
from collections.abc import Collection
from typing import TypeAlias

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from lending.accounts.tables import Person
from lending.core import outbox
from lending.core.tables import OutboxRow
from lending.notices.announce import TOPIC
from lending.notices.queries import OF_OUTBOX
from lending.notices.schemas import NoticeRecord, Overview
from lending.notices.tables import Bounce, Notice, PaperLetter

Records: TypeAlias = Select[Notice, str, str, OutboxRow, PaperLetter]

IS_OPEN = and_(OutboxRow.state == "waiting", Notice.cancelled_at.is_(None))
IS_HELD = and_(IS_OPEN, Notice.held_until_at.is_not(None), OutboxRow.next_at >= Notice.held_until_at)
IS_WAITING = and_(IS_OPEN, or_(Notice.held_until_at.is_(None), OutboxRow.next_at < Notice.held_until_at))
IS_PARKED = and_(OutboxRow.state == "parked", Notice.cancelled_at.is_(None))
IS_BACK = select(Bounce.id).where(Bounce.notice_id == Notice.id).exists()
ON_PAPER = select(PaperLetter.notice_id).where(PaperLetter.notice_id == Notice.id).correlate(Notice)
IS_ON_PAPER = ON_PAPER.exists()
IS_TO_PRINT = ON_PAPER.where(PaperLetter.batch_id.is_(None)).exists()
IS_DONE = and_(OutboxRow.state == "done", Notice.cancelled_at.is_(None))

STATES: dict[str, ColumnElement[bool]] = {
    "waiting": IS_WAITING,
    "held": IS_HELD,
    "sent": and_(IS_DONE, Notice.sent_at.is_not(None)),
    "shown": and_(IS_DONE, Notice.sent_at.is_(None), ~IS_ON_PAPER),
    "to_print": and_(IS_DONE, Notice.sent_at.is_(None), IS_TO_PRINT),
    "printed": and_(IS_DONE, Notice.sent_at.is_(None), IS_ON_PAPER, ~IS_TO_PRINT),
    "parked": IS_PARKED,
    "bounced": IS_BACK,
    "cancelled": Notice.cancelled_at.is_not(None),
}


def overview(
    session: Session,
    association_id: int | None,
    state: str | None,
    kind: str | None,
    before_id: int | None,
    limit: int,
) -> Overview:
    """How the mail (of an association) stands, and its newest messages of a state and a kind."""
    mine = [Notice.association_id == association_id] if association_id is not None else []
    wanted = [*mine, *([STATES[state]] if state in STATES else []), *([Notice.kind == kind] if kind else [])]
    if before_id is not None:
        wanted.append(Notice.id < before_id)
    rows = session.execute(_records().where(*wanted).limit(limit + 1)).all()
    bounced = _bounced(session, [row[0].id for row in rows])
    found = [_record(*row, bounced[row[0].id]) for row in rows]
    oldest = select(func.min(Notice.created_at)).join(OutboxRow, OF_OUTBOX).where(*mine, IS_WAITING)
    return Overview(
        waiting=_count(session, *mine, IS_WAITING),
        held=_count(session, *mine, IS_HELD),
        parked=_count(session, *mine, IS_PARKED) if mine else outbox.state_of(session, TOPIC).parked,
        oldest_at=session.scalar(oldest),
        records=found[:limit],
        older=found[limit - 1].id if len(found) > limit else None,
    )


def _count(session: Session, *conditions: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(Notice).join(OutboxRow, OF_OUTBOX).where(*conditions)
    return session.scalar(query) or 0


def _records() -> Records:
    return (
        select(Notice, Person.name, Person.email, OutboxRow, PaperLetter)
        .join(Person, Person.id == Notice.person_id)
        .join(OutboxRow, OF_OUTBOX)
        .outerjoin(PaperLetter, PaperLetter.notice_id == Notice.id)
        .order_by(Notice.id.desc())
    )


def _record(
    notice: Notice, name: str, email: str, row: OutboxRow, paper: PaperLetter | None, bounced: list[str]
) -> NoticeRecord:
    state = _state(notice, row, paper)
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
        next_at=row.next_at if state in ("waiting", "held") else None,
        bounced="; ".join(bounced),
    )


def _bounced(session: Session, ids: Collection[int]) -> defaultdict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    query = select(Bounce.notice_id, Bounce.status, Bounce.diagnostic).where(Bounce.notice_id.in_(ids))
    for notice_id, status, diagnostic in session.execute(query.order_by(Bounce.id)):
        found[notice_id].append(f"{status} {diagnostic}")
    return found


def _state(notice: Notice, row: OutboxRow, paper: PaperLetter | None) -> str:
    if notice.cancelled_at is not None:
        return "cancelled"
    if row.state != "done":
        is_held = notice.held_until_at is not None and row.next_at >= notice.held_until_at
        return "held" if row.state == "waiting" and is_held else row.state
    if notice.sent_at is not None:
        return "sent"
    if paper is not None:
        return "to_print" if paper.batch_id is None else "printed"
    return "gathered" if notice.gathered_at else "shown"
