"""The pages in a real browser: accessible, on small screens, by keyboard, with and without scripts."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.kit.browser import violations
from tests.kit.clock import FixedClock
from tests.kit.loans import World
from tests.kit.site import Site, serving

PUBLIC = ("/", "/search", "/search?q=coop", "/search?q=zzzz&kind=game", "/titles/1", "/sign-in", "/accessibility", "/x")
OWN = ("/", "/titles/1", "/reservations", "/reservations/1", "/account")


@pytest.fixture
def site(world: World, sqlite_url: str, clock: FixedClock, tmp_path: Path) -> Iterator[Site]:
    with serving(tmp_path, sqlite_url, clock) as site:
        world.reserve(7, 5)
        yield site


def addresses(site: Site, context: BrowserContext, page: Page, world: World) -> Iterator[str]:
    """Open the public pages as a visitor, then a teacher's own."""
    for path in PUBLIC:
        page.goto(site.address + path)
        yield path
    site.sign_in(context, world.teacher)
    for path in OWN:
        page.goto(site.address + path)
        yield path


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_pages_keep_to_the_rules_of_accessibility(
    site: Site, context: BrowserContext, page: Page, world: World, width: int, scheme: str
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    assert {path: found for path in addresses(site, context, page, world) if (found := violations(page))} == {}


def test_nothing_is_wider_than_a_small_phone(site: Site, context: BrowserContext, page: Page, world: World) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    wide = [p for p in addresses(site, context, page, world) if page.evaluate("document.body.scrollWidth") > 320]
    assert wide == []


def test_targets_are_large_enough_for_a_finger(site: Site, page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 900})
    page.goto(f"{site.address}/search")
    for button in page.locator("main button:visible, main input[type=search]").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 44


def test_the_first_tab_leads_past_the_menu(site: Site, page: Page) -> None:
    page.goto(f"{site.address}/search")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_results_follow_what_is_typed_and_so_does_the_address(site: Site, page: Page) -> None:
    page.goto(f"{site.address}/search")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/search?" in request.url else None)
    page.get_by_role("searchbox").press_sequentially("emotoins", delay=20)
    expect(page.get_by_role("heading", level=2, name="1 résultat")).to_be_visible()
    expect(page.get_by_role("link", name="Jeu des émotions")).to_be_visible()
    expect(page.locator("#said")).to_have_text("1 résultat")
    expect(page).to_have_url(f"{site.address}/search?q=emotoins")
    assert len(asked) < len("emotoins")


def test_the_keyboard_stays_on_the_box_that_was_ticked(site: Site, page: Page) -> None:
    page.goto(f"{site.address}/search")
    page.locator("input[name=kind][value=game]").focus()
    page.keyboard.press("Space")
    page.wait_for_url("**/search?kind=game")
    assert page.evaluate("[document.activeElement.name, document.activeElement.value]") == ["kind", "game"]
    expect(page.get_by_role("link", name=re.compile("Retirer : Jeux"))).to_be_visible()


def test_days_can_be_chosen_in_the_calendar(site: Site, context: BrowserContext, page: Page, world: World) -> None:
    site.sign_in(context, world.teacher)
    page.goto(f"{site.address}/titles/1")
    page.locator("[data-day='2027-02-01']").click()
    assert page.get_by_label("Retour le").input_value() == "2027-02-28"
    page.locator("[data-day='2027-02-05']").click()
    assert page.get_by_label("Retrait le").input_value() == "2027-02-01"
    assert page.get_by_label("Retour le").input_value() == "2027-02-05"
    expect(page.locator(".day.chosen")).to_have_count(5)


def test_a_double_click_reserves_once(site: Site, context: BrowserContext, page: Page, world: World) -> None:
    site.sign_in(context, world.teacher)
    page.goto(f"{site.address}/titles/1")
    page.get_by_label("Retrait le").fill("2027-02-01")
    page.get_by_label("Retour le").fill("2027-02-05")
    page.get_by_role("button", name="Réserver", exact=True).dblclick()
    expect(page.get_by_text("C’est réservé.")).to_be_visible()
    assert world.count_bookings() == 2


def test_everything_works_without_scripts(site: Site, browser: Browser, world: World) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740}, locale="fr-FR")
    site.sign_in(context, world.teacher)
    page = context.new_page()
    page.goto(site.address)
    page.get_by_role("searchbox").fill("cooperatoin")
    page.get_by_role("button", name="Chercher").click()
    page.get_by_text("Dates et filtres").click()
    page.get_by_label("du", exact=True).fill("2027-02-01")
    page.get_by_label("au", exact=True).fill("2027-02-05")
    page.get_by_role("button", name="Appliquer").click()
    page.get_by_role("link", name="Malle coopération").click()
    page.get_by_role("button", name="Réserver", exact=True).click()
    expect(page.get_by_text("C’est réservé.")).to_be_visible()
    page.get_by_role("button", name="Annuler la réservation").click()
    expect(page.get_by_text("La réservation est annulée.")).to_be_visible()
    context.close()
