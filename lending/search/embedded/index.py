"""The adapter on tantivy.

The folder holds one index per build and a file `current` that names the one in use; a new build is swapped in by
replacing that file. One process at a time writes (`writer_lock.py` sees to it), any number read: each search first
looks whether the pointer or the index changed.
"""

import os
import shutil
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path

import tantivy

from lending.search.embedded.fields import SCHEMA_VERSION, entry, schema, vocabulary_of
from lending.search.embedded.reader import Reader
from lending.search.embedded.vocabulary import Vocabulary
from lending.search.embedded.writer_lock import WriterLock
from lending.search.port import IndexDown
from lending.search.schemas import IndexDocument, IndexPage, SearchQuery

WRITER_BYTES = 32_000_000
POINTER = "current"


class EmbeddedIndex:
    """An index in a folder."""

    def __init__(self, folder: Path) -> None:
        """The folder is made when it does not exist; a damaged index is left behind and begun anew, empty."""
        self._folder = folder
        self._lock = threading.RLock()
        self._writing = WriterLock(folder)
        self._state: tuple[str, int] = ("", 0)
        folder.mkdir(parents=True, exist_ok=True)
        self._open_current()

    def search(self, query: SearchQuery) -> IndexPage:
        """Ids in order, total and facet counts. Typos are allowed for only when little is found without."""
        try:
            self._reload_if_changed()
            return self._reader.search(query)
        except (ValueError, OSError) as error:
            raise IndexDown from error

    def apply(self, put: Sequence[IndexDocument], delete: Iterable[int]) -> None:
        """One commit; searches of this process see it at once, others with their next search. Raises SecondWriter."""
        with self._writing.held():
            self._reload_if_changed()
            writer = self._index.writer(WRITER_BYTES, 1)
            for title_id in (*delete, *(document.id for document in put)):
                writer.delete_documents_by_term("id", title_id)
            for document in put:
                writer.add_document(entry(document))
            writer.commit()
            with self._lock:
                self._reader.vocabulary.add(word for document in put for word in vocabulary_of(document))
                self._read_again(self._reader.vocabulary)
            # Searches see the change; tidying up goes on beside them.
            writer.wait_merging_threads()

    def rebuild(self, documents: Iterable[IndexDocument]) -> int:
        """Build in a folder of its own, then point to it. Raises SecondWriter."""
        with self._writing.held():
            return self._rebuild(documents)

    def document_ids(self) -> set[int]:
        """Which titles are in the index."""
        self._reload_if_changed()
        return self._reader.ids()

    def close(self) -> None:
        """Nothing is held open between two writes."""

    def _rebuild(self, documents: Iterable[IndexDocument]) -> int:
        name, count = self._new_name(), 0
        fresh = self._create(name)
        writer = fresh.writer(WRITER_BYTES, 1)
        for document in documents:
            writer.add_document(entry(document))
            count += 1
        writer.commit()
        writer.wait_merging_threads()
        with self._lock:
            self._point_to(name)
            self._open_current()
            self._remove_others(name)
        return count

    def _open_current(self) -> None:
        with self._lock:
            pointer = self._folder / POINTER
            name = pointer.read_text(encoding="utf-8").strip() if pointer.exists() else ""
            found = self._usable(name)
            if found is None:
                name = self._new_name()
                found = self._create(name)
                self._point_to(name)
            self._index = found
            self._read_again()

    def _usable(self, name: str) -> tantivy.Index | None:
        if not name.startswith(f"v{SCHEMA_VERSION}-"):
            return None
        try:
            return tantivy.Index.open(str(self._folder / name))
        except (ValueError, OSError):
            return None

    def _reload_if_changed(self) -> None:
        with self._lock:
            state = self._stamp()
            if state[0] != self._state[0]:
                self._open_current()
            elif state != self._state:
                self._read_again(self._reader.vocabulary)

    def _read_again(self, known: Vocabulary | None = None) -> None:
        self._index.reload()
        self._reader = Reader(self._index, None if known is None or known.is_old else known)
        self._state = self._stamp()

    def _stamp(self) -> tuple[str, int]:
        name = (self._folder / POINTER).read_text(encoding="utf-8").strip()
        return name, (self._folder / name / "meta.json").stat().st_mtime_ns

    def _create(self, name: str) -> tantivy.Index:
        path = self._folder / name
        path.mkdir(parents=True)
        return tantivy.Index(schema(), path=str(path))

    def _new_name(self) -> str:
        return f"v{SCHEMA_VERSION}-{os.urandom(6).hex()}"

    def _point_to(self, name: str) -> None:
        draft = self._folder / f"{POINTER}.{os.getpid()}"
        draft.write_text(name, encoding="utf-8")
        draft.replace(self._folder / POINTER)

    def _remove_others(self, name: str) -> None:
        for other in self._folder.iterdir():
            if other.is_dir() and other.name != name:
                shutil.rmtree(other, ignore_errors=True)
