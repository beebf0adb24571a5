"""One worker leads; when it goes, however it goes, another one takes over."""

import multiprocessing
from multiprocessing.synchronize import Event
from pathlib import Path

from sqlalchemy import text

from lending.core.database import Database
from lending.worker.leader import DatabaseLock, FileLock, Leader, leader_of

FORKING = multiprocessing.get_context("fork")


def lead_for_ever(database_url: str, leads: Event) -> None:
    leader = leader_of(Database(database_url))
    if leader.leads():
        leads.set()
    FORKING.Event().wait()


def test_one_of_two_leads_until_it_resigns(database: Database) -> None:
    first, second = leader_of(database), leader_of(database)
    assert [first.leads(), second.leads(), first.leads()] == [True, False, True]
    first.resign()
    assert [second.leads(), first.leads()] == [True, False]
    second.resign()


def test_resigning_twice_does_no_harm(database: Database) -> None:
    leader = leader_of(database)
    leader.resign()
    assert leader.leads()
    leader.resign()
    leader.resign()


def test_a_killed_leader_is_replaced(database_url: str) -> None:
    leads = FORKING.Event()
    process = FORKING.Process(target=lead_for_ever, args=(database_url, leads), daemon=True)
    process.start()
    assert leads.wait(20)
    database = Database(database_url)
    successor = leader_of(database)
    assert not successor.leads()
    process.kill()
    process.join()
    assert becomes_leader(successor)
    successor.resign()
    database.dispose()


def becomes_leader(leader: Leader) -> bool:
    """PostgreSQL notices within moments that a client is gone."""
    pause = FORKING.Event()
    return any(leader.leads() or pause.wait(0.05) for _ in range(200))


def test_a_leader_that_lost_its_connection_leads_no_longer(postgres_url: str) -> None:
    database = Database(postgres_url)
    first, second = DatabaseLock(database.engine), DatabaseLock(database.engine)
    assert first.leads()
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        end = "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted"
        connection.execute(text(end))
    assert becomes_leader(second)
    assert not first.leads()
    second.resign()
    database.dispose()


def test_without_a_database_nobody_leads(tmp_path: Path) -> None:
    database = Database(f"postgresql+psycopg://nobody@/nothing?host={tmp_path}")
    assert not leader_of(database).leads()


def test_the_lock_of_sqlite_lies_beside_the_database(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    leader = leader_of(database)
    assert isinstance(leader, FileLock)
    assert leader.leads()
    assert Path(f"{database.engine.url.database}.worker").exists()
    leader.resign()
    database.dispose()
