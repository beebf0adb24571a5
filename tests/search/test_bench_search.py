"""The measurement measures what it says: the same catalogue each time, fair questions, honest scores."""

import datetime as dt
import json

import pytest

from lending.bench.catalogue import Catalogue
from lending.bench.judged import MAKERS, PER_CLASS, Judged, halves, judged, rank_of, seen
from lending.bench.search import bench_search
from lending.bench.search_pages import ask_pages

CATALOGUE = Catalogue(7, 739_900)


def test_a_seed_gives_the_same_titles_at_every_size() -> None:
    few, many = list(CATALOGUE.documents(20)), list(CATALOGUE.documents(40))
    assert few == many[:20]
    assert few != list(Catalogue(8, 739_900).documents(20))


def test_every_class_has_its_queries_and_each_has_a_right_answer() -> None:
    titles = [seen(document) for document in CATALOGUE.documents(800)]
    queries = judged(titles, 7, CATALOGUE.words)
    assert {kind: sum(query.kind == kind for query in queries) for kind in MAKERS} == dict.fromkeys(MAKERS, PER_CLASS)
    assert all(any(query.is_right(title) for title in titles) for query in queries)


def test_the_halves_share_no_query() -> None:
    titles = [seen(document) for document in CATALOGUE.documents(800)]
    tuned, aside = (set(half) for _, half in halves(judged(titles, 7, CATALOGUE.words)))
    assert not tuned & aside
    assert len(tuned) == len(aside) == len(MAKERS) * PER_CLASS // 2


def test_the_first_right_answer_decides() -> None:
    titles = {title.id: title for title in (seen(document) for document in CATALOGUE.documents(50))}
    word = next(iter(sorted(titles[3].name, key=len, reverse=True)))
    query = Judged("exact", word, (frozenset({word}),))
    wrong = [one.id for one in titles.values() if word not in one.name]
    assert rank_of(query, [*wrong[:2], 3], titles) == 3
    assert rank_of(query, wrong[:2], titles) is None


def test_the_last_line_holds_the_figures_with_their_goals(capsys: pytest.CaptureFixture[str]) -> None:
    bench_search(600, 7)
    figures = json.loads(capsys.readouterr().out.splitlines()[-1])["figures"]
    by_name = {(one["part"], one["name"]): one for one in figures}
    assert by_name["Found, kept aside", "success at 10"]["values"]["share"] > 90
    assert by_name["Found, kept aside", "MRR at 10 (100 = always first)"]["goal"] == {"at least": 98.0}
    assert by_name["Found, tuned on", "MRR at 10 (100 = always first)"]["goal"] is None
    assert by_name["Freshness", "from a change until it is found"]["goal"] == {"at most": 100}
    assert {one["name"] for one in figures} >= {"judged queries", "rebuild"}


def test_people_on_the_page_are_answered() -> None:
    day = dt.date.fromordinal(CATALOGUE.today)
    spent = ask_pages(CATALOGUE, 50, 2, ["loup", "jeu"], (day, day), seconds=4)
    assert len(spent) >= 2
    assert min(spent) > 0
