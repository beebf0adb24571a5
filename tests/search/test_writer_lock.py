"""One process writes to an embedded index, the others read; a second writer is told who the first one is."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lending.search.embedded import EmbeddedIndex, writer_lock
from lending.search.embedded.writer_lock import SecondWriter, WriterLock
from lending.search.schemas import SearchQuery
from tests.kit.search import document
from tests.kit.servers import ROOT

HOLD = """
import sys
from pathlib import Path
from lending.search.embedded.writer_lock import WriterLock
with WriterLock(Path(sys.argv[1])).held():
    print("held", flush=True)
    sys.stdin.readline()
"""


@contextmanager
def other_writer(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that is writing, for the length of the block."""
    line = [sys.executable, "-c", HOLD, str(folder)]
    with subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "held\n"
        yield running
        running.kill()


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> EmbeddedIndex:
    monkeypatch.setattr(WriterLock.__init__, "__defaults__", (0.2,))
    index = EmbeddedIndex(tmp_path)
    index.rebuild([document(1)])
    return index


def test_a_second_writer_is_told_who_writes_and_reading_goes_on(index: EmbeddedIndex, tmp_path: Path) -> None:
    with other_writer(tmp_path) as other:
        with pytest.raises(SecondWriter, match=f"{other.pid}.*{tmp_path}"):
            index.apply([document(2)], [])
        with pytest.raises(SecondWriter):
            index.rebuild([])
        assert index.search(SearchQuery(text="loup")).ids == [1]


def test_a_writer_that_was_killed_holds_nobody_up(index: EmbeddedIndex, tmp_path: Path) -> None:
    with other_writer(tmp_path) as other:
        other.kill()
        other.wait()
        index.apply([document(2)], [])
    assert index.document_ids() == {1, 2}


def test_two_writers_take_turns(tmp_path: Path) -> None:
    first, second = EmbeddedIndex(tmp_path), EmbeddedIndex(tmp_path)
    for number in range(1, 9):
        (first if number % 2 else second).apply([document(number)], [])
    second.rebuild([document(20)])
    first.apply([document(21)], [])
    assert first.document_ids() == second.document_ids() == {20, 21}
    assert writer_lock.PATIENCE_SECONDS > 1
