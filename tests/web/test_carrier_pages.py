"""Prices of carriers on pages without scripts, and the cost that a shipment proposes."""

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
from tests.kit.pages import Browser, browsing, hidden, words_of

EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)
FIRST = {"carrier-1": "Colissimo", "zone-1": "mainland", "kilos-1": "5", "euros-1": "9,90"}


@pytest.fixture
def world(sqlite_url: str, clock: FixedClock) -> World:
    return create_world(Database(sqlite_url), clock, copies=2, preparation_days=0, turnaround_days=0)


@pytest.fixture
def there(world: World) -> tuple[Depot, Actor]:
    with world.db.write() as session:
        other = create_association(session, world.union, code="22")
        depot = create_depot(session, other, "Dépôt de Saint-Brieuc", EVERY_DAY)
        home = session.get_one(Depot, world.depot.id)
        home.address, home.postcode = "45 rue du Capitaine-Maignan", "35000"
        depot.address, depot.postcode, depot.commune = "12 rue des Écoles", "22000", "Saint-Brieuc"
        return depot, create_person(session, Role.STAFF, other, "Solène Ollivier")


@pytest.fixture
def browser(world: World, sqlite_url: str, clock: FixedClock, tmp_path: Path) -> Iterator[Browser]:
    with browsing(tmp_path, sqlite_url, clock) as browser:
        browser.sign_in(world.staff)
        yield browser


def test_from_the_table_to_the_cost_of_a_shipment(browser: Browser, world: World, there: tuple[Depot, Actor]) -> None:
    table = f"/organisations/{world.association.id}/carriers"
    assert f'href="{table}"' in browser.get(f"/depots/{world.depot.id}/shipments")
    page = browser.get(table)
    assert "Personne n’a encore saisi de tarifs." in page
    second = {"carrier-3": "Anne & fils", "zone-3": "mainland", "kilos-3": "0,5", "euros-3": "3"}
    assert browser.post(table, version=hidden(page, "version"), **FIRST, **second) == f"{table}?done=saved"
    page = browser.get(table)
    assert 'value="9,90"' in page
    assert hidden(page, "version") == "1"
    new = NewTransfer(code=world.copies[0].code, to_depot_id=there[0].id, leaves_on=world.today)
    browser.services.shipping.plan(world.staff, new)
    address = browser.post(f"/depots/{world.depot.id}/shipments", to_depot_id=there[0].id)
    browser.post(f"{address}/lines", code=world.copies[0].code, parcel=1)
    assert f'href="{address}/costs"' in browser.get(address)
    assert "Pesez d’abord le colis 1." in browser.get(f"{address}/costs")
    browser.post(f"{address}/parcels/1", weight="0,5")
    said = words_of(browser.get(f"{address}/costs"))
    assert said.index("Anne & fils") < said.index("Colissimo")
    chosen = browser.get(f"{address}?carrier=Anne%20%26%20fils")
    assert 'name="cost" type="text" value="3,00"' in chosen
    assert '<option value="carrier" selected>' in chosen
    assert 'value="3,00"' not in browser.get(f"{address}?carrier=Nobody")
    sent = browser.post(f"{address}/departure", mode="carrier", carrier="Anne & fils", cost="3,00")
    assert "Transporteur, Anne & fils" in words_of(browser.get(sent))


@pytest.mark.parametrize(
    "wrong",
    [
        {"kilos-2": "-1"},
        {"kilos-2": "400"},
        {"kilos-2": "0,0001"},
        {"kilos-2": ""},
        {"euros-2": "-1"},
        {"euros-2": "gratuit"},
        {"euros-2": "1,234"},
        {"euros-2": "NaN"},
        {"carrier-2": ""},
        {"carrier-2": "x" * 61},
        {"zone-2": "moon"},
    ],
)
def test_a_line_that_cannot_be_stands_out_and_nothing_is_lost(
    browser: Browser, world: World, wrong: dict[str, str]
) -> None:
    table = f"/organisations/{world.association.id}/carriers"
    second = {"carrier-2": "Relais", "zone-2": "corsica", "kilos-2": "10", "euros-2": "20"} | wrong
    page = browser.post(table, 400, version=0, **FIRST, **second)
    assert 'id="carrier-2-error"' in page
    assert 'value="9,90"' in page
    assert browser.services.carriers.prices(world.staff, world.association.id).prices == []


