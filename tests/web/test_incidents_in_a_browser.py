"""The pages of what went wrong in a real browser, on a phone and a desktop."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page

from lending.loans.schemas import DeskScan
from lending.loans.service.incidents import Incidents
from lending.loans.tables import Booking
from tests.kit.browser import violations
from tests.kit.catalog import create_copies
from tests.kit.clock import FixedClock
from tests.kit.loans import EVERY_DAY, World
from tests.kit.network import create_depot
from tests.kit.site import Site, serving


@pytest.fixture
def paths(world: World) -> list[str]:
    """A lost trunk, a disputed return on the desk, and a reservation at risk with a way out."""
    first, second, third = world.reserve(0, 5), world.reserve(0, 5), world.reserve(28, 5)
    for booking in (first, second):
        world.hand_over(booking)
    incidents = Incidents(world.db, world.clock)
    lost = incidents.declare_lost(world.staff, first.id)
    incidents.claim(world.teacher, second.id)
    world.set_copy(next(one for one in world.copies if one.id == second.copy_id), note="Serrure", status="repair")
    with world.db.write() as session:
        session.get_one(Booking, first.id).deposit_form = "cheque"
        session.get_one(Booking, first.id).deposit_state = "received"
        annexe = create_depot(session, world.association, "Annexe", weekdays=EVERY_DAY)
        create_copies(session, world.title, annexe, 1)
    code = (second.copy_code or "").replace(" ", "")
    assert world.booking(third.id).copy_id is None
    asked = [f"/reservations/{one.id}" for one in (first, second, third)]
    return ["/incidents", f"/incidents/{lost.id}", f"/desk?depot={world.depot.id}&code={code}", *asked]


@pytest.fixture
def site(paths: list[str], sqlite_url: str, clock: FixedClock, tmp_path: Path) -> Iterator[Site]:
    assert paths
    with serving(tmp_path, sqlite_url, clock) as site:
        yield site


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (360, "dark"), (1280, "light"), (1280, "dark")])
def test_the_pages_keep_to_the_rules_of_accessibility(
    site: Site, context: BrowserContext, page: Page, world: World, paths: list[str], width: int, scheme: str
) -> None:
    site.sign_in(context, world.staff)
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    found = {}
    for path in paths:
        page.goto(site.address + path)
        page.locator("main details").evaluate_all("all => all.forEach(one => { one.open = true })")
        found[path] = violations(page)
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


def test_nothing_is_wider_than_a_small_phone(
    site: Site, context: BrowserContext, page: Page, world: World, paths: list[str]
) -> None:
    site.sign_in(context, world.staff)
    page.set_viewport_size({"width": 320, "height": 640})
    wide = []
    for path in paths:
        page.goto(site.address + path)
        if page.evaluate("document.body.scrollWidth") > 320:
            wide.append(path)
    assert wide == []


def test_a_disputed_return_is_taken_back_with_the_answer(
    site: Site, context: BrowserContext, page: Page, world: World, paths: list[str]
) -> None:
    site.sign_in(context, world.staff)
    page.goto(site.address + paths[2])
    form = page.locator("form.all-there")
    form.get_by_label("J’ai lu la remarque").check()
    form.get_by_label("Il vient d’être rapporté.").check()
    form.get_by_role("button", name="Tout est là").click()
    page.get_by_text("Retour enregistré").first.wait_for()
    scan = DeskScan(code=paths[2].rpartition("=")[2], depot_id=world.depot.id)
    assert world.loans.desk(world.staff, scan).situation == "held_back"
