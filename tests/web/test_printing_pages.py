"""Printing labels and contents sheets from pages, and binding blank labels."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from lending.catalog.printing.tables import BlankCode
from lending.catalog.tables import Copy
from lending.core.database import Database
from tests.kit.clock import FixedClock
from tests.kit.loans import World, create_world
from tests.kit.pages import Browser, browsing, words_of


@pytest.fixture
def world(sqlite_url: str, clock: FixedClock) -> World:
    return create_world(Database(sqlite_url), clock, copies=2, with_contents=True)


@pytest.fixture
def browser(world: World, sqlite_url: str, clock: FixedClock, tmp_path: Path) -> Iterator[Browser]:
    with browsing(tmp_path, sqlite_url, clock) as browser:
        browser.sign_in(world.staff)
        yield browser


def address(world: World) -> str:
    return f"/staff/associations/{world.association.id}"


def test_labels_come_as_a_pdf(browser: Browser, world: World) -> None:
    assert "Imprimer les étiquettes d’exemplaires" in browser.get(f"{address(world)}/labels")
    sent = {"format": "L7160", "skip": "2", "depot_id": "", "shelf": ""}
    answer = browser.client.post(f"{address(world)}/labels", data=sent)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF")
    told = browser.client.get(f"/api/associations/{world.association.id}/labels.pdf?format=L7651&small=bars")
    assert told.content.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"format": "A0"}, "format"), ({"skip": "-1"}, "skip"), ({"shelf": "nulle part"}, "shelf")],
)
def test_what_cannot_be_printed_is_told_beside_its_field(
    browser: Browser, world: World, wrong: dict[str, str], field: str
) -> None:
    sent = {"format": "L7160", "skip": "0", "depot_id": "", "shelf": ""} | wrong
    assert f'id="{field}-error"' in browser.post(f"{address(world)}/labels", 400, **sent)


def test_a_blank_label_is_bound_by_two_scans(browser: Browser, world: World) -> None:
    answer = browser.client.post(f"{address(world)}/blank-labels", data={"count": "2", "format": "L7160"})
    assert answer.content.startswith(b"%PDF")
    with world.db.read() as session:
        blank = session.scalars(select(BlankCode.code)).first() or ""
    bind = f"{address(world)}/blank-labels/bind"
    assert 'id="blank-error"' in browser.post(bind, 404, blank="123", copy=world.copies[0].code)
    assert 'id="copy-error"' in browser.post(bind, 404, blank=blank, copy="quoi")
    after = browser.post(bind, blank=blank, copy=world.copies[0].code)
    assert "désigne maintenant l’exemplaire" in words_of(browser.get(after))
    assert 'id="blank-error"' in browser.post(bind, 409, blank=blank, copy=world.copies[1].code)


def test_anybody_prints_what_is_in_a_published_trunk(browser: Browser, world: World) -> None:
    answer = browser.client.get(f"/titles/{world.title.id}/contents.pdf?code={world.copies[0].code}")
    assert answer.content.startswith(b"%PDF")
    assert browser.client.get("/titles/999999/contents.pdf").status_code == 404


def test_teachers_print_no_labels(browser: Browser, world: World) -> None:
    browser.sign_in(world.teacher)
    assert browser.client.get(f"{address(world)}/labels").status_code == 403
    assert browser.client.get(f"/api/associations/{world.association.id}/labels.pdf").status_code == 403


def test_a_sheet_of_ones_own_and_labels_of_shelves(browser: Browser, world: World) -> None:
    with world.db.write() as session:
        session.get_one(Copy, world.copies[0].id).shelf = "B2"
    names = ("columns", "rows", "width", "height", "left", "top", "pitch_x", "pitch_y")
    sizes = ("2", "8", "90", "33,5", "10", "12", "95", "34")
    own = {"format": "own", "depot_id": ""} | {f"own_{name}": size for name, size in zip(names, sizes, strict=True)}
    for path in ("labels", "shelf-labels"):
        answer = browser.client.post(f"{address(world)}/{path}", data=own | {"skip": "0"})
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    refused = browser.post(f"{address(world)}/labels", 400, **(own | {"skip": "0", "own_columns": "3"}))
    assert 'id="format-error"' in refused
    assert 'value="33,5"' in refused
    nothing = browser.post(f"{address(world)}/shelf-labels", 400, **(own | {"own_width": "large"}))
    assert 'id="format-error"' in nothing
    told = browser.client.get(f"/api/associations/{world.association.id}/shelf-labels.pdf")
    assert told.content.startswith(b"%PDF")
