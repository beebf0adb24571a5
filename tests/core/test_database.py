"""The two doors: what commits, what rolls back, and that no update is lost."""

import threading
from contextlib import nullcontext

import pytest
from sqlalchemy import bindparam, event, select, text
from sqlalchemy.exc import InternalError, SQLAlchemyError

from lending.core.database import Database, ask, table_of
from lending.core.tables import DemoState


def put(database: Database, value: str) -> None:
    with database.write() as session:
        session.merge(DemoState(name="counter", value=value))


def value(database: Database) -> str | None:
    with database.read() as session:
        return session.scalar(select(DemoState.value).where(DemoState.name == "counter"))


def test_a_write_commits_at_the_end_of_the_block(database: Database) -> None:
    put(database, "1")
    assert value(database) == "1"


def test_a_question_about_a_bare_table_knows_what_the_session_has_not_written_yet(database: Database) -> None:
    put(database, "1")
    columns = table_of(DemoState).c
    question = select(columns.value).where(columns.name == bindparam("name"))
    with database.write() as session:
        session.get_one(DemoState, "counter").value = "2"
        assert ask(session, question, name="counter").scalar() == "2"


def test_a_write_that_fails_leaves_nothing_behind(database: Database) -> None:
    put(database, "1")
    with pytest.raises(RuntimeError), database.write() as session:
        session.get_one(DemoState, "counter").value = "2"
        session.flush()
        raise RuntimeError
    assert value(database) == "1"


def test_a_savepoint_lies_inside_what_was_begun(database: Database) -> None:
    with database.write() as session:
        session.merge(DemoState(name="counter", value="1"))
        with pytest.raises(RuntimeError), session.begin_nested():
            session.get_one(DemoState, "counter").value = "2"
            session.flush()
            raise RuntimeError
    assert value(database) == "1"


def test_a_bare_connection_keeps_what_it_was_taken_to_write(database: Database) -> None:
    insert = text("insert into demo_state (name, value) values ('counter', '1')")
    with database.connect() as connection:
        connection.execute(insert)
    assert value(database) is None
    with pytest.raises(RuntimeError), database.connect(writes=True) as connection:
        connection.execute(insert)
        raise RuntimeError
    assert value(database) is None
    with database.connect(writes=True) as connection:
        connection.execute(insert)
    assert value(database) == "1"


def test_what_is_written_through_the_reading_door_is_not_kept(database: Database) -> None:
    put(database, "1")
    refusal = nullcontext() if database.is_sqlite else pytest.raises(InternalError, match="read-only")
    with refusal, database.read() as session:
        session.get_one(DemoState, "counter").value = "2"
        session.flush()
    assert value(database) == "1"
    with database.read() as session:
        session.get_one(DemoState, "counter").value = "3"
    assert value(database) == "1"


def test_a_read_shows_one_moment(database: Database) -> None:
    put(database, "1")
    question = select(DemoState.value).where(DemoState.name == "counter")
    with database.read() as session:
        assert session.scalar(question) == "1"
        writer = threading.Thread(target=put, args=(database, "2"))
        writer.start()
        writer.join()
        assert session.scalar(question) == "1"
    assert value(database) == "2"


def test_a_question_asked_again_and_again_is_planned_once_on_postgresql(postgres_url: str) -> None:
    database = Database(postgres_url)
    question = select(DemoState.value).where(DemoState.name == bindparam("name"))
    for _ in range(10):
        with database.read() as session:
            session.scalar(question, {"name": "counter"})
    with database.read() as session:
        prepared = session.scalars(text("select statement from pg_prepared_statements")).all()
    database.dispose()
    assert any("demo_state" in one for one in prepared)


def test_the_wake_up_comes_after_the_commit_and_not_after_a_failure(database: Database) -> None:
    seen: list[str | None] = []
    database.after_write(lambda: seen.append(value(database)))
    put(database, "1")
    with pytest.raises(RuntimeError), database.write():
        raise RuntimeError
    assert seen == ["1"]


def transactions(database: Database) -> list[int]:
    """Counts the transactions that begin from now on: one more item for each."""
    begun: list[int] = []
    event.listen(database.engine, "begin", lambda _: begun.append(1))
    return begun


def test_one_view_is_one_transaction_until_a_write(database: Database) -> None:
    put(database, "1")
    begun = transactions(database)
    with database.one_view():
        assert [value(database), value(database)] == ["1", "1"]
        assert len(begun) == 1
        with database.one_view():
            assert value(database) == "1"
        assert len(begun) == 1
        put(database, "2")
        assert [value(database), value(database)] == ["2", "2"]
        assert len(begun) == 3
    assert value(database) == "2"
    assert len(begun) == 4


def test_one_view_gives_its_connection_back_and_writes_nothing(database: Database) -> None:
    put(database, "1")
    with pytest.raises(RuntimeError), database.one_view():
        with database.read() as session:
            session.get_one(DemoState, "counter").value = "2"
        raise RuntimeError
    assert database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]  # every pool of ours counts
    assert value(database) == "1"


def test_a_failed_question_does_not_spoil_the_next_of_its_view(database: Database) -> None:
    put(database, "1")
    with database.one_view():
        with pytest.raises(SQLAlchemyError), database.read() as session:
            session.execute(text("select nothing from nowhere"))
        assert value(database) == "1"


def test_views_of_two_threads_are_two(database: Database) -> None:
    put(database, "1")
    begun = transactions(database)
    with database.one_view():
        assert value(database) == "1"
        other = threading.Thread(target=value, args=(database,))
        other.start()
        other.join()
    assert len(begun) == 2


def test_two_hundred_simultaneous_updates_are_all_kept(database: Database) -> None:
    put(database, "0")

    def count() -> None:
        for _ in range(25):
            with database.write() as session:
                row = session.get_one(DemoState, "counter", with_for_update=True)
                row.value = str(int(row.value) + 1)

    threads = [threading.Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert value(database) == "200"


def test_a_connection_that_the_server_closed_while_it_rested_is_replaced(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lending.core.database.REST_SECONDS", 0)
    ours, other = Database(postgres_url), Database(postgres_url)
    with ours.read() as session:
        number = session.scalar(text("select pg_backend_pid()"))
    with other.read() as session:
        session.execute(text("select pg_terminate_backend(:number, 5000)"), {"number": number})
    with ours.read() as session:
        assert session.scalar(text("select pg_backend_pid()")) != number
    ours.dispose()
    other.dispose()
