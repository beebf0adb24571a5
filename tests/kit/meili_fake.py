"""A Meilisearch server on loopback, as far as its documentation describes what we use.

Writes are answered with 202 and a task that is enqueued, then processing, then succeeded or failed; nothing shows
in a search before. Errors carry message, code, type and link. A test may make it slow, busy, silent or unwilling.
"""

import datetime as dt
import itertools
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from operator import itemgetter
from typing import Any, NoReturn

from tests.kit.meili_engine import rank, words
from tests.kit.meili_filter import BadFilterError, Document, check_of, metres, values_of

LINK = "https://docs.meilisearch.com/errors#"
STATUS = {"auth": 403, "invalid_request": 400, "internal": 500}
MOST_FACET_VALUES = 100


class MeiliError(Exception):
    """An error body of the server."""

    def __init__(self, code: str, message: str, kind: str = "invalid_request", status: int | None = None) -> None:
        super().__init__(message)
        self.status = status or STATUS[kind]
        self.body = {"message": message, "code": code, "type": kind, "link": f"{LINK}{code}"}


def refuse(code: str, message: str, kind: str = "invalid_request", status: int | None = None) -> NoReturn:
    """Answer with an error."""
    raise MeiliError(code, message, kind, status)


@dataclass
class FakeIndex:
    """Documents with the settings they are searched by."""

    primary_key: str
    settings: dict[str, Any] = field(default_factory=dict)
    documents: dict[Any, Document] = field(default_factory=dict)
    updated_at: dt.datetime = field(default_factory=lambda: dt.datetime.now(dt.UTC))

    @property
    def filterable(self) -> set[str]:
        named: set[str] = set()
        for one in self.settings.get("filterableAttributes") or []:
            named.update([one] if isinstance(one, str) else one["attributePatterns"])
        return named


