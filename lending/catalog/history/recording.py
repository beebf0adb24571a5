"""Writing down who changed what, inside the transaction that changes it."""

import datetime as dt
from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from lending.catalog.history.tables import RecordChange
from lending.catalog.queries.contents import checklist
from lending.catalog.tables import Copy, Title, TitleLevel, TitleTheme
from lending.core.actor import Actor
from lending.network.tables import Depot

COPY_FACTS = ("shelf", "condition", "status", "note")
ADDED = "added"
Facts = dict[str, str]


def record_changes(
    session: Session,
    actor: Actor,
    now: dt.datetime,
    before: Mapping[str, str],
    after: Mapping[str, str],
    *,
    title_id: int | None = None,
    copy_id: int | None = None,
) -> None:
    """A line for each fact that is another one now."""
    session.add_all(
        RecordChange(
            title_id=title_id,
            copy_id=copy_id,
            field=field,
            before=before.get(field, ""),
            after=after.get(field, ""),
            person_id=actor.person_id,
            changed_at=now,
        )
        for field in after
        if before.get(field, "") != after[field]
    )
    session.flush()


def title_facts(session: Session, row: Title, fields: Collection[str]) -> Facts:
    """These facts of a title as people read them."""
    facts = {field: _text(getattr(row, field)) for field in fields if hasattr(row, field)}
    if "levels" in fields:
        levels = select(TitleLevel.level).where(TitleLevel.title_id == row.id).order_by(TitleLevel.level)
        facts["levels"] = ", ".join(session.scalars(levels))
    if "themes" in fields:
        themes = select(TitleTheme.theme).where(TitleTheme.title_id == row.id).order_by(TitleTheme.theme)
        facts["themes"] = ", ".join(session.scalars(themes))
    if "contents" in fields:
        facts["contents"] = _contents(session, row.id)
    return facts


def copy_facts(session: Session, row: Copy) -> Facts:
    """A copy's facts as people read them."""
    depot = session.scalar(select(Depot.name).where(Depot.id == row.depot_id))
    return {field: _text(getattr(row, field)) for field in COPY_FACTS} | {"depot": depot or ""}


def _contents(session: Session, title_id: int) -> str:
    return "\n".join(
        f"{section.name} : {line.quantity} × {line.name}"
        for section in checklist(session, title_id).sections
        for line in section.lines
    )


def _text(fact: object) -> str:
    if isinstance(fact, bool):
        return "yes" if fact else "no"
    return "" if fact is None else str(fact)
