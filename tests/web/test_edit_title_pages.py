"""Adding and editing titles on pages."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lending.catalog.service.load_vocabularies import load_vocabularies
from lending.core.database import Database
from tests.kit.clock import FixedClock
from tests.kit.loans import World, create_world
from tests.kit.pages import Browser, browsing, hidden, words_of


@pytest.fixture
def world(sqlite_url: str, clock: FixedClock) -> World:
    made = create_world(Database(sqlite_url), clock, copies=1, with_contents=True)
    with made.db.write() as session:
        session.merge(made.title).owner_id = made.association.id
        load_vocabularies(session)
    return made


@pytest.fixture
def browser(world: World, sqlite_url: str, clock: FixedClock, tmp_path: Path) -> Iterator[Browser]:
    with browsing(tmp_path, sqlite_url, clock) as browser:
        browser.sign_in(world.staff)
        yield browser


def new(browser: Browser, world: World, expected: int = 303, **typed: Any) -> str:
    page = browser.get(f"/staff/titles/new?association={world.association.id}")
    known = {"association": world.association.id, "key": hidden(page, "key"), "kind": "game", "language": "fr"}
    return browser.post("/staff/titles/new", expected, **known | {"name": "Le verger"} | typed)


def test_a_title_is_added_with_levels_contents_and_a_kind_of_game(browser: Browser, world: World) -> None:
    contents = "[Matériel]\n5 × Pomme\n1 × Corbeau (durable ; 12,50 €)"
    after = new(browser, world, levels=["cp", "ce1"], game_kind="cooperative", contents=contents, min_players="2")
    address = after.split("?")[0]
    page = browser.get(f"{address}/edit")
    assert "5 × Pomme\n1 × Corbeau (durable ; 12,50 €)" in page
    assert 'value="cp" checked' in page
    assert 'value="cooperative" selected' in page
    assert "Ajouté" in words_of(browser.get(f"{address}/history"))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"isbn": "9782070415794"}, "isbn"),
        ({"ean": "123"}, "ean"),
        ({"min_age": "six"}, "min_age"),
        ({"contents": "-3 × Album"}, "contents"),
        ({"language": "français"}, "language"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(
    browser: Browser, world: World, wrong: dict[str, str], field: str
) -> None:
    page = new(browser, world, 400, **{"summary": "À garder"} | wrong)
    assert f'id="{field}-error"' in page
    assert "À garder" in page


def test_whoever_saves_second_is_told_what_changed_and_loses_nothing(browser: Browser, world: World) -> None:
    address = f"/staff/titles/{world.title.id}/edit"
    page = browser.get(address)
    version, contents = hidden(page, "version"), page.split('<textarea id="contents"')[1].split(">")[1].split("<")[0]
    known = {"version": version, "visibility": "published", "contents": contents, "language": "fr"}
    browser.post(address, name="Premier nom", **known)
    late = browser.post(address, 412, name="Second nom", **known)
    assert "Changé entre-temps par quelqu’un d’autre" in late
    assert "Premier nom" in late
    assert 'value="Second nom"' in late
    browser.post(address, name="Second nom", **known | {"version": hidden(late, "version")})
    history = words_of(browser.get(f"/staff/titles/{world.title.id}/history"))
    assert "Premier nom → Second nom" in history


def test_editing_keeps_the_lines_that_stay(browser: Browser, world: World) -> None:
    address = f"/staff/titles/{world.title.id}/edit"
    page = browser.get(address)
    text = "[Livres]\n7 × Album « Le loup »"
    known = {"version": hidden(page, "version"), "visibility": "published", "name": world.title.name, "language": "fr"}
    browser.post(address, contents=text, **known)
    line = browser.client.get(f"/api/titles/{world.title.id}/checklist").json()["sections"][0]["lines"][0]
    assert (line["id"], line["quantity"]) == (world.lines[0].id, 7)


def test_others_do_not_edit(browser: Browser, world: World) -> None:
    browser.sign_in(world.teacher)
    assert browser.client.get(f"/staff/titles/{world.title.id}/edit").status_code == 403
    assert browser.client.get(f"/staff/titles/new?association={world.association.id}").status_code == 403
    assert browser.client.get(f"/staff/titles/{world.title.id}/history").status_code == 403
