"""Rules that the database itself keeps, per dialect, beside what the metadata can say.

They stay out of the metadata on purpose: a dialect's exclusion constraint would otherwise be written into the
migrations of the other, and no comparison of schemas ever sees a trigger. A missing guard refuses to serve.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, text


@dataclass(frozen=True)
class Guard:
    """One named rule: `create` is the statement that makes it on `dialect`."""

    name: str
    dialect: str
    table: str
    create: str


class MissingGuardError(RuntimeError):
    """The database lacks a guard; serving would risk what the guard protects."""


REGISTRY: list[Guard] = []


def register(*guards: Guard) -> None:
    """Add guards; called once, where a package defines them."""
    REGISTRY.extend(guard for guard in guards if guard not in REGISTRY)


def guards_of(dialect: str) -> list[Guard]:
    """The guards that a dialect must have."""
    return [guard for guard in REGISTRY if guard.dialect == dialect]


def create_guards(connection: Connection, table: str | None = None) -> None:
    """Create those that are missing (on `table` only, where given). Run it after each batch alteration on SQLite."""
    present = present_names(connection)
    for guard in guards_of(connection.dialect.name):
        if guard.name not in present and table in (None, guard.table):
            connection.exec_driver_sql(guard.create)


def missing_guards(connection: Connection) -> list[str]:
    """The names of the guards that should be there and are not."""
    present = present_names(connection)
    return [guard.name for guard in guards_of(connection.dialect.name) if guard.name not in present]


def check_guards(connection: Connection) -> None:
    """Raise MissingGuardError unless every guard is there."""
    if missing := missing_guards(connection):
        message = f"guards missing from the database: {', '.join(missing)}; run `lending migrate`"
        raise MissingGuardError(message)


def present_names(connection: Connection) -> set[str]:
    """The names of all triggers (SQLite) or exclusion constraints (PostgreSQL)."""
    query = {
        "sqlite": "select name from sqlite_master where type = 'trigger'",
        "postgresql": "select conname from pg_constraint where contype = 'x'",
    }[connection.dialect.name]
    return set(connection.execute(text(query)).scalars())
