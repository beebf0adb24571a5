"""The embedded index measured: what it finds, how fast, how soon a change is seen, how long a rebuild takes.

The last line is one JSON object with the figures, their units and the goal each is held against.
"""

import datetime as dt
import statistics
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import msgspec

from lending.bench.catalogue import Catalogue
from lending.bench.judged import NAME_WORDS, PERFECT, Judged, Seen, halves, judged, rank_of, seen
from lending.core.clock import SystemClock
from lending.search.embedded import EmbeddedIndex
from lending.search.schemas import IndexDocument, SearchQuery

PER_PAGE = 10
# Queries come from these first titles, which are the same at every size.
SOURCE = 5000
CHANGES = 30
POLL_SECONDS = 0.002
WARMING = ("jeu", "le loup et la forêt", "coopration", "arc en ciel", "les chevaux")
BROAD = ("", "m", "le", "jeux", "de", "livre", "c", "les animaux", "école", "tra")
GOALS_MS = {5_000: 10, 50_000: 15, 500_000: 40}


@dataclass(frozen=True)
class Score:
    """How a half of the queries fared."""

    mrr: float
    success: float
    classes: dict[str, float]
    missed: list[str]


def bench_search(size: int, seed: int) -> None:
    """Build an index of `size` titles in a temporary folder and measure it."""
    today = SystemClock().now().date()
    catalogue = Catalogue(seed, today.toordinal())
    with tempfile.TemporaryDirectory() as folder:
        index, titles, seconds = _built(Path(folder), catalogue, size)
        source = [titles[number] for number in range(1, min(size, SOURCE) + 1)]
        queries = judged(source, seed, catalogue.words | NAME_WORDS)
        dates = (today + dt.timedelta(days=20), today + dt.timedelta(days=33))
        figures: dict[str, Any] = {"titles": size, "seed": seed, "queries": len(queries)}
        figures["rebuild_seconds"] = {"seconds": round(seconds, 1), "goal": 20 if size == 50_000 else None}  # noqa: PLR2004 - the size that has a goal
        figures |= _speed(index, queries, dates, size)
        figures |= _quality(index, queries, titles)
        figures |= _freshness(index, next(iter(catalogue.documents(1))))
    for name, figure in figures.items():
        click.echo(f"{name:>22}  {figure}")
    click.echo(msgspec.json.encode(figures).decode())


def _built(folder: Path, catalogue: Catalogue, size: int) -> tuple[EmbeddedIndex, dict[int, Seen], float]:
    """The index, what judging needs, and the seconds of the index's own work."""
    index, titles, making = EmbeddedIndex(folder), {}, 0.0

    def made() -> Iterable[IndexDocument]:
        nonlocal making
        began = time.perf_counter()
        for document in catalogue.documents(size):
            titles[document.id] = seen(document)
            making += time.perf_counter() - began
            yield document
            began = time.perf_counter()

    began = time.perf_counter()
    index.rebuild(made())
    return index, titles, time.perf_counter() - began - making


def _speed(
    index: EmbeddedIndex, queries: Sequence[Judged], dates: tuple[dt.date, dt.date], size: int
) -> dict[str, Any]:
    """First page, four facets, total and a date filter, each query asked once so that nothing is remembered."""
    for text in WARMING:
        index.search(SearchQuery(text=text, per_page=PER_PAGE))

    def asked(texts: Iterable[str]) -> dict[str, float]:
        return _places(
            [
                _milliseconds(lambda text=text: index.search(_dated(text, dates)))  # type: ignore[misc]  # bound at once
                for text in texts
            ]
        )

    typing = [query.text[:cut] for query in queries[::8] for cut in range(1, len(query.text))]
    return {
        "judged_ms": asked(query.text for query in queries) | {"goal_p95": GOALS_MS.get(size)},
        "typing_ms": asked(dict.fromkeys(typing)),
        "broad_ms": asked(BROAD),
    }


def _dated(text: str, dates: tuple[dt.date, dt.date]) -> SearchQuery:
    return SearchQuery(text=text, starts_on=dates[0], due_on=dates[1], per_page=PER_PAGE)


def _quality(index: EmbeddedIndex, queries: Sequence[Judged], titles: dict[int, Seen]) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    for name, half in halves(queries):
        score = _score(index, half, titles)
        figures[name] = {
            "mrr_at_10": {"ratio": score.mrr, "goal": 0.98},
            "success_at_10": {"ratio": score.success, "goal": 0.99},
            "classes": {
                kind: {"ratio": ratio, "goal": 1.0 if kind in PERFECT else 0.92}
                for kind, ratio in score.classes.items()
            },
            "missed": score.missed,
        }
    return figures


def _score(index: EmbeddedIndex, queries: Sequence[Judged], titles: dict[int, Seen]) -> Score:
    places: dict[str, list[int | None]] = defaultdict(list)
    missed = []
    for query in queries:
        ids = index.search(SearchQuery(text=query.text, per_page=PER_PAGE)).ids
        place = rank_of(query, ids, titles)
        places[query.kind].append(place)
        if place is None:
            missed.append(f"{query.kind}: {query.text}")
    everything = [place for some in places.values() for place in some]
    return Score(
        mrr=round(statistics.mean(1 / place if place else 0.0 for place in everything), 3),
        success=_share(everything),
        classes={kind: _share(some) for kind, some in places.items()},
        missed=missed,
    )


def _share(places: Sequence[int | None]) -> float:
    return round(sum(place is not None for place in places) / len(places), 3)


def _freshness(index: EmbeddedIndex, document: IndexDocument) -> dict[str, Any]:
    """From the call that applies a change until a search finds it, asked again and again meanwhile."""
    spent = []
    for number in range(CHANGES):
        name = f"nouveau{number:03d}"
        changed = msgspec.structs.replace(document, id=document.id + 10_000_000 + number, name=name)
        writing = threading.Thread(target=index.apply, args=([changed], []))
        began = time.perf_counter()
        writing.start()
        while index.search(SearchQuery(text=f'"{name}"')).ids != [changed.id]:
            time.sleep(POLL_SECONDS)
        spent.append((time.perf_counter() - began) * 1000)
        writing.join()
    return {"visible_ms": _places(spent) | {"goal_p95": 100}}


def _milliseconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def _places(spent: Sequence[float]) -> dict[str, Any]:
    cuts = statistics.quantiles(spent, n=20, method="inclusive")
    return {
        "p50": round(statistics.median(spent), 1),
        "p95": round(cuts[18], 1),
        "worst": round(max(spent), 1),
        "count": len(spent),
    }