def test_what_clashes_is_said(browser: Browser, world: World, there: tuple[Depot, Actor]) -> None:
    table = f"/organisations/{world.association.id}/carriers"
    again = {name.replace("1", "2"): value for name, value in FIRST.items()}
    assert 'id="carrier-2-error"' in browser.post(table, 409, version=0, **FIRST, **again)
    browser.post(table, version=0, **FIRST)
    page = browser.post(table, 412, version=0, **FIRST)
    assert "Quelqu’un d’autre a modifié" in page
    assert browser.post(table, 400, version="x", **FIRST)
    browser.sign_in(there[1])
    browser.get(table, 403)
    browser.post(table, 403, version=1)
    browser.get("/organisations/999999/carriers", 404)


def test_no_carrier_takes_it_without_an_address(browser: Browser, world: World, there: tuple[Depot, Actor]) -> None:
    with world.db.write() as session:
        session.get_one(Depot, there[0].id).address = ""
    address = browser.post(f"/depots/{world.depot.id}/shipments", to_depot_id=there[0].id)
    browser.post(f"{address}/lines", code=world.copies[0].code, parcel=1, unplanned="yes")
    browser.post(f"{address}/parcels/1", weight="1")
    assert "Dépôt de Saint-Brieuc » est incomplète : rue." in words_of(browser.get(f"{address}/costs"))
    page = browser.post(f"{address}/departure", 409, mode="carrier")
    assert 'id="mode-error"' in page
    assert "Complétez l’adresse du dépôt" in page


def test_prices_over_json(browser: Browser, world: World, there: tuple[Depot, Actor]) -> None:
    table = f"/api/organisations/{world.association.id}/carrier-prices"
    line = {"carrier": "Colissimo", "zone": "mainland", "up_to_grams": 5000, "price_cents": 990}
    kept = browser.client.put(table, json={"version": 0, "prices": [line]}).json()
    assert (kept["version"], kept["prices"]) == (1, [line])
    for wrong in (
        {"up_to_grams": -1},
        {"up_to_grams": 400_000},
        {"price_cents": -1},
        {"zone": "moon"},
        {"carrier": ""},
    ):
        assert browser.client.put(table, json={"version": 1, "prices": [line | wrong]}).status_code == 400
    twice = browser.client.put(table, json={"version": 1, "prices": [line, line]})
    assert (twice.status_code, twice.json()["type"], twice.json()["line"]) == (409, "/problems/same-price-twice", 2)
    assert browser.client.put(table, json={"version": 0, "prices": []}).status_code == 412
    assert browser.client.get(table).json() == kept
    address = browser.post(f"/depots/{world.depot.id}/shipments", to_depot_id=there[0].id)
    browser.client.put(f"/api{address}/parcels/1", json={"weight_grams": 400})
    costs = browser.client.get(f"/api{address}/costs").json()
    assert (costs["zone"], costs["quotes"]) == ("mainland", [{"carrier": "Colissimo", "cents": 990}])
    browser.sign_in(world.teacher)
    assert browser.client.get(table).status_code == 403
    assert browser.client.get(f"/api{address}/costs").status_code == 403


def test_an_address_is_completed_where_it_was_found_wanting(
    browser: Browser, world: World, there: tuple[Depot, Actor]
) -> None:
    depot = f"/depots/{world.depot.id}"
    wrong = browser.post(f"{depot}/address", 400, address="1 rue <b>", postcode="99999", commune="Rennes", phone="")
    assert 'id="postcode-error"' in wrong
    assert 'value="1 rue <b>"' in wrong
    assert 'id="commune-error"' in browser.post(f"{depot}/address", 400, commune=" ")
    long = "9" * 400
    for name in ("address", "postcode", "commune", "phone"):
        told = browser.post(f"{depot}/address", 400, **{"commune": "Rennes", name: long})
        assert f'id="{name}-error"' in told
        assert f'value="{long}"' in told
    assert browser.services.network.depot(world.depot.id).address == "45 rue du Capitaine-Maignan"
    typed = {"address": "3 place du Marché", "postcode": "35 400", "commune": "Saint-Malo", "phone": "02 99 00 00 00"}
    assert browser.post(f"{depot}/address", **typed) == f"{depot}?done=saved"
    page = words_of(browser.get(depot))
    assert "3 place du Marché, 35400 Saint-Malo" in page
    over_json = browser.client.put(f"/api{depot}/address", json={"commune": "Rennes", "postcode": "1"})
    assert (over_json.status_code, over_json.json()["type"]) == (400, "/problems/bad-postcode")
    assert browser.client.put(f"/api{depot}/address", json={"commune": "Rennes"}).json()["commune"] == "Rennes"
    browser.sign_in(there[1])
    browser.post(f"{depot}/address", 403, **typed)
    assert "Modifier l’adresse" not in browser.get(depot)
