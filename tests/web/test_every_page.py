"""Every page there is: reachable by links, accessible in both themes, fitting a phone, looked at in both languages."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.kit.browser import violations
from tests.kit.crawl import Crawl, Place, crawl, page_patterns
from tests.kit.pseudo import SPOKEN, foreign, speaking_pseudo, texts_of, words_told
from tests.kit.scenes import EVERYBODY, lively_demo, remarkable
from tests.kit.site import Site

# No page leads here: programs look up what a problem means, and the browser itself opens what works without network.
STARTS = ("/", "/problems", "/desk/offline", "/desk/worker.js", "/rounds/offline", "/rounds/worker.js")
LED_TO_OTHERWISE = {
    "/calendars/{name}": "a secret address, shown once",
    "/E/{code}": "stands on labels",
    "/e/{code}": "stands on labels",
    "/L/{code}": "stands on papers",
    "/l/{code}": "stands on papers",
    "/demo/inbox/{name}/html": "stands inside the page of the mail",
    "/organisations/{organisation_id}/notices/{name}/html": "stands inside the page of the message",
    "/invitations/{secret}": "stands in a mail",
    "/sign-in/link/{secret}": "stands in a mail",
    "/unsubscribe/{token}": "stands in a mail",
}
# What was sent stands there as it was written.
LETTERS = "/demo/inbox"
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
LOOKS = [
    pytest.param(PHONE, "light", "fr", id="phone-light-fr"),
    pytest.param(PHONE, "dark", "en", id="phone-dark-en"),
    pytest.param(DESKTOP, "light", "en", id="desktop-light-en"),
    pytest.param(DESKTOP, "dark", "fr", id="desktop-dark-fr"),
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with lively_demo(tmp_path_factory.mktemp("demo")) as site:
        yield site


@pytest.fixture(scope="module")
def found(site: Site) -> Crawl:
    return crawl(site, EVERYBODY, (*remarkable(site), *STARTS))


@pytest.fixture(scope="module")
def gallery() -> Path:
    """Where the pictures go: kept after the run, for people to look at."""
    folder = Path(os.environ.get("LENDING_TEST_PICTURES", "var/pages"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.mark.timeout(900)
def test_every_page_can_be_reached_by_links(found: Crawl) -> None:
    assert set(page_patterns()) - found.patterns == set(LED_TO_OTHERWISE)


@pytest.mark.timeout(900)
@pytest.mark.parametrize(("size", "scheme", "language"), LOOKS)
def test_every_page_is_accessible_and_fits(
    site: Site, found: Crawl, gallery: Path, browser: Browser, size: dict[str, int], scheme: str, language: str
) -> None:
    wrong = {}
    for email in ("", *EVERYBODY):
        places = [place for place in found.places if place.email == email]
        context = browser.new_context(viewport=size, color_scheme=scheme, locale=language)  # type: ignore[arg-type]
        wrong |= _faults(site, context, places, gallery / f"{size['width']}-{scheme}-{language}")
        context.close()
    assert wrong == {}


@pytest.mark.timeout(900)
def test_every_page_fits_a_long_language_and_leaves_no_text_to_itself(
    site: Site, found: Crawl, gallery: Path, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a language that nobody speaks: whatever is not in brackets was never given to a translator."""
    wrong, told = {}, words_told(site.services.db)
    with speaking_pseudo(monkeypatch):
        for email in ("", *EVERYBODY):
            context = browser.new_context(viewport=PHONE, locale=SPOKEN)  # type: ignore[arg-type]
            if email:
                site.sign_in_as(context, email)
            page = context.new_page()
            for place in (one for one in found.places if one.email == email):
                page.goto(site.address + place.address)
                page.screenshot(path=gallery / "pseudo" / f"{_name(place)}.png", full_page=True)
                texts = [] if place.pattern.startswith(LETTERS) else texts_of(page)
                if faults := [*foreign(texts, told), *_wider_than_the_screen(page)]:
                    wrong[f"{place.address} ({email or 'visitor'})"] = faults
            context.close()
    assert wrong == {}


def _faults(site: Site, context: BrowserContext, places: list[Place], folder: Path) -> dict[str, list[str]]:
    page, faults = context.new_page(), {}
    if places and places[0].email:
        site.sign_in_as(context, places[0].email)
    for place in places:
        page.goto(site.address + place.address)
        page.screenshot(path=folder / f"{_name(place)}.png", full_page=True)
        if wrong := [*violations(page), *_wider_than_the_screen(page)]:
            faults[f"{place.address} ({place.email or 'visitor'})"] = wrong
    return faults


def _wider_than_the_screen(page: Page) -> list[str]:
    excess = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return [f"{excess} px wider than the screen"] if excess > 0 else []


def _name(place: Place) -> str:
    words = re.sub(r"[^a-z]+", "-", place.pattern.lower()).strip("-") or "home"
    _, has_depot, email = place.kind
    return f"{words}{'-of-a-depot' if has_depot else ''}{'-' if email else ''}{email.partition('@')[0]}"
