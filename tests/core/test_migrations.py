"""One tree of migrations gives both databases the tables and the guards of the code."""

import pytest
from sqlalchemy import text

from lending.core.database import Database
from lending.core.guards import MissingGuardError, check_guards, guards_of, missing_guards
from lending.migrations.run import differences, pending, upgrade


def test_the_migrated_database_equals_the_tables_in_the_code(database: Database) -> None:
    with database.connect() as connection:
        assert pending(connection) is None
        assert differences(connection) == []


def test_a_second_upgrade_changes_nothing(database: Database) -> None:
    upgrade(database)
    with database.connect() as connection:
        assert differences(connection) == []


def test_every_guard_is_there(database: Database) -> None:
    with database.connect() as connection:
        assert guards_of(connection.dialect.name)
        assert missing_guards(connection) == []


def test_a_missing_guard_refuses_to_serve_and_the_upgrade_brings_it_back(database: Database) -> None:
    with database.connect(writes=True) as connection:
        guard = guards_of(connection.dialect.name)[0]
        drop = (
            f"drop trigger {guard.name}" if database.is_sqlite else f"alter table booking drop constraint {guard.name}"
        )
        connection.execute(text(drop))
    with database.connect() as connection, pytest.raises(MissingGuardError, match=guard.name):
        check_guards(connection)
    upgrade(database)
    with database.connect() as connection:
        check_guards(connection)
