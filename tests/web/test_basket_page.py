"""The basket's page: fill it from titles, confirm it at once, see what could not be had."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lending.core.database import Database
from tests.kit.clock import FixedClock
from tests.kit.loans import DAY, World, create_world
from tests.kit.pages import Browser, browsing, hidden, words_of


@pytest.fixture
def world(sqlite_url: str, clock: FixedClock) -> World:
    return create_world(Database(sqlite_url), clock, copies=1, max_open_loans=1)


@pytest.fixture
def browser(world: World, sqlite_url: str, clock: FixedClock, tmp_path: Path) -> Iterator[Browser]:
    with browsing(tmp_path, sqlite_url, clock) as browser:
        browser.sign_in(world.teacher)
        yield browser


def fill(browser: Browser, world: World, start: int, expected: int = 303) -> str:
    days = {"starts_on": world.today + start * DAY, "due_on": world.today + (start + 4) * DAY}
    place = {"title_id": world.title.id, "school_id": world.school.id, "depot_id": world.depot.id}
    return browser.post("/basket/lines", expected, **place, **days)


def test_a_title_goes_into_the_basket_and_is_confirmed_with_the_rest(browser: Browser, world: World) -> None:
    assert "Ajouter au panier" in words_of(browser.get(f"/titles/{world.title.id}"))
    assert fill(browser, world, 2) == "/basket"
    page = browser.get("/basket")
    assert "Gardé pour vous jusqu’à" in words_of(page)
    address = browser.post("/basket/confirmation", want="all", line_ids=hidden(page, "line_ids"))
    assert "1 réservation" in words_of(browser.get(address))
    assert "Le panier est vide." in words_of(browser.get("/basket"))


def test_what_cannot_be_had_is_named_and_the_basket_is_kept(browser: Browser, world: World) -> None:
    fill(browser, world, 2)
    fill(browser, world, 12)
    page = browser.post("/basket/confirmation", 409, want="all")
    assert "Ce qui n’a pas pu être réservé" in words_of(page)
    assert words_of(page).count(world.title.name) >= 3
    assert world.loans.reservations(world.teacher).items == []


def test_what_is_possible_is_reserved_and_the_rest_is_told(browser: Browser, world: World) -> None:
    fill(browser, world, 2)
    fill(browser, world, 12)
    page = browser.post("/basket/confirmation", 200, want="possible")
    assert "Le reste est réservé" in words_of(page)
    assert len(world.loans.reservations(world.teacher).items) == 1


def test_a_line_is_given_back(browser: Browser, world: World) -> None:
    fill(browser, world, 2)
    line_id = hidden(browser.get("/basket"), "line_ids")
    browser.post(f"/basket/lines/{line_id}/removal")
    assert "Le panier est vide." in words_of(browser.get("/basket"))


def test_a_refusal_stands_on_the_page(browser: Browser, world: World) -> None:
    fill(browser, world, 2)
    assert "n’est pas libre" in words_of(fill(browser, world, 2, 409))
    assert browser.post("/basket/lines", 400, title_id=world.title.id)


def test_a_visitor_is_asked_who_they_are(browser: Browser) -> None:
    browser.client.cookies.clear()
    browser.get("/basket", 401)
