"""Forty scans without network, while another desk works on the same copies: none is lost, none counts twice."""

import datetime as dt
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from lending.core.actor import Role
from lending.core.barcodes import make_code
from lending.core.database import Database
from lending.loans.rules.loan_codes import loan_code
from lending.loans.schemas import NewLoan, Reservation
from lending.loans.tables import BookingEvent
from tests.kit.browser import wait_for_the_day
from tests.kit.catalog import create_copies, create_title
from tests.kit.clock import MONDAY_MORNING, FixedClock
from tests.kit.loans import DAY, World, create_world
from tests.kit.network import create_association, create_depot, create_person
from tests.kit.patience import eventually
from tests.kit.site import Site, serving

COPIES, OUT, LEAVING, LOOKED_AT = 26, 14, 6, 6
SCANS = 40


class RunningClock(FixedClock):
    """It goes on from Monday morning, so that what comes later is later."""

    def __init__(self) -> None:
        super().__init__()
        self._began = time.monotonic()

    def now(self) -> dt.datetime:
        return MONDAY_MORNING + dt.timedelta(seconds=time.monotonic() - self._began)


@pytest.fixture
def world(sqlite_url: str) -> World:
    return create_world(Database(sqlite_url), RunningClock(), copies=COPIES)


@pytest.fixture
def site(world: World, sqlite_url: str, tmp_path: Path, page: Page) -> Iterator[Site]:
    with serving(tmp_path, sqlite_url, world.clock) as site:
        site.sign_in(page.context, world.staff)
        # A page that is left while it fades in logs that it was.
        page.emulate_media(reduced_motion="reduce")
        yield site


def plain(booking: Reservation) -> str:
    return (booking.copy_code or "").replace(" ", "")


def scan(page: Page, code: str) -> None:
    page.keyboard.type(code)
    page.keyboard.press("Enter")


def settle(page: Page) -> None:
    page.wait_for_function("() => !document.querySelector('#desk-result.is-waiting')", timeout=60_000)


def open_desk(page: Page, site: Site) -> None:
    """The desk with its day and its shell kept in the browser."""
    page.goto(f"{site.address}/desk")
    expect(page.locator("html")).to_have_attribute("data-desk", "ready")
    page.evaluate("() => navigator.serviceWorker.ready")
    page.wait_for_function("async () => Boolean(await caches.match('/desk/offline'))")
    page.wait_for_function("() => fetch('/desk').then(() => true)")
    wait_for_the_day(page)


def foreign_code(world: World) -> str:
    """A copy of another association."""
    with world.db.write() as session:
        other = create_association(session, world.union, code="56")
        title = create_title(session, world.federation)
        return create_copies(session, title, create_depot(session, other), 1)[0].code


def events(world: World, act: str) -> Counter[int]:
    with world.db.read() as session:
        query = select(BookingEvent.booking_id).where(BookingEvent.act == act)
        return Counter(session.scalars(query))


@dataclass
class Morning:
    """What is out, what leaves today and what nobody waits for, before the network goes."""

    world: World
    page: Page
    out: list[Reservation]
    leaving: list[Reservation]
    idle: list[str]
    foreign: list[str]
    scans: int = 0

    def scan_all(self, *codes: str) -> None:
        for code in codes:
            scan(self.page, code)
        self.scans += len(codes)
        settle(self.page)


def morning_of(world: World, page: Page) -> Morning:
    out = [world.hand_over(world.reserve(0, 9)) for _ in range(OUT)]
    leaving = [world.reserve(0, 9) for _ in range(LEAVING)]
    taken = {plain(one) for one in (*out, *leaving)}
    idle = [copy.code for copy in world.copies if copy.code not in taken]
    foreign = [foreign_code(world), make_code(35, 99_999), "3760000000017", "0350099999"]
    return Morning(world, page, out, leaving, idle, foreign)


def second_desk(morning: Morning) -> Reservation:
    """Two copies that the first desk takes back too, a loan that it handed over, a copy lent that turns up there."""
    world = morning.world
    with world.db.write() as session:
        colleague = create_person(session, Role.STAFF, world.association)
    for booking in morning.out[:2]:
        world.loans.check_in(colleague, world.depot.id, plain(booking))
    world.loans.check_out(colleague, world.depot.id, morning.idle[5], morning.leaving[0].id)
    due_on = world.today + 5 * DAY
    wanted = NewLoan(code=morning.idle[4], depot_id=world.depot.id, school_id=world.school.id, due_on=due_on)
    return world.loans.lend_now(colleague, wanted)


def scan_without_network(morning: Morning) -> Reservation:
    """Forty scans; in their midst the page is loaded again. Returns what the second desk lent meanwhile."""
    out, leaving, page = morning.out, morning.leaving, morning.page
    for number, booking in enumerate(leaving[:5]):
        pair = [loan_code(booking.id), plain(booking)]
        morning.scan_all(*(pair if number % 2 else reversed(pair)))
    morning.scan_all(*(plain(one) for one in out[:7]))
    # A page that is left with a scan in its hand leaves a reading, for a person to look at.
    expect(page.locator("#desk-pending li")).to_have_count(12)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_contain_text("hors ligne")
    expect(page.locator("#desk-pending li")).to_have_count(12)
    lent = second_desk(morning)
    morning.scan_all(loan_code(leaving[5].id), plain(leaving[5]), loan_code(leaving[5].id))
    morning.scan_all(*(plain(one) for one in out[7:]))
    # Twice.
    morning.scan_all(*(plain(one) for one in out[10:14]))
    morning.scan_all(*morning.foreign)
    morning.scan_all(*morning.idle[:5])
    expect(page.locator("#desk-pending li")).to_have_count(33)
    return lent