class FakeMeili:
    """The state of a server and what it does to itself, task by task."""

    def __init__(self, key: str = "", task_seconds: float = 0.0) -> None:
        self.key = key
        self.task_seconds = task_seconds
        self.url = ""
        self.indexes: dict[str, FakeIndex] = {}
        self.tasks: list[dict[str, Any]] = []
        self.requests: Counter[str] = Counter()
        self.is_silent = False
        self.silences = 0
        self.busy_answers = 0
        self.refused_ids: set[Any] = set()
        self.lock = threading.RLock()
        self._work: list[tuple[dict[str, Any], Callable[[], None]]] = []
        self._woken = threading.Event()
        self._numbers = itertools.count()

    # --- tasks
    def enqueue(self, kind: str, index_uid: str | None, work: Callable[[], None], metadata: str | None = None) -> Any:
        task = {
            "uid": next(self._numbers), "indexUid": index_uid, "status": "enqueued", "type": kind, "error": None,
            "enqueuedAt": instant(), "startedAt": None, "finishedAt": None, "customMetadata": metadata,
        }  # fmt: skip
        with self.lock:
            self.tasks.append(task)
            self._work.append((task, work))
        self._woken.set()
        return {"taskUid": task["uid"]} | {name: task[name] for name in ("indexUid", "status", "type", "enqueuedAt")}

    def work(self, ended: threading.Event) -> None:
        """Process tasks one after the other until the server stops."""
        while not ended.is_set():
            self._woken.wait(0.05)
            self._woken.clear()
            while self._work and not ended.is_set():
                self._process(*self._work.pop(0))

    def _process(self, task: dict[str, Any], work: Callable[[], None]) -> None:
        task |= {"status": "processing", "startedAt": instant()}
        time.sleep(self.task_seconds)
        with self.lock:
            try:
                work()
                task["status"] = "succeeded"
            except MeiliError as error:
                task |= {"status": "failed", "error": error.body}
            task["finishedAt"] = instant()

    # --- indexes
    def index(self, uid: str) -> FakeIndex:
        if uid not in self.indexes:
            refuse("index_not_found", f"Index `{uid}` not found.", status=404)
        return self.indexes[uid]

    def create(self, uid: str, primary_key: str) -> None:
        if uid in self.indexes:
            refuse("index_already_exists", f"Index `{uid}` already exists.")
        self.indexes[uid] = FakeIndex(primary_key)

    def delete(self, uid: str) -> None:
        self.index(uid)
        del self.indexes[uid]

    def put(self, uid: str, primary_key: str, documents: list[Document]) -> None:
        """All documents of a task or none: one bad one fails it."""
        index = self.indexes.setdefault(uid, FakeIndex(primary_key))
        for document in documents:
            if document.get(primary_key) in self.refused_ids:
                refuse("invalid_document_id", f"Document identifier `{document[primary_key]}` is invalid.")
        index.documents |= {document[primary_key]: document for document in documents}

    def remove(self, uid: str, ids: list[str]) -> None:
        gone = {str(one) for one in ids}
        index = self.index(uid)
        index.documents = {key: one for key, one in index.documents.items() if str(key) not in gone}

    def swap(self, pairs: list[list[str]]) -> None:
        for first, second in pairs:
            self.index(first), self.index(second)
            self.indexes[first], self.indexes[second] = self.indexes[second], self.indexes[first]

    def change_settings(self, uid: str, settings: dict[str, Any]) -> None:
        index = self.indexes.setdefault(uid, FakeIndex("id"))
        index.settings |= settings

    # --- searching
    def search(self, uid: str, asked: dict[str, Any]) -> dict[str, Any]:
        index = self.index(uid)
        try:
            fulfils = check_of(asked.get("filter"), index.filterable)
        except BadFilterError as error:
            refuse("invalid_search_filter", str(error))
        text = asked.get("q") or ""
        strategy = asked.get("matchingStrategy", "last")
        ranked = []
        for document in index.documents.values():
            place = rank(document, text, index.settings, strategy) if fulfils(document) else None
            if place is not None:
                ranked.append((place, document))
        ordered = [document for _, document in sorted(ranked, key=lambda one: one[0])]
        ordered = self._sorted(index, ordered, asked.get("sort") or [], text)
        page, size = asked.get("page") or 1, asked.get("hitsPerPage") or 20
        total = min(len(ordered), index.settings.get("pagination", {}).get("maxTotalHits", 1000))
        shown = ordered[:total][(page - 1) * size : page * size]
        kept = asked.get("attributesToRetrieve") or ["*"]
        hits = [one if kept == ["*"] else {name: one[name] for name in kept if name in one} for one in shown]
        counted = self._facets(index, ordered, asked.get("facets") or [])
        return {
            "indexUid": uid, "hits": hits, "query": text, "processingTimeMs": 1, "page": page, "hitsPerPage": size,
            "totalHits": total, "totalPages": -(-total // size), "facetDistribution": counted, "facetStats": {},
        }  # fmt: skip

    def facet_search(self, uid: str, asked: dict[str, Any]) -> dict[str, Any]:
        """Values of a facet by the first word typed."""
        name, typed = asked["facetName"], words(asked.get("facetQuery") or "")
        found = self.search(uid, {**asked, "facets": [name], "hitsPerPage": 1})["facetDistribution"].get(name, {})
        hits = [
            {"value": value, "count": count}
            for value, count in found.items()
            if not typed or any(word.startswith(typed[0]) for word in words(value))
        ]
        return {"facetHits": hits[:MOST_FACET_VALUES], "facetQuery": asked.get("facetQuery"), "processingTimeMs": 1}

    @staticmethod
    def _sorted(index: FakeIndex, found: list[Document], orders: list[str], text: str) -> list[Document]:
        """Sorting counts where the ranking rules put it; before everything, or only among equals."""
        rules = index.settings.get("rankingRules") or ["words", "typo", "proximity", "attribute", "sort", "exactness"]
        if text and rules[0] != "sort":
            return found
        for order in reversed(orders):
            name, _, direction = order.rpartition(":")
            if name not in (index.settings.get("sortableAttributes") or []) and not name.startswith("_geoPoint("):
                refuse("invalid_search_sort", f"Attribute `{name}` is not sortable.")
            if name.startswith("_geoPoint("):
                latitude, longitude = (float(one) for one in name[10:-1].split(","))
                found = sorted(found, key=partial(metres, (latitude, longitude)))
            else:
                found = sorted(found, key=itemgetter(name), reverse=direction == "desc")
        return found

    @staticmethod
    def _facets(index: FakeIndex, found: list[Document], names: list[str]) -> dict[str, dict[str, int]]:
        most = index.settings.get("faceting", {}).get("maxValuesPerFacet", MOST_FACET_VALUES)
        counted = {}
        for name in names:
            if name not in index.filterable:
                refuse("invalid_search_facets", f"Attribute `{name}` is not filterable.")
            counts = Counter(str(value) for one in found for value in values_of(one, name))
            counted[name] = dict(sorted(counts.items())[:most])
        return counted


def instant(at: dt.datetime | None = None) -> str:
    return (at or dt.datetime.now(dt.UTC)).isoformat().replace("+00:00", "Z")
