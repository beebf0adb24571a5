"""The adapter on Meilisearch. Pages never talk to it.

The index's name carries a hash of its settings: a version of the code with other settings finds another index, empty,
and the worker builds it. A rebuild fills an index beside the one in use and swaps the two.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import islice
from typing import Any

from meilisearch_python_sdk import Client
from meilisearch_python_sdk.models.search import SearchParams, SearchResultsWithUID
from meilisearch_python_sdk.models.task import TaskInfo

from lending.search.meili.calls import Breaker, Caller, wait_for
from lending.search.meili.documents import body
from lending.search.meili.questions import asked, nearest, shorter, text_of
from lending.search.meili.settings import schema_hash, settings
from lending.search.port import IndexRefused
from lending.search.schemas import FACETS, IndexDocument, IndexPage, SearchQuery

SEARCH_TIMEOUT_SECONDS = 2
WRITE_TIMEOUT_SECONDS = 30
TASK_SECONDS = 60
REBUILD_TASK_SECONDS = 600
BATCH = 1000
SEARCH_PAUSES_SECONDS = (0.05,)
UNSET = ["*"]
MOST_INDEXES = 1000
KEPT = dt.timedelta(days=1)
Answer = SearchResultsWithUID[Any]


class MeilisearchIndex:
    """An index on a server."""

    def __init__(self, url: str, key: str = "", prefix: str = "titles") -> None:
        """Nothing is asked of the server yet: it may start later than we do."""
        breaker = Breaker()
        self._reader = Client(url, key or None, timeout=SEARCH_TIMEOUT_SECONDS)
        self._writer = Client(url, key or None, timeout=WRITE_TIMEOUT_SECONDS)
        self._asking = Caller(breaker, SEARCH_PAUSES_SECONDS)
        self._writing = Caller(breaker)
        self._prefix, self._uid = prefix, f"{prefix}_{schema_hash()}"

    def search(self, query: SearchQuery) -> IndexPage:
        """All words, or as many of the first ones as find something. One request, a second one when words go."""
        text = text_of(query)
        answers = self._answers(query, text)
        if not answers or not answers[0].total_hits:
            texts = list(shorter(text))
            found = self._first_with_hits(query, texts)
            answers = self._answers(query, found) if found else answers
        return _page(query, answers)

    def apply(self, put: Sequence[IndexDocument], delete: Iterable[int]) -> None:
        """Upsert and delete, and wait for the server's own confirmation. Raises IndexDown, IndexRefused."""
        self._ensure(self._uid)
        if put:
            self._send(self._uid, put)
        if gone := [str(one) for one in delete]:
            self._do(lambda: self._writer.index(self._uid).delete_documents(gone))

    def rebuild(self, documents: Iterable[IndexDocument]) -> int:
        """Fill another index, then swap the two in one step. What fails on the way is thrown away."""
        fresh, count, rest = f"{self._uid}_{uuid.uuid4().hex[:8]}", 0, iter(documents)
        self._ensure(self._uid)
        self._ensure(fresh)
        try:
            while batch := list(islice(rest, BATCH)):
                self._send(fresh, batch)
                count += len(batch)
            self._do(lambda: self._writer.swap_indexes([(self._uid, fresh)]))
        finally:
            self._do(lambda: self._delete(fresh))
        self._sweep()
        return count

    def document_ids(self) -> set[int]:
        """Which titles are in the index."""
        found: set[int] = set()
        try:
            while page := self._ids_from(len(found)):
                found |= page
        except IndexRefused as error:
            if not error.is_missing:
                raise
        return found

    def drop(self) -> None:
        """Delete the index, for who moves away from the server."""
        self._do(lambda: self._delete(self._uid))

    def close(self) -> None:
        """Hang up."""
        self._reader.close()
        self._writer.close()

    def _answers(self, query: SearchQuery, text: str) -> list[Answer]:
        """The page, and for each narrowed facet the counts without its own choice."""
        places, chosen = self._places(query), [facet for facet in FACETS if query.chosen(facet)]
        return self._ask([asked(self._uid, query, text, places, without) for without in ("", *chosen)])

    def _places(self, query: SearchQuery) -> list[str]:
        """Where the titles lie, when a search narrows by distance."""
        if query.near is None or query.within_km is None:
            return []
        everything = SearchParams(index_uid=self._uid, q="", facets=["place"], page=1, hits_per_page=1)
        return [
            place for answer in self._ask([everything]) for place in (answer.facet_distribution or {}).get("place", {})
        ]

    def _first_with_hits(self, query: SearchQuery, texts: list[str]) -> str | None:
        places = self._places(query)
        answers = self._ask([asked(self._uid, query, text, places) for text in texts]) if texts else []
        return next((text for text, answer in zip(texts, answers, strict=True) if answer.total_hits), None)

    def _ask(self, questions: list[SearchParams]) -> list[Answer]:
        """Answers in order; none from a server that does not have the index yet."""
        try:
            answers = self._asking.call(lambda: self._reader.multi_search(questions))
        except IndexRefused as error:
            if error.is_missing:
                return []
            raise
        return [answer for answer in answers if isinstance(answer, SearchResultsWithUID)]

    def _ids_from(self, offset: int) -> set[int]:
        index = self._writer.index(self._uid)
        page = self._asking.call(lambda: index.get_documents(fields=["id"], offset=offset, limit=BATCH))
        return {int(one["id"]) for one in page.results}

    def _ensure(self, uid: str) -> None:
        """Make the index unless it is there; a crash may have left it without its settings."""
        index = self._writer.index(uid)
        try:
            known = self._asking.call(index.get_searchable_attributes)
        except IndexRefused as error:
            if not error.is_missing:
                raise
            self._writing.call(lambda: self._writer.create_index(uid, "id", timeout_in_ms=TASK_SECONDS * 1000))
            known = UNSET
        if known == UNSET:
            self._do(lambda: index.update_settings(settings()))

    def _sweep(self) -> None:
        """Delete what a rebuild that was killed left behind, and indexes of other versions, after a day."""
        for one in self._asking.call(lambda: self._writer.get_raw_indexes(limit=MOST_INDEXES)) or []:
            is_ours = one.uid.startswith(f"{self._prefix}_") and one.uid != self._uid
            if is_ours and dt.datetime.now(dt.UTC) - one.updated_at > KEPT:
                self._do(partial(self._delete, one.uid))

    def _delete(self, uid: str) -> TaskInfo:
        return self._writer.index(uid).delete()

    def _send(self, uid: str, documents: Sequence[IndexDocument]) -> None:
        bodies = [body(one) for one in documents]
        self._do(lambda: self._writer.index(uid).add_documents(bodies, "id"), REBUILD_TASK_SECONDS)

    def _do(self, ask: Callable[[], TaskInfo], longest_seconds: float = TASK_SECONDS) -> None:
        wait_for(self._writer, self._asking, self._writing.call(ask), longest_seconds)


def _page(query: SearchQuery, answers: list[Answer]) -> IndexPage:
    if not answers:
        return IndexPage(ids=[], total=0, facets={facet: {} for facet in FACETS})
    main, *others = answers
    counts = {facet: dict((main.facet_distribution or {}).get(facet, {})) for facet in FACETS}
    chosen = [facet for facet in FACETS if query.chosen(facet)]
    for facet, answer in zip(chosen, others, strict=True):
        counts[facet] = dict((answer.facet_distribution or {}).get(facet, {}))
    is_nearest = query.sort == "nearest" and query.near is not None
    ids = nearest(query, query.near, main.hits) if is_nearest and query.near else [int(hit["id"]) for hit in main.hits]
    return IndexPage(ids=ids, total=main.total_hits or 0, facets=counts)
