"""Photos and documents in a real browser: the size that fits, accessible, on small screens, without a script."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from lending.catalog.sheets.schemas import Audience
from tests.kit.browser import violations
from tests.kit.catalog import create_contents, create_copies, create_title
from tests.kit.clock import FixedClock
from tests.kit.loans import World
from tests.kit.papers import pdf
from tests.kit.pictures import photo
from tests.kit.site import Site, serving


@pytest.fixture
def title_id(world: World) -> int:
    """A trunk that the association owns."""
    with world.db.write() as session:
        title = create_title(session, world.association, name="Malle coopérative")
        create_contents(session, title)
        create_copies(session, title, world.depot, 1)
        return title.id


@pytest.fixture
def site(world: World, sqlite_url: str, clock: FixedClock, tmp_path: Path, title_id: int) -> Iterator[Site]:
    """The trunk has photos, one of its lines too, and a document for everybody and one for members."""
    with serving(tmp_path, sqlite_url, clock) as site:
        photos, sheets = site.services.photos, site.services.sheets
        line_id = site.services.catalog.checklist(world.staff, title_id).sections[0].lines[0].id
        photos.add(world.staff, title_id, photo(2000, 1500), "La malle ouverte")
        photos.add(world.staff, title_id, photo(900, 1600, seed=2))
        photos.put_on_line(world.staff, line_id, photo(seed=3))
        sheets.add(world.staff, title_id, pdf("La zibeline observe."), "Livret")
        sheets.add(world.staff, title_id, pdf("Corrigés"), "Corrigés", Audience.MEMBERS)
        site.services.search.sync()
        yield site


def addresses(site: Site, context: BrowserContext, world: World, title_id: int) -> Iterator[str]:
    yield from (f"/titles/{title_id}", "/search?q=zibeline")
    site.sign_in(context, world.staff)
    yield from (f"/titles/{title_id}", f"/staff/titles/{title_id}/photos", f"/staff/titles/{title_id}/documents?q=m")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_keep_to_the_rules_and_to_the_screen(
    site: Site, context: BrowserContext, page: Page, world: World, title_id: int, scheme: str
) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    found = {}
    for path in addresses(site, context, world, title_id):
        page.set_viewport_size({"width": 320, "height": 900})
        page.goto(site.address + path)
        found[path] = (violations(page), page.evaluate("document.body.scrollWidth"))
    assert set(map(str, found.values())) == {"([], 320)"}


@pytest.mark.parametrize(("width", "file"), [(320, "320.webp"), (700, "960.webp"), (1900, "960.webp")])
def test_a_browser_takes_the_smallest_that_fits(site: Site, page: Page, title_id: int, width: int, file: str) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{site.address}/titles/{title_id}")
    shown = page.locator(".title-head > .photo picture img")
    expect(shown).to_have_js_property("complete", value=True)
    assert shown.evaluate("one => one.currentSrc").endswith(file)
    assert shown.evaluate("one => one.naturalWidth") > 0


def test_a_photo_is_sent_without_a_script(
    site: Site, browser: Browser, world: World, title_id: int, tmp_path: Path
) -> None:
    (tmp_path / "photo.png").write_bytes(photo(kind="PNG", seed=9))
    context = browser.new_context(java_script_enabled=False, locale="fr-FR")
    site.sign_in(context, world.staff)
    page = context.new_page()
    page.goto(f"{site.address}/staff/titles/{title_id}/photos")
    page.get_by_label("Photo", exact=True).set_input_files(tmp_path / "photo.png")
    page.locator("#caption").fill("Le plateau")
    page.get_by_role("button", name="Envoyer la photo").click()
    expect(page.get_by_role("heading", name="3 photos")).to_be_visible()
    expect(page.locator(".photo img[alt='Le plateau']")).to_be_visible()
    context.close()
