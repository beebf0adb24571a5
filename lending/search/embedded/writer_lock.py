"""One writer at a time for an index in a folder, whatever process it is in; everybody else reads and reloads.

The system lets the lock go when a process ends, however it ends.
"""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, ClassVar

from lending.core.i18n import N_
from lending.search.port import IndexDown

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

PATIENCE_SECONDS = 15.0
LOOK_SECONDS = 0.02
NAME = "writer.lock"


@dataclass(eq=False)
class SecondWriter(IndexDown):
    """Another process writes to the index and does not come to an end."""

    slug: ClassVar[str] = "second-writer"
    title: ClassVar[str] = N_("Index déjà en écriture")
    detail: ClassVar[str] = N_(
        "Le processus {process} écrit dans l’index de {folder}. Attendez qu’il finisse, ou donnez à chacun son dossier."
    )
    process: str
    folder: str


class WriterLock:
    """The right to write in a folder."""

    def __init__(self, folder: Path, patience_seconds: float = PATIENCE_SECONDS) -> None:
        """`patience_seconds` is how long to wait for another writer."""
        self._folder = folder
        self._patience = patience_seconds

    @contextmanager
    def held(self) -> Iterator[None]:
        """Write inside the block. Raises SecondWriter when another process goes on writing."""
        file = self._taken()
        try:
            yield
        finally:
            file.close()

    def _taken(self) -> IO[str]:
        until = time.monotonic() + self._patience
        while True:
            file = (self._folder / NAME).open("a+", encoding="ascii")
            if _is_locked(file):
                return _signed(file)
            holder = _signature(file)
            file.close()
            if time.monotonic() >= until:
                raise SecondWriter(process=holder, folder=str(self._folder))
            time.sleep(LOOK_SECONDS)


def _is_locked(file: IO[str]) -> bool:
    try:
        if sys.platform == "win32":
            # Far behind the process number, which stays readable.
            file.seek(1_000_000)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _signed(file: IO[str]) -> IO[str]:
    """Leave the process's number for whoever comes second."""
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


def _signature(file: IO[str]) -> str:
    file.seek(0)
    return file.read(20).strip() or "?"
