"""The outbox: a message exists once, a nudge as often as it is given, a lease protects and runs out."""

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import event, select, text

from lending.core import outbox
from lending.core.database import Database
from lending.core.tables import OutboxRow

NOW = dt.datetime(2027, 1, 11, 8, 0, tzinfo=dt.UTC)
LEASE = dt.timedelta(minutes=2)


def enqueue(database: Database, subject: str, key: str | None = None) -> bool:
    with database.write() as session:
        return outbox.enqueue(session, "mail", subject, NOW, key=key)


def claimed(database: Database, at: dt.datetime = NOW) -> list[outbox.OutboxItem]:
    with database.write() as session:
        return outbox.claim(session, "mail", at, LEASE)


def rows(database: Database) -> list[OutboxRow]:
    with database.read() as session:
        return list(session.scalars(select(OutboxRow).order_by(OutboxRow.id)))


def test_a_message_is_written_once_for_ever(database: Database) -> None:
    assert enqueue(database, "booking:1", key="due-soon:1")
    assert not enqueue(database, "booking:1", key="due-soon:1")
    (item,) = claimed(database)
    with database.write() as session:
        outbox.finish(session, [item.id], NOW)
    assert not enqueue(database, "booking:1", key="due-soon:1")
    assert [row.state for row in rows(database)] == ["done"]


def test_what_is_due_is_found_by_the_index_of_what_waits(database: Database) -> None:
    asked: list[str] = []
    plans: list[str] = []

    def explain(_connection: object, cursor: Any, statement: str, parameters: object, *_more: object) -> None:
        if statement.startswith("SELECT"):
            asked.append(statement)
            words = "explain query plan" if database.is_sqlite else "explain"
            cursor.execute(f"{words} {statement}", parameters)
            plans.append(" ".join(str(row) for row in cursor.fetchall()))

    with database.write() as session:
        if not database.is_sqlite:
            # It may rightly read a small table from end to end.
            session.execute(text("set local enable_seqscan = off"))
        event.listen(database.engine, "before_cursor_execute", explain)
        outbox.has_due(session, "mail", NOW)
        outbox.claim(session, "mail", NOW, LEASE)
    assert len(plans) == 2
    assert all("outbox.state = 'waiting'" in statement for statement in asked)
    assert all("ix_outbox_waiting" in plan for plan in plans)


def test_a_nudge_may_be_repeated_and_is_forgotten_when_done(database: Database) -> None:
    assert enqueue(database, "title:1")
    assert enqueue(database, "title:1")
    items = claimed(database)
    with database.write() as session:
        outbox.finish(session, [item.id for item in items], NOW)
    assert rows(database) == []


def test_a_claimed_row_is_taken_by_nobody_else_until_its_lease_runs_out(database: Database) -> None:
    enqueue(database, "title:1")
    assert len(claimed(database)) == 1
    assert claimed(database) == []
    assert claimed(database, NOW + LEASE)[0].attempts == 2


def test_a_failure_waits_longer_each_time_and_is_parked_in_the_end(database: Database) -> None:
    enqueue(database, "title:1")
    at = NOW
    for _ in range(outbox.MAX_ATTEMPTS):
        (item,) = claimed(database, at)
        with database.write() as session:
            outbox.fail(session, item.id, "no answer", at)
        at += dt.timedelta(hours=2)
    assert claimed(database, at) == []
    (row,) = rows(database)
    assert (row.state, row.last_error) == ("parked", "no answer")


def test_a_parked_row_can_be_released(database: Database) -> None:
    enqueue(database, "title:1")
    (item,) = claimed(database)
    with database.write() as session:
        outbox.fail(session, item.id, "refused", NOW, permanent=True)
    assert claimed(database, NOW + LEASE) == []
    with database.write() as session:
        outbox.release(session, item.id, NOW)
    assert len(claimed(database)) == 1


def test_the_state_counts_what_waits_and_what_is_parked(database: Database) -> None:
    enqueue(database, "title:1")
    enqueue(database, "title:2")
    with database.write() as session:
        outbox.fail(session, outbox.claim(session, "mail", NOW, LEASE, limit=1)[0].id, "x", NOW, permanent=True)
    with database.read() as session:
        state = outbox.state_of(session, "mail")
    assert (state.waiting, state.parked, state.oldest_at) == (1, 1, NOW)


@pytest.mark.parametrize("attempts", [1, 5, 30])
def test_the_back_off_stays_within_its_bounds(attempts: int) -> None:
    assert dt.timedelta(0) < outbox.back_off(attempts) <= dt.timedelta(seconds=1.5 * 3600)
