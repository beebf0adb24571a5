"""A round without network: every scan is kept, sent once, in its order, and what clashed is shown."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select

from lending.core.database import Database
from lending.loans.schemas import Reservation
from lending.loans.tables import BookingEvent
from lending.network.tables import Depot, School
from lending.shipping.rounds.rules.states import What
from lending.shipping.rounds.schemas import ErrandChoice, NewRound, RoundView, StopView
from tests.kit.browser import violations
from tests.kit.loans import World, create_world
from tests.kit.patience import eventually
from tests.kit.site import Site, serving
from tests.web.test_desk_offline import RunningClock

SCHOOLS, TOO_MANY = 3, 400


@dataclass
class Tour:
    """A round under way: a loan for each of three schools, the first one due there this week on its way back."""

    world: World
    site: Site
    page: Page
    view: RoundView
    loans: list[Reservation]

    @property
    def address(self) -> str:
        return f"{self.site.address}/rounds/{self.view.summary.id}"

    def now(self) -> RoundView:
        return self.site.services.rounds.round(self.world.staff, self.view.summary.id)

    def open(self) -> None:
        """The round with what it needs kept in the browser."""
        self.page.goto(self.address)
        self.ready()
        self.page.evaluate("() => navigator.serviceWorker.ready")
        self.page.wait_for_function("async () => Boolean(await caches.match('/rounds/offline'))")
        self.page.wait_for_function("() => navigator.serviceWorker.controller !== null")
        self.page.wait_for_timeout(500)

    def ready(self) -> None:
        expect(self.page.locator("html")).to_have_attribute("data-round", "ready")

    def scan(self, code: str) -> None:
        self.page.locator("#code").fill(code)
        self.page.keyboard.press("Enter")
        expect(self.page.locator("#code")).to_have_value("")

    def leave(self, note: str = "") -> None:
        stop = self.page.locator("li.present")
        stop.get_by_label("Remarque").fill(note)
        stop.get_by_role("button", name="Arrêt terminé").click()

    def network(self, is_there: bool) -> None:
        self.page.context.set_offline(not is_there)
        if is_there:
            self.page.evaluate("() => dispatchEvent(new Event('online'))")


@pytest.fixture
def world(sqlite_url: str) -> World:
    return create_world(Database(sqlite_url), RunningClock(), copies=6, preparation_days=0, turnaround_days=0)


@pytest.fixture
def tour(world: World, sqlite_url: str, tmp_path: Path, page: Page) -> Iterator[Tour]:
    schools = [world.school, *(world.school_with_teacher()[0] for _ in range(SCHOOLS - 1))]
    with world.db.write() as session:
        depot = session.get_one(Depot, world.depot.id)
        depot.latitude, depot.longitude = 48.11, -1.68
        for number, school in enumerate(schools, start=1):
            row = session.get_one(School, school.id)
            row.latitude, row.longitude = 48.11 + number / 20, -1.68
    loans = [world.reserve(0, 5, world.staff, school_id=one.id) for one in schools]
    with serving(tmp_path, sqlite_url, world.clock) as site:
        site.sign_in(page.context, world.staff)
        page.emulate_media(reduced_motion="reduce")
        rounds = site.services.rounds
        view = rounds.start(world.staff, rounds.plan(world.staff, new_round(world, loans)).summary.id)
        yield Tour(world, site, page, view, loans)


def new_round(world: World, loans: list[Reservation]) -> NewRound:
    from_, until = world.clock.now().replace(hour=8, minute=30).time(), world.clock.now().replace(hour=17).time()
    return NewRound(
        depot_id=world.depot.id,
        held_on=world.today,
        departs_at=from_,
        returns_by=until,
        most_parcels=20,
        most_kg=TOO_MANY,
        driver="Nolwenn Le Bihan",
        errands=[ErrandChoice(what=What.DELIVERY, booking_id=one.id) for one in loans],
    )


def code_at(stop: StopView) -> str:
    return stop.errands[0].copy_code.replace(" ", "")


def handed_over(world: World) -> Counter[int]:
    with world.db.read() as session:
        return Counter(session.scalars(select(BookingEvent.booking_id).where(BookingEvent.act == "handed-over")))


def spare(tour: Tour) -> str:
    taken = {one.copy_id for one in tour.loans}
    return next(one.code for one in tour.world.copies if one.id not in taken)


def test_a_round_is_driven_without_network_and_nothing_counts_twice(tour: Tour) -> None:
    page, (first, second, third) = tour.page, tour.view.stops
    tour.open()
    tour.network(is_there=False)
    tour.scan(code_at(first))
    expect(page.locator(f"#stop-{first.id} .errands")).to_contain_text("Livré, en attente d’envoi")
    tour.scan(code_at(first))
    expect(page.locator("form.scanning .said")).to_contain_text("Déjà scanné")
    # A copy of the next stop, and one of nobody.
    tour.scan(code_at(second))
    tour.scan("3760000000017")
    expect(page.locator("form.scanning .said")).to_contain_text("Pas dans la liste de cet arrêt")
    expect(page.locator("#round-pending li")).to_have_count(3)
    tour.leave("Sonner à la loge")
    expect(page.locator(f"#stop-{first.id}")).to_contain_text("Terminé, en attente d’envoi")
    expect(page.locator(f"#stop-{second.id}")).to_have_class("panel apart present")

    page.reload()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tournée hors ligne")
    tour.ready()
    assert "Nolwenn" not in page.content()
    expect(page.locator("#round-pending li")).to_have_count(4)
    assert violations(page) == []
    tour.scan(code_at(second))
    page.locator(f"#stop-{third.id} .go a").click()
    tour.scan(spare(tour))
    tour.leave()
    expect(page.locator("#round-pending li")).to_have_count(7)
    assert handed_over(tour.world) == Counter()

    # A colleague at the desk meanwhile.
    tour.world.hand_over(next(one for one in tour.loans if one.id == third.errands[0].booking_id))
    tour.network(is_there=True)
    expect(page.locator("#round-pending")).to_be_hidden(timeout=20_000)
    now = tour.now()
    assert [stop.errands[0].state for stop in now.stops] == ["done", "done", "done"]
    assert [stop.visited_at is None for stop in now.stops] == [False, True, False]
    assert now.stops[0].note == "Sonner à la loge"
    assert handed_over(tour.world) == Counter(one.id for one in tour.loans)
    done = now.stops[0].errands[0]
    assert done.done_at is not None
    assert done.noted_at is not None
    assert done.done_at < done.noted_at
    troubles = page.locator("#round-troubles li")
    # Another stop's, nobody's, and another one than the desk handed over.
    expect(troubles).to_have_count(3)
    expect(troubles.filter(has_text="3760000000017")).to_have_count(1)
    page.goto(tour.address)
    tour.ready()
    troubles.first.get_by_role("button", name="Vu, retirer de la liste").click()
    expect(troubles).to_have_count(2)
    assert violations(page) == []


def test_an_answer_that_gets_lost_is_done_once(tour: Tour) -> None:
    tour.open()

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    tour.page.route("**/api/rounds/*/replay", lose, times=1)
    tour.scan(code_at(tour.view.stops[0]))
    first = tour.page.locator(f"#stop-{tour.view.stops[0].id} .errands .badge")
    expect(first).to_have_text("Fait", timeout=20_000)
    expect(tour.page.locator("#round-pending")).to_be_hidden()
    expect(tour.page.locator("#round-troubles")).to_be_hidden()
    assert tour.now().stops[0].errands[0].state == "done"
    assert handed_over(tour.world) == Counter([tour.view.stops[0].errands[0].booking_id])


def test_who_is_signed_out_loses_nothing_and_the_round_is_not_closed_over_it(tour: Tour) -> None:
    page = tour.page
    tour.open()
    tour.network(is_there=False)
    tour.scan(code_at(tour.view.stops[0]))
    expect(page.locator("#round-pending li")).to_have_count(1)
    page.get_by_role("button", name="La camionnette est rentrée").click()
    expect(page.locator("#round-alert")).to_contain_text("il faut le réseau")
    page.context.clear_cookies()
    tour.network(is_there=True)
    expect(page.locator("#round-alert")).to_contain_text("reconnectez-vous")
    expect(page.locator("#round-pending li")).to_have_count(1)
    assert handed_over(tour.world) == Counter()
    tour.site.sign_in(page.context, tour.world.staff)
    page.goto(tour.address)
    expect(page.locator("#round-pending")).to_be_hidden(timeout=20_000)
    assert eventually(lambda: tour.now().stops[0].errands[0].state == "done")


def test_with_network_a_scan_is_done_at_once_and_the_field_goes_on_to_the_next_stop(tour: Tour) -> None:
    page, (first, second, _) = tour.page, tour.view.stops
    tour.open()
    tour.scan(code_at(first))
    expect(page.locator("form.scanning .said")).to_contain_text("Livré")
    expect(page.locator(f"#stop-{first.id} .errands .badge")).to_have_text("Fait")
    tour.leave()
    expect(page.locator(f"#stop-{second.id} #code")).to_be_visible()
    assert eventually(lambda: tour.now().stops[0].visited_at is not None)
    # The page says the same when the server makes it.
    page.reload()
    expect(page.locator(f"#stop-{first.id} .badges")).to_contain_text("Terminé")
    expect(page.locator(f"#stop-{second.id} #code")).to_be_visible()
