"""The desk in a real browser: a scanner that types wherever the focus is, one button, narrow screens, WCAG AA."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from lending.core.barcodes import make_code
from lending.core.database import Database
from tests.kit.browser import violations, wait_for_the_day
from tests.kit.clock import FixedClock
from tests.kit.loans import World, create_world
from tests.kit.site import serving

AZERTY = "à&é\"'(-è_ç"


@pytest.fixture
def world(sqlite_url: str, clock: FixedClock) -> World:
    return create_world(Database(sqlite_url), clock, copies=3, with_contents=True)


@pytest.fixture
def site(world: World, sqlite_url: str, clock: FixedClock, tmp_path: Path, page: Page) -> Iterator[str]:
    """The address of a running server, where the browser is signed in as staff."""
    with serving(tmp_path, sqlite_url, clock) as site:
        site.sign_in(page.context, world.staff)
        yield site.address


def scan(page: Page, code: str) -> None:
    """What a scanner does: it types, then presses Enter."""
    page.keyboard.type(code)
    page.keyboard.press("Enter")


def outcome(page: Page, words: str) -> None:
    expect(page.locator("#desk-result .sign")).to_contain_text(words)


def too_wide(page: Page) -> list[str]:
    """What sticks out of the window, when the page must be scrolled sideways."""
    script = """() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("body *")]
        .filter((one) => one.getBoundingClientRect().right > innerWidth && !one.closest(".scroll *"))
        .map((one) => `${one.tagName}.${one.className} ${one.textContent.trim().slice(0, 40)}`)"""
    found: list[str] = page.evaluate(script)
    return found


def on_the_desk(page: Page, code: str) -> None:
    expect(page.locator("#desk-result input[name=code]").first).to_have_value(code)


def test_a_scan_and_enter_hand_a_reserved_copy_over(page: Page, site: str, world: World) -> None:
    booking = world.reserve(0, 7)
    page.goto(f"{site}/desk")
    scan(page, (booking.copy_code or "").replace(" ", ""))
    outcome(page, "À remettre")
    expect(page.locator("[data-first]")).to_be_focused()
    page.keyboard.press("Enter")
    outcome(page, "Remis à")
    expect(page.locator("#desk-status")).to_contain_text("Remis à")
    assert world.booking(booking.id).state == "out"


def test_a_scan_is_heard_with_the_focus_on_a_link_and_does_not_follow_it(page: Page, site: str, world: World) -> None:
    page.goto(f"{site}/desk")
    page.get_by_role("link", name="Liste du jour").focus()
    scan(page, world.copies[0].code)
    outcome(page, "En rayon")
    assert page.url.endswith(f"code={world.copies[0].code}")


def test_the_address_in_a_qr_code_is_read(page: Page, site: str, world: World) -> None:
    page.goto(f"{site}/desk")
    scan(page, f"HTTPS://MALLES.EXAMPLE.ORG/E/{world.copies[1].code}")
    outcome(page, "En rayon")


def test_digits_of_an_azerty_keyboard_are_read(page: Page, site: str, world: World) -> None:
    page.goto(f"{site}/desk")
    page.locator("#code").fill("".join(AZERTY[int(digit)] for digit in world.copies[0].code))
    page.keyboard.press("Enter")
    outcome(page, "En rayon")


def test_a_scan_into_the_count_of_a_line_leaves_the_count_alone(page: Page, site: str, world: World) -> None:
    first, second = world.hand_over(world.reserve(0, 7)), world.hand_over(world.reserve(0, 7))
    codes = [(one.copy_code or "").replace(" ", "") for one in (first, second)]
    page.goto(f"{site}/desk?depot={world.depot.id}&code={codes[0]}")
    page.get_by_text("Compter ligne par ligne").click()
    page.locator(".counting input[type=number]").first.focus()
    scan(page, codes[1])
    on_the_desk(page, codes[1])
    assert world.booking(first.id).state == "out"


def test_one_tap_on_a_part_takes_the_copy_back_without_it_and_another_tap_corrects(
    page: Page, site: str, world: World
) -> None:
    booking = world.hand_over(world.reserve(0, 7))
    page.goto(f"{site}/desk")
    scan(page, (booking.copy_code or "").replace(" ", ""))
    page.locator(".part").first.click()
    outcome(page, "il manque quelque chose")
    expect(page.locator("#desk-result")).to_contain_text("bloqué")
    page.locator(".part").nth(1).click()
    expect(page.locator(".missing").first.locator("li")).to_have_count(2)
    assert world.booking(booking.id).state == "done"


def test_counting_line_by_line_guards_from_the_wrong_button(page: Page, site: str, world: World) -> None:
    booking = world.hand_over(world.reserve(0, 7))
    page.goto(f"{site}/desk")
    scan(page, (booking.copy_code or "").replace(" ", ""))
    page.get_by_text("Compter ligne par ligne").click()
    page.get_by_role("button", name="Un de moins").first.click()
    expect(page.locator(".gap").first).to_have_text("il en manque 1")
    expect(page.get_by_role("button", name="Tout est là")).to_be_disabled()
    page.get_by_role("button", name="Enregistrer le retour").click()
    outcome(page, "il manque quelque chose")


def test_quick_scans_are_answered_in_order(page: Page, site: str, world: World) -> None:
    page.goto(f"{site}/desk")
    for copy in world.copies:
        scan(page, copy.code)
    on_the_desk(page, world.copies[-1].code)


def test_half_a_scan_is_refused_aloud(page: Page, site: str) -> None:
    page.goto(f"{site}/desk")
    page.get_by_role("link", name="Liste du jour").focus()
    scan(page, "03500")
    outcome(page, "Lecture incomplète")
    expect(page.locator("#desk-alert")).to_contain_text("03500")


def test_an_unknown_code_is_an_alert(page: Page, site: str) -> None:
    page.goto(f"{site}/desk")
    scan(page, make_code(35, 99_999))
    outcome(page, "Code inconnu")
    expect(page.locator("#desk-alert")).to_contain_text("Code inconnu")
    expect(page.locator("#code")).to_be_focused()


def test_the_last_act_is_taken_back_by_a_tap(page: Page, site: str, world: World) -> None:
    booking = world.hand_over(world.reserve(0, 7))
    page.goto(f"{site}/desk")
    scan(page, (booking.copy_code or "").replace(" ", ""))
    outcome(page, "À reprendre")
    page.keyboard.press("Enter")
    outcome(page, "tout est là")
    expect(page.locator("#desk-recent li")).to_have_count(1)
    page.get_by_role("button", name="Annuler").click()
    outcome(page, "Annulé, tout est comme avant")
    assert world.booking(booking.id).state == "out"


def test_a_scan_without_network_is_kept_and_said(page: Page, site: str, world: World) -> None:
    page.goto(f"{site}/desk")
    expect(page.locator("html")).to_have_attribute("data-desk", "ready")
    wait_for_the_day(page)
    page.context.set_offline(True)
    scan(page, world.copies[0].code)
    outcome(page, "En rayon d’après la liste du jour")
    expect(page.locator("#desk-line")).to_contain_text("Hors ligne")
    page.context.set_offline(False)
    expect(page.locator("#desk-pending")).to_be_hidden()


LATE_ANSWERS = """
const json = Response.prototype.json;
Response.prototype.json = async function () {
  const answer = await json.call(this);
  await new Promise((go) => { window.writeDown = go; document.documentElement.dataset.answered = "yes"; });
  return answer;
};
"""


def test_the_network_that_goes_while_an_answer_is_written_down_is_gone(page: Page, site: str) -> None:
    page.add_init_script(LATE_ANSWERS)
    page.goto(f"{site}/desk")
    expect(page.locator("html")).to_have_attribute("data-answered", "yes")
    page.context.set_offline(True)
    expect(page.locator("#desk-line")).to_contain_text("Hors ligne")
    page.evaluate("writeDown()")
    wait_for_the_day(page)
    expect(page.locator("#desk-line")).to_contain_text("Hors ligne")


PAGES = ["/", "/desk", "/today", "/loans", "/organisations/{association}", "/depots/{depot}", "/staff/titles/{title}"]


STOCK = ["/staff/associations/{association}/stock?all=yes", "/staff/associations/{association}/labels", "/themes"]


@pytest.mark.parametrize("path", [*PAGES, "/staff/titles/{title}/labels", "/network", "/problems", "/schema", *STOCK])
def test_pages_fit_a_narrow_screen_and_keep_to_wcag(page: Page, site: str, world: World, path: str) -> None:
    world.hand_over(world.reserve(0, 3))
    world.reserve(0, 5)
    world.clock.advance(days=4)
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(site + path.format(association=world.association.id, depot=world.depot.id, title=world.title.id))
    for summary in page.locator("main details > summary").all()[:8]:
        summary.click()
    assert too_wide(page) == []
    assert violations(page) == []


def test_a_return_fits_a_narrow_screen_and_keeps_to_wcag(page: Page, site: str, world: World) -> None:
    booking = world.hand_over(world.reserve(0, 7))
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(f"{site}/desk?depot={world.depot.id}&code={(booking.copy_code or '').replace(' ', '')}")
    assert too_wide(page) == []
    assert violations(page) == []
