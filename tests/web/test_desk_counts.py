"""What the desk costs: scans, keys and clicks, counted as the browser sees them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from lending.core.database import Database
from lending.loans.rules.loan_codes import loan_code
from lending.loans.schemas import Reservation
from lending.loans.tables import LoanRule
from lending.network.tables import School
from tests.kit.browser import violations
from tests.kit.clock import FixedClock
from tests.kit.loans import World, create_world
from tests.kit.site import serving

PILE = 30


@dataclass
class Hands:
    """A person with a scanner: every scan and every click is counted."""

    page: Page
    scans: int = 0
    clicks: int = 0

    def scan(self, code: str) -> None:
        self.scans += 1
        self.page.keyboard.type(code.replace(" ", ""))
        self.page.keyboard.press("Enter")

    def click(self, selector: str) -> None:
        self.clicks += 1
        self.page.locator(selector).first.click()

    def sees(self, words: str) -> None:
        expect(self.page.locator("#desk-result .sign")).to_contain_text(words)


@pytest.fixture
def world(sqlite_url: str, clock: FixedClock) -> World:
    return create_world(Database(sqlite_url), clock, copies=PILE, with_contents=True)


@pytest.fixture
def hands(world: World, sqlite_url: str, clock: FixedClock, tmp_path: Path, page: Page) -> Iterator[Hands]:
    with serving(tmp_path, sqlite_url, clock) as site:
        site.sign_in(page.context, world.staff)
        page.goto(f"{site.address}/desk")
        expect(page.locator("html")).to_have_attribute("data-desk", "ready")
        yield Hands(page)


def code_of(booking: Reservation) -> str:
    assert booking.copy_code
    return booking.copy_code


@pytest.mark.parametrize("is_sheet_first", [True, False])
@pytest.mark.parametrize("sheet", ["number", "reference", "school"])
def test_a_hand_over_is_two_scans(hands: Hands, world: World, sheet: str, is_sheet_first: bool) -> None:
    booking = world.reserve(0, 7)
    codes = {"number": loan_code(booking.id), "reference": booking.reference, "school": uai_of(world)}
    order = [codes[sheet], code_of(booking)]
    for code in order if is_sheet_first else reversed(order):
        hands.scan(code)
        hands.page.wait_for_function("() => !document.querySelector('#desk-result.is-waiting')")
    hands.sees("Remis à")
    assert (hands.scans, hands.clicks) == (2, 0)
    assert world.booking(booking.id).state == "out"


def test_an_intact_return_is_a_scan_and_a_tap(hands: Hands, world: World) -> None:
    booking = world.hand_over(world.reserve(0, 7))
    hands.scan(code_of(booking))
    hands.sees("À reprendre")
    hands.click(".all-there .big")
    hands.sees("tout est là")
    assert (hands.scans, hands.clicks) == (1, 1)


def test_a_return_with_a_part_missing_is_a_scan_and_a_tap_on_the_part(hands: Hands, world: World) -> None:
    booking = world.hand_over(world.reserve(0, 7))
    hands.scan(code_of(booking))
    hands.sees("À reprendre")
    hands.click(".part")
    hands.sees("il manque quelque chose")
    assert (hands.scans, hands.clicks) == (1, 1)


def test_thirty_returns_of_a_pile_are_thirty_scans(hands: Hands, world: World) -> None:
    loans = [world.hand_over(world.reserve(0, 7)) for _ in range(PILE)]
    hands.page.locator("#pile").check()
    for loan in loans:
        hands.scan(code_of(loan))
    hands.page.wait_for_function("() => !document.querySelector('#desk-result.is-waiting')", timeout=120_000)
    hands.sees("tout est là")
    assert (hands.scans, hands.clicks) == (PILE, 0)
    assert {world.booking(one.id).state for one in loans} == {"done"}


def test_a_pile_stops_where_the_association_wants_every_copy_counted(hands: Hands, world: World) -> None:
    booking = world.hand_over(world.reserve(0, 7))
    forbid_piles(world)
    hands.page.locator("#pile").check()
    hands.scan(code_of(booking))
    hands.sees("À reprendre")
    assert world.booking(booking.id).state == "out"


def test_a_copy_with_a_note_waits_for_a_person_even_in_a_pile(hands: Hands, world: World) -> None:
    booking = world.hand_over(world.reserve(0, 7))
    world.set_copy(next(one for one in world.copies if one.id == booking.copy_id), note="Boîte fragile")
    hands.page.locator("#pile").check()
    hands.scan(code_of(booking))
    hands.sees("À reprendre")
    assert world.booking(booking.id).state == "out"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_desk_keeps_to_wcag_in_every_state(hands: Hands, world: World, theme: str, width: int) -> None:
    page = hands.page
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    page.set_viewport_size({"width": width, "height": 900})
    waiting, out = world.reserve(0, 7), world.hand_over(world.reserve(0, 7))
    hands.scan(loan_code(waiting.id))
    hands.sees("Fiche ouverte")
    assert violations(page) == []
    hands.scan(code_of(out))
    hands.sees("À reprendre")
    assert violations(page) == []
    hands.click(".part")
    hands.sees("il manque quelque chose")
    assert violations(page) == []
    hands.scan("0350099999")
    hands.sees("Code mal lu")
    assert violations(page) == []
    page.context.set_offline(True)
    hands.scan(code_of(waiting))
    expect(page.locator("#desk-line")).to_contain_text("Hors ligne")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.context.set_offline(False)


def uai_of(world: World) -> str:
    with world.db.read() as session:
        return session.get_one(School, world.school.id).uai


def forbid_piles(world: World) -> None:
    with world.db.write() as session:
        session.scalars(select(LoanRule)).one().returns_in_piles = False
