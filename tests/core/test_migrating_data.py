"""A database in use loses nothing on its way to the newest schema."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text

from lending.core.database import Database
from lending.core.guards import create_guards, missing_guards
from lending.migrations.run import _config, pending, upgrade

FIRST_ROWS = Path(__file__).parent / "rows_of_the_first_schema.sql"


@pytest.fixture
def old(database_url: str, tmp_path: Path) -> Iterator[Database]:
    """An empty database brought to the first schema."""
    is_sqlite = database_url.startswith("sqlite")
    database = Database(f"sqlite:///{tmp_path / 'old.db'}" if is_sqlite else database_url)
    with database.connect(writes=True) as connection:
        if not is_sqlite:
            connection.execute(text("drop schema public cascade"))
            connection.execute(text("create schema public"))
        command.upgrade(_config(connection), "0001")
        create_guards(connection)
    yield database
    database.dispose()


def test_a_database_of_the_first_schema_keeps_its_rows_and_gets_its_guards(old: Database) -> None:
    with old.connect(writes=True) as connection:
        for statement in FIRST_ROWS.read_text(encoding="utf-8").strip().rstrip(";").split(";\n"):
            connection.execute(text(statement))
    upgrade(old)
    with old.connect() as connection:
        assert pending(connection) is None
        assert missing_guards(connection) == []
        assert connection.scalar(text("select holiday_territory from association")) == "57"
        assert connection.scalar(text("select count(*) from opening where serves = 'desk'")) == 1
        assert connection.scalar(text("select scope from loan_rule")) == "3:*"
        states = connection.execute(text("select state, deposit_state from booking order by id")).all()
        assert [tuple(row) for row in states] == [("planned", "none"), ("cancelled", "none")]
        assert connection.scalar(text("select count(*) from copy")) == 1
