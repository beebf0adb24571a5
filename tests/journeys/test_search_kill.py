"""The consumer of the search index is killed at random while titles change; then the index equals the database."""

import os
import random
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, text

from lending.catalog.tables import Title
from lending.core import outbox
from lending.core.clock import SystemClock
from lending.core.database import Database
from lending.search.embedded import EmbeddedIndex
from lending.search.schemas import SearchQuery
from lending.search.sync import TOPIC
from tests.kit.catalog import create_title
from tests.kit.network import create_association, create_federation, create_union
from tests.kit.patience import eventually
from tests.kit.servers import command, environment, free_port, process

TITLES = 60
KILLS = 5
CHANGES_PER_KILL = 200
STATES = ("published", "published", "published", "draft", "archived")
SEED = 20_270_111


class Shelf:
    """Titles that somebody changes without pause. Each name holds a word that no other name ever held."""

    def __init__(self, database: Database) -> None:
        self.database, self.clock, self.chance = database, SystemClock(), random.Random(SEED)
        with database.write() as session:
            owner = create_association(session, create_union(session, create_federation(session)))
            self.ids = [create_title(session, owner, name=f"Titre {word(number)}").id for number in range(TITLES)]

    def change(self, first: int) -> None:
        """Many changes, each with its row in the same transaction."""
        for number in range(first, first + CHANGES_PER_KILL):
            with self.database.write() as session:
                title = session.get_one(Title, self.chance.choice(self.ids))
                title.name, title.visibility = f"Titre {word(number)}", self.chance.choice(STATES)
                outbox.enqueue(session, TOPIC, f"title:{title.id}", self.clock.now())
            time.sleep(0.01)

    def published(self) -> dict[int, str]:
        """The word by which each published title must be found."""
        with self.database.read() as session:
            rows = session.execute(select(Title.id, Title.name).where(Title.visibility == "published"))
            return {title_id: name.split()[1] for title_id, name in rows}

    def is_calm(self) -> bool:
        """Nothing waits any more."""
        with self.database.read() as session:
            return not session.execute(text("select count(*) from outbox where state <> 'done'")).scalar_one()


def word(number: int) -> str:
    """A word of letters alone, far from every other one, so that no typo leads to it."""
    return "".join(chr(ord("a") + int(digit)) * 3 for digit in f"{number:04d}")


@pytest.fixture(params=["sqlite_url", "postgres_url"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    made = environment(tmp_path, request.getfixturevalue(request.param), free_port())
    done = command(made, "migrate")
    assert done.returncode == 0, done.stderr
    return made


@pytest.fixture
def shelf(settings: dict[str, str]) -> Iterator[Shelf]:
    database = Database(settings["LENDING_DATABASE_URL"])
    yield Shelf(database)
    database.dispose()


@pytest.mark.timeout(300)
def test_kill_nine_of_the_consumer_loses_nothing(settings: dict[str, str], shelf: Shelf, tmp_path: Path) -> None:
    log, folder = tmp_path / "worker.log", tmp_path / "search"
    assert command(settings, "reindex").returncode == 0
    for turn in range(KILLS):
        changing = threading.Thread(target=shelf.change, args=(TITLES + turn * CHANGES_PER_KILL,))
        changing.start()
        with process(settings, log, "worker") as running:
            wait_for_a_write(folder, running)
            time.sleep(shelf.chance.uniform(0, 0.4))
            os.kill(running.pid, signal.SIGKILL)
            running.wait(10)
        changing.join()
    with process(settings, log, "worker"):
        eventually(shelf.is_calm)
    check(shelf, EmbeddedIndex(folder))


def wait_for_a_write(folder: Path, running: subprocess.Popen[bytes]) -> None:
    """Until this consumer began to write; it signs for that."""

    def signed() -> bool:
        """the consumer writes"""
        lock = folder / "writer.lock"
        return lock.exists() and lock.read_text(encoding="ascii") == str(running.pid)

    eventually(signed, seconds=60)


def check(shelf: Shelf, index: EmbeddedIndex) -> None:
    """The index holds what is published, each title by its present name and by no other."""
    published = shelf.published()
    assert published
    assert index.document_ids() == set(published)
    found = {title_id: index.search(SearchQuery(text=f'"{one}"')).ids for title_id, one in published.items()}
    assert found == {title_id: [title_id] for title_id in published}
