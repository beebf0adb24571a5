"""Reads of terms with what carries them."""

from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from lending.catalog.tables import Term, Title, TitleLevel, TitleTheme
from lending.catalog.vocabularies.schemas import TermDetail

# Where a title carries the codes of a vocabulary: the code, and the title's number.
CARRIED: dict[str, tuple[ColumnElement[Any], ColumnElement[int]]] = {
    "level": (TitleLevel.level.expression, TitleLevel.title_id.expression),
    "theme": (TitleTheme.theme.expression, TitleTheme.title_id.expression),
    "game_kind": (Title.game_kind.expression, Title.id.expression),
}


def titles_with(vocabulary: str, code: str) -> Select[Any]:
    """The numbers of the titles that carry a term or, for a cycle, one of its levels."""
    carried, title_id = CARRIED[vocabulary]
    below = select(Term.code).where(Term.vocabulary == vocabulary, Term.parent == code)
    return select(title_id).where((carried == code) | carried.in_(below)).distinct().order_by(title_id)


def term_details(session: Session, vocabulary: str) -> list[TermDetail]:
    """All terms of a vocabulary, in its order."""
    carried, title_id = CARRIED[vocabulary]
    counts = select(carried.label("code"), func.count(title_id).label("titles")).group_by(carried).subquery()
    query = (
        select(Term, func.coalesce(counts.c.titles, 0))
        .outerjoin(counts, counts.c.code == Term.code)
        .where(Term.vocabulary == vocabulary)
        .order_by(Term.rank, Term.code)
    )
    return [
        TermDetail(
            code=row.code,
            label_fr=row.label_fr,
            label_en=row.label_en,
            parent=row.parent,
            version=row.version,
            titles=titles,
        )
        for row, titles in session.execute(query)
    ]
