"""The search page under people: a database with the made-up catalogue, one serving process, many who type and read."""

import datetime as dt
import http.client
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import Connection, select

from lending.bench.bulk import insert_rows
from lending.bench.catalogue import ASSOCIATIONS, Catalogue
from lending.catalog.service.load_vocabularies import load_vocabularies
from lending.catalog.tables import ContentLine, ContentSection, Copy, Term, Title, TitleLevel, TitleTheme
from lending.core.barcodes import make_code
from lending.core.clock import SystemClock
from lending.core.database import Database
from lending.migrations.run import upgrade
from lending.network.tables import Association, Depot, Organisation
from lending.search.schemas import IndexDocument
from lending.search.service import Search, open_index

PLACES = ("p50", "p95")
THINK_SECONDS = 3.0
SECONDS = 40.0
PATIENCE_SECONDS = 60
FIRST_ASSOCIATION = 3


def places(spent: Sequence[float]) -> dict[str, float]:
    """The middle, and what nineteen of twenty do not exceed."""
    return {
        "p50": round(statistics.median(spent), 1),
        "p95": round(statistics.quantiles(spent, n=20, method="inclusive")[18], 1),
    }


def ask_pages(
    catalogue: Catalogue,
    size: int,
    users: int,
    texts: Sequence[str],
    dates: tuple[dt.date, dt.date],
    seconds: float = SECONDS,
) -> list[float]:
    """Milliseconds of each answer that people got who ask, read for three seconds, and ask again."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database = Database(f"sqlite:///{folder / 'bench.db'}")
        upgrade(database)
        _fill(database, catalogue, size)
        search = Search(database, SystemClock(), open_index(f"file:{folder / 'search'}"))
        search.reindex()
        database.dispose()
        with _serving(folder) as port:
            return _storm(port, users, texts, dates, seconds)


def _fill(database: Database, catalogue: Catalogue, size: int) -> None:
    """The network, the vocabularies and the titles, with one copy each at every association that lends them."""
    codes = dict(zip(ASSOCIATIONS, count(FIRST_ASSOCIATION), strict=False))
    documents = list(catalogue.documents(size))
    with database.write() as session:
        load_vocabularies(session)
        known = set(session.scalars(select(Term.code).where(Term.vocabulary == "theme")))
        connection = session.connection()
        _network(connection, codes)
        themes = [
            ("theme", code, label, label, rank) for rank, (code, label) in enumerate(catalogue.themes.items(), 1000)
        ]
        columns = ("vocabulary", "code", "label_fr", "label_en", "rank")
        insert_rows(connection, Term.__table__, columns, [row for row in themes if row[1] not in known])
        _titles(connection, documents)
        _contents(connection, documents)
        _copies(connection, documents, codes)


def _network(connection: Connection, codes: Mapping[str, int]) -> None:
    organisations = [(1, "federation", None, "/1/", "Fédération"), (2, "union", 1, "/1/2/", "Union")]
    organisations += [(one, "association", 2, f"/1/2/{one}/", f"Association {code}") for code, one in codes.items()]
    insert_rows(connection, Organisation.__table__, ("id", "kind", "parent_id", "path", "name"), organisations)
    columns = ("organisation_id", "code", "number", "holiday_zone", "time_zone")
    rows = [(one, code, one, "B", "Europe/Paris") for code, one in codes.items()]
    insert_rows(connection, Association.__table__, columns, rows)
    depots = [(one, one, "Dépôt") for one in codes.values()]
    insert_rows(connection, Depot.__table__, ("id", "association_id", "name"), depots)


def _titles(connection: Connection, documents: Sequence[IndexDocument]) -> None:
    now = SystemClock().now()
    columns = ("id", "kind", "owner_id", "name", "summary", "authors", "visibility", "created_at", "updated_at")
    rows = [(one.id, one.kind, 1, one.name, one.summary, one.authors, "published", now, now) for one in documents]
    insert_rows(connection, Title.__table__, columns, rows)
    levels = [(one.id, level.lower()) for one in documents for level in one.level]
    insert_rows(connection, TitleLevel.__table__, ("title_id", "level"), levels)
    themes = [(one.id, theme) for one in documents for theme in one.theme]
    insert_rows(connection, TitleTheme.__table__, ("title_id", "theme"), themes)


def _contents(connection: Connection, documents: Sequence[IndexDocument]) -> None:
    sections = [(one.id, one.id, 1, "Livres") for one in documents]
    insert_rows(connection, ContentSection.__table__, ("id", "title_id", "rank", "name"), sections)
    lines = [(one.id, rank, name) for one in documents for rank, name in enumerate(one.contents.split(" \n "), 1)]
    insert_rows(connection, ContentLine.__table__, ("section_id", "rank", "name"), lines)


def _copies(connection: Connection, documents: Sequence[IndexDocument], codes: Mapping[str, int]) -> None:
    serials = {code: count(1) for code in codes}
    rows = [
        (one.id, make_code(codes[code], next(serials[code])), codes[code], codes[code])
        for one in documents
        for code in one.association
    ]
    insert_rows(connection, Copy.__table__, ("title_id", "code", "owner_id", "depot_id"), rows)


@contextmanager
def _serving(folder: Path) -> Iterator[int]:
    """One process that serves, without a worker; its port."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = int(found.getsockname()[1])
    settings = {
        "LENDING_DATABASE_URL": f"sqlite:///{folder / 'bench.db'}",
        "LENDING_SEARCH_URL": f"file:{folder / 'search'}",
        "LENDING_WORKER_INSIDE": "false",
        "LENDING_PORT": str(port),
        "LENDING_LOG_LEVEL": "WARNING",
    }
    command = [sys.executable, "-m", "lending", "serve"]
    process = subprocess.Popen(command, env=os.environ | settings)  # noqa: S603 - our own program
    try:
        _wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        try:
            _milliseconds(port, "/search")
        except OSError:
            time.sleep(0.2)
        else:
            return
    message = "the server does not answer"
    raise TimeoutError(message)


def _storm(port: int, users: int, texts: Sequence[str], dates: tuple[dt.date, dt.date], seconds: float) -> list[float]:
    spent: list[float] = []
    until = time.monotonic() + seconds

    def person(seed: int) -> None:
        chance = random.Random(seed)  # noqa: S311 - a load to repeat, no secret
        time.sleep(chance.random() * THINK_SECONDS)
        while time.monotonic() < until:
            wished = {"q": chance.choice(texts), "starts_on": dates[0], "due_on": dates[1]}
            spent.append(_milliseconds(port, f"/search?{urlencode(wished)}"))
            time.sleep(THINK_SECONDS * chance.uniform(0.5, 1.5))

    people = [threading.Thread(target=person, args=(seed,)) for seed in range(users)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    return spent


def _milliseconds(port: int, address: str) -> float:
    """From the question to the last byte of the page. Raises OSError when the answer is none."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    began = time.perf_counter()
    connection.request("GET", address, headers={"x-typing": "1"})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status != HTTPStatus.OK:
        message = f"{address}: {answer.status}"
        raise OSError(message)
    return (time.perf_counter() - began) * 1000
