"""Reads of the vocabularies. Labels come in the language in force."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from lending.catalog.rules import with_whole_cycles
from lending.catalog.schemas import TermLabel, TermView
from lending.catalog.tables import Term, TitleLevel, TitleTheme
from lending.core.i18n import language


def label_column() -> ColumnElement[str]:
    """The label in the language in force; French where it has none."""
    if language.get() == "en":
        return func.coalesce(func.nullif(Term.label_en, ""), Term.label_fr)
    return Term.label_fr.expression


def terms(session: Session, vocabulary: str) -> list[TermView]:
    """All terms of a vocabulary, in its order."""
    query = (
        select(Term.code, label_column(), Term.rank, Term.parent)
        .where(Term.vocabulary == vocabulary)
        .order_by(Term.rank, Term.code)
    )
    return [
        TermView(code=code, label=label, rank=rank, parent=parent)
        for code, label, rank, parent in session.execute(query)
    ]


def term_codes(session: Session, vocabulary: str) -> set[str]:
    """The codes of a vocabulary."""
    return set(session.scalars(select(Term.code).where(Term.vocabulary == vocabulary)))


def level_codes(session: Session, title_id: int) -> list[str]:
    """The levels of a title as they were chosen, in the vocabulary's order."""
    query = (
        select(TitleLevel.level)
        .outerjoin(Term, (Term.code == TitleLevel.level) & (Term.vocabulary == "level"))
        .where(TitleLevel.title_id == title_id)
        .order_by(Term.rank, TitleLevel.level)
    )
    return list(session.scalars(query))


def levels_of(session: Session, title_ids: Collection[int]) -> dict[int, list[TermLabel]]:
    """The levels of each title in order, where a whole cycle stands for its levels."""
    vocabulary = terms(session, "level")
    labels = {term.code: term.label for term in vocabulary}
    order = [(term.code, term.parent) for term in vocabulary]
    codes = defaultdict(set)
    query = select(TitleLevel.title_id, TitleLevel.level).where(TitleLevel.title_id.in_(title_ids))
    for title_id, code in session.execute(query):
        codes[title_id].add(code)
    return {
        title_id: [TermLabel(code, labels.get(code, code)) for code in with_whole_cycles(found, order)]
        for title_id, found in codes.items()
    }


def themes_of(session: Session, title_ids: Collection[int]) -> defaultdict[int, list[TermLabel]]:
    """The themes of each title, in the vocabulary's order."""
    query = (
        select(TitleTheme.title_id, TitleTheme.theme, label_column())
        .outerjoin(Term, (Term.code == TitleTheme.theme) & (Term.vocabulary == "theme"))
        .where(TitleTheme.title_id.in_(title_ids))
        .order_by(Term.rank, TitleTheme.theme)
    )
    found: defaultdict[int, list[TermLabel]] = defaultdict(list)
    for title_id, code, label in session.execute(query):
        found[title_id].append(TermLabel(code, label or code))
    return found