def test_forty_scans_without_network_and_a_second_desk(page: Page, site: Site, world: World) -> None:
    morning = morning_of(world, page)
    open_desk(page, site)
    page.locator("#pile").check()
    page.context.set_offline(True)
    lent = scan_without_network(morning)
    assert morning.scans == SCANS
    page.context.set_offline(False)
    page.evaluate("() => dispatchEvent(new Event('online'))")
    expect(page.locator("#desk-pending")).to_be_hidden(timeout=60_000)

    out, leaving = morning.out, morning.leaving
    assert {world.booking(one.id).state for one in out} == {"done"}
    assert {world.booking(one.id).state for one in (*leaving, lent)} == {"out"}
    assert events(world, "returned") == Counter(one.id for one in out)
    assert events(world, "handed-over") == Counter(one.id for one in (*out, *leaving, lent))

    said = {code_of(text): text for text in page.locator("#desk-troubles li").all_inner_texts()}
    twice_returned = [plain(one) for one in out[:2]]
    assert all("changé entre-temps" in said[code] for code in twice_returned)
    assert "n’attend pas de retrait" in said[plain(leaving[0])]
    assert "Encore sorti" in said[morning.idle[4]]
    assert sorted(said) == sorted([*twice_returned, plain(leaving[0]), morning.idle[4], *morning.foreign])
    page.get_by_role("button", name="Vu, retirer de la liste").first.click()
    expect(page.locator("#desk-troubles li")).to_have_count(7)
    page.reload()
    expect(page.locator("#desk-troubles li")).to_have_count(7)


def code_of(line: str) -> str:
    """The code in a line of what is to be looked at."""
    found = re.search(r"\d{3} \d{5} \d{2}|\d{13}", line)
    assert found is not None, line
    return found[0].replace(" ", "")


def test_an_answer_that_gets_lost_is_done_once(page: Page, site: Site, world: World) -> None:
    booking = world.hand_over(world.reserve(0, 9))
    open_desk(page, site)
    page.locator("#pile").check()

    def lose(route: object) -> None:
        route.fetch()  # type: ignore[attr-defined]  # the server does it
        route.abort()  # type: ignore[attr-defined]  # and nobody hears of it

    page.route("**/desk/scan", lose, times=1)
    scan(page, plain(booking))
    settle(page)
    expect(page.locator("#desk-pending")).to_be_hidden(timeout=20_000)
    expect(page.locator("#desk-troubles")).to_be_hidden()
    assert world.booking(booking.id).state == "done"
    assert events(world, "returned") == Counter([booking.id])


def test_who_is_signed_out_loses_nothing(page: Page, site: Site, world: World) -> None:
    booking = world.hand_over(world.reserve(0, 9))
    open_desk(page, site)
    page.locator("#pile").check()
    page.context.set_offline(True)
    scan(page, plain(booking))
    settle(page)
    page.context.clear_cookies()
    page.context.set_offline(False)
    page.evaluate("() => dispatchEvent(new Event('online'))")
    expect(page.locator("#desk-alert")).to_contain_text("reconnectez-vous")
    expect(page.locator("#desk-pending li")).to_have_count(1)
    assert world.booking(booking.id).state == "out"
    site.sign_in(page.context, world.staff)
    page.goto(f"{site.address}/desk")
    assert eventually(lambda: world.booking(booking.id).state == "done")
    expect(page.locator("#desk-pending")).to_be_hidden()


def test_a_pending_act_is_taken_back_before_it_leaves(page: Page, site: Site, world: World) -> None:
    booking = world.hand_over(world.reserve(0, 9))
    open_desk(page, site)
    page.locator("#pile").check()
    page.context.set_offline(True)
    scan(page, plain(booking))
    settle(page)
    page.get_by_role("button", name="Annuler").click()
    expect(page.locator("#desk-pending")).to_be_hidden()
    page.context.set_offline(False)
    page.evaluate("() => dispatchEvent(new Event('online'))")
    page.wait_for_timeout(1000)
    assert world.booking(booking.id).state == "out"


def test_a_scan_while_signed_out_is_kept_for_who_signs_in(page: Page, site: Site, world: World) -> None:
    booking = world.hand_over(world.reserve(0, 9))
    open_desk(page, site)
    page.context.clear_cookies()
    scan(page, plain(booking))
    page.wait_for_url("**/desk?depot=*")
    expect(page.locator("#scan-form")).to_have_count(0)
    site.sign_in(page.context, world.staff)
    page.goto(f"{site.address}/desk")
    expect(page.locator("#desk-troubles li")).to_contain_text("Encore sorti")


def test_an_enter_that_comes_late_ends_its_scan_and_presses_no_button(page: Page, site: Site, world: World) -> None:
    first, second = (world.hand_over(world.reserve(0, 9)) for _ in range(2))
    open_desk(page, site)
    page.locator("#pile").check()
    page.context.set_offline(True)
    scan(page, plain(first))
    settle(page)
    page.get_by_role("button", name="Annuler").focus()
    page.keyboard.type(plain(second))
    page.wait_for_timeout(2_700)
    page.keyboard.press("Enter")
    settle(page)
    expect(page.locator("#desk-pending li")).to_have_count(2)
