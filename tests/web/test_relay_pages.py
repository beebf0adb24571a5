"""A loan goes on to another school, on pages without scripts."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser as PlaywrightBrowser
from playwright.sync_api import Page, expect

from lending.core.database import Database
from lending.shipping.deliveries.schemas import GapIn
from tests.kit.browser import violations
from tests.kit.clock import FixedClock
from tests.kit.pages import Browser, browsing, words_of
from tests.kit.pseudo import SPOKEN, foreign, speaking_pseudo, texts_of, words_told
from tests.kit.site import serving
from tests.shipping.relays.conftest import Line, create_line

AGREED = {"mode": "meeting", "carrier": "Nolwenn <b>", "tracking_number": "R1"}


@pytest.fixture
def line(sqlite_url: str, clock: FixedClock) -> Line:
    return create_line(Database(sqlite_url), clock)


@pytest.fixture
def visitor(line: Line, sqlite_url: str, clock: FixedClock, tmp_path: Path) -> Iterator[Browser]:
    with browsing(tmp_path, sqlite_url, clock) as visitor:
        visitor.sign_in(line.world.staff)
        yield visitor


def test_from_one_school_to_the_next(visitor: Browser, line: Line) -> None:
    world, piece = line.world, line.world.lines[0]
    first, second = (f"/reservations/{one.id}/relay" for one in (line.loan, line.next))
    assert f'href="{first}"' in visitor.get(f"/reservations/{line.loan.id}")
    assert line.next.reference in words_of(visitor.get(first))
    assert line.loan.reference in words_of(visitor.get(second))
    assert visitor.post(first, other=line.next.id, **AGREED) == f"{first}?done=relay-agreed"
    page = visitor.get(first)
    assert "Nolwenn <b>" in page
    assert "<b>" not in visitor.client.get(first).text
    # What is not its own affair: the depot neither gives nor takes.
    visitor.post(f"{first}/giving", 403, all="yes")
    visitor.post(f"{second}/taking", 403, all="yes")
    visitor.sign_in(line.other_teacher)
    assert "il vient de" in words_of(visitor.get(f"/reservations/{line.next.id}"))
    assert "n’a pas encore dit avoir remis" in words_of(visitor.post(f"{second}/taking", 409, all="yes"))
    visitor.sign_in(world.teacher)
    assert "Ne le rapportez pas au dépôt" in words_of(visitor.get(f"/reservations/{line.loan.id}"))
    page = visitor.post(f"{first}/giving", 400, **{f"missing-{piece.id}": piece.quantity + 1})
    assert f'value="{piece.quantity + 1}"' in page
    page = visitor.post(f"{first}/giving", 400, **{f"broken-{piece.id}": "many"})
    assert f'id="broken-{piece.id}-error"' in page
    visitor.post(f"{first}/giving", **{f"missing-{piece.id}": 1, "missing-x": 3})
    assert "1 manquante" in words_of(visitor.get(first))
    assert "déjà parti" in words_of(visitor.post(f"{first}/giving", 409, all="yes"))
    visitor.sign_in(line.other_teacher)
    # What the first school counted stands in the form of the second one.
    assert f'name="missing-{piece.id}" type="number" inputmode="numeric" min="0" max="9999" value="1"' in visitor.get(
        second
    )
    visitor.post(f"{second}/taking", **{f"missing-{piece.id}": 1})
    assert "Reçu par l’école suivante" in words_of(visitor.get(second))
    assert (world.booking(line.loan.id).state, world.booking(line.next.id).state) == ("done", "out")
    assert "est terminé" in words_of(visitor.post(f"{second}/taking", 409, all="yes"))


def test_what_cannot_go_on_stands_beside_its_field(visitor: Browser, line: Line) -> None:
    address = f"/reservations/{line.loan.id}/relay"
    visitor.post(address, 404, other="x", **AGREED)
    visitor.post(address, 404, other=999_999, **AGREED)
    visitor.post(address, 404, other=line.next.id, **AGREED | {"mode": "pigeon"})
    own = line.world.reserve(25, 3)
    page = visitor.post(address, 409, other=own.id, **AGREED)
    assert 'id="other-error"' in page
    assert 'value="R1"' in page
    visitor.post(address, other=line.next.id, **AGREED)
    assert "est déjà convenu" in words_of(visitor.post(address, 409, other=line.next.id, **AGREED))
    assert visitor.post(f"{address}/cancellation") == f"{address}?done=relay-cancelled"
    assert "ne compte plus" in words_of(visitor.post(f"{address}/cancellation", 409))
    assert line.world.booking(line.next.id).copy_id is not None


def test_a_relay_is_for_those_concerned(visitor: Browser, line: Line) -> None:
    address = f"/reservations/{line.loan.id}/relay"
    visitor.sign_in(line.stranger)
    visitor.get(address, 403)
    visitor.post(address, 403, other=line.next.id, **AGREED)
    for path in ("giving", "taking", "cancellation"):
        visitor.post(f"{address}/{path}", 403, all="yes")
    visitor.sign_in(line.other_teacher)
    visitor.get(address, 403)


def test_relays_over_json(visitor: Browser, line: Line) -> None:
    first, second = (f"/api/reservations/{one.id}/relay" for one in (line.loan, line.next))
    found = visitor.client.get(first).json()
    assert (found["may_agree"], found["candidates"][0]["booking_id"]) == (True, line.next.id)
    for bad in ({"mode": "meeting"}, {"other_id": 0, "mode": "meeting"}, {"other_id": line.next.id, "mode": "pigeon"}):
        assert visitor.client.post(first, json=bad).status_code == 400
    agreed = visitor.client.post(first, json={"other_id": line.next.id, "mode": "meeting"})
    assert agreed.json()["onwards"]["state"] == "agreed"
    again = visitor.client.post(first, json={"other_id": line.next.id, "mode": "meeting"})
    assert (again.status_code, again.json()["type"]) == (409, "/problems/relay-already-agreed")
    visitor.sign_in(line.world.teacher)
    home = visitor.client.post(f"/api/reservations/{line.loan.id}/deliveries/way-back", json={"mode": "meeting"})
    assert home.json()["type"] == "/problems/goes-on-to-school"
    for bad in ({"missing": -1}, {"missing": 10_000}, {"line_id": 0, "missing": 1}):
        assert visitor.client.post(f"{first}/giving", json={"gaps": [bad]}).status_code == 400
    assert visitor.client.post(f"{first}/giving", json={}).json()["onwards"]["state"] == "given"
    visitor.sign_in(line.other_teacher)
    assert visitor.client.post(f"{second}/taking", json={}).json()["before"]["state"] == "taken"
    visitor.sign_in(line.world.staff)
    over = visitor.client.post(f"{second}/cancellation")
    assert over.json()["type"] == "/problems/relay-taken"
    assert visitor.client.get("/api/reservations/999999/relay").status_code == 404


def test_two_teachers_pass_it_on_by_phone(
    page: Page, line: Line, sqlite_url: str, clock: FixedClock, tmp_path: Path
) -> None:
    with serving(tmp_path, sqlite_url, clock) as site:
        page.set_viewport_size({"width": 390, "height": 844})
        site.sign_in(page.context, line.world.staff)
        page.goto(f"{site.address}/reservations/{line.loan.id}/relay")
        assert violations(page) == []
        page.get_by_role("button", name="Convenir du relais").click()
        expect(page.locator("main")).to_contain_text("Convenu")
        assert violations(page) == []
        site.sign_in(page.context, line.world.teacher)
        page.goto(f"{site.address}/reservations/{line.loan.id}")
        assert violations(page) == []
        page.get_by_role("link", name="Remettre à l’école suivante").click()
        page.get_by_text("Il manque une pièce").click()
        page.get_by_label("manquent").first.fill("1")
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.get_by_role("button", name="Remis, avec ce qui manque").click()
        expect(page.locator("main")).to_contain_text("1 manquante")
        site.sign_in(page.context, line.other_teacher)
        page.goto(f"{site.address}/reservations/{line.next.id}")
        page.get_by_role("link", name="C’est arrivé ?").click()
        expect(page.get_by_label("manquent").first).to_have_value("1")
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.get_by_role("button", name="Reçu, tout est là").click()
        expect(page.locator("main")).to_contain_text("Reçu par l’école suivante")
        assert violations(page) == []


def test_each_of_its_pages_speaks_and_fits(
    browser: PlaywrightBrowser,
    line: Line,
    sqlite_url: str,
    clock: FixedClock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In a long language that nobody speaks, before it is agreed, between the two schools, and after."""
    addresses = [f"/reservations/{one.id}{page}" for one in (line.loan, line.next) for page in ("", "/relay")]
    with serving(tmp_path, sqlite_url, clock) as site, speaking_pseudo(monkeypatch):
        for act in (line.agree, lambda: line.give(GapIn(broken=1)), line.take, lambda: None):
            told = words_told(line.world.db)
            for actor in (line.world.staff, line.world.teacher, line.other_teacher):
                context = browser.new_context(
                    viewport={"width": 390, "height": 844}, locale=SPOKEN, color_scheme="dark"
                )
                site.sign_in(context, actor)
                page = context.new_page()
                for address in addresses:
                    answer = page.goto(site.address + address)
                    if answer is not None and answer.ok:
                        assert foreign(texts_of(page), told) == [], address
                        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
                        assert violations(page) == [], address
                context.close()
            act()
