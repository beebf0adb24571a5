"""The embedded index measured: what it finds, how fast, how soon a change is seen, how long a rebuild takes.

The last line is one JSON object with the figures, their units and the goal each is held against.
"""

import datetime as dt
import statistics
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import msgspec

from lending.bench.catalogue import Catalogue
from lending.bench.figures import Figure, Goal, Part, print_parts
from lending.bench.judged import KEPT, NAME_WORDS, PERFECT, Judged, Seen, halves, judged, rank_of, seen
from lending.bench.search_pages import PLACES, ask_pages, places
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
SIZE_OF_GOALS = 50_000
REBUILD_SECONDS, VISIBLE_MS, PAGE_MS = 20, 100, 60
LEAST_OF_A_CLASS = 92.0


@dataclass(frozen=True)
class Score:
    """How a half of the queries fared, in percent."""

    mrr: float
    success: float
    classes: dict[str, float]
    missed: list[str]

    def ratios(self) -> dict[str, tuple[float, float]]:
        """Each share in percent with the least that it should be."""
        classes = {
            f"success at 10, {kind}": (ratio, 100.0 if kind in PERFECT else LEAST_OF_A_CLASS)
            for kind, ratio in self.classes.items()
        }
        return {"MRR at 10 (100 = always first)": (self.mrr, 98.0), "success at 10": (self.success, 99.0), **classes}


def bench_search(size: int, seed: int, users: int = 0) -> None:
    """Build an index of `size` titles in a temporary folder and measure it; with `users`, the pages too."""
    today = SystemClock().now().date()
    catalogue = Catalogue(seed, today.toordinal())
    with tempfile.TemporaryDirectory() as folder:
        index, titles, seconds, own = _built(Path(folder), catalogue, size)
        source = [titles[number] for number in range(1, min(size, SOURCE) + 1)]
        queries = judged(source, seed, catalogue.words | NAME_WORDS)
        dates = (today + dt.timedelta(days=20), today + dt.timedelta(days=33))
        goal: Goal | None = ("at most", REBUILD_SECONDS) if size <= SIZE_OF_GOALS else None
        rebuild = Figure("rebuild", "s", {"clock": round(seconds, 1), "own": round(own, 1)}, goal)
        parts = [Part(f"Writing, {size} titles", ["clock", "own"], [rebuild]), _speed(index, queries, dates, size)]
        parts += _quality(index, queries, titles)
        parts.append(_freshness(index, next(iter(catalogue.documents(1)))))
    if users:
        texts = [query.text for query in queries]
        parts.append(_pages(ask_pages(catalogue, size, users, texts, dates), users))
    print_parts(parts)


def _pages(spent: Sequence[float], users: int) -> Part:
    goal: Goal = ("at most", PAGE_MS)
    return Part(
        "Pages, one process", list(PLACES), [Figure(f"{users} people, 3 s to think", "ms", places(spent), goal)]
    )


def _built(folder: Path, catalogue: Catalogue, size: int) -> tuple[EmbeddedIndex, dict[int, Seen], float, float]:
    """The index, what judging needs, and the seconds of the index's work: by the clock, and of the processor's time."""
    index, titles, making, own = EmbeddedIndex(folder), {}, 0.0, 0.0

    def made() -> Iterable[IndexDocument]:
        nonlocal making, own
        began, own_began = time.perf_counter(), time.process_time()
        for document in catalogue.documents(size):
            titles[document.id] = seen(document)
            making, own = making + time.perf_counter() - began, own + time.process_time() - own_began
            yield document
            began, own_began = time.perf_counter(), time.process_time()

    began, own_began = time.perf_counter(), time.process_time()
    index.rebuild(made())
    return index, titles, time.perf_counter() - began - making, time.process_time() - own_began - own


def _speed(index: EmbeddedIndex, queries: Sequence[Judged], dates: tuple[dt.date, dt.date], size: int) -> Part:
    """First page, four facets, total and a date filter, each query asked once so that nothing is remembered."""
    for text in WARMING:
        index.search(SearchQuery(text=text, per_page=PER_PAGE))
    typing = [query.text[:cut] for query in queries[::8] for cut in range(1, len(query.text))]
    goal: Goal | None = ("at most", GOALS_MS[size]) if size in GOALS_MS else None
    asked = {
        "judged queries": ([query.text for query in queries], goal),
        "the same while they are typed": (list(dict.fromkeys(typing)), None),
        "broad ones": (list(BROAD), None),
    }
    part = Part("Answers", [*PLACES, "own p95"])
    for name, (texts, bound) in asked.items():
        spent = [_milliseconds(index, _dated(text, dates)) for text in texts]
        own = places([one for _, one in spent])["p95"]
        part.figures.append(Figure(name, "ms", places([one for one, _ in spent]) | {"own p95": own}, bound))
    return part


def _dated(text: str, dates: tuple[dt.date, dt.date]) -> SearchQuery:
    return SearchQuery(text=text, starts_on=dates[0], due_on=dates[1], per_page=PER_PAGE)


def _quality(index: EmbeddedIndex, queries: Sequence[Judged], titles: dict[int, Seen]) -> list[Part]:
    """Both halves; goals hold for the one that was kept aside."""
    scores = {name: _score(index, half, titles) for name, half in halves(queries)}
    for name, score in scores.items():
        click.echo(f"missed, {name}: {'; '.join(score.missed) or 'none'}")
    parts = []
    for name, score in scores.items():
        is_judged = name == KEPT
        part = Part(f"Found, {name}", ["share"])
        for what, (ratio, least) in score.ratios().items():
            part.figures.append(Figure(what, "%", {"share": ratio}, ("at least", least) if is_judged else None))
        parts.append(part)
    return parts


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
        mrr=round(100 * statistics.mean(1 / place if place else 0.0 for place in everything), 1),
        success=_share(everything),
        classes={kind: _share(some) for kind, some in places.items()},
        missed=missed,
    )


def _share(places: Sequence[int | None]) -> float:
    return round(100 * sum(place is not None for place in places) / len(places), 1)


def _freshness(index: EmbeddedIndex, document: IndexDocument) -> Part:
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
    visible = Figure("from a change until it is found", "ms", places(spent), ("at most", VISIBLE_MS))
    return Part("Freshness", list(PLACES), [visible])


def _milliseconds(index: EmbeddedIndex, query: SearchQuery) -> tuple[float, float]:
    """By the clock, and of the processor's time: on a busy machine the fairer one."""
    began, own_began = time.perf_counter(), time.thread_time()
    index.search(query)
    return (time.perf_counter() - began) * 1000, (time.thread_time() - own_began) * 1000
