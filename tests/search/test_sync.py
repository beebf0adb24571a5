"""The index keeps step whatever happens: servers that go away, titles that it refuses, rebuilds, dead consumers."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy import select

from lending.catalog.tables import Title
from lending.core import outbox
from lending.core.database import Database
from lending.core.tables import OutboxRow
from lending.search import pause
from lending.search.embedded import EmbeddedIndex
from lending.search.meilisearch import MeilisearchIndex
from lending.search.port import IndexRefused
from lending.search.schemas import IndexDocument, SearchQuery
from lending.search.sync import LEASE, TOPIC, TRIES, IndexSync
from tests.kit.catalog import create_title
from tests.kit.clock import FixedClock
from tests.kit.meili_fake import FakeMeili
from tests.kit.meili_server import running_meili
from tests.kit.network import create_association, create_federation, create_union
from tests.kit.patience import eventually

COUNT = 6


class Picky(EmbeddedIndex):
    """An index that refuses some titles, and does something in the middle of a rebuild."""

    refused: frozenset[int] = frozenset()

    def apply(self, put: Sequence[IndexDocument], delete: Iterable[int]) -> None:
        if bad := self.refused & {document.id for document in put}:
            raise IndexRefused(code="too-long", reason=str(bad))
        super().apply(put, delete)


class Collection:
    """Some titles, and an index that knows them."""

    def __init__(self, database: Database, clock: FixedClock, folder: Path) -> None:
        self.database, self.clock = database, clock
        with database.write() as session:
            owner = create_association(session, create_union(session, create_federation(session)))
            self.ids = [create_title(session, owner, name=f"Titre {number}").id for number in range(COUNT)]
        self.index = Picky(folder)
        self.sync = IndexSync(database, clock, self.index)
        self.sync.sync()

    def change(self, title_id: int, name: str) -> None:
        with self.database.write() as session:
            session.get_one(Title, title_id).name = name
            outbox.enqueue(session, TOPIC, f"title:{title_id}", self.clock.now())

    def rows(self) -> list[OutboxRow]:
        with self.database.read() as session:
            return list(session.scalars(select(OutboxRow).order_by(OutboxRow.subject)))

    def is_paused(self) -> bool:
        """an index is being built"""
        with self.database.read() as session:
            return pause.is_on(session, self.clock.now())

    def found(self, text: str) -> list[int]:
        return self.index.search(SearchQuery(text=text)).ids


@pytest.fixture
def collection(database: Database, clock: FixedClock, tmp_path: Path) -> Collection:
    return Collection(database, clock, tmp_path / "search")


class TestRefusals:
    def test_one_refused_title_holds_up_no_other(self, collection: Collection) -> None:
        for title_id in collection.ids:
            collection.change(title_id, "Renard")
        collection.index.refused = frozenset([collection.ids[2]])
        assert collection.sync.sync() == COUNT - 1
        assert set(collection.found("renard")) == set(collection.ids) - {collection.ids[2]}
        (left,) = collection.rows()
        assert left.subject == f"title:{collection.ids[2]}"
        assert "too-long" in (left.last_error or "")

    def test_it_is_set_aside_after_some_tries_and_sent_once_it_is_released(self, collection: Collection) -> None:
        collection.change(collection.ids[0], "Renard")
        collection.index.refused = frozenset([collection.ids[0]])
        for _ in range(TRIES):
            collection.sync.sync()
            collection.clock.advance(minutes=10)
        (row,) = collection.rows()
        assert row.state == "parked"
        collection.index.refused = frozenset()
        with collection.database.write() as session:
            outbox.release(session, row.id, collection.clock.now())
        assert collection.sync.sync() == 1
        assert collection.found("renard") == [collection.ids[0]]

    def test_a_row_that_speaks_of_nothing_is_set_aside_too(self, collection: Collection) -> None:
        with collection.database.write() as session:
            outbox.enqueue(session, TOPIC, "title:nonsense", collection.clock.now())
        collection.change(collection.ids[0], "Renard")
        assert collection.sync.sync() == 1
        (left,) = collection.rows()
        assert left.subject == "title:nonsense"

    def test_reconciling_and_refreshing_leave_it_out(self, collection: Collection) -> None:
        collection.index.apply([], collection.ids)
        collection.index.refused = frozenset([collection.ids[3]])
        assert collection.sync.reconcile() == COUNT - 1
        assert collection.sync.refresh() == COUNT - 1
        assert collection.index.document_ids() == set(collection.ids) - {collection.ids[3]}


class TestRebuild:
    def test_what_changes_meanwhile_waits_and_is_replayed(
        self, collection: Collection, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        other = IndexSync(collection.database, collection.clock, collection.index)
        rebuild = collection.index.rebuild

        def slow(documents: Iterable[IndexDocument]) -> int:
            read = list(documents)
            collection.change(collection.ids[0], "Renard")
            assert other.sync() == 0
            return rebuild(read)

        monkeypatch.setattr(collection.index, "rebuild", slow)
        assert collection.sync.rebuild() == COUNT
        assert collection.found("renard") == []
        assert other.sync() == 1
        assert collection.found("renard") == [collection.ids[0]]

    def test_one_that_fails_holds_nobody_up(self, collection: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
        def failing(_documents: object) -> int:
            raise IndexRefused(code="full", reason="no space")

        with monkeypatch.context() as broken:
            broken.setattr(collection.index, "rebuild", failing)
            with pytest.raises(IndexRefused):
                collection.sync.rebuild()
        collection.change(collection.ids[0], "Renard")
        assert collection.sync.sync() == 1

    def test_one_that_takes_long_goes_on_holding(self, collection: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pause, "RENEWED_AFTER_SECONDS", 0.02)
        with pause.held(collection.database, collection.clock):
            collection.clock.advance(minutes=2)
            eventually(collection.is_paused)
        assert not collection.is_paused()

    def test_one_that_was_killed_holds_nobody_up_for_long(self, collection: Collection) -> None:
        with collection.database.write() as session:
            pause.begin(session, collection.clock.now())
        collection.change(collection.ids[0], "Renard")
        assert collection.sync.sync() == 0
        collection.clock.advance(minutes=2)
        assert collection.sync.sync() == 1
        assert collection.rows() == []


class TestTakingOver:
    def test_what_a_dead_consumer_had_taken_is_sent_at_once(self, collection: Collection) -> None:
        collection.change(collection.ids[0], "Renard")
        with collection.database.write() as session:
            outbox.claim(session, TOPIC, collection.clock.now(), LEASE)
        assert IndexSync(collection.database, collection.clock, collection.index).sync() == 1
        assert collection.found("renard") == [collection.ids[0]]


@pytest.fixture
def server() -> Iterator[FakeMeili]:
    with running_meili() as fake:
        yield fake


def test_a_server_that_goes_away_and_comes_back_is_caught_up_with(
    collection: Collection, server: FakeMeili, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lending.search.meili.calls.OPEN_SECONDS", 0.0)
    index = MeilisearchIndex(server.url)
    sync = IndexSync(collection.database, collection.clock, index)
    assert sync.sync() == COUNT
    server.is_silent = True
    for title_id in collection.ids:
        collection.change(title_id, "Renard")
    for _ in range(20):
        assert sync.sync() == 0
        collection.clock.advance(hours=1)
    assert {(row.state, row.attempts) for row in collection.rows()} == {("waiting", 0)}
    server.is_silent = False
    assert sync.sync() == COUNT
    assert set(index.search(SearchQuery(text="renard")).ids) == set(collection.ids)
    index.close()


def test_rows_that_are_not_due_cost_no_write(collection: Collection) -> None:
    collection.change(collection.ids[0], "Renard")
    collection.index.refused = frozenset([collection.ids[0]])
    collection.sync.sync()
    writes: list[int] = []
    collection.database.after_write(lambda: writes.append(1))
    assert collection.sync.sync() == 0
    assert writes == []
