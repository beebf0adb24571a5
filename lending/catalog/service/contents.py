"""Replace a title's contents, inside the caller's transaction.

Lines that stay keep their ids, because dated checks point at them; a line that a check speaks of cannot go.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from lending.catalog import rules
from lending.catalog.errors import LineHasHistory, UnknownContentLine
from lending.catalog.requests import LineInput, SectionInput
from lending.catalog.tables import ContentLine, ContentsCheckLine, ContentSection


def replace_contents(session: Session, title_id: int, wanted: Sequence[SectionInput]) -> None:
    """Make the contents what is wanted. Raises UnknownContentLine, LineHasHistory, BlankName."""
    sections = {row.id: row for row in session.scalars(_sections_of(title_id))}
    lines = {row.id: row for row in session.scalars(_lines_of(sections))}
    _check_ids(wanted, sections, lines)
    kept = {line.id for section in wanted for line in section.lines if line.id}
    _remove_lines(session, [row for id_, row in lines.items() if id_ not in kept])
    _clear_ranks(session, [*sections.values(), *(lines[id_] for id_ in kept)])
    for rank, section in enumerate(wanted, start=1):
        row = _put_section(session, sections, title_id, rank, section)
        for line_rank, line in enumerate(section.lines, start=1):
            _put_line(session, lines, row.id, line_rank, line)
    session.flush()
    kept_sections = {section.id for section in wanted if section.id}
    gone = [id_ for id_ in sections if id_ not in kept_sections]
    session.execute(delete(ContentSection).where(ContentSection.id.in_(gone)))


def _sections_of(title_id: int) -> Select[ContentSection]:
    return select(ContentSection).where(ContentSection.title_id == title_id)


def _lines_of(section_ids: Collection[int]) -> Select[ContentLine]:
    return select(ContentLine).where(ContentLine.section_id.in_(section_ids))


def _check_ids(wanted: Sequence[SectionInput], sections: Collection[int], lines: Collection[int]) -> None:
    seen: set[tuple[str, int]] = set()
    given = [("section", section.id, sections) for section in wanted]
    given += [("line", line.id, lines) for section in wanted for line in section.lines]
    for what, id_, known in given:
        if id_ is None:
            continue
        if id_ not in known or (what, id_) in seen:
            raise UnknownContentLine(line_id=id_)
        seen.add((what, id_))


def _remove_lines(session: Session, gone: Collection[ContentLine]) -> None:
    if not gone:
        return
    ids = [row.id for row in gone]
    checked = session.scalar(
        select(ContentLine.name)
        .join(ContentsCheckLine, ContentsCheckLine.line_id == ContentLine.id)
        .where(ContentLine.id.in_(ids))
        .limit(1)
    )
    if checked is not None:
        raise LineHasHistory(name=checked)
    session.execute(delete(ContentLine).where(ContentLine.id.in_(ids)))


def _clear_ranks(session: Session, rows: Collection[ContentSection | ContentLine]) -> None:
    # Ranks are unique: while they are dealt anew, no row may hold one that another is to get.
    for row in rows:
        row.rank = -row.id
    session.flush()


def _put_section(
    session: Session, rows: dict[int, ContentSection], title_id: int, rank: int, wanted: SectionInput
) -> ContentSection:
    name = rules.clean_name(wanted.name)
    if wanted.id is not None:
        row = rows[wanted.id]
        row.rank, row.name = rank, name
    else:
        row = ContentSection(title_id=title_id, rank=rank, name=name)
        session.add(row)
    session.flush()
    return row


def _put_line(session: Session, rows: dict[int, ContentLine], section_id: int, rank: int, wanted: LineInput) -> None:
    row = rows[wanted.id] if wanted.id is not None else ContentLine()
    row.section_id, row.rank, row.name = section_id, rank, rules.clean_name(wanted.name)
    row.quantity, row.is_consumable = wanted.quantity, wanted.is_consumable
    row.value_cents = wanted.value_cents
    session.add(row)
