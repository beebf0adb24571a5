"""Killed in a storm of bookings, and started again: no double, nothing lost, the index tells the truth."""

import concurrent.futures
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from lending.bench.storm import DOUBLES
from lending.core.database import Database
from tests.journeys.storm import Booker, bookers
from tests.kit.patience import eventually
from tests.kit.servers import command, environment, free_port, server

KILLS = 2
STORM_SECONDS = 2.0
CLIENTS = 8


@pytest.fixture(params=["sqlite_url", "postgres_url"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    url = request.getfixturevalue(request.param)
    made = environment(tmp_path, url, free_port(), LENDING_DEMO="true")
    for step in ("migrate", "demo"):
        done = command(made, step)
        assert done.returncode == 0, done.stderr
    return made


@pytest.fixture
def database(settings: dict[str, str]) -> Iterator[Database]:
    database = Database(settings["LENDING_DATABASE_URL"])
    yield database
    database.dispose()


@pytest.mark.timeout(175)
def test_kill_nine_in_a_storm_of_bookings(settings: dict[str, str], database: Database, tmp_path: Path) -> None:
    answered: set[int] = set()
    tokens = [command(settings, "token", "teacher").stdout.strip()]
    for round_number in range(KILLS):
        with server(settings, tmp_path / "web.log") as running:
            crowd = bookers(settings["LENDING_BASE_URL"], tokens, CLIENTS, seed=round_number)
            answered |= rage(crowd, running.pid)
            running.wait(10)
    with server(settings, tmp_path / "web.log"):
        assert answered
        check_bookings(database, answered)
        let_leases_run_out(settings, tokens[0])
        eventually(lambda: nothing_is_stuck(database))
        check_index(settings, database)


def rage(crowd: list[Booker], pid: int) -> set[int]:
    """Book from every side, then kill; the reservations that were answered."""
    with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
        futures = [pool.submit(booker.run, time.monotonic() + STORM_SECONDS + 5) for booker in crowd]
        time.sleep(STORM_SECONDS)
        os.kill(pid, signal.SIGKILL)
        return {one for future in futures for one in future.result()}


def check_bookings(database: Database, answered: set[int]) -> None:
    with database.read() as session:
        assert session.execute(DOUBLES).scalar_one() == 0
        kept = set(session.scalars(text("select id from booking")))
        assert answered <= kept
        untold = text(
            "select count(*) from booking b where b.id >= :first and not exists "
            "(select 1 from notice n where n.subject = 'booking:' || cast(b.id as varchar))"
        )
        assert session.execute(untold, {"first": min(answered)}).scalar_one() == 0


def let_leases_run_out(settings: dict[str, str], token: str) -> None:
    """What a killed process had taken up is taken up again an hour later."""
    headers = {"authorization": f"Bearer {token}"}
    moved = httpx.post(f"{settings['LENDING_BASE_URL']}/demo/clock", data={"hours": "1"}, headers=headers, timeout=20)
    assert moved.status_code == 303, moved.text


# What is patient waits for the end of the quiet days, should the test run on one.
STUCK = text(
    "select count(*) from outbox o where o.state <> 'done' and not exists "
    "(select 1 from notice n where n.key = o.key and n.held_until_at is not null and o.state = 'waiting')"
)


def nothing_is_stuck(database: Database) -> bool:
    """Nothing waits any more but for its day, and nothing was given up."""
    with database.read() as session:
        return session.execute(STUCK).scalar_one() == 0


def check_index(settings: dict[str, str], database: Database) -> None:
    """The index holds what the database holds, and knows what is free."""
    with database.read() as session:
        published = session.execute(text("select count(*) from title where visibility = 'published'")).scalar_one()
    found = httpx.get(f"{settings['LENDING_BASE_URL']}/api/search", timeout=20).json()
    assert found["total"] == published
