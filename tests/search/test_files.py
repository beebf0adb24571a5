"""Texts of documents: what stands in one for everybody is found and shown, what is for members leaves no trace."""

from pathlib import Path

import pytest

from lending.catalog.media import MediaFolder
from lending.catalog.sheets.schemas import Audience, DocumentEdit
from lending.catalog.sheets.service import Sheets
from lending.core.actor import Actor, Role
from lending.core.database import Database
from lending.search.embedded import EmbeddedIndex
from lending.search.highlight import plain
from lending.search.queries import documents
from lending.search.schemas import Hit, SearchQuery
from lending.search.service import Search
from tests.kit.catalog import create_contents, create_title
from tests.kit.clock import FixedClock
from tests.kit.network import create_association, create_federation, create_person, create_union
from tests.kit.papers import pdf

TEXT = "Au fond du jardin, la zibeline observe les élèves. Puis vient le débat réglé."


class Library:
    """A trunk and a draft, and a search that follows."""

    def __init__(self, database: Database, clock: FixedClock, folder: Path) -> None:
        with database.write() as session:
            association = create_association(session, create_union(session, create_federation(session)))
            self.staff: Actor = create_person(session, Role.STAFF, association)
            trunk = create_title(session, association, name="Malle du loup")
            create_contents(session, trunk, {"Livres": [("Album de la forêt", 3)]})
            self.trunk_id = trunk.id
            self.draft_id = create_title(session, association, name="Brouillon", visibility="draft").id
        self.sheets = Sheets(database, clock, MediaFolder(folder / "media"))
        self.search = Search(database, clock, EmbeddedIndex(folder / "index"))
        self.search.sync()

    def add(self, title_id: int, text: str = TEXT, audience: Audience = Audience.ALL) -> int:
        added = self.sheets.add(self.staff, title_id, pdf(text), "Livret", audience)
        self.search.sync()
        return added.id

    def hits(self, text: str) -> list[Hit]:
        return self.search.search(SearchQuery(text=text)).hits


@pytest.fixture
def library(database: Database, clock: FixedClock, tmp_path: Path) -> Library:
    return Library(database, clock, tmp_path)


@pytest.mark.parametrize("text", ["zibeline", "zibelines", "zibel", "loup zibeline"])
def test_a_word_of_a_document_finds_its_title_and_says_where(library: Library, text: str) -> None:
    document_id = library.add(library.trunk_id)
    (hit,) = library.hits(text)
    assert hit.title.id == library.trunk_id
    assert hit.file is not None
    assert (hit.file.document_id, hit.file.name) == (document_id, "Livret")
    assert "\ue000zibeline\ue001 observe" in hit.file.excerpt


def test_far_behind_in_a_text_only_the_piece_around_it_is_shown(library: Library) -> None:
    library.add(library.trunk_id, "Rien de tel ici. " * 200 + TEXT)
    (hit,) = library.hits("zibeline")
    assert hit.file is not None
    assert "zibeline observe" in plain(hit.file.excerpt)
    assert len(hit.file.excerpt) < 400


@pytest.mark.parametrize("text", ["loup", "forêt", "loup forêt"])
def test_what_the_card_or_the_contents_say_needs_no_document(library: Library, text: str) -> None:
    library.add(library.trunk_id, "Le loup et la forêt.")
    (hit,) = library.hits(text)
    assert hit.file is None


def test_a_document_for_members_leaves_no_trace(library: Library, database: Database, clock: FixedClock) -> None:
    library.add(library.trunk_id, audience=Audience.MEMBERS)
    assert library.hits("zibeline") == []
    (hit,) = library.hits("loup")
    assert hit.file is None
    with database.read() as session:
        (indexed,) = documents(session, [library.trunk_id], clock.now())
    assert "zibeline" not in str(indexed)


def test_a_document_that_becomes_one_for_members_is_forgotten(library: Library) -> None:
    document_id = library.add(library.trunk_id)
    assert library.hits("zibeline")
    library.sheets.edit(library.staff, document_id, DocumentEdit(audience=Audience.MEMBERS))
    # Even before the index follows, no piece of its text is shown.
    assert all(hit.file is None for hit in library.hits("zibeline"))
    library.search.sync()
    assert library.hits("zibeline") == []


def test_a_document_that_is_taken_away_is_forgotten(library: Library) -> None:
    document_id = library.add(library.trunk_id)
    library.sheets.remove(library.staff, document_id)
    library.search.sync()
    assert library.hits("zibeline") == []


def test_a_drafts_document_is_not_found(library: Library) -> None:
    library.add(library.draft_id)
    assert library.hits("zibeline") == []
