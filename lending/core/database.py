"""The two doors to the database.

`read()` is a transaction of which nothing is kept; `write()` commits at the end of the block. On SQLite a write begins
with BEGIN IMMEDIATE: the driver's default lost 175 of 200 updates without a word, and a deferred BEGIN refuses to
upgrade. One in-process lock in front of it makes writers queue fairly instead of polling.
"""

import contextlib
import datetime as dt
import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    DateTime,
    Engine,
    Executable,
    MetaData,
    Result,
    Table,
    TypeDecorator,
    create_engine,
    event,
    inspect,
    make_url,
)
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.exc import DisconnectionError, SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Session, SessionTransaction, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from lending.core.narrowing import narrowed

POOL_SIZE = 20
REST_SECONDS = 5
USED_AT = "used_at"
READING, WRITING = "BEGIN", "BEGIN IMMEDIATE"
SQLITE_PRAGMAS = (
    "journal_mode=wal",
    "synchronous=normal",
    "foreign_keys=on",
    "busy_timeout=30000",
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(TypeDecorator[dt.datetime]):
    """An instant. It goes in aware and comes out aware, in UTC, on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Refuse a naive instant, which would mean something else on each machine."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = "an instant needs a time zone"
            raise ValueError(message)
        value = value.astimezone(dt.UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Give the zone back that SQLite cannot keep."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if dialect.name == "sqlite" else value.astimezone(dt.UTC)


class Base(DeclarativeBase):
    """The base of every table."""

    metadata = metadata
    type_annotation_map = {dt.datetime: UtcDateTime}  # noqa: RUF012 - SQLAlchemy reads a plain dict here


def table_of(mapped: Any) -> Table:
    """The bare table of a mapped class, or of an alias of one, for statements that make no objects."""
    found: Table = inspect(mapped).selectable
    return found


def ask(session: Session, question: Executable, **facts: object) -> Result[*tuple[Any, ...]]:
    """What a statement about bare tables answers: in a third of the time that objects take.

    What the session holds back is written first, which SQLAlchemy does by itself for objects only. The statement goes
    to the session's connection, past all that a session prepares for objects.
    """
    session.flush()
    return session.connection().execute(*narrowed(question, facts))


class _UndoneError(Exception):
    """Ends a rehearsal."""


class _View(threading.local):
    """What the questions of one thread share, between the two ends of `Database.one_view`."""

    is_shared = False
    session: Session | None = None


class Database:
    """An engine and its two doors. Cheap to make; `dispose()` closes its connections."""

    def __init__(self, url: str) -> None:
        """`url` is an SQLAlchemy address: `sqlite:///path` or `postgresql+psycopg://…`."""
        self.engine = make_engine(url)
        self._reader = sessionmaker(self.engine.execution_options(**self._reading()), expire_on_commit=False)
        self._writer = sessionmaker(self.engine, expire_on_commit=False)
        if self.is_sqlite:
            event.listen(self._reader, "after_begin", partial(_begin_sqlite, READING))
            event.listen(self._writer, "after_begin", partial(_begin_sqlite, WRITING))
        self._write_lock = threading.Lock() if self.is_sqlite else None
        self._after_write: list[Callable[[], None]] = []
        self._view = _View()

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the one-machine database."""
        return self.engine.dialect.name == "sqlite"

    def _reading(self) -> dict[str, object]:
        """How a read begins: SQLite shows one moment by itself, and cannot be told to refuse writing."""
        return {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}

    def after_write(self, callback: Callable[[], None]) -> None:
        """Call `callback` after each committed write: a wake-up for consumers, never the carrier of work."""
        self._after_write.append(callback)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A consistent view, of which nothing is kept; PostgreSQL refuses to write in it (SQLAlchemyError).

        What was loaded stays readable afterwards.
        """
        if not self._view.is_shared:
            with self._reader() as session:
                yield session
                _end_read(session)
            return
        self._view.session = self._view.session or self._reader()
        try:
            yield self._view.session
        except SQLAlchemyError:
            # A statement that failed spoils the transaction for whoever asks next.
            self._view.session.rollback()
            self._end_view()
            raise

    @contextmanager
    def one_view(self) -> Iterator[None]:
        """Let every `read()` of this thread share one transaction: a page with ten questions asks of one moment.

        A `write()` inside ends what is shared, and what is read after it begins anew. No `read()` may be open then,
        and nothing that was read may be changed.
        """
        if self._view.is_shared:
            yield
            return
        self._view.is_shared = True
        try:
            yield
        finally:
            self._view.is_shared = False
            self._end_view()

    def _end_view(self) -> None:
        session, self._view.session = self._view.session, None
        if session is not None:
            _end_read(session)
            session.close()

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction: committed at the end of the block, rolled back on any exception, which goes on out."""
        self._end_view()
        if self._write_lock is None:
            with self._writer.begin() as session:
                yield session
        else:
            with self._write_lock, self._writer.begin() as session:
                yield session
        for callback in self._after_write:
            callback()

    @contextmanager
    def rehearse(self) -> Iterator[Session]:
        """A write that is always undone: to see what would happen, with the same locks as if it did."""
        with contextlib.suppress(_UndoneError), self.write() as session:
            yield session
            raise _UndoneError

    @contextmanager
    def connect(self, *, writes: bool = False) -> Iterator[Connection]:
        """One transaction of a bare connection, for migrations and checks; what it `writes` is kept at the end."""
        with self.engine.connect() as connection:
            if self.is_sqlite:
                connection.exec_driver_sql(WRITING if writes else READING)
            yield connection
            if writes:
                connection.commit()

    def dispose(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def _end_read(session: Session) -> None:
    """End a read without a rollback on PostgreSQL, whose driver forgets at each one every statement it has prepared.

    The transaction is read-only there, and what the session itself holds back is not written.
    """
    if session.in_transaction() and session.get_bind().dialect.name == "postgresql":
        # What was read is at hand: a server that is lost just now is the next one's trouble.
        with contextlib.suppress(SQLAlchemyError):
            session.connection().commit()


def make_engine(url: str) -> Engine:
    """The engine; on SQLite, whoever takes a connection of it begins the transaction."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        if parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(parsed, pool_size=POOL_SIZE, max_overflow=POOL_SIZE)
        event.listen(engine, "connect", _prepare_sqlite)
        return engine
    # The connection used last is taken first: it has prepared most statements already.
    engine = create_engine(parsed, pool_size=POOL_SIZE, max_overflow=POOL_SIZE, pool_use_lifo=True)
    event.listen(engine, "checkin", _note_use)
    event.listen(engine, "checkout", _look_after_rest)
    return engine


def _note_use(_connection: object, record: ConnectionPoolEntry) -> None:
    record.info[USED_AT] = time.monotonic()


def _look_after_rest(connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
    """A server that was restarted meanwhile is noticed here, and the pool connects anew.

    The pool's own look before each use would be a round trip for each of our transactions.
    """
    if time.monotonic() - record.info.get(USED_AT, math.inf) < REST_SECONDS:
        return
    try:
        connection.cursor().execute("select 1")
        connection.rollback()
    except Exception as error:
        raise DisconnectionError from error


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    for pragma in SQLITE_PRAGMAS:
        connection.execute(f"pragma {pragma}")
    # SQLite's own lower() knows ASCII only, so that « École » would not find itself.
    connection.create_function("lower", 1, _lower, deterministic=True)


def _lower(text: Any) -> Any:
    return text.lower() if isinstance(text, str) else text


def _begin_sqlite(how: str, _session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    """The driver begins nothing by itself here, and a savepoint lies inside what was begun.

    The sessions do it, because an engine that listens to its transactions takes a third longer for every statement.
    """
    if not transaction.nested:
        connection.exec_driver_sql(how)
