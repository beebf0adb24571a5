"""Waiting: join from a title's page, answer an offer, leave; for staff the queue."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lending.core.actor import Actor
from lending.core.database import Database
from lending.loans.schemas import Reservation
from lending.loans.service.wishes import Wishes
from tests.kit.clock import FixedClock
from tests.kit.loans import DAY, World, create_world
from tests.kit.pages import Browser, browsing, hidden, words_of

TERMS = {"preparation_days": 0, "turnaround_days": 0, "lead_days": 0}


@pytest.fixture
def world(sqlite_url: str, clock: FixedClock) -> World:
    return create_world(Database(sqlite_url), clock, copies=1, **TERMS)


@pytest.fixture
def browser(world: World, sqlite_url: str, clock: FixedClock, tmp_path: Path) -> Iterator[Browser]:
    with browsing(tmp_path, sqlite_url, clock) as browser:
        yield browser


@pytest.fixture
def taken(world: World) -> Reservation:
    """Somebody else has reserved the only copy for weeks."""
    _, other = world.school_with_teacher()
    return world.reserve(0, 40, other, school_id=other.grants[0].organisation_id)


def join(browser: Browser, world: World, expected: int = 303, **more: object) -> str:
    days = {"starts_on": world.today, "until_on": world.today + 20 * DAY, "length_days": 5}
    place = {"school_id": world.school.id, "depot_id": world.depot.id}
    return browser.post(f"/titles/{world.title.id}/wishes", expected, **place | days | more)


def test_a_teacher_waits_is_offered_a_copy_and_takes_it(browser: Browser, world: World, taken: Reservation) -> None:
    browser.sign_in(world.teacher)
    assert "Attendre ce titre" in words_of(browser.get(f"/titles/{world.title.id}"))
    assert join(browser, world) == "/waiting?done=waiting"
    assert "Place dans la file : 1" in words_of(browser.get("/waiting"))
    world.loans.cancel(world.staff, taken.id)
    said = words_of(browser.get("/waiting"))
    assert "Gardé pour vous jusqu’à" in said
    wish = Wishes(world.db, world.clock).mine(world.teacher)[0]
    assert browser.post(f"/waiting/{wish.id}/acceptance").startswith("/reservations/")
    assert "Vous n’attendez aucun titre." in words_of(browser.get("/waiting"))
    assert "Aucun exemplaire n’est proposé" in words_of(browser.post(f"/waiting/{wish.id}/acceptance", 409))


def test_who_need_not_wait_is_led_to_the_dates_that_are_free(browser: Browser, world: World) -> None:
    browser.sign_in(world.teacher)
    page = join(browser, world, 409)
    assert "Inutile d’attendre" in words_of(page)
    assert f"/titles/{world.title.id}?depot={world.depot.id}&starts_on={world.today}" in page


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"length_days": "beaucoup"}, "length_days"),
        ({"until_on": ""}, "until_on"),
        ({"length_days": "90"}, "until_on"),
    ],
)
def test_a_mistake_stands_beside_its_field_and_nothing_typed_is_lost(
    browser: Browser, world: World, taken: Reservation, typed: dict[str, str], field: str
) -> None:
    browser.sign_in(world.teacher)
    page = join(browser, world, 400, **typed)
    assert f'id="{field}-error"' in page
    assert f'value="{world.today}"' in page


def test_a_wish_is_paused_taken_up_again_and_given_up(browser: Browser, world: World, taken: Reservation) -> None:
    browser.sign_in(world.teacher)
    join(browser, world)
    wish = Wishes(world.db, world.clock).mine(world.teacher)[0]
    browser.post(f"/waiting/{wish.id}/suspension", until_on=world.today + 9 * DAY)
    assert "En pause jusqu’au" in words_of(browser.get("/waiting"))
    browser.post(f"/waiting/{wish.id}/suspension", until_on="")
    assert "En pause jusqu’au" not in words_of(browser.get("/waiting"))
    browser.post(f"/waiting/{wish.id}/end")
    assert "Vous n’attendez aucun titre." in words_of(browser.get("/waiting"))


def test_an_offer_that_is_declined_goes_to_the_next(browser: Browser, world: World, taken: Reservation) -> None:
    browser.sign_in(world.teacher)
    join(browser, world)
    world.loans.cancel(world.staff, taken.id)
    wish = Wishes(world.db, world.clock).mine(world.teacher)[0]
    browser.post(f"/waiting/{wish.id}/refusal")
    assert "Vous n’attendez aucun titre." in words_of(browser.get("/waiting"))


def test_staff_see_the_queue_and_move_somebody_up(browser: Browser, world: World, taken: Reservation) -> None:
    people: list[Actor] = []
    for _ in range(2):
        _, who = world.school_with_teacher()
        people.append(who)
        browser.sign_in(who)
        join(browser, world, school_id=who.grants[0].organisation_id)
    browser.sign_in(world.staff)
    page = browser.get("/staff/waiting")
    second = Wishes(world.db, world.clock).mine(people[1])[0]
    assert second.position == 2
    address = f"/staff/waiting/{world.title.id}/{world.association.id}"
    browser.post(address, order=hidden(page, "order"), wish_id=second.id)
    assert Wishes(world.db, world.clock).mine(people[1])[0].position == 1
    browser.sign_in(world.teacher)
    browser.get(f"/staff/waiting?association={world.association.id}", 403)
    browser.get("/staff/waiting", 403)
