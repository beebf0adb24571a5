"""Which of several workers works. The lock only saves work: correctness comes from the keys of the outbox."""

import contextlib
import logging
import sys
import threading
from pathlib import Path
from typing import IO, Protocol

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from lending.core.database import Database

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

# Any number will do, as long as nothing else in the database takes an advisory lock with it.
LEADER_LOCK = 720_370_210
log = logging.getLogger(__name__)


class Leader(Protocol):
    """Decides which of several workers works."""

    def leads(self) -> bool:
        """Whether this one does; tries to take the lead if nobody has it."""
        ...

    def resign(self) -> None:
        """Let another one lead."""
        ...


def leader_of(db: Database) -> Leader:
    """The lock that fits the database."""
    return FileLock(Path(f"{db.engine.url.database}.worker")) if db.is_sqlite else DatabaseLock(db.engine)


class FileLock:
    """A lock on a file beside the database; the system lets it go when the process ends, however it ends."""

    def __init__(self, path: Path) -> None:
        """The file is made when it is first needed."""
        self._path = path
        self._file: IO[bytes] | None = None
        self._mutex = threading.Lock()

    def leads(self) -> bool:
        """Whether the lock is held, or could be taken now."""
        with self._mutex:
            if self._file is None:
                self._file = _locked(self._path)
            return self._file is not None

    def resign(self) -> None:
        """Close the file, which lets the lock go."""
        with self._mutex:
            if self._file is not None:
                self._file.close()
                self._file = None


class DatabaseLock:
    """An advisory lock on a connection of its own; PostgreSQL lets it go when the connection ends."""

    def __init__(self, engine: Engine) -> None:
        """Connects when it is first asked."""
        self._engine = engine
        self._connection: Connection | None = None
        self._mutex = threading.Lock()

    def leads(self) -> bool:
        """Whether the lock is held by a connection that still lives, or could be taken now."""
        with self._mutex:
            if self._connection is not None and self._answers(self._connection):
                return True
            self._hang_up()
            return self._take()

    def resign(self) -> None:
        """Close the connection, which lets the lock go."""
        with self._mutex:
            self._hang_up()

    def _answers(self, connection: Connection) -> bool:
        try:
            return bool(connection.execute(text("select true")).scalar())
        except SQLAlchemyError:
            return False

    def _take(self) -> bool:
        try:
            self._connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            # Out of the pool for good: a pooled connection would keep the lock after it was given back.
            self._connection.detach()
            taken = self._connection.execute(text("select pg_try_advisory_lock(:key)"), {"key": LEADER_LOCK})
            if taken.scalar():
                return True
        except SQLAlchemyError as error:
            log.warning("the database does not answer: %s", type(error).__name__)
        self._hang_up()
        return False

    def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(SQLAlchemyError):
                connection.close()


def _locked(path: Path) -> IO[bytes] | None:
    """The open file with the lock on it, or None when another process holds it."""
    file = path.open("ab")
    try:
        if sys.platform == "win32":
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file
