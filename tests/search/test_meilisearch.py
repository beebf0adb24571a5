"""How the adapter deals with a server: settings once, tasks confirmed, tries again, breaks off, cleans up."""

import datetime as dt
from collections.abc import Iterator
from contextlib import closing

import pytest

from lending.search import meilisearch
from lending.search.meili.calls import FAILURES_UNTIL_OPEN, OPEN_SECONDS, Breaker
from lending.search.meili.documents import forms
from lending.search.meili.questions import shorter, text_of
from lending.search.meilisearch import MeilisearchIndex
from lending.search.port import IndexDown, IndexRefused
from lending.search.schemas import SearchQuery
from tests.kit.meili_fake import FakeIndex, FakeMeili
from tests.kit.meili_server import running_meili
from tests.kit.search import document


@pytest.fixture
def server() -> Iterator[FakeMeili]:
    with running_meili("key") as fake:
        yield fake


@pytest.fixture
def index(server: FakeMeili) -> Iterator[MeilisearchIndex]:
    index = MeilisearchIndex(server.url, "key")
    yield index
    index.close()


def only_uid(server: FakeMeili) -> str:
    (uid,) = server.indexes
    return uid


class TestSettings:
    def test_they_are_sent_once_however_often_documents_are(self, server: FakeMeili, index: MeilisearchIndex) -> None:
        for number in range(1, 4):
            index.apply([document(number)], [])
        assert [task["type"] for task in server.tasks].count("settingsUpdate") == 1

    def test_the_name_of_the_index_changes_with_them(self, server: FakeMeili, monkeypatch: pytest.MonkeyPatch) -> None:
        for schema in ("01234567", "89abcdef"):
            monkeypatch.setattr(meilisearch, "schema_hash", lambda schema=schema: schema)
            with closing(MeilisearchIndex(server.url, "key")) as index:
                assert index.document_ids() == set()
                index.apply([document(1)], [])
        assert set(server.indexes) == {"titles_01234567", "titles_89abcdef"}

    def test_an_index_that_a_crash_left_without_them_gets_them(
        self, server: FakeMeili, index: MeilisearchIndex
    ) -> None:
        index.apply([document(1)], [])
        server.indexes[only_uid(server)].settings.clear()
        index.apply([document(2)], [])
        assert server.indexes[only_uid(server)].settings["searchableAttributes"][0] == "name"

    def test_only_ids_and_places_leave_the_server(self, server: FakeMeili, index: MeilisearchIndex) -> None:
        index.apply([document(1)], [])
        assert server.indexes[only_uid(server)].settings["displayedAttributes"] == ["id", "place"]


class TestTasks:
    def test_a_change_is_confirmed_before_apply_returns(self) -> None:
        with running_meili(task_seconds=0.15) as slow, closing(MeilisearchIndex(slow.url)) as index:
            index.apply([document(1)], [])
            assert {task["status"] for task in slow.tasks} == {"succeeded"}

    def test_a_refused_document_fails_its_whole_batch_and_says_why(
        self, server: FakeMeili, index: MeilisearchIndex
    ) -> None:
        server.refused_ids = {2}
        with pytest.raises(IndexRefused) as refusal:
            index.apply([document(1), document(2)], [])
        assert refusal.value.code == "invalid_document_id"
        assert index.document_ids() == set()

    def test_a_rebuild_that_is_refused_leaves_no_half_index(self, server: FakeMeili, index: MeilisearchIndex) -> None:
        index.rebuild([document(1)])
        server.refused_ids = {2}
        with pytest.raises(IndexRefused):
            index.rebuild([document(1), document(2)])
        assert index.document_ids() == {1}
        assert len(server.indexes) == 1

    def test_leftovers_go_after_a_day_and_foreign_indexes_never(
        self, server: FakeMeili, index: MeilisearchIndex
    ) -> None:
        long_ago = dt.datetime.now(dt.UTC) - dt.timedelta(days=2)
        server.indexes |= {
            "titles_0ld": FakeIndex("id", updated_at=long_ago),
            "titles_new": FakeIndex("id"),
            "others": FakeIndex("id", updated_at=long_ago),
        }
        index.rebuild([document(1)])
        assert "titles_0ld" not in server.indexes
        assert {"titles_new", "others"} < set(server.indexes)


class TestTrouble:
    def test_a_busy_server_is_asked_again(self, server: FakeMeili, index: MeilisearchIndex) -> None:
        index.apply([document(1)], [])
        server.busy_answers = 1
        assert index.search(SearchQuery(text="loup")).ids == [1]

    def test_a_server_that_is_away_is_down(self, server: FakeMeili, index: MeilisearchIndex) -> None:
        server.is_silent = True
        with pytest.raises(IndexDown):
            index.search(SearchQuery())

    def test_a_wrong_key_is_said_and_not_tried_again(self, server: FakeMeili) -> None:
        with (
            closing(MeilisearchIndex(server.url, "wrong")) as stranger,
            pytest.raises(IndexRefused, match="invalid_api_key"),
        ):
            stranger.search(SearchQuery())
        assert sum(server.requests.values()) == 1

    def test_nobody_waits_for_a_server_that_failed_many_times(self, server: FakeMeili, index: MeilisearchIndex) -> None:
        server.is_silent = True
        for _ in range(FAILURES_UNTIL_OPEN):
            with pytest.raises(IndexDown):
                index.search(SearchQuery())
        asked = server.silences
        with pytest.raises(IndexDown):
            index.search(SearchQuery())
        assert server.silences == asked


class TestBreaker:
    def test_it_opens_lets_one_try_and_closes(self) -> None:
        seconds = [0.0]
        breaker = Breaker(lambda: seconds[0])
        for _ in range(FAILURES_UNTIL_OPEN):
            breaker.check()
            breaker.failed()
        with pytest.raises(IndexDown):
            breaker.check()
        seconds[0] += OPEN_SECONDS
        breaker.check()
        with pytest.raises(IndexDown):
            breaker.check()
        breaker.succeeded()
        breaker.check()


class TestQuestions:
    def test_words_go_from_the_end_phrases_and_minus_stay(self) -> None:
        assert list(shorter('jeu "grand loup" rouge -vert bleu')) == [
            'jeu "grand loup" rouge -vert',
            'jeu "grand loup" -vert',
        ]

    @pytest.mark.parametrize(
        ("typed", "sent"),
        [
            ("  loup  gris ", "loup gris"), ("978-2-211-00000-0", "9782211000000"), ("035 00003 11", "0350000311"),
            ("", ""), ("cycle 2", "cycle 2"),
        ],
    )  # fmt: skip
    def test_numbers_are_sent_in_one_piece(self, typed: str, sent: str) -> None:
        assert text_of(SearchQuery(text=typed)) == sent

    def test_a_title_brings_the_other_forms_of_its_words(self) -> None:
        found = forms(document(1, "Journaux, œil-de-loup"))
        assert {"journal", "loups", "oeildeloup"} <= found
