"""The desk's rarer workflows, counted; and its day by a keyboard alone, and in a browser without scripts."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from lending.catalog.stocktakes.tables import StocktakeScan
from lending.core.database import Database
from lending.loans.rules.loan_codes import loan_code
from lending.loans.schemas import Reservation
from tests.kit.browser import violations
from tests.kit.clock import FixedClock
from tests.kit.hand import Hand
from tests.kit.loans import World, create_rule, create_world
from tests.kit.site import Site, serving

MOST_TABS = 80
NAME_OF_FOCUS = "document.activeElement.innerText || ''"


@pytest.fixture
def world(sqlite_url: str, clock: FixedClock) -> World:
    return create_world(Database(sqlite_url), clock, copies=4, with_contents=True)


@pytest.fixture
def site(world: World, sqlite_url: str, clock: FixedClock, tmp_path: Path) -> Iterator[Site]:
    with serving(tmp_path, sqlite_url, clock) as site:
        yield site


@pytest.fixture
def me(site: Site, context: BrowserContext, page: Page, world: World) -> Page:
    """Who works at the depot, on a phone."""
    page.set_viewport_size({"width": 390, "height": 844})
    site.sign_in(context, world.staff)
    return page


@dataclass
class Desk:
    """The desk in a browser, and the scans that were made at it."""

    page: Page
    scans: int = 0

    def open(self, site: Site) -> None:
        self.page.goto(f"{site.address}/desk")
        expect(self.page.locator("html")).to_have_attribute("data-desk", "ready")

    def scan(self, code: str) -> None:
        self.scans += 1
        self.page.keyboard.type(code.replace(" ", ""))
        self.page.keyboard.press("Enter")
        self.page.wait_for_function("() => !document.querySelector('#desk-result.is-waiting')")

    def sees(self, words: str) -> None:
        expect(self.page.locator("#desk-result .sign")).to_contain_text(words)


def code_of(booking: Reservation) -> str:
    return (booking.copy_code or "").replace(" ", "")


def test_a_request_is_approved_with_one_click(site: Site, me: Page, world: World) -> None:
    with world.db.write() as session:
        create_rule(session, world.association.id, needs_approval=True)
    booking, hand = world.reserve(7, 5), Hand()
    me.goto(f"{site.address}/reservations/{booking.id}")
    hand.click(me.get_by_role("button", name="Donner l’accord"))
    expect(me.get_by_text("L’association doit encore donner son accord.")).to_have_count(0)
    assert not world.booking(booking.id).awaits_approval
    assert hand.did == (0, 1)


def test_the_day_is_picked_by_one_list(site: Site, me: Page, world: World) -> None:
    """One click from the day to the list by shelf, to print or to tick off on the phone."""
    booking, hand = world.reserve(0, 5), Hand()
    me.goto(f"{site.address}/today?depot={world.depot.id}")
    hand.click(me.get_by_role("link", name="À prendre en rayon"))
    expect(me.locator(".picks")).to_contain_text(booking.reference)
    assert hand.did == (0, 1)


def test_in_their_mode_repairs_are_one_scan_each(site: Site, me: Page, world: World) -> None:
    booking, desk, hand = world.reserve(0, 7), Desk(me), Hand()
    desk.open(site)
    hand.click(me.get_by_label("Réparation : chaque lecture met de côté"))
    for copy in world.copies[:3]:
        desk.scan(copy.code)
        desk.sees("Mis en réparation")
    assert violations(me) == []
    assert (desk.scans, hand.did) == (3, (0, 1)), "the mode is set once"
    assert [world.copy_status(one) for one in world.copies] == ["repair", "repair", "repair", "lendable"]
    assert world.booking(booking.id).copy_id == world.copies[3].id, "who counted on one gets what is left"


def test_one_tap_gives_a_repaired_copy_back(site: Site, me: Page, world: World) -> None:
    copy, desk, hand = world.copies[0], Desk(me), Hand()
    world.set_copy(copy, status="repair", condition="damaged")
    desk.open(site)
    desk.scan(copy.code)
    hand.click(me.get_by_role("button", name="Réparé : remettre en prêt"))
    desk.sees("En rayon")
    assert (desk.scans, hand.did) == (1, (0, 1))
    assert world.copy_status(copy) == "lendable"


def test_what_is_out_or_lost_is_not_set_aside_unseen(site: Site, me: Page, world: World) -> None:
    out, lost, desk = world.hand_over(world.reserve(0, 7)), world.copies[3], Desk(me)
    world.set_copy(lost, status="lost")
    desk.open(site)
    me.get_by_label("Réparation : chaque lecture met de côté").check()
    desk.scan(code_of(out))
    desk.sees("À reprendre")
    desk.scan(lost.code)
    desk.sees("Perdu")
    assert world.booking(out.id).state == "out"
    assert world.copy_status(lost) == "lost"


def test_a_copy_of_others_is_not_set_aside(site: Site, me: Page, world: World) -> None:
    withdrawn, desk = world.copies[0], Desk(me)
    world.set_copy(withdrawn, status="withdrawn")
    desk.open(site)
    me.get_by_label("Réparation : chaque lecture met de côté").check()
    desk.scan(withdrawn.code)
    expect(me.locator("#desk-result [data-outcome]")).to_have_attribute("data-outcome", "bad")
    assert world.copy_status(withdrawn) == "withdrawn"


def test_a_stocktake_is_one_scan_each(site: Site, me: Page, world: World) -> None:
    me.goto(f"{site.address}/depots/{world.depot.id}/stocktakes")
    me.get_by_role("button", name="Commencer").click()
    me.locator("h1").click()
    for count, copy in enumerate(world.copies, start=1):
        me.keyboard.type(copy.code)
        me.keyboard.press("Enter")
        expect(me.locator(".big-number").first).to_have_text(str(count))
    with world.db.read() as session:
        assert len(session.scalars(select(StocktakeScan)).all()) == len(world.copies)


def test_the_late_are_reminded_without_anybody(site: Site, world: World) -> None:
    late = world.hand_over(world.reserve(0, 3))
    world.clock.advance(days=12)
    site.services.loans.grow_overdue()
    site.services.loans.tell_overdue()
    assert [f":{late.id}:" in key for key in world.notices("overdue")] == [True]


def reach(page: Page, name: str) -> None:
    """Tab on until the thing of this name has the focus, and can be seen to have it."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if " ".join(str(page.evaluate(NAME_OF_FOCUS)).split()).startswith(name):
            assert page.evaluate("document.activeElement.matches(':focus-visible')")
            return
    pytest.fail(f"{name} was not reached with the keyboard")


