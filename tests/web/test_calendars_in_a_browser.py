"""The pages of calendars in a real browser: accessible, on small screens, by their labels and buttons alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from lending.core.actor import Role
from tests.kit.browser import violations
from tests.kit.clock import FixedClock
from tests.kit.loans import World
from tests.kit.network import create_person
from tests.kit.site import Site, serving


@pytest.fixture
def site(world: World, sqlite_url: str, clock: FixedClock, tmp_path: Path) -> Iterator[Site]:
    with serving(tmp_path, sqlite_url, clock) as site:
        site.services.school_calendars.load_published()
        yield site


@pytest.fixture
def admin_page(site: Site, context: BrowserContext, world: World) -> Page:
    with world.db.write() as session:
        admin = create_person(session, Role.ADMIN, world.federation)
    site.sign_in(context, admin)
    return context.new_page()


def faults(page: Page) -> list[object]:
    """What is wrong with the page at this width, everything unfolded."""
    folded = page.locator("main details:not([open]) > summary")
    while folded.count():
        folded.first.click()
    is_wide = page.evaluate("document.body.scrollWidth > document.documentElement.clientWidth")
    return [*violations(page), *(["too wide"] if is_wide else [])]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 360, 1280])
def test_pages_keep_to_the_rules_of_accessibility(
    site: Site, admin_page: Page, world: World, width: int, scheme: str
) -> None:
    page = admin_page
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    paths = ("/calendars", "/calendars/2026/B", "/calendars/2028/La%20R%C3%A9union", "/depots/{depot}")
    found = {}
    for path in (*paths, "/organisations/{association}/closures"):
        page.goto(site.address + path.format(depot=world.depot.id, association=world.association.id))
        found[path] = faults(page)
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


def test_what_is_wrong_and_what_a_closure_hits_are_accessible(site: Site, admin_page: Page, world: World) -> None:
    booking = world.reserve(7, 5)
    page = admin_page
    page.set_viewport_size({"width": 320, "height": 900})
    page.goto(f"{site.address}/organisations/{world.association.id}/closures")
    page.get_by_label("Premier jour fermé").fill(booking.due_on.isoformat())
    page.get_by_label("Dernier jour fermé").fill(booking.due_on.isoformat())
    page.get_by_role("button", name="Annoncer").click()
    expect(page.get_by_role("link", name="Choisissez une des propositions")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("checkbox", name=world.depot.name).check()
    page.get_by_role("button", name="Annoncer").click()
    expect(page.get_by_role("heading", name="Ce que la fermeture touche")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("button", name="Fermer et déplacer les dates").click()
    expect(page.get_by_text("C’est enregistré.")).to_be_visible()
    assert len(site.services.network.depot(world.depot.id).closures) == 1


def test_an_administrator_writes_down_a_school_year_by_keyboard(site: Site, admin_page: Page) -> None:
    page = admin_page
    page.goto(f"{site.address}/calendars?year=2027")
    page.get_by_role("link", name="Modifier Zone A").press("Enter")
    page.get_by_role("group", name="Période 1").get_by_label("Premier jour de classe").fill("2027-09-02")
    page.get_by_role("button", name="Enregistrer le calendrier").press("Enter")
    expect(page.get_by_text("C’est enregistré.")).to_be_visible()
    expect(page.get_by_role("cell", name="2 sept. 2027")).to_be_visible()
