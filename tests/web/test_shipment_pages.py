"""Shipments and custody on pages without scripts: each mistake stands beside its field, nothing is half done."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lending.core.actor import Actor, Role
from lending.core.database import Database
from lending.network.tables import Depot
from lending.shipping.schemas import NewTransfer
from tests.kit.clock import FixedClock
from tests.kit.loans import World, create_world
from tests.kit.network import create_association, create_depot, create_person
from tests.kit.pages import Browser, browsing, words_of

EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)


@pytest.fixture
def world(sqlite_url: str, clock: FixedClock) -> World:
    return create_world(Database(sqlite_url), clock, copies=3, preparation_days=0, turnaround_days=0)


@pytest.fixture
def there(world: World) -> tuple[Depot, Actor]:
    """A depot of a neighbour, and who works there."""
    with world.db.write() as session:
        other = create_association(session, world.union, code="22")
        depot = create_depot(session, other, "Dépôt de Saint-Brieuc", EVERY_DAY)
        return depot, create_person(session, Role.STAFF, other, "Solène Ollivier")


@pytest.fixture
def browser(world: World, sqlite_url: str, clock: FixedClock, tmp_path: Path) -> Iterator[Browser]:
    with browsing(tmp_path, sqlite_url, clock) as browser:
        browser.sign_in(world.staff)
        yield browser


def planned(browser: Browser, world: World, depot: Depot, *numbers: int) -> str:
    """The address of a shipment for which these copies' transfers are planned."""
    for number in numbers:
        new = NewTransfer(code=world.copies[number].code, to_depot_id=depot.id, leaves_on=world.today)
        browser.services.shipping.plan(world.staff, new)
    return browser.post(f"/depots/{world.depot.id}/shipments", to_depot_id=depot.id)


def test_from_the_list_to_the_receipt(browser: Browser, world: World, there: tuple[Depot, Actor]) -> None:
    depot, neighbour = there
    address = planned(browser, world, depot, 0, 1)
    page = words_of(browser.get(f"/depots/{world.depot.id}/shipments"))
    assert "À emballer (2)" in page
    assert "En préparation (1)" in page
    browser.post(f"{address}/lines", code=world.copies[0].code, parcel=1)
    after = browser.post(f"{address}/lines", code=world.copies[1].code, parcel=2)
    assert after.endswith("?parcel=2")
    assert "Colis 2/2" in browser.get(after)
    browser.post(f"{address}/parcels/1", weight="12,5", value="300")
    sent = browser.post(f"{address}/departure", mode="meeting", carrier="Anne", cost="7,20")
    page = words_of(browser.get(sent))
    assert "L’envoi est parti." in page
    assert "12,5 kg" in page
    world.clock.advance(minutes=30)
    browser.post(f"{address}/handovers", holder="Paul")
    world.clock.advance(minutes=30)
    browser.sign_in(neighbour)
    found = browser.post(f"/depots/{depot.id}/shipments/scan", code=world.copies[0].code)
    assert found == address
    said = browser.post(f"{address}/arrivals", code=world.copies[0].code)
    assert "Arrivé" in words_of(browser.get(said))
    said = browser.post(f"{address}/arrivals", code=world.copies[2].code)
    assert "En trop : noté" in words_of(browser.get(said))
    assert "1 exemplaire n’est pas encore scanné" in browser.get(address)
    page = words_of(browser.get(browser.post(f"{address}/closing")))
    assert "La réception est enregistrée." in page
    assert "1 manquant 1 en trop" in page
    browser.post(f"{address}/losses", copy_id=world.copies[1].id)
    assert world.copy_status(world.copies[1]) == "lost"
    page = words_of(browser.get(f"/copies/{world.copies[0].id}/custody"))
    assert page.index("Dépôt de Saint-Brieuc") < page.index("Paul") < page.index("En route : Anne")


@pytest.mark.parametrize("weight", ["-3", "400", "0", "lourd", "1e9", "٣", "NaN", "9" * 40])
def test_a_weight_that_cannot_be_is_told_beside_its_field(
    browser: Browser, world: World, there: tuple[Depot, Actor], weight: str
) -> None:
    address = planned(browser, world, there[0], 0)
    page = browser.post(f"{address}/parcels/1", 400, weight=weight, value="20")
    assert 'id="weight-1-error"' in page
    assert f'value="{weight}"' in page
    parcel = browser.services.shipments.shipment(world.staff, int(address.rpartition("/")[2])).parcels[0]
    assert (parcel.weight_grams, parcel.value_cents) == (None, None)


