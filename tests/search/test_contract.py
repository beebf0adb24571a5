"""What every index must do. The same suite runs on both adapters; MEILI_URL names a real server for the second one."""

import datetime as dt
import os
import threading
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from lending.search.embedded import EmbeddedIndex
from lending.search.highlight import BEGIN, END, highlight
from lending.search.meilisearch import MeilisearchIndex
from lending.search.port import SearchIndex
from lending.search.schemas import Place, SearchQuery
from tests.kit.meili_server import running_meili
from tests.kit.search import document

MARCH = dt.date(2027, 3, 1)
MARCH_WEEK = tuple(range(MARCH.toordinal(), MARCH.toordinal() + 5))
CORPUS = [
    document(1, "Le loup dans les contes", contents="Loulou \n Le loup est revenu", theme=("loup",)),
    document(2, "L’eau et le cours d’eau", summary="Des maquettes à construire en coopération.", theme=("eau",)),
    document(3, "Arc-en-ciel des journaux", kind="game", busy_days=MARCH_WEEK),
    document(4, "Jeux coopératifs", kind="game", association=("37",), level=("CE1",)),
    document(5, "Œuvres et cœurs", kind="book", authors="Claude Ponti", codes=("9782211000000", "0350000311")),
    document(6, "La presqu’île aux chevaux", kind="book", association=("35", "37")),
    document(7, "Débattre en classe", kind="sheet", level=("CE1", "CE2"), themes="Débat \n Coopération"),
]
ALL = {one.id for one in CORPUS}


@dataclass(frozen=True)
class Adapter:
    """An index under test and what it can beyond the contract.

    `stems`: regular plurals of long words are found without counting as a typo, so that they outrank typos.
    `sees_at_once`: a change is visible when `apply` returns and costs no task of a server.
    """

    index: SearchIndex
    stems: bool
    sees_at_once: bool


@pytest.fixture(params=["embedded", "meilisearch"])
def adapter(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Adapter]:
    if request.param == "embedded":
        embedded = EmbeddedIndex(tmp_path / "search")
        yield Adapter(embedded, stems=True, sees_at_once=True)
        embedded.close()
    elif address := os.environ.get("MEILI_URL"):
        prefix = f"test_{uuid.uuid4().hex[:8]}"
        real = MeilisearchIndex(address, os.environ.get("MEILI_KEY", ""), prefix)
        yield Adapter(real, stems=False, sees_at_once=False)
        real.drop()
        real.close()
    else:
        with running_meili("key") as fake:
            index = MeilisearchIndex(fake.url, "key")
            yield Adapter(index, stems=False, sees_at_once=False)
            index.close()


@pytest.fixture
def index(adapter: Adapter) -> SearchIndex:
    assert adapter.index.rebuild(CORPUS) == len(CORPUS)
    return adapter.index


