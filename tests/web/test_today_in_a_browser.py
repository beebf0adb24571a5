"""The day, the picking list and the texts of the papers in a real browser, on a phone and a desktop."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from lending.catalog.tables import Copy
from lending.core.database import Database
from tests.kit.browser import violations
from tests.kit.clock import FixedClock
from tests.kit.loans import World, create_world
from tests.kit.site import Site, serving


@pytest.fixture
def world(sqlite_url: str, clock: FixedClock) -> World:
    """One to hand over, one to prepare, one back, one at risk, one to complete."""
    world = create_world(Database(sqlite_url), clock, copies=4, with_contents=True)
    with world.db.write() as session:
        for copy, shelf in zip(world.copies, ("A 1", "A 1", "B 2", ""), strict=True):
            session.get_one(Copy, copy.id).shelf = shelf
    world.hand_over(world.reserve(0, 1))
    world.reserve(0, 5)
    world.reserve(1, 5)
    world.reserve(8, 5)
    world.set_copy(world.copies[3], status="blocked")
    return world


@pytest.fixture
def site(world: World, sqlite_url: str, clock: FixedClock, tmp_path: Path) -> Iterator[Site]:
    with serving(tmp_path, sqlite_url, clock) as site:
        yield site


def visit(site: Site, page: Page, world: World) -> Iterator[str]:
    depot, association = world.depot.id, world.association.id
    for path in (
        f"/today?depot={depot}",
        f"/today/picking?depot={depot}",
        f"/staff/associations/{association}/papers",
    ):
        answer = page.goto(site.address + path)
        assert answer is not None
        assert answer.status == 200, path
        page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
        yield path


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (360, "dark"), (1280, "light"), (1280, "dark")])
def test_the_pages_keep_to_the_rules_of_accessibility(
    site: Site, context: BrowserContext, page: Page, world: World, width: int, scheme: str
) -> None:
    site.sign_in(context, world.staff)
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    found = {path: violations(page) for path in visit(site, page, world)}
    assert {path: broken for path, broken in found.items() if broken} == {}


def test_nothing_is_wider_than_a_small_phone(site: Site, context: BrowserContext, page: Page, world: World) -> None:
    site.sign_in(context, world.staff)
    page.set_viewport_size({"width": 320, "height": 640})
    wide = [path for path in visit(site, page, world) if page.evaluate("document.body.scrollWidth") > 320]
    assert wide == []


@pytest.mark.parametrize("width", [390, 1280])
def test_a_day_is_worked_through_without_scripts(site: Site, browser: Browser, world: World, width: int) -> None:
    context = browser.new_context(java_script_enabled=False, locale="fr-FR", viewport={"width": width, "height": 800})
    site.sign_in(context, world.staff)
    page = context.new_page()
    page.goto(f"{site.address}/today?depot={world.depot.id}")
    page.locator("#prepare").get_by_role("button", name="C’est prêt").click()
    expect(page.locator("#prepare")).to_contain_text("Prêt à partir")
    page.locator("#ready").get_by_role("button", name="Annuler").click()
    expect(page.locator("#prepare")).not_to_contain_text("Prêt à partir")
    page.locator("#hand-over").get_by_role("button", name="Remis").click()
    expect(page.locator("#hand-over .count")).to_have_text("0")
    page.locator("#back").get_by_role("button", name="Rendu complet").click()
    expect(page.locator("#back .count")).to_have_text("0")
    page.locator("#held").get_by_role("button", name="De nouveau complet").click()
    expect(page.locator("#held .count")).to_have_text("0")
    context.close()


def test_on_paper_the_picking_list_is_only_the_list(
    site: Site, context: BrowserContext, page: Page, world: World
) -> None:
    site.sign_in(context, world.staff)
    page.goto(f"{site.address}/today/picking?depot={world.depot.id}")
    button = page.get_by_role("button", name="Imprimer")
    expect(button).to_be_visible()
    page.emulate_media(media="print")
    expect(button).to_be_hidden()
    expect(page.get_by_role("heading", name="Rayon A 1")).to_be_visible()
