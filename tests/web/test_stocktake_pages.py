"""Counting on pages without scripts, and over JSON."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from lending.catalog.stocktakes.tables import StocktakeScan
from lending.core.database import Database
from tests.kit.clock import FixedClock
from tests.kit.loans import World, create_world
from tests.kit.pages import Browser, browsing, hidden, words_of

COPIES = 12


@pytest.fixture
def world(sqlite_url: str, clock: FixedClock) -> World:
    return create_world(Database(sqlite_url), clock, copies=COPIES)


@pytest.fixture
def browser(world: World, sqlite_url: str, clock: FixedClock, tmp_path: Path) -> Iterator[Browser]:
    with browsing(tmp_path, sqlite_url, clock) as browser:
        browser.sign_in(world.staff)
        yield browser


def test_a_count_from_its_opening_to_its_report(browser: Browser, world: World) -> None:
    browser.get(f"/depots/{world.depot.id}/stocktakes")
    address = browser.post(f"/depots/{world.depot.id}/stocktakes", shelf="")
    assert "déjà ouvert" in browser.post(f"/depots/{world.depot.id}/stocktakes", 409, shelf="A")
    key = hidden(browser.get(address), "key")
    after = browser.post(f"{address}/scans", key=key, code=world.copies[0].code)
    assert f"Compté {world.copies[0].code}" in words_of(browser.get(after))
    after = browser.post(f"{address}/scans", key=hidden(browser.get(address), "key"), code="quoi?")
    assert "Codes inconnus" in browser.get(after)
    browser.post(f"{address}/close", missing_are_lost="yes")
    page = words_of(browser.get(address))
    assert f"Manquants ({COPIES - 1})" in page
    assert "Terminer l’inventaire" not in page
    assert "n’y compte plus" in browser.post(f"{address}/scans", 409, key=key, code=world.copies[1].code)
    assert world.copy_status(world.copies[1]) == "lost"


def test_an_empty_field_counts_nothing(browser: Browser, world: World) -> None:
    address = browser.post(f"/depots/{world.depot.id}/stocktakes", shelf="")
    browser.post(f"{address}/scans", key="x", code="  ")
    with world.db.read() as session:
        assert session.scalars(select(StocktakeScan)).all() == []


def test_the_count_over_json_keeps_its_etag_until_something_changes(browser: Browser, world: World) -> None:
    opened = browser.client.post(f"/api/depots/{world.depot.id}/stocktakes", json={}).json()
    address = f"/api/stocktakes/{opened['summary']['id']}"
    etag = browser.client.get(address).headers["etag"]
    assert browser.client.get(address, headers={"if-none-match": etag}).status_code == 304
    sent = {"scans": [{"key": "12345678", "code": world.copies[0].code}]}
    assert browser.client.post(f"{address}/scans", json=sent).json()["lines"][0]["copy"]["finding"] == "counted"
    assert browser.client.get(address, headers={"if-none-match": etag}).status_code == 200
    assert browser.client.post(f"{address}/scans", json={"scans": [{"key": "1", "code": ""}]}).status_code == 400
    assert browser.client.post(f"{address}/close", json={}).json()["numbers"]["counted"] == 1
    assert browser.client.post(f"{address}/scans", json=sent).json()["type"].endswith("/stocktake-closed")
