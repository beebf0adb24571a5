"""What cards say of titles beside their own row: levels, themes, lenders. One question, whatever their number."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import CompoundSelect, bindparam, cast, literal, null, select, union_all
from sqlalchemy.orm import Session
from sqlalchemy.types import Integer, String

from lending.catalog.queries.holdings import is_present
from lending.catalog.queries.vocabularies import label_column
from lending.catalog.rules import with_whole_cycles
from lending.catalog.schemas import Lender
from lending.catalog.tables import Copy, Term, TitleLevel, TitleTheme
from lending.core.i18n import language
from lending.network.tables import Association, Organisation

LEVEL, THEME, LENDER, TERM = "level", "theme", "lender", "term"


@dataclass
class CardFacts:
    """Of one title: labels in the vocabulary's order, a whole cycle once; lenders by department code."""

    levels: list[str] = field(default_factory=list)
    themes: list[str] = field(default_factory=list)
    lenders: list[Lender] = field(default_factory=list)


def card_facts(session: Session, title_ids: Collection[int]) -> defaultdict[int, CardFacts]:
    """The facts of each title; a title that has none has empty ones."""
    rows: defaultdict[str, list[Any]] = defaultdict(list)
    for row in session.execute(_facts(language.get()), {"title_ids": list(title_ids)}):
        rows[row.what].append(row)
    found: defaultdict[int, CardFacts] = defaultdict(CardFacts)
    for title_id, labels in _levels(rows[LEVEL], rows[TERM]):
        found[title_id].levels = labels
    # What the vocabulary lacks comes last, under its code.
    for row in sorted(rows[THEME], key=lambda row: (row.number is None, row.number, row.code)):
        found[row.title_id].themes.append(row.label or row.code)
    for row in sorted(rows[LENDER], key=lambda row: row.code):
        found[row.title_id].lenders.append(Lender(row.number, row.code, row.label))
    return found


def _levels(chosen: Collection[Any], terms: Collection[Any]) -> Iterator[tuple[int, list[str]]]:
    vocabulary = sorted(terms, key=lambda row: (row.number, row.code))
    labels = {row.code: row.label for row in vocabulary}
    order = [(row.code, row.parent) for row in vocabulary]
    codes: defaultdict[int, set[str]] = defaultdict(set)
    for row in chosen:
        codes[row.title_id].add(row.code)
    for title_id, some in codes.items():
        yield title_id, [labels.get(code, code) for code in with_whole_cycles(some, order)]


@cache
def _facts(_language: str) -> CompoundSelect[Any]:
    """Written once per language: labels are columns of their own in each."""
    title_ids: Any = bindparam("title_ids", expanding=True)
    no_text, no_number = cast(null(), String), cast(null(), Integer)
    levels = select(
        TitleLevel.title_id.label("title_id"),
        literal(LEVEL).label("what"),
        TitleLevel.level.label("code"),
        no_text.label("label"),
        no_number.label("number"),
        no_text.label("parent"),
    ).where(TitleLevel.title_id.in_(title_ids))
    themes = (
        select(TitleTheme.title_id, literal(THEME), TitleTheme.theme, label_column(), Term.rank, no_text)
        .outerjoin(Term, (Term.code == TitleTheme.theme) & (Term.vocabulary == "theme"))
        .where(TitleTheme.title_id.in_(title_ids))
    )
    lenders = (
        select(Copy.title_id, literal(LENDER), Association.code, Organisation.name, Organisation.id, no_text)
        .join(Association, Association.organisation_id == Copy.owner_id)
        .join(Organisation, Organisation.id == Copy.owner_id)
        .where(Copy.title_id.in_(title_ids), is_present)
        .distinct()
    )
    terms = select(no_number, literal(TERM), Term.code, label_column(), Term.rank, Term.parent).where(
        Term.vocabulary == "level"
    )
    return union_all(levels, themes, lenders, terms)
