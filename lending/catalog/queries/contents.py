"""Reads of trunks' contents and of the checks made of them."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from lending.catalog.rules import CheckReason, Outcome
from lending.catalog.schemas import (
    Checklist,
    ChecklistLine,
    ChecklistSection,
    LastCheck,
    MissingLine,
)
from lending.catalog.tables import (
    ContentLine,
    ContentsCheck,
    ContentsCheckLine,
    ContentSection,
    Title,
)
from lending.core.errors import NotFound

CHECKLIST = (
    select(Title.name, ContentSection, ContentLine)
    .outerjoin(ContentSection, ContentSection.title_id == Title.id)
    .outerjoin(ContentLine, ContentLine.section_id == ContentSection.id)
    .where(Title.id == bindparam("title_id"))
    .order_by(ContentSection.rank, ContentLine.rank)
)


def checklist(session: Session, title_id: int) -> Checklist:
    """All that should be in a copy of the title, in order. Raises NotFound."""
    rows = session.execute(CHECKLIST, {"title_id": title_id}).all()
    if not rows:
        raise NotFound
    sections: dict[int, ChecklistSection] = {}
    for _, section, line in rows:
        if section is not None:
            shown = sections.setdefault(section.id, ChecklistSection(section.id, section.name, []))
            shown.lines.extend([_line(line)] if line is not None else [])
    return Checklist(title_id=title_id, title_name=rows[0][0], sections=list(sections.values()))


def checklists(session: Session, title_ids: Collection[int]) -> dict[int, list[ChecklistSection]]:
    """What should be in copies of these titles, in order; a title without contents is left out."""
    query = (
        select(ContentSection, ContentLine)
        .join(ContentLine, ContentLine.section_id == ContentSection.id)
        .where(ContentSection.title_id.in_(title_ids))
        .order_by(ContentSection.title_id, ContentSection.rank, ContentLine.rank)
    )
    found: defaultdict[int, dict[int, ChecklistSection]] = defaultdict(dict)
    for section, line in session.execute(query):
        shown = found[section.title_id].setdefault(section.id, ChecklistSection(section.id, section.name, []))
        shown.lines.append(_line(line))
    return {title_id: list(sections.values()) for title_id, sections in found.items()}


def _line(row: ContentLine) -> ChecklistLine:
    return ChecklistLine(
        id=row.id,
        name=row.name,
        quantity=row.quantity,
        is_consumable=row.is_consumable,
        value_cents=row.value_cents,
    )


def last_checks(session: Session, copy_ids: Collection[int]) -> dict[int, LastCheck]:
    """The latest check of each copy that has one, with what was missing."""
    if not copy_ids:
        return {}
    rank = func.row_number().over(
        partition_by=ContentsCheck.copy_id,
        order_by=(ContentsCheck.checked_at.desc(), ContentsCheck.id.desc()),
    )
    ranked = select(ContentsCheck.id, rank.label("rank")).where(ContentsCheck.copy_id.in_(copy_ids)).subquery()
    checks = session.scalars(
        select(ContentsCheck).join(ranked, ranked.c.id == ContentsCheck.id).where(ranked.c.rank == 1)
    ).all()
    missing = missing_lines(session, [check.id for check in checks])
    return {check.copy_id: _last_check(check, missing[check.id]) for check in checks}


def _last_check(check: ContentsCheck, missing: list[MissingLine]) -> LastCheck:
    return LastCheck(
        id=check.id,
        reason=CheckReason(check.reason),
        outcome=Outcome(check.outcome),
        checked_at=check.checked_at,
        note=check.note,
        missing=missing,
    )


def missing_lines(session: Session, check_ids: Collection[int]) -> defaultdict[int, list[MissingLine]]:
    """What each of these checks found missing, in the checklist's order, by check."""
    if not check_ids:
        return defaultdict(list)
    query = (
        select(ContentsCheckLine, ContentLine)
        .join(ContentLine, ContentLine.id == ContentsCheckLine.line_id)
        .join(ContentSection, ContentSection.id == ContentLine.section_id)
        .where(ContentsCheckLine.check_id.in_(check_ids))
        .where(ContentsCheckLine.found < ContentsCheckLine.expected)
        .order_by(ContentSection.rank, ContentLine.rank)
    )
    found: defaultdict[int, list[MissingLine]] = defaultdict(list)
    for row, line in session.execute(query):
        short = row.expected - row.found
        found[row.check_id].append(MissingLine(line.id, line.name, row.expected, row.found, short, line.is_consumable))
    return found
