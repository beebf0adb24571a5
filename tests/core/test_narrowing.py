"""A question about a list of one is asked about the one, and answers the same."""

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import BindParameter, bindparam, delete, select, tuple_, union_all, update

from lending.core.database import Database, ask, table_of
from lending.core.narrowing import narrowed
from lending.core.tables import OutboxRow

NOW = dt.datetime(2026, 9, 1, 8, tzinfo=dt.UTC)
table = table_of(OutboxRow)
IDS: BindParameter[Any] = bindparam("ids", expanding=True)
THESE = select(table.c.id).where(table.c.id.in_(IDS)).order_by(table.c.id)
OTHERS = select(table.c.id).where(table.c.id.not_in(IDS)).order_by(table.c.id)
PAIRS = select(table.c.id).where(tuple_(table.c.id, table.c.subject).in_(bindparam("pairs", expanding=True)))
TWICE = union_all(THESE.order_by(None), select(table.c.id).where(table.c.attempts == 0, table.c.id.in_(IDS)))
MIXED = select(table.c.id).where(table.c.id.in_(IDS), table.c.attempts.not_in(IDS))


@pytest.fixture
def ids(database: Database) -> list[int]:
    rows = [
        OutboxRow(topic="mail", subject=f"{one}", created_at=NOW, next_at=NOW, state="waiting", attempts=0)
        for one in range(3)
    ]
    with database.write() as session:
        session.add_all(rows)
        session.flush()
        return [row.id for row in rows]


def test_a_list_answers_the_same_at_any_length(database: Database, ids: list[int]) -> None:
    with database.read() as session:
        for wanted in ([], ids[:1], ids[:2], ids):
            assert ask(session, THESE, ids=wanted).scalars().all() == wanted
            assert ask(session, OTHERS, ids=wanted).scalars().all() == [one for one in ids if one not in wanted]
            assert sorted(ask(session, TWICE, ids=wanted).scalars()) == sorted([*wanted, *wanted])


def test_what_is_no_plain_list_stays_one(database: Database, ids: list[int]) -> None:
    with database.read() as session:
        assert ask(session, PAIRS, pairs=[(ids[1], "1")]).scalars().all() == [ids[1]]
        assert ask(session, MIXED, ids=[ids[2]]).scalars().all() == [ids[2]]
    assert narrowed(MIXED, {"ids": [1]}) == (MIXED, {"ids": [1]})


def test_changes_are_narrowed_too(database: Database, ids: list[int]) -> None:
    these = table.c.id.in_(IDS)
    with database.write() as session:
        ask(session, update(table).where(these).values(attempts=bindparam("tries")), ids=ids[:1], tries=5)
        ask(session, delete(table).where(these), ids=ids[1:2])
    with database.read() as session:
        assert session.execute(select(table.c.id, table.c.attempts).order_by(table.c.id)).all() == [
            (ids[0], 5),
            (ids[2], 0),
        ]


def test_the_question_about_one_is_written_once_and_has_no_list() -> None:
    (first, facts), (second, _) = narrowed(THESE, {"ids": [1]}), narrowed(THESE, {"ids": [2]})
    assert facts == {"ids": 1}
    assert first is second
    assert "outbox.id = :ids" in str(first)
    assert narrowed(THESE, {"ids": [1, 2]})[0] is THESE
    assert narrowed(THESE, {"ids": []})[0] is THESE
