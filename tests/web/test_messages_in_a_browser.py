"""Messages in a real browser: every one as a picture, links that lead somewhere, pages that anybody can use."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from lending.notices.specs import ALL
from tests.kit.browser import violations
from tests.kit.clock import FixedClock
from tests.kit.loans import DAY, World
from tests.kit.site import Site, serving


@pytest.fixture
def site(world: World, sqlite_url: str, clock: FixedClock, tmp_path: Path) -> Iterator[Site]:
    with serving(tmp_path, sqlite_url, clock) as site:
        yield site


def test_every_message_is_a_picture_in_both_languages(
    site: Site, context: BrowserContext, page: Page, world: World, tmp_path: Path
) -> None:
    folder = Path(os.environ.get("LENDING_TEST_PICTURES") or tmp_path / "pictures")
    folder.mkdir(parents=True, exist_ok=True)
    site.sign_in(context, world.staff)
    page.set_viewport_size({"width": 390, "height": 700})
    for spec in ALL:
        for code in ("fr", "en"):
            address = f"{site.address}/organisations/{world.association.id}/notices/{spec.name}/html?language={code}"
            answer = page.goto(address)
            assert answer is not None
            assert answer.ok
            assert not page.evaluate("document.body.scrollWidth > document.documentElement.clientWidth")
            page.screenshot(path=folder / f"{spec.name}.{code}.png", full_page=True)
    assert len(list(folder.glob("*.png"))) == 2 * len(ALL)


def test_the_links_of_a_mail_lead_where_they_say(site: Site, page: Page, world: World) -> None:
    world.reserve(3, 5)
    site.services.notices.send_waiting()
    (summary,) = site.services.notices.inbox()
    html = site.services.notices.read_mail(summary.name).html
    links = {
        re.sub(r"<[^>]+>", "", text).strip(): url for url, text in re.findall(r'href="([^"]+)"[^>]*>(.*?)</a>', html)
    }
    page.goto(links["Ne plus recevoir ce genre de message"])
    page.get_by_role("button", name="Ne plus les recevoir").click()
    expect(page.get_by_role("heading", name="C’est arrêté")).to_be_visible()
    site.sign_in(page.context, world.teacher)
    page.goto(links["Voir la réservation"])
    expect(page.get_by_role("heading", level=1)).to_contain_text("Malle coopération")
    page.goto(links["Choisir les messages que je reçois"])
    expect(page.get_by_label("Réservation confirmée")).to_have_value("never")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_pages_of_messages_keep_to_the_rules_of_accessibility(
    site: Site, context: BrowserContext, world: World, width: int, scheme: str
) -> None:
    world.reserve(3, 5)
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    place = f"/organisations/{world.association.id}"
    token = site.services.notices.stop_links.token(1, ALL[0].kind)
    world.hand_over(world.reserve(0, 10))
    night = f"{place}/messages/preview?on={world.today + 8 * DAY}"
    pages = {
        world.teacher: ("/messages", "/account/notices", f"/unsubscribe/{token}"),
        world.staff: (f"{place}/notices", f"{place}/notices/overdue", f"{place}/messages", "/account/notices", night),
    }
    found = {}
    for actor, paths in pages.items():
        site.sign_in(context, actor)
        for path in paths:
            answer = page.goto(site.address + path)
            assert answer is not None
            assert answer.ok, path
            is_wide = page.evaluate("document.body.scrollWidth > document.documentElement.clientWidth")
            found[path] = [*violations(page), *(["too wide"] if is_wide else [])]
    assert {path: wrong for path, wrong in found.items() if wrong} == {}