def test_a_keyboard_alone_hands_over_takes_back_and_undoes(site: Site, me: Page, world: World) -> None:
    booking, desk = world.reserve(0, 7), Desk(me)
    me.goto(site.address)
    reach(me, "Guichet")
    me.keyboard.press("Enter")
    expect(me.locator("html")).to_have_attribute("data-desk", "ready")
    desk.scan(code_of(booking))
    desk.sees("À remettre")
    desk.scan(loan_code(booking.id))
    desk.sees("Remis à")
    desk.scan(code_of(booking))
    desk.sees("À reprendre")
    me.keyboard.press("Enter")
    desk.sees("tout est là")
    reach(me, world.lines[0].name)
    me.keyboard.press("Enter")
    desk.sees("il manque quelque chose")
    me.locator("h1").evaluate("one => one.scrollIntoView()")
    reach(me, "Annuler l’opération")
    me.keyboard.press("Enter")
    desk.sees("Annulé, tout est comme avant")
    assert world.booking(booking.id).state == "out"


def test_without_scripts_the_desk_hands_over_takes_back_repairs_and_undoes(
    site: Site, browser: Browser, world: World
) -> None:
    booking = world.reserve(0, 7)
    context = browser.new_context(java_script_enabled=False, locale="fr-FR", viewport={"width": 390, "height": 844})
    site.sign_in(context, world.staff)
    page = context.new_page()
    sign = page.locator("#desk-result .sign")
    page.goto(site.address)
    page.get_by_role("link", name="Guichet", exact=True).first.click()
    read(page, code_of(booking))
    page.get_by_role("button", name="Remettre").click()
    expect(sign).to_contain_text("Remis à")
    read(page, code_of(booking))
    page.get_by_role("button", name="Tout est là").click()
    expect(sign).to_contain_text("tout est là")
    page.get_by_role("button", name="Annuler l’opération").click()
    expect(sign).to_contain_text("Annulé")
    read(page, code_of(booking))
    page.locator(".part").first.click()
    expect(sign).to_contain_text("il manque quelque chose")
    page.get_by_label("Réparation : chaque lecture met de côté").check()
    read(page, world.copies[3].code)
    expect(sign).to_contain_text("Mis en réparation")
    page.get_by_role("button", name="Réparé : remettre en prêt").click()
    expect(sign).to_contain_text("En rayon")
    context.close()


def read(page: Page, code: str) -> None:
    page.get_by_label("Scannez un exemplaire").fill(code)
    page.get_by_role("button", name="Lire").click()
