"""Vocabularies: the file comes into the database, again and again without harm."""

from collections import Counter
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select

from lending.catalog.service.load_vocabularies import load_vocabularies
from lending.catalog.tables import Term
from lending.core.database import Database

FILE = {
    "source": "ScoLOMFR",
    "levels": [
        {"code": "cycle2", "label_fr": "Cycle 2", "label_en": "Cycle 2"},
        {
            "code": "cp",
            "label_fr": "CP",
            "label_en": "Year 1",
            "parent": "cycle2",
            "scolomfr": "scolomfr-022-1",
        },
    ],
    "themes": [{"code": "cooperation", "label_fr": "Coopération", "label_en": "Cooperation"}],
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "vocabularies.json"
    path.write_bytes(msgspec.json.encode(FILE))
    return path


def load(database: Database, path: Path) -> int:
    with database.write() as session:
        return load_vocabularies(session, path)


def test_terms_stand_in_the_files_order(database: Database, file: Path) -> None:
    assert load(database, file) == 3
    with database.read() as session:
        terms = session.scalars(select(Term).order_by(Term.vocabulary, Term.rank)).all()
        assert [(term.vocabulary, term.code, term.rank) for term in terms] == [
            ("level", "cycle2", 1),
            ("level", "cp", 2),
            ("theme", "cooperation", 1),
        ]
        assert (terms[1].parent, terms[1].scolomfr) == ("cycle2", "scolomfr-022-1")


def test_a_second_load_changes_nothing(database: Database, file: Path) -> None:
    load(database, file)
    assert load(database, file) == 0


def test_a_changed_label_is_brought_up_to_date_and_nothing_is_removed(database: Database, file: Path) -> None:
    load(database, file)
    changed = FILE | {"themes": [], "levels": [{"code": "cp", "label_fr": "CP", "label_en": "Grade 1"}]}
    file.write_bytes(msgspec.json.encode(changed))
    assert load(database, file) == 1
    with database.read() as session:
        assert session.get_one(Term, ("level", "cp")).label_en == "Grade 1"
        assert Counter(session.scalars(select(Term.vocabulary))) == {"level": 2, "theme": 1}
