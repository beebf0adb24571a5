"""The page that says what happened to the contents of a copy."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lending.core.database import Database
from lending.loans.schemas import DeskDecision, DeskScan, FoundLine
from tests.kit.catalog import create_copies, create_title
from tests.kit.clock import FixedClock
from tests.kit.loans import World, create_world
from tests.kit.pages import Browser, browsing, hidden, words_of


@pytest.fixture
def world(sqlite_url: str, clock: FixedClock) -> World:
    return create_world(Database(sqlite_url), clock, copies=1, with_contents=True)


@pytest.fixture
def browser(world: World, sqlite_url: str, clock: FixedClock, tmp_path: Path) -> Iterator[Browser]:
    with browsing(tmp_path, sqlite_url, clock) as browser:
        browser.sign_in(world.staff)
        yield browser


def address(world: World) -> str:
    return f"/staff/copies/{world.copies[0].code}/contents"


def test_a_missing_piece_is_told_with_who_had_the_copy(browser: Browser, world: World, clock: FixedClock) -> None:
    loan = world.hand_over(world.reserve(0, 3))
    clock.advance(days=2)
    decision = DeskDecision(action="take_back", found=[FoundLine(world.lines[0].id, 4)], note_seen=True)
    world.loans.desk(world.staff, DeskScan(code=world.copies[0].code, depot_id=world.depot.id, decision=decision))
    text = words_of(browser.get(address(world)))
    assert f"1 × {world.lines[0].name} : disparu" in text
    assert f"{loan.school_name} , {loan.person_name}, remis le" in text
    assert "Incomplet, gardé au dépôt" in text
    told = browser.client.get(f"/api/copies/{world.copies[0].code}/contents-history").json()
    assert [(one["count"], [had["reference"] for had in one["had_by"]]) for one in told["turns"]] == [
        (1, [loan.reference])
    ]


def test_counting_in_the_depot_is_kept_and_a_wrong_count_stands_beside_its_line(browser: Browser, world: World) -> None:
    page = browser.get(address(world))
    assert "Personne n’a encore pointé le contenu." in page
    counts = {f"found-{line.id}": str(line.quantity) for line in world.lines}
    wrong = counts | {f"found-{world.lines[0].id}": "beaucoup"}
    known = {"key": hidden(page, "key"), "reason": "purchase", "then": "lend"}
    refused = browser.post(address(world), 400, **known, **wrong)
    assert f'id="found-{world.lines[0].id}-error"' in refused
    assert "beaucoup" in refused
    after = browser.post(address(world), **known, **counts)
    assert "achat" in words_of(browser.get(after))


def test_a_made_up_reason_is_refused_beside_it(browser: Browser, world: World) -> None:
    page = browser.get(address(world))
    assert 'id="reason-error"' in browser.post(address(world), 400, key=hidden(page, "key"), reason="curiosity")


def test_teachers_do_not_see_it(browser: Browser, world: World) -> None:
    browser.sign_in(world.teacher)
    assert browser.client.get(address(world)).status_code == 403
    assert (
        browser.client.post(f"/api/copies/{world.copies[0].code}/checks", json={"reason": "repair"}).status_code == 403
    )


def test_a_game_is_put_into_a_trunk_and_taken_out(browser: Browser, world: World) -> None:
    with world.db.write() as session:
        title = create_title(session, world.association, name="Jeu de l’oie", kind="game")
        code = create_copies(session, title, world.depot, 1)[0].code
    there = address(world).removesuffix("/contents")
    assert "Aucun." in browser.get(address(world))
    refused = browser.post(f"{there}/inside", 400, inner=world.copies[0].code)
    assert 'id="inner-error"' in refused
    assert "est une malle" in words_of(refused)
    assert 'id="inner-error"' in browser.post(f"{there}/inside", 404, inner="inconnu")
    after = browser.post(f"{there}/inside", inner=code, line_id=str(world.lines[0].id))
    page = words_of(browser.get(after))
    assert "Jeu de l’oie" in page
    assert f"compte pour la ligne « {world.lines[0].name} »" in page
    assert "Dans une malle" in browser.get(f"/staff/associations/{world.association.id}/stock")
    inner = browser.get(f"/staff/copies/{code}/contents")
    assert "Il ne se prête pas seul." in inner
    told = browser.client.get(f"/api/copies/{code}").json()
    assert told["stands_in"]["code"] == world.copies[0].code
    browser.post(f"/staff/copies/{code}/take-out")
    assert browser.client.get(f"/api/copies/{code}").json()["stands_in"] is None
    sent = browser.client.put(f"/api/copies/{code}/trunk", json={"trunk": world.copies[0].code})
    assert sent.json()["status"] == "blocked"
    refused_scan = browser.client.post("/api/desk/scans", json={"code": code, "depot_id": world.depot.id})
    assert (refused_scan.status_code, refused_scan.json()["type"].rpartition("/")[2]) == (409, "copy-inside-trunk")
    assert browser.client.delete(f"/api/copies/{code}/trunk").json()["status"] == "lendable"
