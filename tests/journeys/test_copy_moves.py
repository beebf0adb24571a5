"""A title with a queue in one association and idle copies in another: from the plan to the school that waited."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from lending.core.actor import Actor, Role
from lending.core.database import Database
from lending.network.tables import Depot, Organisation
from tests.kit.clock import FixedClock
from tests.kit.loans import DAY, EVERY_DAY, World, create_world
from tests.kit.network import create_association, create_depot, create_person, create_school
from tests.kit.pages import Browser, browsing, hidden, words_of

SCHOOLS = 4


@dataclass
class Region:
    """Rennes, whose copies rest, and Saint-Brieuc, where four schools want one."""

    world: World
    there: Depot
    schools: list[Organisation]
    teachers: list[Actor]
    staff_there: Actor
    coordinator: Actor


@pytest.fixture
def region(database: Database, clock: FixedClock) -> Region:
    world = create_world(database, clock, copies=3, preparation_days=0, turnaround_days=0)
    with world.db.write() as session:
        other = create_association(session, world.union, code="22")
        schools = [create_school(session, other) for _ in range(SCHOOLS)]
        return Region(
            world=world,
            there=create_depot(session, other, "Dépôt de Saint-Brieuc", EVERY_DAY),
            schools=schools,
            teachers=[create_person(session, Role.TEACHER, school) for school in schools],
            staff_there=create_person(session, Role.STAFF, other, "Solène Ollivier"),
            coordinator=create_person(session, Role.COORDINATOR, world.union, "Claude Martin"),
        )


@pytest.fixture
def browser(region: Region, database_url: str, clock: FixedClock, tmp_path: Path) -> Iterator[Browser]:
    with browsing(tmp_path, database_url, clock) as browser:
        yield browser


def wait_for_it(browser: Browser, region: Region) -> None:
    """Every school joins the queue, the first one first."""
    today = region.world.today
    for school, teacher in zip(region.schools, region.teachers, strict=True):
        browser.sign_in(teacher)
        wish = {
            "school_id": school.id,
            "depot_id": region.there.id,
            "starts_on": today + 10 * DAY,
            "until_on": today + 60 * DAY,
            "length_days": 5,
        }
        assert browser.post(f"/titles/{region.world.title.id}/wishes", **wish) == "/waiting?done=waiting"
    browser.sign_in(region.teachers[0])
    assert "Gardé pour vous" not in words_of(browser.get("/waiting"))


def accepted_plan(browser: Browser, region: Region) -> str:
    """The coordinator asks, the worker solves, the coordinator reads why and accepts. The plan's address."""
    browser.sign_in(region.coordinator)
    page = browser.get("/plans")
    asked = {
        "organisation_id": hidden(page, "organisation_id"),
        "school_year": hidden(page, "school_year"),
        "name": "Printemps",
        "first_period": 1,
        "last_period": 5,
        "leaves_on": region.world.today + 7 * DAY,
        "fairness_percent": 0,
        "loan_euros": 100,
        "copy_euros": 2,
        "trip_euros": 10,
        "km_cents": 35,
        "capacity": 60,
        "most_moves": 1,
        "act": "ask",
    }
    address = browser.post("/plans", **asked).partition("?")[0]
    assert browser.services.rebalancing.solve_next(seconds=5.0) == 1
    said = words_of(browser.get(address))
    assert f"{SCHOOLS} demandes sans réponse à Association 22" in said
    assert "libre depuis 52 semaines à" in said
    after = browser.post(address, act="accept-all")
    assert "prévu" in words_of(browser.get(after))
    return address


def sent_shipment(browser: Browser, region: Region, codes: list[str]) -> str:
    """Rennes sees what to pack, scans it into a parcel and sends it. The shipment's address."""
    browser.sign_in(region.world.staff)
    depot = region.world.depot.id
    assert f"À emballer ({len(codes)})" in words_of(browser.get(f"/depots/{depot}/shipments"))
    address = browser.post(f"/depots/{depot}/shipments", to_depot_id=region.there.id)
    for code in codes:
        browser.post(f"{address}/lines", code=code, parcel=1)
    browser.post(f"{address}/parcels/1", weight="12,5", value="300")
    sent = browser.post(f"{address}/departure", mode="meeting", carrier="Anne")
    assert "L’envoi est parti." in words_of(browser.get(sent))
    return address


def test_a_queue_here_and_idle_copies_there(browser: Browser, region: Region) -> None:
    wait_for_it(browser, region)
    plan = accepted_plan(browser, region)
    codes = [re.sub(r"\D", "", one) for one in re.findall(r'class="code">([\d  ]+)<', browser.get(plan))]
    assert codes
    region.world.clock.advance(days=7)
    shipment = sent_shipment(browser, region, codes)
    region.world.clock.advance(minutes=60)
    browser.sign_in(region.staff_there)
    browser.post(f"{shipment}/handovers", holder="Paul, de Lamballe")
    region.world.clock.advance(minutes=60)
    browser.sign_in(region.teachers[0])
    assert "Gardé pour vous" not in words_of(browser.get("/waiting"))
    browser.sign_in(region.staff_there)
    assert browser.post(f"/depots/{region.there.id}/shipments/scan", code=codes[0]) == shipment
    for code in codes:
        assert "Arrivé" in words_of(browser.get(browser.post(f"{shipment}/arrivals", code=code)))
    browser.post(f"{shipment}/closing")
    browser.sign_in(region.teachers[0])
    assert "Gardé pour vous jusqu’à" in words_of(browser.get("/waiting"))
    wish = browser.services.wishes.mine(region.teachers[0])[0]
    assert wish.offer is not None
    booking_id = int(browser.post(f"/waiting/{wish.id}/acceptance").partition("?")[0].rpartition("/")[2])
    promised = region.world.booking(booking_id).copy_id
    copy = next(one for one in region.world.copies if one.id == promised)
    assert copy.code in codes
    region.world.clock.advance(days=(wish.offer.starts_on - region.world.today).days)
    browser.services.loans.check_out(region.staff_there, region.there.id, copy.code, booking_id)
    browser.sign_in(region.world.staff)
    hands = words_of(browser.get(f"/copies/{copy.id}/custody"))
    names = [region.schools[0].name, "Dépôt de Saint-Brieuc", "Paul, de Lamballe", "En route : Anne"]
    # From the present hand back to the first one.
    places = [*(hands.index(name) for name in names), hands.rindex(region.world.depot.name)]
    assert places == sorted(set(places))
    browser.sign_in(region.coordinator)
    assert "Attendu et arrivé" in words_of(browser.get(plan))
    detail = browser.services.rebalancing.plan(region.coordinator, int(plan.rpartition("/")[2]))
    assert {one.copy_id: one.loans_since for one in detail.moves}[copy.id] == 1
