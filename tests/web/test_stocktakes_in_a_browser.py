"""Counting in a real browser, with and without network."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from lending.catalog.stocktakes.tables import StocktakeLine, StocktakeScan
from lending.core.database import Database
from tests.kit.browser import violations
from tests.kit.clock import FixedClock
from tests.kit.loans import World, create_world
from tests.kit.site import Site, serving

COPIES = 12


@pytest.fixture
def world(sqlite_url: str, clock: FixedClock) -> World:
    return create_world(Database(sqlite_url), clock, copies=COPIES)


@pytest.fixture
def site(world: World, sqlite_url: str, clock: FixedClock, tmp_path: Path) -> Iterator[Site]:
    assert world
    with serving(tmp_path, sqlite_url, clock) as site:
        yield site


def test_scans_go_on_without_network_and_arrive_once(
    site: Site, context: BrowserContext, page: Page, world: World
) -> None:
    site.sign_in(context, world.staff)
    page.set_viewport_size({"width": 360, "height": 700})
    page.goto(f"{site.address}/depots/{world.depot.id}/stocktakes")
    page.get_by_role("button", name="Commencer").click()
    page.locator("h1").click()
    scanned(page, world.copies[0].code)
    expect(page.locator("#scan-said")).to_contain_text("Compté")
    assert violations(page) == []
    assert page.evaluate("document.body.scrollWidth") <= 360
    context.set_offline(True)
    for copy in world.copies[1:9]:
        scanned(page, copy.code)
    expect(page.locator("#scan-pending")).to_have_text("en attente de réseau : 8")
    context.set_offline(False)
    expect(page.locator("#scan-pending")).to_be_hidden()
    expect(page.locator(".big-number").first).to_have_text("9")
    page.get_by_role("button", name="Terminer").click()
    expect(page.get_by_role("heading", name=f"Manquants ({COPIES - 9})")).to_be_visible()
    assert violations(page) == []
    with world.db.read() as session:
        assert len(session.scalars(select(StocktakeScan)).all()) == 9
        counted = select(StocktakeLine.copy_id).where(StocktakeLine.finding == "counted")
        assert set(session.scalars(counted)) == {one.id for one in world.copies[:9]}


def test_what_comes_after_the_close_is_shown_as_refused(
    site: Site, context: BrowserContext, page: Page, world: World
) -> None:
    site.sign_in(context, world.staff)
    page.goto(f"{site.address}/depots/{world.depot.id}/stocktakes")
    page.get_by_role("button", name="Commencer").click()
    page.wait_for_url("**/stocktakes/*")
    other = context.new_page()
    other.goto(page.url)
    context.set_offline(True)
    scanned(page, world.copies[0].code)
    expect(page.locator("#scan-pending")).to_be_visible()
    context.set_offline(False)
    expect(page.locator("#scan-pending")).to_be_hidden()
    other.get_by_role("button", name="Terminer").click()
    expect(other.get_by_role("heading", level=1)).to_be_visible()
    scanned(page, world.copies[1].code)
    expect(page.locator("#scan-refused")).to_contain_text(world.copies[1].code)


def scanned(page: Page, code: str) -> None:
    """A scanner types fast and ends with Enter, wherever the focus is."""
    page.keyboard.type(code)
    page.keyboard.press("Enter")
