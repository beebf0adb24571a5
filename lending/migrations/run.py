"""Bring a database to the newest schema, and tell how it stands."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from lending.core.database import Database
from lending.core.guards import create_guards
from lending.migrations.models import metadata

HERE = Path(__file__).parent


def upgrade(db: Database) -> None:
    """Run what is missing, then make sure of the guards. Safe to run at every start."""
    with db.connect(writes=True) as connection:
        command.upgrade(_config(connection), "head")
        create_guards(connection)


def pending(connection: Connection) -> str | None:
    """The revision that the database lacks, or None when it is up to date."""
    head = ScriptDirectory.from_config(_config(connection)).get_current_head()
    current = MigrationContext.configure(connection).get_current_revision()
    return head if head != current else None


def differences(connection: Connection) -> list[object]:
    """Where the migrated database and the tables in the code disagree."""
    return list(
        compare_metadata(
            MigrationContext.configure(connection, opts={"compare_type": True}),
            metadata,
        )
    )


def make_revision(db: Database, message: str) -> None:
    """Write a new migration from what differs; for developers, who read it before they keep it."""
    with db.connect(writes=True) as connection:
        command.revision(_config(connection), message, autogenerate=True)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["connection"] = connection
    return config