class TestWriting:
    def test_before_anything_was_written_nothing_is_found(self, adapter: Adapter) -> None:
        page = adapter.index.search(SearchQuery(text="loup", kind=("trunk",)))
        assert (page.ids, page.total) == ([], 0)
        assert adapter.index.document_ids() == set()

    def test_what_was_put_is_seen_when_apply_returns(self, adapter: Adapter) -> None:
        adapter.index.apply([document(1, "Le renard")], [])
        assert adapter.index.search(SearchQuery(text="renard")).ids == [1]

    def test_putting_again_replaces(self, index: SearchIndex) -> None:
        index.apply([document(1, "Le renard")], [])
        assert index.search(SearchQuery(text="renard")).ids == [1]
        assert index.search(SearchQuery(text="contes")).ids == []
        assert index.document_ids() == ALL

    def test_what_was_deleted_is_in_no_page_total_or_facet(self, index: SearchIndex) -> None:
        index.apply([], [7])
        page = index.search(SearchQuery())
        assert (7 in page.ids, page.total) == (False, 6)
        assert "sheet" not in page.facets["kind"]

    def test_doing_it_twice_changes_nothing(self, index: SearchIndex) -> None:
        for _ in range(2):
            index.apply([CORPUS[0]], [2, 999])
        assert index.search(SearchQuery(text="loup")).total == 1
        assert index.document_ids() == ALL - {2}

    def test_an_empty_change_is_no_change(self, index: SearchIndex) -> None:
        index.apply([], [])
        assert index.document_ids() == ALL

    def test_a_rebuild_replaces_everything(self, index: SearchIndex) -> None:
        assert index.rebuild([document(9, "Neuf")]) == 1
        assert index.document_ids() == {9}

    def test_a_rebuild_that_fails_leaves_the_index_as_it_was(self, index: SearchIndex) -> None:
        def documents() -> Iterator[object]:
            yield CORPUS[0]
            message = "the database went away"
            raise OSError(message)

        with pytest.raises(OSError, match="went away"):
            index.rebuild(documents())  # type: ignore[arg-type]  # it never ends well
        assert index.document_ids() == ALL

    def test_searches_are_answered_while_a_rebuild_runs(self, index: SearchIndex) -> None:
        answers: list[int] = []
        ended = threading.Event()

        def searching() -> None:
            while not ended.is_set():
                answers.append(index.search(SearchQuery(text="loup")).total)

        thread = threading.Thread(target=searching)
        thread.start()
        for _ in range(3):
            index.rebuild([*CORPUS, *(document(number, f"Nouveau {number}") for number in range(100, 160))])
        ended.set()
        thread.join()
        assert set(answers) == {1}

    def test_every_title_is_listed_however_many(self, adapter: Adapter) -> None:
        adapter.index.rebuild(document(number, "Un parmi d’autres") for number in range(1, 2102))
        assert adapter.index.document_ids() == set(range(1, 2102))


class TestWords:
    @pytest.mark.parametrize(
        ("typed", "first"),
        [
            ("loup", 1), ("LOUP", 1), ("lou", 1), ("loups", 1),
            ("coopératifs", 4), ("cooperatifs", 4), ("coopratifs", 4), ("coopéartifs", 4),
            ("arc en ciel", 3), ("arcenciel", 3), ("arc-en-ciel", 3), ("journal", 3), ("journaux", 3),
            ("l'eau", 2), ("d’eau", 2), ("maquette", 2), ("maquettes", 2),
            ("oeuvres", 5), ("cœurs", 5), ("coeurs", 5), ("ponti", 5), ("pontti", 5),
            ("presquile", 6), ("presqu'ile", 6), ("presqu’île", 6), ("cheval", 6),
            ("debatre", 7), ("débattre en", 7),
        ],
    )  # fmt: skip
    def test_what_is_meant_comes_first(self, index: SearchIndex, typed: str, first: int) -> None:
        assert index.search(SearchQuery(text=typed)).ids[:1] == [first]

    @pytest.mark.parametrize("typed", ["9782211000000", "978-2-211-00000-0", "035 00003 11", "0350000311"])
    def test_a_number_leads_to_its_thing_alone(self, index: SearchIndex, typed: str) -> None:
        assert index.search(SearchQuery(text=typed)).ids == [5]

    def test_a_number_forgives_no_typo(self, index: SearchIndex) -> None:
        assert index.search(SearchQuery(text="9782211000001")).ids == []

    def test_short_words_forgive_no_typo(self, index: SearchIndex) -> None:
        assert index.search(SearchQuery(text="lopu")).ids == []

    def test_words_of_the_name_come_before_words_of_the_summary(self, index: SearchIndex) -> None:
        index.apply([document(20, "Divers", summary="un renard"), document(21, "Le renard")], [])
        assert index.search(SearchQuery(text="renard")).ids == [21, 20]

    def test_a_word_that_nothing_has_is_dropped_from_the_end(self, index: SearchIndex) -> None:
        page = index.search(SearchQuery(text="loup zzzzzz"))
        assert (page.ids, page.total) == ([1], 1)

    def test_the_first_word_is_never_dropped(self, index: SearchIndex) -> None:
        assert index.search(SearchQuery(text="zzzzzz loup")).ids == []

    def test_a_phrase_stands_as_it_is(self, index: SearchIndex) -> None:
        index.apply([document(20, "Le retour du grand loup"), document(21, "Le grand retour du loup")], [])
        assert index.search(SearchQuery(text='"grand loup"')).ids == [20]

    def test_a_word_with_minus_is_not_there(self, index: SearchIndex) -> None:
        index.apply([document(20, "Le loup et le renard")], [])
        assert set(index.search(SearchQuery(text="loup")).ids) == {1, 20}
        assert index.search(SearchQuery(text="loup -renard")).ids == [1]

    @pytest.mark.parametrize(
        "typed", ["zzzz", '+-&|!(){}[]^"~*?:\\/', "name:loup OR kind:game", "\x00", "' OR 1=1 --", '"', "-", "é" * 200]
    )
    def test_signs_of_a_query_language_mean_nothing(self, index: SearchIndex, typed: str) -> None:
        assert index.search(SearchQuery(text=typed)).total <= len(CORPUS)


