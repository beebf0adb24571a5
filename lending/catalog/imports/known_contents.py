"""The contents of many titles as texts, in a few queries."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from lending.catalog.imports.contents_text import contents_text
from lending.catalog.schemas import ChecklistLine, ChecklistSection
from lending.catalog.tables import ContentLine, ContentSection

CHUNK = 500


def contents_texts(session: Session, title_ids: Sequence[int]) -> dict[int, str]:
    """The contents of each title that has any."""
    texts: dict[int, str] = {}
    for start in range(0, len(title_ids), CHUNK):
        sections = _sections(session, title_ids[start : start + CHUNK])
        texts |= {title_id: contents_text(found) for title_id, found in sections.items()}
    return texts


def _sections(session: Session, title_ids: Sequence[int]) -> dict[int, list[ChecklistSection]]:
    query = select(ContentSection).where(ContentSection.title_id.in_(title_ids))
    sections = session.scalars(query.order_by(ContentSection.title_id, ContentSection.rank)).all()
    lines = defaultdict(list)
    query_lines = select(ContentLine).where(ContentLine.section_id.in_([one.id for one in sections]))
    for row in session.scalars(query_lines.order_by(ContentLine.section_id, ContentLine.rank)):
        lines[row.section_id].append(
            ChecklistLine(
                id=row.id,
                name=row.name,
                quantity=row.quantity,
                is_consumable=row.is_consumable,
                value_cents=row.value_cents,
            )
        )
    found: dict[int, list[ChecklistSection]] = {}
    for one in sections:
        found.setdefault(one.title_id, []).append(ChecklistSection(one.id, one.name, lines[one.id]))
    return found
