"""Words that mean the same in this field: EMC, EDD, BD… Administrators keep the list.

A title gets the other words of each group that its texts speak of, when it is sent to the index; so both kinds of
index know them, and a changed list sends every title again.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lending.catalog.rules import Visibility
from lending.catalog.tables import Title
from lending.core import outbox
from lending.core.errors import Invalid
from lending.core.i18n import N_
from lending.search.french import words
from lending.search.schemas import IndexDocument
from lending.search.tables import Synonym

TOPIC = "search"
MOST_LINES = 500
LONGEST_LINE = 300
TEXTS = ("name", "themes", "summary", "contents", "file_text")
Group = tuple[str, ...]


@dataclass(eq=False)
class BadSynonyms(Invalid):
    """A line of the list names fewer than two words, or too many."""

    slug: ClassVar[str] = "bad-synonyms"
    title: ClassVar[str] = N_("Synonymes illisibles")
    detail: ClassVar[str] = N_(
        "Ligne {line} : écrivez deux mots ou plus, séparés par des virgules, en {longest} caractères au plus."
    )
    field: ClassVar[str | None] = "lines"
    line: int
    longest: int = LONGEST_LINE


def lines(session: Session) -> list[str]:
    """The list as people read it, one group a line."""
    return list(session.scalars(select(Synonym.terms).order_by(Synonym.id)))


def groups(session: Session) -> list[Group]:
    """The list as the index reads it: folded."""
    return [tuple(" ".join(words(term)) for term in line.split(",")) for line in lines(session)]


def expand(document: IndexDocument, known: Sequence[Group]) -> str:
    """The other words for what a title speaks of."""
    text = " ".join(word for name in TEXTS for word in (*words(getattr(document, name)), "|"))
    padded = f" {text} "
    found: list[str] = []
    for group in known:
        if any(f" {term} " in padded for term in group if term):
            found += [term for term in group if f" {term} " not in padded]
    return " \n ".join(found)


def check(typed: Sequence[str]) -> list[str]:
    """The lines in one form, empty ones and doubles gone. Raises BadSynonyms."""
    found: dict[str, None] = {}
    for number, line in enumerate(typed, 1):
        if not line.strip():
            continue
        terms: dict[str, str] = {}
        for term in line.split(","):
            if folded := " ".join(words(term)):
                terms.setdefault(folded, " ".join(term.split()))
        together = ", ".join(terms.values())
        if len(terms) < 2 or len(together) > LONGEST_LINE or len(found) >= MOST_LINES:  # noqa: PLR2004 - one alone means nothing
            raise BadSynonyms(line=number)
        found[together] = None
    return list(found)


def replace(session: Session, checked: Sequence[str], now: dt.datetime) -> None:
    """Keep another list and send every title again. Needs `db.write()`."""
    session.execute(delete(Synonym))
    session.add_all(Synonym(terms=line) for line in checked)
    published = select(Title.id).where(Title.visibility == Visibility.PUBLISHED.value).order_by(Title.id)
    for title_id in session.scalars(published):
        outbox.enqueue(session, TOPIC, f"title:{title_id}", now)
