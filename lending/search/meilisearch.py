"""The adapter on Meilisearch. Pages never talk to it; filters are built from checked values only."""

import re
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

import msgspec
from meilisearch_python_sdk import Client
from meilisearch_python_sdk.errors import MeilisearchApiError, MeilisearchError
from meilisearch_python_sdk.models.search import SearchParams, SearchResultsWithUID
from meilisearch_python_sdk.models.settings import MeilisearchSettings, Pagination
from meilisearch_python_sdk.models.task import TaskInfo

from lending.core.barcodes import parse_scan
from lending.search.french import STOP_WORDS
from lending.search.port import IndexDown
from lending.search.schemas import FACETS, IndexDocument, IndexPage, SearchQuery

# Raised whenever the fields or settings change: another version is another index, built anew.
SCHEMA_VERSION = 1
UID = f"titles_v{SCHEMA_VERSION}"
TIMEOUT_SECONDS = 5
TASK_TIMEOUT_MS = 30_000
REBUILD_TIMEOUT_MS = 600_000
BATCH = 1000
MAX_TOTAL = 1_000_000
CODE_SHAPE = re.compile(r"[A-Za-z0-9_-]{1,60}")
SETTINGS = MeilisearchSettings(
    searchable_attributes=["name", "codes", "themes", "authors", "contents", "summary"],
    filterable_attributes=[*FACETS, "busy_days"],
    sortable_attributes=["added_at"],
    displayed_attributes=["id"],
    stop_words=sorted(STOP_WORDS),
    pagination=Pagination(max_total_hits=MAX_TOTAL),
)


class MeilisearchIndex:
    """An index on a server."""

    def __init__(self, url: str, key: str = "", uid: str = UID) -> None:
        """Nothing is asked of the server yet: it may start later than we do."""
        self._client = Client(url, key or None, timeout=TIMEOUT_SECONDS)
        self._uid = uid

    def search(self, query: SearchQuery) -> IndexPage:
        """One request: the page, and per narrowed facet a question without its own choice, for its counts."""
        open_facets = [facet for facet in FACETS if query.chosen(facet)]
        asked = [self._asked(query), *(self._asked(query, without=facet) for facet in open_facets)]
        with _answering():
            answers = self._client.multi_search(asked)
        main, *others = [answer for answer in answers if isinstance(answer, SearchResultsWithUID)]
        counts: dict[str, dict[str, int]] = {facet: (main.facet_distribution or {}).get(facet, {}) for facet in FACETS}
        for facet, answer in zip(open_facets, others, strict=True):
            counts[facet] = (answer.facet_distribution or {}).get(facet, {})
        ids = [int(hit["id"]) for hit in main.hits]
        return IndexPage(ids=ids, total=main.total_hits or 0, facets=counts)

    def apply(self, put: Sequence[IndexDocument], delete: Iterable[int]) -> None:
        """Upsert and delete, and wait for the server's own confirmation."""
        with _answering():
            self._ensure(self._uid)
            self._send(self._uid, put)
            if gone := [str(one) for one in delete]:
                self._wait(self._client.index(self._uid).delete_documents(gone))

    def rebuild(self, documents: Iterable[IndexDocument]) -> int:
        """Fill another index, then swap the two in one step."""
        fresh, count, rest = f"{self._uid}_{uuid.uuid4().hex[:8]}", 0, iter(documents)
        with _answering():
            self._ensure(self._uid)
            self._ensure(fresh)
            while batch := list(islice(rest, BATCH)):
                self._send(fresh, batch)
                count += len(batch)
            self._wait(self._client.swap_indexes([(self._uid, fresh)]))
            self._client.delete_index_if_exists(fresh)
        return count

    def document_ids(self) -> set[int]:
        """Which titles are in the index."""
        found: set[int] = set()
        with _answering():
            if not self._exists(self._uid):
                return found
            while True:
                page = self._client.index(self._uid).get_documents(fields=["id"], offset=len(found), limit=BATCH)
                found |= {int(one["id"]) for one in page.results}
                if len(page.results) < BATCH:
                    return found

    def close(self) -> None:
        """The client holds no thread and no file."""

    def _asked(self, query: SearchQuery, without: str = "") -> SearchParams:
        is_listing = query.sort == "newest" or not query.text.strip()
        return SearchParams(
            index_uid=self._uid,
            q=parse_scan(query.text) if query.text.strip().isdecimal() else query.text,
            filter=filters(query, without) or None,
            facets=list(FACETS),
            page=query.page,
            hits_per_page=query.per_page,
            sort=["added_at:desc"] if is_listing else None,
            attributes_to_retrieve=["id"],
        )

    def _ensure(self, uid: str) -> None:
        if not self._exists(uid):
            self._client.create_index(uid, "id", timeout_in_ms=TASK_TIMEOUT_MS)
            self._wait(self._client.index(uid).update_settings(SETTINGS))

    def _exists(self, uid: str) -> bool:
        try:
            self._client.get_index(uid)
        except MeilisearchApiError as error:
            if error.status_code == 404:  # noqa: PLR2004 - not found
                return False
            raise
        return True

    def _send(self, uid: str, documents: Sequence[IndexDocument]) -> None:
        if documents:
            bodies: list[dict[str, Any]] = [msgspec.to_builtins(one) for one in documents]
            self._wait(self._client.index(uid).add_documents(bodies, "id"), REBUILD_TIMEOUT_MS)

    def _wait(self, task: TaskInfo, timeout_ms: int = TASK_TIMEOUT_MS) -> None:
        self._client.wait_for_task(task.task_uid, timeout_in_ms=timeout_ms, raise_for_status=True)


def filters(query: SearchQuery, without: str = "") -> list[str | list[str]]:
    """Filter clauses, all of which must hold. A value that no code can be is never sent: it finds nothing."""
    clauses: list[str | list[str]] = []
    for facet in FACETS:
        if facet != without and (chosen := query.chosen(facet)):
            codes = [one for one in chosen if CODE_SHAPE.fullmatch(one)] or ["-"]
            clauses.append(f"{facet} IN [{', '.join(map(_quoted, codes))}]")
    if query.starts_on is not None and query.due_on is not None:
        clauses.append(f"NOT busy_days {query.starts_on.toordinal()} TO {query.due_on.toordinal()}")
    return clauses


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except (MeilisearchError, OSError) as error:
        raise IndexDown from error


def _quoted(code: str) -> str:
    return f'"{code}"'