def test_what_cannot_be_done_is_said_and_leaves_all_as_it_was(
    browser: Browser, world: World, there: tuple[Depot, Actor]
) -> None:
    address = planned(browser, world, there[0], 0)
    assert "Scannez au moins un exemplaire" in browser.post(f"{address}/departure", 409, mode="handed_over")
    page = browser.post(f"{address}/lines", 409, code=world.copies[1].code, parcel=1)
    assert 'name="unplanned" value="yes" checked' in page
    assert 'id="code-error"' in browser.post(f"{address}/lines", 404, code="rien", parcel=1)
    browser.post(f"{address}/lines", code=world.copies[0].code, parcel=1)
    assert "pesez le colis 1" in browser.post(f"{address}/departure", 409, mode="carrier")
    assert 'id="cost-error"' in browser.post(f"{address}/departure", 400, mode="carrier", cost="-1")
    assert 'id="arrives_on-error"' in browser.post(f"{address}/departure", 400, mode="round", arrives_on="2020-01-01")
    browser.post(f"{address}/departure", 404, mode="balloon")
    browser.post(f"{address}/departure", mode="handed_over")
    assert "est déjà parti" in browser.post(f"{address}/departure", 409, mode="handed_over")
    browser.post(f"{address}/arrivals", 403, code=world.copies[0].code)
    assert "Écrivez qui prend" in browser.post(f"{address}/handovers", 400, holder=" ")
    browser.post(f"{address}/cancellation")
    assert "Rappelé" in browser.get(address)
    assert "est terminé ou annulé" in browser.post(f"{address}/cancellation", 409)


def test_others_see_no_shipment(browser: Browser, world: World, there: tuple[Depot, Actor]) -> None:
    address = planned(browser, world, there[0], 0)
    browser.sign_in(world.teacher)
    for path in (address, f"/depots/{world.depot.id}/shipments", f"/copies/{world.copies[0].id}/custody"):
        browser.get(path, 403)
    browser.post(f"{address}/departure", 403, mode="handed_over")
    browser.get("/shipments/99999", 404)


def test_shipments_over_json(browser: Browser, world: World, there: tuple[Depot, Actor]) -> None:
    address = "/api" + planned(browser, world, there[0], 0)
    code = world.copies[0].code
    assert browser.client.post(f"{address}/lines", json={"code": code}).json()["lines"][0]["state"] == "packed"
    refused = browser.client.put(f"{address}/parcels/1", json={"weight_grams": 400_000})
    assert (refused.status_code, refused.json()["type"], refused.json()["field"]) == (
        400,
        "/problems/bad-weight",
        "weight",
    )
    assert browser.client.delete(f"{address}/lines/{world.copies[0].id}").json()["lines"] == []
    browser.client.post(f"{address}/lines", json={"code": code, "parcel": 2})
    assert len(browser.client.delete(f"{address}/parcels/1").json()["parcels"]) == 1
    sent = browser.client.post(f"{address}/departure", json={"mode": "round"}).json()
    assert sent["summary"]["state"] == "sent"
    assert browser.client.post(f"{address}/handovers", json={"holder": "Paul"}).status_code == 200
    held = browser.client.get(f"/api/copies/{world.copies[0].id}/holders").json()["holdings"]
    assert [one["kind"] for one in held] == ["person", "road", "depot"]
    browser.client.post(f"{address}/cancellation")
    back = browser.client.post(f"{address}/arrivals", json={"code": code}).json()
    assert (back["what"], back["copy_codes"]) == ("arrived", [sent["lines"][0]["copy_code"]])
    assert browser.client.post(f"{address}/closing").json()["summary"]["missing"] == 0
    listed = browser.client.get(f"/api/depots/{world.depot.id}/shipments").json()
    assert [one["state"] for one in listed] == ["received"]
    new = {"from_depot_id": world.depot.id, "to_depot_id": world.depot.id}
    assert browser.client.post("/api/shipments", json=new).json()["type"] == "/problems/same-depot"


def test_the_papers_are_linked_and_open(browser: Browser, world: World, there: tuple[Depot, Actor]) -> None:
    address = planned(browser, world, there[0], 0)
    page = browser.get(address)
    for which in ("note", "labels", "return_labels"):
        assert f'href="{address}/papers.pdf?which={which}"' in page
        for path in (f"{address}/papers.pdf?which={which}", f"/api{address}/papers.pdf?which={which}"):
            answer = browser.client.get(path)
            assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
            assert answer.content.startswith(b"%PDF")
    assert browser.client.get(f"{address}/papers.pdf?which=else").content.startswith(b"%PDF")
    assert browser.client.get(f"/api{address}/papers.pdf?which=else").status_code == 400
    browser.sign_in(world.teacher)
    browser.get(f"{address}/papers.pdf", 403)
    assert browser.client.get(f"/api{address}/papers.pdf").status_code == 403


def test_what_went_another_way_is_said_with_its_cure(
    browser: Browser, world: World, there: tuple[Depot, Actor]
) -> None:
    address = planned(browser, world, there[0], 0)
    browser.post(f"{address}/lines", code=world.copies[0].code, parcel=1)
    shipment_id = int(address.rpartition("/")[2])
    line = browser.services.shipments.shipment(world.staff, shipment_id).lines[0]
    browser.services.shipping.cancel(world.staff, line.transfer_id or 0)
    assert "N’est plus à envoyer" in words_of(browser.get(address))
    assert "Sortez-le du colis" in browser.post(f"{address}/departure", 409, mode="handed_over")
    browser.post(f"{address}/lines/removal", copy_id=world.copies[0].id)
    assert "N’est plus à envoyer" not in browser.get(address)
