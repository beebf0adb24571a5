"""Contents checks: dated, exact about what is missing, without a word about the copy's status."""

import datetime as dt
from collections.abc import Mapping
from typing import Protocol

import pytest
from sqlalchemy import select

from lending.catalog import queries
from lending.catalog.errors import BadFoundCount, UnknownContentLine
from lending.catalog.schemas import CheckRecorded, LastCheck
from lending.catalog.service.record_check import record_check
from lending.catalog.tables import ContentLine, ContentsCheck, ContentsCheckLine, Copy
from lending.core.clock import Clock
from lending.core.database import Database
from lending.core.errors import NotFound
from tests.catalog.conftest import World


class Recorder(Protocol):
    """Records a check of the first copy."""

    def __call__(self, found: Mapping[int, int], *, days_later: int = 0) -> CheckRecorded: ...


@pytest.fixture
def check(database: Database, world: World, clock: Clock) -> Recorder:
    def record(found: Mapping[int, int], *, days_later: int = 0) -> CheckRecorded:
        at = clock.now() + dt.timedelta(days=days_later)
        with database.write() as session:
            return record_check(session, world.copy_ids[0], "return", found, world.staff.person_id, at)

    return record


def last_check(database: Database, world: World) -> LastCheck | None:
    with database.read() as session:
        return queries.copy(session, world.copy_ids[0]).last_check


def test_all_there_is_complete_and_every_line_is_kept(database: Database, world: World, check: Recorder) -> None:
    recorded = check({world.line_ids[0]: 5})
    assert (recorded.outcome, recorded.missing) == ("complete", [])
    with database.read() as session:
        rows = session.scalars(select(ContentsCheckLine).order_by(ContentsCheckLine.line_id)).all()
    assert [row.line_id for row in rows] == sorted(world.line_ids)
    assert all(row.found == row.expected for row in rows)


def test_what_is_missing_is_told_in_the_order_of_the_checklist(world: World, check: Recorder) -> None:
    recorded = check({world.line_ids[2]: 0, world.line_ids[0]: 4})
    assert recorded.outcome == "incomplete"
    assert [(line.name, line.missing) for line in recorded.missing] == [
        ("Album « Le loup »", 1),
        ("Jeu de l’oie", 2),
    ]


def test_what_was_missing_last_is_told_whatever_was_found_before(
    database: Database, world: World, check: Recorder
) -> None:
    def missing() -> list[str]:
        with database.read() as session:
            return [line.name for line in queries.missing_at_last(session, world.copy_ids[0])]

    assert missing() == []
    check({world.line_ids[0]: 4})
    check({world.line_ids[2]: 0}, days_later=2)
    assert missing() == ["Jeu de l’oie"]
    # What is told later of an earlier day changes nothing.
    check({world.line_ids[0]: 4}, days_later=1)
    assert missing() == ["Jeu de l’oie"]
    check({}, days_later=3)
    assert missing() == []


def test_a_used_up_consumable_is_told_but_leaves_the_copy_complete(
    database: Database, world: World, check: Recorder
) -> None:
    with database.write() as session:
        session.get_one(ContentLine, world.line_ids[0]).is_consumable = True
    recorded = check({world.line_ids[0]: 0})
    assert (recorded.outcome, [line.missing for line in recorded.missing]) == ("complete", [5])


def test_more_than_expected_is_kept_and_not_missing(database: Database, world: World, check: Recorder) -> None:
    assert check({world.line_ids[0]: 6}).outcome == "complete"
    with database.read() as session:
        kept = {row.line_id: row.found for row in session.scalars(select(ContentsCheckLine))}
    assert kept[world.line_ids[0]] == 6


def test_the_latest_check_speaks_for_the_copy(database: Database, world: World, check: Recorder) -> None:
    check({world.line_ids[0]: 4}, days_later=1)
    later = check({}, days_later=2)
    check({world.line_ids[0]: 0})
    latest = last_check(database, world)
    assert latest is not None
    assert (latest.id, latest.outcome, latest.missing) == (later.check_id, "complete", [])


def test_of_two_checks_at_one_instant_the_second_speaks(database: Database, world: World, check: Recorder) -> None:
    check({})
    second = check({world.line_ids[0]: 4})
    latest = last_check(database, world)
    assert latest is not None
    assert latest.id == second.check_id


def test_the_status_is_left_to_the_desk(database: Database, world: World, check: Recorder) -> None:
    check({world.line_ids[0]: 0})
    with database.read() as session:
        assert session.get_one(Copy, world.copy_ids[0]).status == "lendable"


@pytest.mark.parametrize(("line", "found", "error"), [(0, -1, BadFoundCount), (None, 1, UnknownContentLine)])
def test_counts_that_cannot_be_are_refused_and_nothing_is_written(
    database: Database, world: World, check: Recorder, line: int | None, found: int, error: type[Exception]
) -> None:
    line_id = 999_999 if line is None else world.line_ids[line]
    with pytest.raises(error):
        check({line_id: found})
    with database.read() as session:
        assert session.scalars(select(ContentsCheck)).all() == []


def test_a_copy_that_does_not_exist_is_not_found(database: Database, world: World, clock: Clock) -> None:
    del world
    with database.write() as session, pytest.raises(NotFound):
        record_check(session, 999_999, "return", {}, None, clock.now())
