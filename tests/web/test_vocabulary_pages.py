"""The pages of the federation's words."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from lending.catalog.service.load_vocabularies import load_vocabularies
from lending.core.actor import Role
from lending.core.database import Database
from lending.network.tables import Organisation
from tests.kit.clock import FixedClock
from tests.kit.loans import World, create_world
from tests.kit.network import create_person
from tests.kit.pages import Browser, browsing, words_of


@pytest.fixture
def world(sqlite_url: str, clock: FixedClock) -> World:
    world = create_world(Database(sqlite_url), clock, copies=1)
    with world.db.write() as session:
        load_vocabularies(session)
    return world


@pytest.fixture
def browser(world: World, sqlite_url: str, clock: FixedClock, tmp_path: Path) -> Iterator[Browser]:
    with world.db.write() as session:
        federation = session.scalars(select(Organisation).where(Organisation.parent_id.is_(None))).one()
        admin = create_person(session, Role.ADMIN, federation)
    with browsing(tmp_path, sqlite_url, clock) as browser:
        browser.sign_in(admin)
        yield browser


def test_a_word_is_added_and_renamed(browser: Browser) -> None:
    assert "Coopération" in browser.get("/admin/vocabularies/theme")
    browser.post("/admin/vocabularies/level", 303, label_fr="UEE", label_en="", parent="c1")
    browser.post("/admin/vocabularies/theme/cooperation", 303, label_fr="Coopérer", label_en="Coop", version="1")
    words = words_of(browser.get("/admin/vocabularies/theme"))
    assert "Coopérer" in words
    assert "UEE" in words_of(browser.get("/admin/vocabularies/level"))
    assert browser.client.get("/admin/vocabularies", follow_redirects=False).status_code == 303


def test_mistakes_stand_beside_their_fields_with_what_was_typed(browser: Browser) -> None:
    told = browser.post("/admin/vocabularies/theme", 409, label_fr="Coopération", label_en="Mine")
    assert 'id="label_fr-error"' in told
    assert 'value="Mine"' in told
    assert 'id="parent-error"' in browser.post("/admin/vocabularies/level", 400, label_fr="X1", parent="nix")
    wrong = browser.post("/admin/vocabularies/theme/cooperation", 400, label_fr=" ", label_en="Kept", version="1")
    assert 'id="label_fr-cooperation-error"' in wrong
    assert 'value="Kept"' in wrong
    late = browser.post("/admin/vocabularies/theme/cooperation", 412, label_fr="Autre", version="9")
    assert 'value="Autre"' in late
    browser.get("/admin/vocabularies/nix", 404)


def test_only_the_federation_comes_here(browser: Browser, world: World) -> None:
    browser.sign_in(world.staff)
    browser.get("/admin/vocabularies/theme", 403)
    browser.get("/admin/vocabularies", 403)


def test_the_api_does_the_same(browser: Browser) -> None:
    path = "/api/vocabularies/theme/terms"
    added = browser.client.post(path, json={"label_fr": "Marionnettes du soir"}).json()
    assert added["code"] == "marionnettes-du-soir"
    edited = browser.client.patch(f"{path}/{added['code']}", json={"label_fr": "Ombres", "label_en": "Shadows"})
    assert edited.json()["label_en"] == "Shadows"
    assert any(one["label_fr"] == "Ombres" for one in browser.client.get(path).json())
    assert browser.client.patch(f"{path}/nix", json={"label_fr": "Ombres 2"}).status_code == 404
