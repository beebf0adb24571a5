"""Rows by the hundred thousand, as fast as each database takes them; its guards stay where they are."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Connection, FromClause, Table, insert
from sqlalchemy.sql.schema import ScalarElementColumnDefault

AT_ONCE = 20_000
Row = Sequence[Any]


def insert_rows(connection: Connection, into: FromClause, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Put rows into a table: COPY on PostgreSQL, one prepared statement on SQLite."""
    if not isinstance(into, Table):
        raise TypeError(into)
    if connection.dialect.name == "postgresql":
        _copy(connection, into, columns, rows)
        return
    left = iter(rows)
    while batch := [dict(zip(columns, row, strict=True)) for row in islice(left, AT_ONCE)]:
        connection.execute(insert(into), batch)


def _copy(connection: Connection, into: Table, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """COPY knows nothing of the defaults that the tables' classes fill in: they are added to each row."""
    others = [one for one in into.columns if one.name not in columns]
    added = {one.name: one.default.arg for one in others if isinstance(one.default, ScalarElementColumnDefault)}
    cursor: Any = connection.connection.cursor()
    names, values = ", ".join([*columns, *added]), tuple(added.values())
    with cursor.copy(f"copy {into.name} ({names}) from stdin") as copy:
        for row in rows:
            copy.write_row((*row, *values))
    cursor.close()
