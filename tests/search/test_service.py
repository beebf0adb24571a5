"""Search tells the truth: nothing unpublished leaks, what is free is asked of the database, the index keeps step."""

import datetime as dt
from pathlib import Path

import pytest
from sqlalchemy import select

from lending.catalog.tables import Title
from lending.core.actor import Role
from lending.core.database import Database
from lending.core.outbox import enqueue, state_of
from lending.core.tables import OutboxRow
from lending.loans.rules.errors import PeriodReversed
from lending.loans.schemas import NewReservation
from lending.loans.service import Loans
from lending.search.embedded import EmbeddedIndex
from lending.search.port import IndexDown
from lending.search.rules import NoSuchPage, OneDateMissing, QueryTooLong
from lending.search.schemas import IndexDocument, SearchQuery
from lending.search.service import Search
from lending.search.sync import TOPIC
from tests.kit.catalog import create_contents, create_copies, create_term, create_title
from tests.kit.clock import FixedClock
from tests.kit.network import (
    create_association,
    create_depot,
    create_federation,
    create_person,
    create_school,
    create_union,
)

START = dt.date(2027, 3, 1)


class Library:
    """An association with three titles, one of them a draft, and a search over it."""

    def __init__(self, database: Database, clock: FixedClock, folder: Path) -> None:
        self.database, self.clock = database, clock
        with database.write() as session:
            association = create_association(session, create_union(session, create_federation(session)))
            depot, school = create_depot(session, association), create_school(session, association)
            self.teacher, self.school_id = create_person(session, Role.TEACHER, school), school.id
            create_term(session, "theme", "loup", label_fr="Loup", label_en="Wolf")
            self.wolf = create_title(session, association, name="Le loup").id
            self.draft = create_title(session, association, name="Le loup secret", visibility="draft").id
            self.water = create_title(session, association, name="L’eau", kind="game").id
            for title_id in (self.wolf, self.draft, self.water):
                title = session.get_one(Title, title_id)
                create_contents(session, title, {"Livres": [("Albums illustrés", 3)]})
                create_copies(session, title, depot, 1)
        self.index = EmbeddedIndex(folder)
        self.loans = Loans(database, clock)
        self.search = Search(database, clock, self.index)
        self.search.sync()

    def found(self, **wishes: object) -> list[int]:
        return [hit.title.id for hit in self.search.search(SearchQuery(**wishes)).hits]  # type: ignore[arg-type]

    def reserve(self, title_id: int) -> None:
        wish = NewReservation(
            title_id=title_id, school_id=self.school_id, starts_on=START, due_on=START + dt.timedelta(4)
        )
        self.loans.reserve(self.teacher, wish)

    def change(self, title_id: int, **values: object) -> None:
        with self.database.write() as session:
            title = session.get_one(Title, title_id)
            for name, value in values.items():
                setattr(title, name, value)
            enqueue(session, TOPIC, f"title:{title_id}", self.clock.now())


@pytest.fixture
def library(database: Database, clock: FixedClock, tmp_path: Path) -> Library:
    return Library(database, clock, tmp_path / "search")


class TestVisibility:
    def test_a_draft_is_in_no_result_count_or_facet(self, library: Library) -> None:
        results = library.search.search(SearchQuery(text="loup"))
        assert [hit.title.id for hit in results.hits] == [library.wolf]
        assert results.total == 1
        assert {value.code: value.count for value in results.facets["kind"]} == {"trunk": 1}
        assert library.draft not in library.index.document_ids()

    def test_what_is_withdrawn_is_hidden_at_once_and_leaves_the_index_with_the_next_turn(
        self, library: Library
    ) -> None:
        library.change(library.wolf, visibility="archived")
        assert library.found(text="loup") == []
        library.search.sync()
        assert library.wolf not in library.index.document_ids()

    def test_a_draft_that_is_published_is_found(self, library: Library) -> None:
        library.change(library.draft, visibility="published")
        library.search.sync()
        assert set(library.found(text="loup")) == {library.wolf, library.draft}


class TestDates:
    def test_what_is_reserved_is_not_found_for_these_days(self, library: Library) -> None:
        library.reserve(library.wolf)
        library.search.sync()
        assert library.found(starts_on=START, due_on=START) == [library.water]
        later = START + dt.timedelta(days=20)
        assert set(library.found(starts_on=later, due_on=later)) == {library.wolf, library.water}

    def test_before_the_index_knows_the_database_says_it(self, library: Library) -> None:
        library.reserve(library.wolf)
        hits = library.search.search(SearchQuery(starts_on=START, due_on=START)).hits
        assert {hit.title.id: hit.is_free for hit in hits} == {library.wolf: False, library.water: True}

    def test_without_dates_nothing_is_said_about_them(self, library: Library) -> None:
        assert {hit.is_free for hit in library.search.search(SearchQuery()).hits} == {None}


class TestStep:
    def test_changes_are_forgotten_once_they_are_in_the_index(self, library: Library) -> None:
        library.change(library.wolf, name="Le renard")
        library.change(library.wolf, name="La renarde")
        assert library.search.sync() == 2
        assert library.found(text="renarde") == [library.wolf]
        with library.database.read() as session:
            assert session.scalars(select(OutboxRow).where(OutboxRow.topic == TOPIC)).all() == []

    def test_an_index_that_fails_loses_nothing(self, library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(_put: object, _delete: object) -> None:
            raise IndexDown

        library.change(library.wolf, name="Le renard")
        with monkeypatch.context() as broken:
            broken.setattr(library.index, "apply", refuse)
            assert library.search.sync() == 0
        with library.database.read() as session:
            assert state_of(session, TOPIC).waiting == 1
        library.clock.advance(minutes=5)
        assert library.search.sync() == 1
        assert library.found(text="renard") == [library.wolf]

    def test_an_index_that_lost_its_folder_is_built_again(self, library: Library, tmp_path: Path) -> None:
        empty = Search(library.database, library.clock, EmbeddedIndex(tmp_path / "other"))
        assert empty.sync() == 2
        assert empty.document_count() == 2

    def test_reconciling_sends_what_is_missing_and_deletes_what_is_too_much(self, library: Library) -> None:
        stray = IndexDocument(
            id=999_999, kind="trunk", name="Fantôme", summary="", authors="", contents="", themes="", codes=(),
            level=(), theme=(), association=(), busy_days=(), added_at=0,
        )  # fmt: skip
        library.index.apply([stray], [library.wolf])
        library.search.reconcile()
        assert library.index.document_ids() == {library.wolf, library.water}

    def test_freshness_counts_both_sides(self, library: Library) -> None:
        library.change(library.wolf, name="Le renard")
        state = library.search.freshness()
        assert (state.documents, state.published, state.waiting) == (2, 2, 1)
        assert state.oldest_waiting_at == library.clock.now()


@pytest.mark.parametrize(
    ("query", "error"),
    [
        (SearchQuery(text="a" * 201), QueryTooLong),
        (SearchQuery(starts_on=START), OneDateMissing),
        (SearchQuery(starts_on=START, due_on=START - dt.timedelta(days=1)), PeriodReversed),
        (SearchQuery(page=0), NoSuchPage),
        (SearchQuery(page=10_000), NoSuchPage),
    ],
)
def test_a_search_that_makes_no_sense_is_refused(query: SearchQuery, error: type[Exception], library: Library) -> None:
    with pytest.raises(error):
        library.search.search(query)
