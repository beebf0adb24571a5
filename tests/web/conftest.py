"""A small association with a trunk, a game and a sheet, and visitors of its pages."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lending.core.database import Database
from tests.kit.catalog import create_copies, create_document, create_term, create_title
from tests.kit.clock import FixedClock
from tests.kit.loans import World, create_world
from tests.kit.pages import Browser, browsing


@pytest.fixture
def world(sqlite_url: str, clock: FixedClock) -> World:
    """Open from Monday to Friday; two copies of « Malle coopération », one of the game, a sheet to download."""
    world = create_world(Database(sqlite_url), clock, weekdays=(0, 1, 2, 3, 4), with_contents=True)
    with world.db.write() as session:
        create_term(session, "level", "CE1")
        create_term(session, "theme", "cooperation", label_fr="Coopération", label_en="Cooperation")
        game = create_title(session, world.federation, name="Jeu des émotions", kind="game", levels=["CE1"])
        create_copies(session, game, world.depot, 1)
        create_document(session, create_title(session, world.federation, name="Fiche météo", kind="sheet"))
    return world


@pytest.fixture
def visitor(world: World, sqlite_url: str, clock: FixedClock, tmp_path: Path) -> Iterator[Browser]:
    """Somebody whom nobody knows."""
    with browsing(tmp_path, sqlite_url, clock) as browser:
        browser.services.search.reindex()
        yield browser


@pytest.fixture
def teacher(visitor: Browser, world: World) -> Browser:
    """The same browser, signed in."""
    visitor.sign_in(world.teacher)
    return visitor