class TestNarrowing:
    def test_two_values_of_a_facet_mean_either_and_two_facets_mean_both(self, index: SearchIndex) -> None:
        assert index.search(SearchQuery(kind=("game", "book"))).total == 4
        assert index.search(SearchQuery(kind=("game",), level=("CE1",))).ids == [4]

    def test_a_facet_counts_what_each_of_its_values_would_leave(self, index: SearchIndex) -> None:
        page = index.search(SearchQuery(kind=("game",)))
        assert page.total == 2
        assert page.facets["kind"] == {"trunk": 2, "game": 2, "book": 2, "sheet": 1}
        assert page.facets["association"] == {"35": 1, "37": 1}
        assert page.facets["level"] == {"CE1": 1}

    def test_every_count_is_the_total_of_the_search_that_it_announces(self, index: SearchIndex) -> None:
        base = SearchQuery(association=("35",), starts_on=MARCH, due_on=MARCH)
        for kind, count in index.search(base).facets["kind"].items():
            narrowed = SearchQuery(association=("35",), starts_on=MARCH, due_on=MARCH, kind=(kind,))
            assert index.search(narrowed).total == count

    def test_facets_count_what_the_words_find(self, index: SearchIndex) -> None:
        assert index.search(SearchQuery(text="loup")).facets["kind"] == {"trunk": 1}

    @pytest.mark.parametrize("value", ['x"] OR kind IN ["game', "nothing", "", "a b", "\x00"])
    def test_a_value_that_no_title_has_finds_nothing(self, index: SearchIndex, value: str) -> None:
        assert index.search(SearchQuery(theme=(value,))).ids == []

    def test_what_is_busy_on_one_of_the_days_is_left_out(self, index: SearchIndex) -> None:
        before, after = dt.timedelta(days=-3), dt.timedelta(days=5)
        assert 3 not in index.search(SearchQuery(starts_on=MARCH + before, due_on=MARCH)).ids
        assert 3 not in index.search(SearchQuery(starts_on=MARCH + before, due_on=MARCH + after)).ids
        assert 3 in index.search(SearchQuery(starts_on=MARCH + before, due_on=MARCH - dt.timedelta(days=1))).ids
        assert 3 in index.search(SearchQuery(starts_on=MARCH + after, due_on=MARCH + after)).ids


