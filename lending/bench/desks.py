"""Desks at work: thirty-two people who scan, half of them things that come back.

Each database is served as the product serves it: SQLite by one process, PostgreSQL by several.
"""

import datetime as dt
import http.client
import os
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlencode

import click
from sqlalchemy import select, text

from lending.accounts.service import Accounts
from lending.accounts.tables import Person
from lending.bench.country import ASSOCIATIONS, FIRST_ASSOCIATION, Country, fill
from lending.bench.empty import empty_database
from lending.bench.figures import Figure, Part, print_parts
from lending.bench.search_pages import places
from lending.catalog.tables import Copy
from lending.core.clock import SystemClock
from lending.core.database import Database
from lending.loans.tables import Booking

DESK_BOOKINGS = 100_000
GOAL_MS = {"postgresql": 50, "sqlite": 80}
PROCESSES = {"postgresql": 2, "sqlite": 1}
THINK_SECONDS, SECONDS, WARM_UP_SECONDS = 3.0, 60.0, 10.0
PATIENCE_SECONDS = 60
DAY = dt.timedelta(days=1)


@dataclass
class Desk:
    """A person at an association's first depot, signed in, with what is out and what stands there."""

    depot_id: int
    session: str
    out: list[str]
    here: list[str]
    looks: list[float] = field(default_factory=list)
    returns: list[float] = field(default_factory=list)
    failed: int = 0


def bench_desks(server: str | None, size: int, clients: int) -> None:
    """Measure on SQLite and, where an address is given, on a PostgreSQL server."""
    print_parts([desks(["sqlite", *(["postgresql"] if server else [])], server, size, clients)])


def desks(kinds: list[str], server: str | None, size: int, clients: int) -> Part:
    """Milliseconds of whole answers, page included, on each kind of database."""
    part = Part(f"{min(clients, ASSOCIATIONS)} desks, a scan every {THINK_SECONDS:g} s each, the whole page", kinds)
    found = {kind: _on(kind, server, Country(size, SystemClock().now()), clients) for kind in kinds}
    for kind in kinds:
        everything = places([one for desk in found[kind] for one in (*desk.looks, *desk.returns)])
        part.figures.append(
            Figure(f"any scan, p95 on {kind}", "ms", {kind: everything["p95"]}, ("at most", GOAL_MS[kind]))
        )
    for name in ("looks", "returns"):
        for place in ("p50", "p95"):
            values = {kind: places([ms for desk in found[kind] for ms in getattr(desk, name)])[place] for kind in kinds}
            part.figures.append(Figure(f"  {name}, {place}", "ms", values))
    scans = {kind: float(sum(len(one.looks) + len(one.returns) for one in found[kind])) for kind in kinds}
    part.figures.append(Figure("scans", "", scans))
    failed = {kind: float(sum(one.failed for one in found[kind])) for kind in kinds}
    part.figures.append(Figure("failed", "", failed, ("exactly", 0)))
    return part


def _on(kind: str, server: str | None, country: Country, clients: int) -> list[Desk]:
    click.echo(f"  {kind}", err=True)
    with empty_database(kind, server) as database:
        with database.write() as session:
            fill(session.connection(), country)
        with database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text("analyze"))
        opened = [_desk(database, FIRST_ASSOCIATION + number) for number in range(min(clients, ASSOCIATIONS))]
        with _serving(database.engine.url.render_as_string(hide_password=False), PROCESSES[kind]) as port:
            _work(port, opened)
    return opened


def _desk(database: Database, association_id: int) -> Desk:
    depot_id = 2 * (association_id - FIRST_ASSOCIATION) + 1
    with database.read() as session:
        codes = select(Copy.code).where(Copy.depot_id == depot_id).order_by(Copy.id)
        is_out = select(Booking.id).where(Booking.copy_id == Copy.id, Booking.state == "out").exists()
        out, here = session.scalars(codes.where(is_out)).all(), session.scalars(codes.where(~is_out)).all()
        email = session.get_one(Person, association_id).email
    return Desk(depot_id, _sign_in(database, email), list(out), list(here))


def _sign_in(database: Database, email: str) -> str:
    accounts = Accounts(database, SystemClock(), base_url="http://127.0.0.1", session_lifetime=DAY, link_lifetime=DAY)
    return accounts.sign_in_demo(email).token


def _work(port: int, opened: list[Desk]) -> None:
    began = time.monotonic()
    people = [threading.Thread(target=_scan, args=(port, desk, number, began)) for number, desk in enumerate(opened)]
    for one in people:
        one.start()
    for one in people:
        one.join()


def _scan(port: int, desk: Desk, seed: int, began: float) -> None:
    """Look, take back, look: as long as it lasts. What the first seconds took is the process waking up."""
    chance = random.Random(seed)  # noqa: S311 - a load to repeat, no secret
    time.sleep(chance.random() * THINK_SECONDS)
    is_return = False
    while time.monotonic() < began + WARM_UP_SECONDS + SECONDS:
        is_return = not is_return and bool(desk.out)
        code = desk.out.pop() if is_return else chance.choice(desk.here)
        spent = _milliseconds(port, desk, code)
        if spent is None:
            desk.failed += 1
        elif time.monotonic() > began + WARM_UP_SECONDS:
            (desk.returns if is_return else desk.looks).append(spent)
        time.sleep(THINK_SECONDS * chance.uniform(0.5, 1.5))


def _milliseconds(port: int, desk: Desk, code: str) -> float | None:
    """From the scan to the last byte of the page; None for anything but the result."""
    body = urlencode({"depot": desk.depot_id, "code": code, "key": str(uuid.uuid4()), "pile": "yes"})
    headers = {"content-type": "application/x-www-form-urlencoded", "x-desk": "1", "cookie": f"session={desk.session}"}
    began = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    connection.request("POST", "/desk/scan", body, headers)
    answer = connection.getresponse()
    page = answer.read()
    connection.close()
    spent = (time.perf_counter() - began) * 1000
    return spent if answer.status in (HTTPStatus.OK, HTTPStatus.CREATED) and b"data-outcome" in page else None


@contextmanager
def _serving(database_url: str, processes: int) -> Iterator[int]:
    """So many processes that serve, without a worker; their port."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = int(found.getsockname()[1])
    with tempfile.TemporaryDirectory(prefix="lending-bench") as folder:
        settings = {
            "LENDING_DATABASE_URL": database_url,
            "LENDING_SEARCH_URL": f"file:{Path(folder) / 'search'}",
            "LENDING_WEB_PROCESSES": str(processes),
            "LENDING_WORKER_INSIDE": "false",
            "LENDING_PORT": str(port),
            "LENDING_LOG_LEVEL": "WARNING",
        }
        process = subprocess.Popen([sys.executable, "-m", "lending", "serve"], env=os.environ | settings)
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
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.2)
    message = "the server does not answer"
    raise TimeoutError(message)
