"""The embedded index finds what a teacher means, narrows, counts, and survives damage."""

import datetime as dt
from pathlib import Path

import pytest

from lending.search.embedded import EmbeddedIndex
from lending.search.schemas import SearchQuery
from tests.kit.search import document

MARCH = dt.date(2027, 3, 1)
CORPUS = [
    document(1, "Le loup dans les contes", contents="Loulou \n Le loup est revenu", theme=("loup",)),
    document(2, "L’eau et le cours d’eau", summary="Des maquettes à construire en coopération.", theme=("eau",)),
    document(
        3, "Arc-en-ciel des journaux", kind="game", busy_days=tuple(range(MARCH.toordinal(), MARCH.toordinal() + 5))
    ),
    document(4, "Jeux coopératifs", kind="game", association=("37",), level=("CE1",)),
    document(5, "Œuvres et cœurs", kind="book", authors="Claude Ponti", codes=("9782211000000", "0350000311")),
    document(6, "La presqu’île aux chevaux", kind="book"),
]


@pytest.fixture
def index(tmp_path: Path) -> EmbeddedIndex:
    index = EmbeddedIndex(tmp_path / "search")
    index.rebuild(CORPUS)
    return index


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("loup", 1), ("LOUP", 1), ("lou", 1),
        ("coopratifs", 4), ("jeux cooperatif", 4), ("coopératif", 4),
        ("arc en ciel", 3), ("arcenciel", 3), ("arc-en-ciel", 3), ("journal", 3),
        ("l'eau", 2), ("d’eau", 2), ("eaux", 2), ("maquette", 2),
        ("oeuvre", 5), ("coeur", 5), ("ponti", 5), ("pontti", 5),
        ("presquile", 6), ("presqu'ile", 6), ("cheval", 6),
        ("9782211000000", 5), ("035 00003 11", 5),
    ],
)  # fmt: skip
def test_what_is_meant_comes_first(index: EmbeddedIndex, typed: str, first: int) -> None:
    assert index.search(SearchQuery(text=typed)).ids[:1] == [first]


@pytest.mark.parametrize("typed", ["zzzz", '+-&|!(){}[]^"~*?:\\/', "name:loup OR kind:game", "\x00", "' OR 1=1 --"])
def test_signs_of_a_query_language_mean_nothing(index: EmbeddedIndex, typed: str) -> None:
    assert index.search(SearchQuery(text=typed)).total <= len(CORPUS)


def test_without_words_the_newest_come_first(index: EmbeddedIndex) -> None:
    assert index.search(SearchQuery()).ids == [6, 5, 4, 3, 2, 1]


def test_a_word_that_nothing_has_is_dropped_from_the_end(index: EmbeddedIndex) -> None:
    assert index.search(SearchQuery(text="loup zzzzzz")).ids == [1]


def test_what_is_busy_on_one_of_the_days_is_left_out(index: EmbeddedIndex) -> None:
    week = SearchQuery(starts_on=MARCH - dt.timedelta(days=3), due_on=MARCH)
    assert 3 not in index.search(week).ids
    later = SearchQuery(starts_on=MARCH + dt.timedelta(days=5), due_on=MARCH + dt.timedelta(days=9))
    assert 3 in index.search(later).ids


def test_a_facet_counts_what_each_of_its_values_would_leave(index: EmbeddedIndex) -> None:
    page = index.search(SearchQuery(kind=("game",)))
    assert page.ids == [4, 3]
    assert page.facets["kind"] == {"trunk": 2, "game": 2, "book": 2}
    assert page.facets["association"] == {"35": 1, "37": 1}


def test_two_values_of_a_facet_mean_either_and_two_facets_mean_both(index: EmbeddedIndex) -> None:
    assert index.search(SearchQuery(kind=("game", "book"))).total == 4
    assert index.search(SearchQuery(kind=("game",), level=("CE1",))).ids == [4]


def test_pages_follow_each_other_without_gap(index: EmbeddedIndex) -> None:
    pages = [index.search(SearchQuery(page=page, per_page=4)).ids for page in (1, 2, 3)]
    assert pages == [[6, 5, 4, 3], [2, 1], []]


def test_a_change_is_seen_by_the_next_search_of_every_process(index: EmbeddedIndex, tmp_path: Path) -> None:
    other = EmbeddedIndex(tmp_path / "search")
    index.apply([document(1, "Le renard")], [2])
    assert other.search(SearchQuery(text="renard")).ids == [1]
    assert other.document_ids() == {1, 3, 4, 5, 6}


def test_doing_it_twice_changes_nothing(index: EmbeddedIndex) -> None:
    for _ in range(2):
        index.apply([CORPUS[0]], [2])
    assert index.search(SearchQuery(text="loup")).total == 1


def test_another_process_follows_a_rebuild(index: EmbeddedIndex, tmp_path: Path) -> None:
    other = EmbeddedIndex(tmp_path / "search")
    assert index.rebuild([document(9, "Neuf")]) == 1
    assert other.search(SearchQuery()).ids == [9]


def test_a_damaged_index_is_begun_anew(index: EmbeddedIndex, tmp_path: Path) -> None:
    name = (tmp_path / "search" / "current").read_text(encoding="utf-8")
    (tmp_path / "search" / name / "meta.json").write_text("{", encoding="utf-8")
    again = EmbeddedIndex(tmp_path / "search")
    assert again.document_ids() == set()
    again.apply([document(1)], [])
    assert again.search(SearchQuery(text="loup")).ids == [1]
