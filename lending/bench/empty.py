"""Databases of a benchmark's own: migrated, and gone afterwards."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from lending.core.clock import SystemClock
from lending.core.database import Database
from lending.migrations.run import upgrade


@contextmanager
def empty_database(kind: str, server: str | None) -> Iterator[Database]:
    """A migrated database that is gone afterwards."""
    maker = _on_server(server) if kind == "postgresql" and server else _in_a_file()
    with maker as url:
        database = Database(url)
        upgrade(database)
        yield database
        database.dispose()


@contextmanager
def _in_a_file() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="lending-bench") as folder:
        yield f"sqlite:///{Path(folder) / 'bench.db'}"


@contextmanager
def _on_server(server: str) -> Iterator[str]:
    name = f"lending_bench_{SystemClock().now():%H%M%S%f}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"create database {name}"))
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.execute(text(f"drop database {name} with (force)"))
        engine.dispose()
