"""Rounds on pages without scripts: planned at the depot, driven with a phone, refused where they cannot be."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from lending.core.actor import Actor, Role
from lending.core.database import Database
from lending.loans.schemas import Reservation
from lending.network.tables import Depot, School
from lending.shipping.rounds.schemas import RoundView
from tests.kit.clock import FixedClock
from tests.kit.loans import DAY, World, create_world
from tests.kit.network import create_association, create_depot, create_person
from tests.kit.pages import Browser, browsing, hidden, words_of

EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)
WAIT = 1
VAN = {"departs_at": "08:30", "returns_by": "17:00", "most_parcels": "20", "most_kg": "400", "driver": "Nolwenn <b>"}


@pytest.fixture
def world(sqlite_url: str, clock: FixedClock) -> World:
    return create_world(Database(sqlite_url), clock, copies=3, preparation_days=0, turnaround_days=0)


@pytest.fixture
def loans(world: World) -> list[Reservation]:
    """Two schools borrow from Tuesday on; both are on the map, north of the depot."""
    other, _ = world.school_with_teacher()
    with world.db.write() as session:
        depot = session.get_one(Depot, world.depot.id)
        depot.latitude, depot.longitude = 48.11, -1.68
        for number, school in enumerate((world.school, other), start=1):
            row = session.get_one(School, school.id)
            row.latitude, row.longitude = 48.11 + number / 20, -1.68
    return [world.reserve(WAIT, 5, world.staff, school_id=one.id) for one in (world.school, other)]


@pytest.fixture
def stranger(world: World) -> Actor:
    with world.db.write() as session:
        other = create_association(session, world.union, code="22")
        create_depot(session, other, "Dépôt de Saint-Brieuc", EVERY_DAY)
        return create_person(session, Role.STAFF, other, "Solène Ollivier")


@pytest.fixture
def browser(world: World, sqlite_url: str, clock: FixedClock, tmp_path: Path) -> Iterator[Browser]:
    with browsing(tmp_path, sqlite_url, clock) as browser:
        browser.sign_in(world.staff)
        yield browser


def listed(world: World) -> str:
    return f"/depots/{world.depot.id}/rounds"


def planned(browser: Browser, world: World, loans: list[Reservation]) -> str:
    ticks = {f"delivery-booking-{one.id}": "yes" for one in loans}
    return browser.post(listed(world), held_on=world.today + WAIT * DAY, **VAN, **ticks)


def stops(browser: Browser, world: World, address: str) -> list[int]:
    return [stop.id for stop in view_of(browser, world, address).stops]


def view_of(browser: Browser, world: World, address: str) -> RoundView:
    return browser.services.rounds.round(world.staff, int(address.rpartition("/")[2]))


def test_a_round_is_planned_driven_and_over(browser: Browser, world: World, loans: list[Reservation]) -> None:
    assert f'href="{listed(world)}"' in browser.get(f"/depots/{world.depot.id}/shipments")
    page = browser.get(f"{listed(world)}?week={world.today}")
    assert all(f'name="delivery-booking-{one.id}"' in page for one in loans)
    address = planned(browser, world, loans)
    page = browser.get(address)
    assert "Nolwenn <b>" in page
    first, second = stops(browser, world, address)
    one, other = (stop.errands[0] for stop in view_of(browser, world, address).stops)
    assert page.index(f'id="stop-{first}"') < page.index(f'id="stop-{second}"')
    assert browser.client.get(f"{address}/sheet.pdf").content.startswith(b"%PDF-")
    world.clock.advance(days=WAIT)
    browser.post(f"{address}/steps", do="start")
    page = browser.get(address)
    assert f'action="{address}/stops/{first}/scans"' in page
    assert f'href="{address}?stop={second}#stop-{second}"' in page
    done = browser.post(f"{address}/stops/{first}/scans", code=one.copy_code)
    assert done == f"{address}?said=delivered&stop={first}#stop-{first}"
    assert "Livré" in words_of(browser.get(done))
    assert world.booking(one.booking_id or 0).state == "out"
    browser.post(f"{address}/stops/{first}/visit", note="Sonner à la loge")
    page = browser.get(address)
    assert "Sonner à la loge" in page
    assert f'action="{address}/stops/{second}/scans"' in page
    browser.post(f"{address}/steps", do="close")
    over = words_of(browser.get(address))
    assert "Terminée" in over
    assert "Manqué" in over
    assert world.booking(other.booking_id or 0).state == "planned"


def test_the_van_may_stand_somewhere_else_than_planned(
    browser: Browser, world: World, loans: list[Reservation]
) -> None:
    address = planned(browser, world, loans)
    first, second = stops(browser, world, address)
    world.clock.advance(days=WAIT)
    browser.post(f"{address}/steps", do="start")
    page = browser.get(f"{address}?stop={second}")
    assert f'action="{address}/stops/{second}/scans"' in page
    assert f'action="{address}/stops/{first}/scans"' not in page
    browser.post(f"{address}/stops/{second}/scans", code=loans[1].copy_code)
    for odd in ("0", "999999999999", "x", "-1", "²"):
        assert f'action="{address}/stops/{first}/scans"' in browser.get(f"{address}?stop={odd}&said=nonsense")


def test_what_is_scanned_at_the_wrong_stop_is_said_there(
    browser: Browser, world: World, loans: list[Reservation]
) -> None:
    address = planned(browser, world, loans[:1])
    [stop] = stops(browser, world, address)
    world.clock.advance(days=WAIT)
    browser.post(f"{address}/steps", do="start")
    scans = f"{address}/stops/{stop}/scans"
    # Nothing typed is nothing scanned.
    assert browser.post(scans, code=" ") == f"{address}?stop={stop}#stop-{stop}"
    page = browser.post(scans, 404, code="12345678")
    assert 'id="code-error"' in page
    assert 'value="12345678"' in page
    browser.post(scans, code=loans[0].copy_code)
    spare = next(one for one in world.copies if one.id not in {loan.copy_id for loan in loans})
    assert 'id="code-error"' in browser.post(scans, 409, code=spare.code)
    browser.post(f"{address}/stops/{stop}/visit")
    # The page is old: its stop is left already, and there is no field beside which to say so.
    assert "est déjà terminé" in words_of(browser.post(f"{address}/stops/{stop}/visit", 409))
    assert world.booking(loans[0].id).state == "out"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"held_on": "2020-01-01"}, "held_on"),
        ({"held_on": "tomorrow"}, "held_on"),
        ({"returns_by": "08:00"}, "returns_by"),
        ({"departs_at": "25:99"}, "departs_at"),
        ({"most_parcels": "-3"}, "most_parcels"),
        ({"most_parcels": "201"}, "most_parcels"),
        ({"most_kg": "400 000"}, "most_kg"),
    ],
)
def test_a_van_that_cannot_be_stands_beside_its_field(
    browser: Browser, world: World, loans: list[Reservation], wrong: dict[str, str], field: str
) -> None:
    box = f"delivery-booking-{loans[0].id}"
    sent = {"held_on": str(world.today + WAIT * DAY), **VAN, box: "yes"} | wrong
    page = browser.post(listed(world), 400, **sent)
    assert f'id="{field}-error"' in page
    assert browser.services.rounds.at_depot(world.staff, world.depot.id) == []


def test_nothing_and_what_is_gone_are_refused(browser: Browser, world: World, loans: list[Reservation]) -> None:
    day = world.today + WAIT * DAY
    assert "Choisissez au moins une livraison" in browser.post(listed(world), 400, held_on=day, **VAN)
    planned(browser, world, loans[:1])
    box = {f"delivery-booking-{loans[0].id}": "yes"}
    page = browser.post(listed(world), 409, held_on=day, **VAN, **box)
    assert words_of(page).count("n’est plus à livrer ni à enlever") == 1
    assert len(browser.services.rounds.at_depot(world.staff, world.depot.id)) == 1


def test_stops_are_moved_given_hours_and_taken_off(browser: Browser, world: World, loans: list[Reservation]) -> None:
    address = planned(browser, world, loans)
    first, second = stops(browser, world, address)
    version = hidden(browser.get(address), "version")
    browser.post(f"{address}/stops/{second}/place", version=version, do="up")
    assert stops(browser, world, address) == [second, first]
    # Somebody acts on a page that is old.
    stale = words_of(browser.post(f"{address}/stops/{second}/place", 409, version=version, do="down"))
    assert stale.count("Quelqu’un a modifié la tournée entre-temps") == 1
    version = hidden(browser.get(address), "version")
    hours = f"{address}/stops/{first}/hours"
    page = browser.post(hours, 400, version=version, opens_at="10:00", closes_at="09:00")
    assert f'id="closes_at-{first}-error"' in page
    assert 'value="10:00"' in page
    assert f'id="closes_at-{first}-error"' in browser.post(hours, 400, version=version, opens_at="10:00")
    browser.post(hours, version=version, opens_at="08:00", closes_at="08:05")
    assert "trop tard" in words_of(browser.get(address))
    browser.post(f"{address}/steps", do="order", version=hidden(browser.get(address), "version"))
    assert "Ne tiennent pas dans la tournée" in words_of(browser.get(address))
    browser.post(f"{address}/stops/{first}/place", do="remove")
    assert stops(browser, world, address) == [second]
    browser.post(f"{address}/stops/{first}/place", 404, do="remove")
    browser.post(f"{address}/steps", 404, do="fly")
    browser.post(f"{address}/steps", do="cancel")
    assert "Annulée" in words_of(browser.get(address))
    assert "est terminée ou annulée" in words_of(browser.post(f"{address}/steps", 409, do="start"))


def test_rounds_belong_to_the_depots_own_people(
    browser: Browser, world: World, loans: list[Reservation], stranger: Actor
) -> None:
    address = planned(browser, world, loans)
    [first, _] = stops(browser, world, address)
    browser.sign_in(stranger)
    for path in (listed(world), address, f"{address}/sheet.pdf"):
        browser.get(path, 403)
    for path, sent in (
        ("/steps", {"do": "order", "version": 1}),
        ("/steps", {"do": "start"}),
        (f"/stops/{first}/place", {"do": "remove"}),
        (f"/stops/{first}/hours", {"version": 1}),
        (f"/stops/{first}/scans", {"code": loans[0].copy_code}),
        (f"/stops/{first}/visit", {}),
    ):
        browser.post(f"{address}{path}", 403, **sent)
    browser.post(listed(world), 403, held_on=world.today + WAIT * DAY, **VAN)
    browser.sign_in(world.teacher)
    browser.get(address, 403)
    browser.sign_in(world.staff)
    assert stops(browser, world, address)[0] == first
    browser.get("/rounds/999999", 404)


def test_rounds_over_json(browser: Browser, world: World, loans: list[Reservation], stranger: Actor) -> None:
    day = str(world.today + WAIT * DAY)
    found = browser.client.get(f"/api/depots/{world.depot.id}/carriages", params={"day": day}).json()
    assert {one["booking_id"] for one in found} == {one.id for one in loans}
    new = {
        "depot_id": world.depot.id,
        "held_on": day,
        "departs_at": "08:30:00",
        "returns_by": "17:00:00",
        "most_parcels": 10,
        "most_kg": 300,
        "errands": [{"what": "delivery", "booking_id": one.id} for one in loans],
    }
    for wrong in ({"most_kg": -1}, {"most_parcels": 0}, {"held_on": "2027-02-30"}, {"driver": "x" * 121}):
        assert browser.client.post("/api/rounds", json=new | wrong).status_code == 400
    answer = browser.client.post("/api/rounds", json=new)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    address, stop = f"/api/rounds/{made['summary']['id']}", made["stops"][0]["id"]
    early = browser.client.post(f"{address}/stops/{stop}/scans", json={"code": loans[0].copy_code})
    assert (early.status_code, early.json()["type"]) == (409, "/problems/round-not-started")
    assert dt.time.fromisoformat(made["stops"][0]["begins_at"]) >= dt.time(8, 45)
    browser.sign_in(stranger)
    assert browser.client.get(address).status_code == 403
