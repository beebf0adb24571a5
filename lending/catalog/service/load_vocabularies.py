"""Bring the controlled vocabularies from their file into the database.

Run at every migration: what is there is brought up to date, nothing is removed, because titles may carry it.
"""

from pathlib import Path

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from lending.catalog.tables import Term

VOCABULARIES = Path(__file__).parent.parent / "data" / "vocabularies.json"


class TermRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A term as the file has it; it stands in the order of the file."""

    code: str
    label_fr: str
    label_en: str
    parent: str | None = None
    scolomfr: str | None = None


class VocabularyFile(msgspec.Struct, frozen=True, kw_only=True):
    """The whole file. Other members (source, licence) are for people."""

    levels: list[TermRecord]
    themes: list[TermRecord]
    game_kinds: list[TermRecord] = []


def load_vocabularies(session: Session, path: Path = VOCABULARIES) -> int:
    """Bring every term up to date; says how many were added or changed."""
    file = msgspec.json.decode(path.read_bytes(), type=VocabularyFile)
    return (
        _load(session, "level", file.levels)
        + _load(session, "theme", file.themes)
        + _load(session, "game_kind", file.game_kinds)
    )


def _load(session: Session, vocabulary: str, records: list[TermRecord]) -> int:
    rows = {row.code: row for row in session.scalars(select(Term).where(Term.vocabulary == vocabulary))}
    # What the federation edited or called so before stays as it is.
    called = {row.label_fr: row.code for row in rows.values() if row.is_edited}
    for rank, record in enumerate(records, start=1):
        row = rows.get(record.code) or Term(vocabulary=vocabulary, code=record.code)
        if row.is_edited or called.get(record.label_fr, record.code) != record.code:
            continue
        for name, fact in {**msgspec.structs.asdict(record), "rank": rank}.items():
            if getattr(row, name) != fact:
                setattr(row, name, fact)
        session.add(row)
    changed = len(session.new) + sum(session.is_modified(row) for row in session.dirty)
    session.flush()
    return changed
