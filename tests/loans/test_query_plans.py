"""The questions that `lending bench` measures go through an index, on both databases.

PostgreSQL may rightly read a small table from end to end: its sequential scans are switched off, so that a missing
index shows.
"""

import random
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, event

from lending.bench.country import Country, fill
from lending.bench.questions import questions
from lending.core.database import Database
from tests.kit.clock import MONDAY_MORNING

COUNTRY = Country(12_000, MONDAY_MORNING)
EXPECTED = {
    "a year of a title": {"ix_booking_title_open"},
    "a year of a title in demand": {"ix_booking_title_open"},
    "overdue list of an association, first page": {"ix_booking_association_out"},
    "loans due in 3 days, of an association": {"ix_booking_association_out"},
    "a scan at the desk": {"uq_booking_possession", "ix_booking_title_open", "ix_booking_copy_"},
}
# Every row of the table, one after the other.
FULL_SCANS = re.compile(r"^\W*(scan booking\b(?! using)|.*\bseq scan on booking\b)", re.IGNORECASE | re.MULTILINE)
Asked = list[tuple[str, Any]]


@pytest.fixture
def country(database: Database) -> Database:
    with database.write() as session:
        fill(session.connection(), COUNTRY)
    with database.write() as session:
        session.connection().exec_driver_sql("analyze")
    return database


@contextmanager
def listening(db: Database) -> Iterator[Asked]:
    """The statements about bookings that the block sends, as the driver gets them."""
    asked: Asked = []

    def note(_connection: object, _cursor: object, statement: str, parameters: object, *_more: object) -> None:
        if "from booking" in " ".join(statement.lower().split()):
            asked.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def plan(connection: Connection, statement: str, parameters: Any) -> str:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("set local enable_seqscan = off")
        return "\n".join(row[0] for row in connection.exec_driver_sql(f"explain {statement}", parameters))
    return "\n".join(row[3] for row in connection.exec_driver_sql(f"explain query plan {statement}", parameters))


def plans(db: Database, question: Callable[[random.Random], object]) -> list[str]:
    with listening(db) as asked:
        question(random.Random(1))
    with db.connect() as connection:
        return [plan(connection, statement, parameters) for statement, parameters in asked]


def test_what_is_asked_most_is_found_through_an_index(country: Database) -> None:
    asked = questions(country, COUNTRY)
    assert set(asked) == set(EXPECTED)
    for name, question in asked.items():
        found = plans(country, question)
        assert found, f"{name} is about bookings"
        for one in found:
            assert not FULL_SCANS.search(one), f"{name}:\n{one}"
        for index in EXPECTED[name]:
            assert any(index in one for one in found), f"{name} without {index}:\n" + "\n\n".join(found)


def test_a_scan_of_the_whole_table_is_seen(country: Database) -> None:
    with country.connect() as connection:
        if country.is_sqlite:
            assert FULL_SCANS.search(plan(connection, "select * from booking where reference like '%X'", ()))
            return
        rows = connection.exec_driver_sql("explain select * from booking")
        assert FULL_SCANS.search("\n".join(row[0] for row in rows))
