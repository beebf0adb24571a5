"""Reads of trunks' contents and of the checks made of them."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import Row, bindparam, func, select
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
from lending.core.database import ask, table_of
from lending.core.errors import NotFound

# Written once, and without objects: a return asks for all lines of a trunk.
_title, _section, _line, _check = (table_of(one).c for one in (Title, ContentSection, ContentLine, ContentsCheck))
CHECKLIST = (
    select(
        _title.name.label("title_name"),
        _section.id.label("section_id"),
        _section.name.label("section_name"),
        *(_line[name] for name in ("id", "name", "quantity", "is_consumable", "value_cents")),
    )
    .select_from(table_of(Title))
    .outerjoin(table_of(ContentSection), _section.title_id == _title.id)
    .outerjoin(table_of(ContentLine), _line.section_id == _section.id)
    .where(_title.id == bindparam("title_id"))
    .order_by(_section.rank, _line.rank)
)
_counted = table_of(ContentsCheckLine).c
_rank = func.row_number().over(partition_by=_check.copy_id, order_by=(_check.checked_at.desc(), _check.id.desc()))
_ranked = (
    select(
        *(_check[name] for name in ("id", "copy_id", "reason", "outcome", "checked_at", "note")), _rank.label("rank")
    )
    .where(_check.copy_id.in_(bindparam("copy_ids", expanding=True)))
    .subquery()
)
LAST_CHECKS = select(_ranked).where(_ranked.c.rank == 1)
# The columns stand as in `MissingLine`.
_missing = (
    select(
        _counted.check_id,
        _line.id,
        _line.name,
        _counted.expected,
        _counted.found,
        _counted.expected - _counted.found,
        _line.is_consumable,
    )
    .join_from(table_of(ContentsCheckLine), table_of(ContentLine), _line.id == _counted.line_id)
    .join(table_of(ContentSection), _section.id == _line.section_id)
    .where(_counted.found < _counted.expected)
    .order_by(_section.rank, _line.rank)
)
MISSING = _missing.where(_counted.check_id.in_(bindparam("check_ids", expanding=True)))
MISSING_AT_LAST = _missing.where(
    _counted.check_id
    == select(_check.id)
    .where(_check.copy_id == bindparam("copy_id"))
    .order_by(_check.checked_at.desc(), _check.id.desc())
    .limit(1)
    .scalar_subquery()
)


def checklist(session: Session, title_id: int) -> Checklist:
    """All that should be in a copy of the title, in order. Raises NotFound."""
    rows = ask(session, CHECKLIST, title_id=title_id).all()
    if not rows:
        raise NotFound
    sections: dict[int, ChecklistSection] = {}
    for row in rows:
        if row.section_id is not None:
            shown = sections.setdefault(row.section_id, ChecklistSection(row.section_id, row.section_name, []))
            shown.lines.extend([] if row.id is None else [_shown_line(row)])
    return Checklist(title_id=title_id, title_name=rows[0].title_name, sections=list(sections.values()))


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
        shown.lines.append(_shown_line(line))
    return {title_id: list(sections.values()) for title_id, sections in found.items()}


def _shown_line(row: ContentLine | Row[Any]) -> ChecklistLine:
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
    checks = ask(session, LAST_CHECKS, copy_ids=sorted(copy_ids)).all()
    missing = missing_lines(session, [check.id for check in checks])
    return {check.copy_id: _last_check(check, missing[check.id]) for check in checks}


def _last_check(check: Row[Any], missing: list[MissingLine]) -> LastCheck:
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
    found: defaultdict[int, list[MissingLine]] = defaultdict(list)
    for check_id, *line in ask(session, MISSING, check_ids=sorted(check_ids)):
        found[check_id].append(MissingLine(*line))
    return found


def missing_at_last(session: Session, copy_id: int) -> list[MissingLine]:
    """What the latest check of a copy found missing, in the checklist's order."""
    return [MissingLine(*line) for _, *line in ask(session, MISSING_AT_LAST, copy_id=copy_id)]
