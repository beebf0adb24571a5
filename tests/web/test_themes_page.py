"""Looking around by theme and by level: what a number promises, its link finds."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete

from lending.catalog.service.load_vocabularies import load_vocabularies
from lending.catalog.tables import TitleLevel
from lending.core.database import Database
from tests.kit.catalog import create_copies, create_title
from tests.kit.clock import FixedClock
from tests.kit.loans import World, create_world
from tests.kit.pages import Browser, browsing, words_of


@pytest.fixture
def world(sqlite_url: str, clock: FixedClock) -> World:
    world = create_world(Database(sqlite_url), clock, copies=1)
    with world.db.write() as session:
        load_vocabularies(session)
        for number, level in enumerate(("c3", "cm1", "cm2")):
            title = create_title(session, world.association, name=f"Malle du cycle 3, numéro {number}")
            create_copies(session, title, world.depot, 1)
            session.execute(delete(TitleLevel).where(TitleLevel.title_id == title.id))
            session.add(TitleLevel(title_id=title.id, level=level))
    return world


@pytest.fixture
def browser(world: World, sqlite_url: str, clock: FixedClock, tmp_path: Path) -> Iterator[Browser]:
    with browsing(tmp_path, sqlite_url, clock) as browser:
        browser.services.search.reindex()
        yield browser


def test_every_number_is_what_its_link_finds(browser: Browser) -> None:
    page = browser.get("/themes")
    links = re.findall(r'<a href="(/search\?[^"]+)">(?:[^<]+)(?:</a>)? <span class="soft">(\d+)</span>', page)
    assert ("/search?level=cm1&level=c3", "2") in links
    assert len([link for link, _ in links if "theme=" in link]) > 0
    for link, titles in links:
        found = words_of(browser.get(link))
        assert titles in re.findall(r"(\d+) (?:titre|résultat)s?", found), (link, found)
