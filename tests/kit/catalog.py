"""Builders of titles, contents, copies and vocabularies."""

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import count

from sqlalchemy.orm import Session

from lending.catalog.tables import (
    ContentLine,
    ContentSection,
    Copy,
    CopyAlias,
    Document,
    Term,
    Title,
    TitleLevel,
    TitleTheme,
)
from lending.core.barcodes import make_code
from lending.network.tables import Association, Depot, Organisation

serials = count(1)
ADDED_AT = dt.datetime(2026, 9, 1, 8, 0, tzinfo=dt.UTC)
CONTENTS: Mapping[str, Sequence[tuple[str, int]]] = {
    "Livres": [("Album « Le loup »", 5), ("Guide de l’enseignant", 1)],
    "Jeux": [("Jeu de l’oie", 2)],
}


def create_title(
    session: Session,
    owner: Organisation,
    *,
    name: str = "Malle coopération",
    kind: str = "trunk",
    visibility: str = "published",
    levels: Sequence[str] = (),
    themes: Sequence[str] = (),
    created_at: dt.datetime = ADDED_AT,
) -> Title:
    """A title without contents and copies. Levels and themes need no term."""
    row = Title(
        kind=kind,
        owner_id=owner.id,
        name=name,
        visibility=visibility,
        created_at=created_at,
        updated_at=created_at,
    )
    session.add(row)
    session.flush()
    session.add_all(TitleLevel(title_id=row.id, level=code) for code in levels)
    session.add_all(TitleTheme(title_id=row.id, theme=code) for code in themes)
    session.flush()
    return row


def create_contents(
    session: Session, title: Title, contents: Mapping[str, Sequence[tuple[str, int]]] = CONTENTS
) -> list[ContentLine]:
    """Sections with their lines (name, quantity); gives the lines in order."""
    lines: list[ContentLine] = []
    for rank, (section_name, things) in enumerate(contents.items(), start=1):
        section = ContentSection(title_id=title.id, rank=rank, name=section_name)
        session.add(section)
        session.flush()
        lines += [
            ContentLine(section_id=section.id, rank=line_rank, name=name, quantity=quantity)
            for line_rank, (name, quantity) in enumerate(things, start=1)
        ]
    session.add_all(lines)
    session.flush()
    return lines


def create_copy(
    session: Session,
    title: Title,
    depot: Depot,
    *,
    code: str | None = None,
    status: str = "lendable",
    condition: str = "good",
) -> Copy:
    """A copy of the depot's association, with a valid code of its own unless one is given."""
    association = session.get_one(Association, depot.association_id)
    row = Copy(
        title_id=title.id,
        code=code or make_code(association.number, next(serials)),
        owner_id=depot.association_id,
        depot_id=depot.id,
        status=status,
        condition=condition,
    )
    session.add(row)
    session.flush()
    return row


def create_copies(session: Session, title: Title, depot: Depot, count: int) -> list[Copy]:
    """Several interchangeable copies."""
    return [create_copy(session, title, depot) for _ in range(count)]


def create_alias(session: Session, copy: Copy, code: str) -> None:
    """Another code that means the copy."""
    session.add(CopyAlias(code=code, copy_id=copy.id))
    session.flush()


def create_term(
    session: Session,
    vocabulary: str,
    code: str,
    *,
    label_fr: str = "",
    label_en: str = "",
    rank: int = 1,
    parent: str | None = None,
) -> Term:
    """A word of a vocabulary; its code is its label unless one is given."""
    row = Term(
        vocabulary=vocabulary,
        code=code,
        label_fr=label_fr or code,
        label_en=label_en or code,
        rank=rank,
        parent=parent,
    )
    session.add(row)
    session.flush()
    return row


def create_document(session: Session, title: Title, media_key: str = "fiche.pdf") -> Document:
    """A file of a title; nothing is put into the media store."""
    row = Document(
        title_id=title.id,
        name="Fiche d’accompagnement",
        media_type="application/pdf",
        media_key=media_key,
        page_count=4,
        byte_size=120_000,
    )
    session.add(row)
    session.flush()
    return row
