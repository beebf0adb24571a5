"""A loan travels to its school and back, on pages without scripts."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from lending.core.actor import Actor, Role
from lending.core.database import Database
from lending.loans.schemas import Reservation
from lending.network.tables import School
from tests.kit.browser import violations
from tests.kit.clock import FixedClock
from tests.kit.loans import World, create_world
from tests.kit.network import create_association, create_person
from tests.kit.pages import Browser, browsing, words_of
from tests.kit.site import serving

SENT = {"mode": "carrier", "carrier": "La Poste <b>", "tracking_number": "8R1", "street": "1 rue de l’École"}


@pytest.fixture
def world(sqlite_url: str, clock: FixedClock) -> World:
    world = create_world(Database(sqlite_url), clock, copies=2, with_contents=True, preparation_days=0)
    with world.db.write() as session:
        school = session.get_one(School, world.school.id)
        school.postcode, school.commune = "35000", "Rennes"
    return world


@pytest.fixture
def loan(world: World) -> Reservation:
    return world.reserve(0, 9)


@pytest.fixture
def stranger(world: World) -> Actor:
    with world.db.write() as session:
        return create_person(session, Role.STAFF, create_association(session, world.union, code="22"))


@pytest.fixture
def visitor(world: World, sqlite_url: str, clock: FixedClock, tmp_path: Path) -> Iterator[Browser]:
    with browsing(tmp_path, sqlite_url, clock) as visitor:
        visitor.sign_in(world.staff)
        yield visitor


def code(loan: Reservation) -> str:
    return (loan.copy_code or "").replace(" ", "")


def test_from_the_depot_to_the_school_and_back(visitor: Browser, world: World, loan: Reservation) -> None:
    address = f"/reservations/{loan.id}/delivery"
    assert f'href="{address}"' in visitor.get(f"/reservations/{loan.id}")
    assert visitor.post(address, code=code(loan), **SENT) == f"{address}?done=delivery-sent"
    page = visitor.get(address)
    assert "En route vers l’école" in words_of(page)
    assert "La Poste <b>" in page
    assert "<b>" not in visitor.client.get(address).text
    assert visitor.client.get(f"{address}/labels.pdf").content.startswith(b"%PDF-")
    # What is not its own affair: the depot confirms nothing.
    visitor.post(f"{address}/arrival", 403, all="yes")
    visitor.sign_in(world.teacher)
    assert "En route vers l’école" in words_of(visitor.get(f"/reservations/{loan.id}"))
    line = world.lines[0]
    page = visitor.post(f"{address}/arrival", 400, **{f"missing-{line.id}": line.quantity + 1})
    assert f'value="{line.quantity + 1}"' in page
    assert "vous en déclarez" in page
    page = visitor.post(f"{address}/arrival", 400, **{f"broken-{line.id}": "many"})
    assert f'id="broken-{line.id}-error"' in page
    visitor.post(f"{address}/arrival", 400, **{"missing-999999": 1})
    told = {f"missing-{line.id}": 1, f"broken-{line.id}": 0, "missing-0": "", "missing-x": 3}
    visitor.post(f"{address}/arrival", **told)
    assert "1 manquante" in words_of(visitor.get(address))
    assert "est déjà confirmée" in words_of(visitor.post(f"{address}/arrival", 409, all="yes"))
    visitor.post(f"{address}/way-back", mode="carrier", carrier="La Poste")
    assert "En route vers le dépôt" in words_of(visitor.get(address))
    assert "déjà sur le chemin du retour" in words_of(visitor.post(f"{address}/way-back", 409, mode="meeting"))
    assert visitor.client.get(f"{address}/labels.pdf").content.startswith(b"%PDF-")


def test_what_cannot_leave_stands_beside_its_field(visitor: Browser, world: World, loan: Reservation) -> None:
    address = f"/reservations/{loan.id}/delivery"
    page = visitor.post(address, 409, code=code(loan), **SENT | {"street": " "})
    assert 'id="street-error"' in page
    assert 'value="8R1"' in page
    assert 'id="code-error"' in visitor.post(address, 404, code="12345678", **SENT)
    visitor.post(address, 404, code=code(loan), **SENT | {"mode": "pigeon"})
    assert world.booking(loan.id).state == "planned"
    assert "C’est parti" in words_of(visitor.get(address))
    long = {"code": world.copies[0].code, "mode": "carrier", "street": "x" * 201}
    told = visitor.post(f"/reservations/{loan.id}/delivery", 400, **long)
    assert 'id="street-error"' in told
    assert "x" * 201 in told


def test_a_loan_travels_for_those_concerned(visitor: Browser, loan: Reservation, stranger: Actor) -> None:
    address = f"/reservations/{loan.id}/delivery"
    visitor.sign_in(stranger)
    for path in (address, f"{address}/labels.pdf"):
        visitor.get(path, 403)
    visitor.post(address, 403, code=code(loan), **SENT)
    for path in ("arrival", "way-back"):
        visitor.post(f"{address}/{path}", 403, mode="meeting", all="yes")


def test_deliveries_over_json(visitor: Browser, world: World, loan: Reservation) -> None:
    address = f"/api/reservations/{loan.id}/deliveries"
    assert visitor.client.get(address).json()["may_send"]
    early = visitor.client.post(f"{address}/arrival", json={})
    assert early.status_code == 403
    wrong = visitor.client.post(address, json={"code": code(loan), "mode": "carrier"})
    assert (wrong.status_code, wrong.json()["type"]) == (409, "/problems/school-address-incomplete")
    assert visitor.client.post(address, json={"code": code(loan), "mode": "meeting"}).status_code == 200
    visitor.sign_in(world.teacher)
    for bad in ({"missing": -1}, {"missing": 10_000}, {"line_id": 0, "missing": 1}):
        assert visitor.client.post(f"{address}/arrival", json={"gaps": [bad]}).status_code == 400
    twice = {"gaps": [{"missing": 1}, {"broken": 1}]}
    assert visitor.client.post(f"{address}/arrival", json=twice).json()["type"] == "/problems/same-line-twice"
    early = visitor.client.post(f"{address}/way-back", json={"mode": "meeting"})
    assert early.json()["type"] == "/problems/arrival-not-confirmed"
    assert visitor.client.post(f"{address}/arrival", json={}).json()["out"]["state"] == "arrived"
    assert visitor.client.post(f"{address}/way-back", json={"mode": "meeting"}).json()["back"]["state"] == "on_way"
    assert visitor.client.get(f"{address}/labels.pdf").content.startswith(b"%PDF-")
    assert visitor.client.get("/api/reservations/999999/deliveries").status_code == 404


def test_a_teacher_confirms_on_a_phone(
    page: Page, world: World, loan: Reservation, sqlite_url: str, clock: FixedClock, tmp_path: Path
) -> None:
    with serving(tmp_path, sqlite_url, clock) as site:
        page.set_viewport_size({"width": 390, "height": 844})
        site.sign_in(page.context, world.staff)
        page.goto(f"{site.address}/reservations/{loan.id}/delivery")
        assert violations(page) == []
        page.get_by_label("Exemplaire emballé").fill(code(loan))
        page.get_by_role("button", name="C’est parti").click()
        expect(page.locator("main")).to_contain_text("En route vers l’école")
        site.sign_in(page.context, world.teacher)
        page.reload()
        page.get_by_text("Il manque une pièce").click()
        page.get_by_label("manquent").first.fill("1")
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.get_by_role("button", name="Arrivé, avec ce qui manque").click()
        expect(page.locator("main")).to_contain_text("1 manquante")
        assert violations(page) == []
