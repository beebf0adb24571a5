"""The measurement measures what it says: the same catalogue each time, fair questions, honest scores."""

import json

import pytest

from lending.bench.catalogue import Catalogue
from lending.bench.judged import MAKERS, PER_CLASS, Judged, halves, judged, rank_of, seen
from lending.bench.search import bench_search

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
    figures = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert figures["titles"] == 600
    assert figures["kept aside"]["success_at_10"]["ratio"] > 0.9
    assert figures["kept aside"]["mrr_at_10"]["goal"] == 0.98
    assert figures["visible_ms"]["goal_p95"] == 100
    assert figures["judged_ms"]["count"] == len(MAKERS) * PER_CLASS
