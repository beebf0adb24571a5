"""The HTTP side of the fake Meilisearch: routes, the key, silence and business."""

import copy
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.kit.meili_fake import FakeIndex, FakeMeili, MeiliError, instant, refuse


class Answers(BaseHTTPRequestHandler):
    """Routes of the server."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    fake: FakeMeili

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self._answer()

    do_POST = do_PATCH = do_PUT = do_DELETE = do_GET  # noqa: N815 - the names that the library asks for

    def _answer(self) -> None:
        size = int(self.headers.get("content-length") or 0)
        body = json.loads(self.rfile.read(size)) if size else None
        path = urlsplit(self.path)
        if self.fake.is_silent:
            self.fake.silences += 1
            self.close_connection = True
            return
        query = {name: values[-1] for name, values in parse_qs(path.query).items()}
        try:
            status, answer = self._routed(path.path.strip("/").split("/"), query, body)
        except MeiliError as error:
            status, answer = error.status, error.body
        content = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _routed(self, path: list[str], query: dict[str, str], body: Any) -> tuple[int, Any]:
        fake = self.fake
        fake.requests[f"{self.command} {path[0] if len(path) < 3 else path[2]}"] += 1
        if path == ["health"]:
            return 200, {"status": "available"}
        if fake.key and self.headers.get("authorization") != f"Bearer {fake.key}":
            refuse("invalid_api_key", "The provided API key is invalid.", "auth")
        if fake.busy_answers:
            fake.busy_answers -= 1
            refuse("too_many_search_requests", "Too many search requests.", "internal", 503)
        with fake.lock:
            return _route(fake, self.command, path, query, copy.deepcopy(body))


def _route(  # noqa: PLR0911 - one line per route
    fake: FakeMeili, method: str, path: list[str], query: dict[str, str], body: Any
) -> tuple[int, Any]:
    if path[0] == "indexes" and len(path) > 1:
        return _route_index(fake, method, path[1], path[2:], query, body)
    match method, path:
        case "GET", ["tasks", number]:
            return 200, _task(fake, number)
        case "POST", ["multi-search"]:
            return 200, {"results": [fake.search(one["indexUid"], one) for one in body["queries"]]}
        case "POST", ["swap-indexes"]:
            return 202, fake.enqueue("indexSwap", None, lambda: fake.swap([one["indexes"] for one in body]))
        case "GET", ["indexes"]:
            return 200, _list(fake)
        case "POST", ["indexes"]:
            uid, key = body["uid"], body.get("primaryKey") or "id"
            return 202, fake.enqueue("indexCreation", uid, lambda: fake.create(uid, key))
    return refuse("not_found", f"No route {method} /{'/'.join(path)}.", status=404)


def _route_index(
    fake: FakeMeili, method: str, uid: str, rest: list[str], query: dict[str, str], body: Any
) -> tuple[int, Any]:
    answer: Any = None
    match method, rest:
        case "GET", _:
            return 200, _read(fake, uid, rest, query)
        case "POST", ["search"]:
            return 200, fake.search(uid, body)
        case "POST", ["facet-search"]:
            return 200, fake.facet_search(uid, body)
        case "DELETE", []:
            answer = fake.enqueue("indexDeletion", uid, lambda: fake.delete(uid))
        case "PATCH", ["settings"]:
            answer = fake.enqueue("settingsUpdate", uid, lambda: fake.change_settings(uid, body))
        case (("POST" | "PUT"), ["documents"]):
            key = query.get("primaryKey", "id")
            work = partial(fake.put, uid, key, body)
            answer = fake.enqueue("documentAdditionOrUpdate", uid, work, query.get("customMetadata"))
        case "POST", ["documents", "delete-batch"]:
            work = partial(fake.remove, uid, body)
            answer = fake.enqueue("documentDeletion", uid, work, query.get("customMetadata"))
    return (202, answer) if answer else refuse("not_found", f"No route {method} of index `{uid}`.", status=404)


def _read(fake: FakeMeili, uid: str, rest: list[str], query: dict[str, str]) -> Any:
    index = fake.index(uid)
    match rest:
        case []:
            return _info(uid, index)
        case ["settings", "searchable-attributes"]:
            return index.settings.get("searchableAttributes", ["*"])
        case ["settings"]:
            return index.settings
        case ["stats"]:
            return {"numberOfDocuments": len(index.documents), "isIndexing": False, "fieldDistribution": {}}
        case ["documents"]:
            return _documents(index, query)
    return refuse("not_found", f"No route GET of index `{uid}`.", status=404)


def _documents(index: FakeIndex, query: dict[str, str]) -> dict[str, Any]:
    offset, limit = int(query.get("offset", 0)), int(query.get("limit", 20))
    fields = query.get("fields", "*").split(",")
    shown = list(index.documents.values())[offset : offset + limit]
    found = [one if fields == ["*"] else {name: one[name] for name in fields if name in one} for one in shown]
    return {"results": found, "offset": offset, "limit": limit, "total": len(index.documents)}


def _list(fake: FakeMeili) -> dict[str, Any]:
    found = [_info(uid, index) for uid, index in sorted(fake.indexes.items())]
    return {"results": found, "offset": 0, "limit": len(found), "total": len(found)}


def _task(fake: FakeMeili, number: str) -> dict[str, Any]:
    found = next((task for task in fake.tasks if str(task["uid"]) == number), None)
    if found is None:
        refuse("task_not_found", f"Task `{number}` not found.", status=404)
    return found


def _info(uid: str, index: FakeIndex) -> dict[str, Any]:
    return {"uid": uid, "primaryKey": index.primary_key, "createdAt": instant(), "updatedAt": instant(index.updated_at)}


@contextmanager
def running_meili(key: str = "", task_seconds: float = 0.0, port: int = 0) -> Iterator[FakeMeili]:
    """A server for the length of the block."""
    fake = FakeMeili(key, task_seconds)
    handler = type("Handler", (Answers,), {"fake": fake})
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    server.daemon_threads = True
    fake.url = f"http://127.0.0.1:{server.server_address[1]}"
    ended = threading.Event()
    threads = [
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True),
        threading.Thread(target=fake.work, args=(ended,), daemon=True),
    ]
    for thread in threads:
        thread.start()
    try:
        yield fake
    finally:
        ended.set()
        server.shutdown()
        server.server_close()
        for thread in threads:
            thread.join()