class TestMoreWishes:
    """Choices that are not counted, bounds, and distances."""

    RENNES, BREST, TOURS = Place(48.11, -1.68), Place(48.39, -4.49), Place(47.39, 0.69)

    @pytest.fixture
    def index(self, adapter: Adapter) -> SearchIndex:
        adapter.index.rebuild(
            [
                document(1, "Loup un", region=("7",), language=("fr",), owner=("3",), places=(self.BREST,), loans=4),
                document(2, "Loup deux", language=("br",), owner=("4",), places=(self.TOURS, self.RENNES), loans=9),
                document(3, "Loup trois", min_age=6, max_age=8, min_players=2, max_players=4, minutes=30),
            ]
        )
        return adapter.index

    @pytest.mark.parametrize(
        ("query", "ids"),
        [
            (SearchQuery(region=("7",)), {1}),
            (SearchQuery(language=("br", "fr")), {1, 2}),
            (SearchQuery(owner=("4",)), {2}),
            (SearchQuery(age=5), {1, 2}),
            (SearchQuery(age=6), {1, 2, 3}),
            (SearchQuery(age=9), {1, 2}),
            (SearchQuery(players=4), {1, 2, 3}),
            (SearchQuery(players=5), {1, 2}),
            (SearchQuery(minutes=30), {1, 2, 3}),
            (SearchQuery(minutes=29), {1, 2}),
            (SearchQuery(near=RENNES, within_km=50), {2}),
            (SearchQuery(near=RENNES, within_km=300), {1, 2}),
            (SearchQuery(near=Place(0.0, 0.0), within_km=5), set()),
        ],
    )
    def test_each_wish_narrows(self, index: SearchIndex, query: SearchQuery, ids: set[int]) -> None:
        page = index.search(query)
        assert (set(page.ids), page.total) == (ids, len(ids))
        assert sum(page.facets["kind"].values()) == len(ids)

    def test_the_nearest_depot_decides_and_what_has_none_comes_last(self, index: SearchIndex) -> None:
        assert index.search(SearchQuery(near=self.RENNES, sort="nearest")).ids == [2, 1, 3]
        assert index.search(SearchQuery(text="loup", near=self.BREST, sort="nearest")).ids == [1, 2, 3]
        second = index.search(SearchQuery(near=self.BREST, sort="nearest", page=2, per_page=1))
        assert (second.ids, second.total) == ([2], 3)

    def test_the_most_lent_come_first(self, index: SearchIndex) -> None:
        assert index.search(SearchQuery(text="loup", sort="most_lent")).ids == [2, 1, 3]

    def test_other_words_and_the_text_of_files_are_searched(self, index: SearchIndex) -> None:
        index.apply([document(9, "Débat", synonyms="emc", file_text="Le bâton de parole circule")], [])
        assert index.search(SearchQuery(text="emc")).ids == [9]
        assert index.search(SearchQuery(text="bâton")).ids == [9]


class TestOrder:
    def test_without_words_the_newest_come_first(self, index: SearchIndex) -> None:
        assert index.search(SearchQuery()).ids == sorted(ALL, reverse=True)

    def test_newest_holds_whatever_the_relevance(self, index: SearchIndex) -> None:
        index.apply([document(20, "Divers", summary="un renard"), document(10, "Le renard")], [])
        assert index.search(SearchQuery(text="renard", sort="newest")).ids == [20, 10]

    def test_pages_follow_each_other_without_gap(self, index: SearchIndex) -> None:
        pages = [index.search(SearchQuery(page=page, per_page=4)) for page in (1, 2, 3)]
        assert [one.ids for one in pages] == [[7, 6, 5, 4], [3, 2, 1], []]
        assert {one.total for one in pages} == {7}


def test_a_plural_outranks_a_typo_where_the_engine_knows_plurals(adapter: Adapter) -> None:
    adapter.index.rebuild([document(1, "Les malices"), document(2, "La malle"), document(3, "Les mailles")])
    ids = adapter.index.search(SearchQuery(text="malles")).ids
    assert ids[0] == 2 if adapter.stems else 2 in ids


def test_marks_cannot_carry_anything_into_a_page(index: SearchIndex) -> None:
    name = f"<script>loup</script> {BEGIN}evil{END}"
    index.apply([document(30, name)], [])
    assert 30 in index.search(SearchQuery(text="loup")).ids
    marked = highlight(name, "loup")
    assert (marked.count(BEGIN), marked.count(END)) == (1, 1)
