"""The page of an association's stock: filters, boxes, and what is done to the ticked copies."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lending.core.database import Database
from tests.kit.clock import FixedClock
from tests.kit.loans import World, create_world
from tests.kit.pages import Browser, browsing, words_of


@pytest.fixture
def world(sqlite_url: str, clock: FixedClock) -> World:
    return create_world(Database(sqlite_url), clock, copies=3)


@pytest.fixture
def browser(world: World, sqlite_url: str, clock: FixedClock, tmp_path: Path) -> Iterator[Browser]:
    with browsing(tmp_path, sqlite_url, clock) as browser:
        browser.sign_in(world.staff)
        yield browser


def address(world: World) -> str:
    return f"/staff/associations/{world.association.id}/stock"


def boxes(world: World) -> dict[str, str]:
    return {f"copy-{one.id}": "yes" for one in world.copies}


def test_the_list_narrows_and_ticks_all(browser: Browser, world: World) -> None:
    assert "3 exemplaires sur cette page" in browser.get(address(world))
    assert browser.get(f"{address(world)}?all=yes").count(" checked") == 3
    assert "Aucun exemplaire ne correspond" in browser.get(f"{address(world)}?status=lost&depot_id=")
    assert "3 exemplaires" in browser.get(f"{address(world)}?status=nix&kind=nix&depot_id=x")


def test_ticked_copies_move_and_the_filter_stays(browser: Browser, world: World) -> None:
    sent = boxes(world) | {"action": "shelf", "new_shelf": "C 3", "status": "lendable", "text": ""}
    answer = browser.client.post(address(world), data=sent, follow_redirects=False)
    assert (answer.status_code, "status=lendable" in answer.headers["location"]) == (303, True)
    assert browser.get(f"{address(world)}?shelf=C+3").count('type="checkbox"') == 3


def test_refusals_are_told_with_their_copies(browser: Browser, world: World) -> None:
    world.set_copy(world.copies[0], status="blocked", condition="damaged")
    told = words_of(browser.post(address(world), 200, action="unblock", **boxes(world)))
    assert "2 exemplaires modifiés." in told


def test_labels_of_ticked_copies_are_a_pdf(browser: Browser, world: World) -> None:
    answer = browser.client.post(f"{address(world)}/labels", data=boxes(world) | {"format": "L7160"})
    assert answer.content.startswith(b"%PDF")
    assert 'id="copies-error"' in browser.post(f"{address(world)}/labels", 400, format="L7160")


def test_mistakes_stand_on_the_page(browser: Browser, world: World) -> None:
    assert 'id="copies-error"' in browser.post(address(world), 400, action="withdraw")
    browser.post(address(world), 404, action="nix", **boxes(world))
    browser.post(address(world), 404, action="block", **{"copy-999999999": "yes", "copy-x": "yes"})
    browser.post(address(world), 400, action="depot", new_depot_id="999", **boxes(world))


def test_the_api_lists_and_changes(browser: Browser, world: World) -> None:
    path = f"/api/associations/{world.association.id}/copies"
    found = browser.client.get(f"{path}?status=lendable&limit=2").json()
    assert (len(found["items"]), bool(found["next_cursor"])) == (2, True)
    body = {"copies": [one.id for one in world.copies], "action": "block"}
    assert browser.client.post(f"{path}/changes", json=body).json() == {"changed": 3, "refused": []}
    assert browser.client.post(f"{path}/changes", json=body | {"action": "nix"}).status_code == 400
