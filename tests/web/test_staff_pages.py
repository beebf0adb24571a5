"""Pages of those who work here: the day, loans, copies and labels, organisations, depots, homes."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from lending.core.actor import Role
from lending.core.database import Database
from lending.network.rules import uai_letter
from tests.kit.clock import FixedClock
from tests.kit.loans import World, create_world
from tests.kit.network import create_association, create_person, create_school, create_union
from tests.kit.pages import Browser, browsing, hidden, words_of

FREE_UAI = "0351234" + uai_letter("0351234")


@pytest.fixture
def world(sqlite_url: str, clock: FixedClock) -> World:
    return create_world(Database(sqlite_url), clock, copies=2, with_contents=True)


@pytest.fixture
def browser(world: World, sqlite_url: str, clock: FixedClock, tmp_path: Path) -> Iterator[Browser]:
    with browsing(tmp_path, sqlite_url, clock) as browser:
        browser.sign_in(world.staff)
        yield browser


def become(browser: Browser, world: World, role: Role) -> None:
    """Go on as somebody with another role over the whole network."""
    with world.db.write() as session:
        person = create_person(session, role, world.federation)
    browser.sign_in(person)


def test_the_day_lists_what_leaves_and_what_is_late_with_a_way_to_the_desk(browser: Browser, world: World) -> None:
    late = world.hand_over(world.reserve(0, 3))
    world.clock.advance(days=5)
    leaving = world.reserve(0, 7)
    page = browser.get(f"/today?depot={world.depot.id}")
    said = words_of(page)
    assert "À remettre 1" in said
    assert "En retard 1" in said
    assert "3 jours de retard" in said
    for booking in (late, leaving):
        code = (booking.copy_code or "").replace(" ", "")
        assert f"/desk?depot={world.depot.id}&code={code}" in page


def test_a_copy_that_lacks_something_is_on_the_list_of_the_day(browser: Browser, world: World) -> None:
    world.set_copy(world.copies[0], status="blocked")
    assert "À compléter ou réparer 1" in words_of(browser.get(f"/today?depot={world.depot.id}"))


def test_loans_are_filtered_by_state(browser: Browser, world: World) -> None:
    planned, out = world.reserve(20, 7), world.hand_over(world.reserve(0, 7))
    assert f"/reservations/{planned.id}" in browser.get("/loans?state=planned")
    assert f"/reservations/{out.id}" not in browser.get("/loans?state=planned")
    assert f"/reservations/{out.id}" in browser.get("/loans?state=out")


def test_a_state_that_does_not_exist_shows_the_open_loans(browser: Browser) -> None:
    assert 'aria-current="page">En cours' in browser.get("/loans?state=nonsense")


def test_copies_are_added_and_their_labels_printed(browser: Browser, world: World) -> None:
    path = f"/staff/titles/{world.title.id}"
    fields = {"key": hidden(browser.get(path), "key"), "depot_id": world.depot.id, "condition": "new", "count": 3}
    after = browser.get(browser.post(f"{path}/copies", **fields, shelf="A 1"))
    assert "3 exemplaires ajoutés" in words_of(after)
    assert "5 exemplaires" in words_of(browser.get(path))
    labels = browser.get(f"{path}/labels?skip=2")
    assert labels.count("<svg xmlns=") == 5
    assert labels.count('class="label-cell"') == 7


@pytest.mark.parametrize("count", ["0", "201", "trois", ""])
def test_a_number_of_copies_out_of_reach_is_refused_beside_its_field(
    browser: Browser, world: World, count: str
) -> None:
    path = f"/staff/titles/{world.title.id}/copies"
    page = browser.post(path, 400, depot_id=world.depot.id, condition="new", count=count, key="a")
    assert 'id="count-error"' in page
    assert "entre 1 et 200" in page


def test_a_copy_changes_its_state_and_shelf(browser: Browser, world: World) -> None:
    copy, path = world.copies[0], f"/staff/titles/{world.title.id}"
    version = hidden(browser.get(path), "version")
    fields = {"title_id": world.title.id, "version": version, "condition": "worn", "shelf": "B 2"}
    browser.post(f"/staff/copies/{copy.id}", **fields, status="repair")
    assert "Rayon B 2" in words_of(browser.get(path))
    assert world.copy_status(copy) == "repair"


def test_a_change_over_somebody_elses_change_is_refused(browser: Browser, world: World) -> None:
    fields = {"title_id": world.title.id, "version": 99, "condition": "worn", "status": "repair"}
    page = browser.post(f"/staff/copies/{world.copies[0].id}", 412, **fields)
    assert "Modifié entre-temps" in words_of(page)


def test_an_association_shows_what_it_has_to_everybody_and_its_people_to_its_staff(
    browser: Browser, world: World
) -> None:
    path = f"/organisations/{world.association.id}"
    assert "Dominique Le Goff" in words_of(browser.get(path))
    browser.client.cookies.clear()
    said = words_of(browser.get(path))
    assert "Malles" in said
    assert "Dominique Le Goff" not in said


def test_a_school_is_registered_then_affiliated(browser: Browser, world: World) -> None:
    path = f"/organisations/{world.association.id}"
    fields = {"uai": FREE_UAI, "name": "École des Tilleuls", "commune": "Vitré", "pupils": "90"}
    found = browser.get(browser.post(f"{path}/schools", **fields).partition("#")[0])
    assert "École des Tilleuls" in words_of(found)
    assert "Non affiliée" in words_of(found)
    again = browser.get(browser.post(f"{path}/affiliations", school_id=hidden(found, "school_id")).partition("#")[0])
    assert "Affiliée 2026-2027" in words_of(again)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"uai": "0351234I"}, "uai"), ({"name": " "}, "name"), ({"commune": ""}, "commune"), ({"pupils": "x"}, "pupils")],
)
def test_a_school_that_makes_no_sense_is_refused_beside_its_field(
    browser: Browser, world: World, wrong: dict[str, str], field: str
) -> None:
    fields = {"uai": FREE_UAI, "name": "École des Tilleuls", "commune": "Vitré"} | wrong
    page = browser.post(f"/organisations/{world.association.id}/schools", 400, **fields)
    assert f'id="{field}-error"' in page
    assert f'<a href="#{field}">' in page


def test_a_school_that_is_known_is_refused_beside_its_code(browser: Browser, world: World) -> None:
    with world.db.write() as session:
        create_school(session, world.association)
    found = browser.get(f"/organisations/{world.association.id}")
    uai = next(word for word in words_of(found).split() if len(word) == 8 and word[:7].isdecimal())
    fields = {"uai": uai, "name": "École des Tilleuls", "commune": "Vitré"}
    page = browser.post(f"/organisations/{world.association.id}/schools", 409, **fields)
    assert 'id="uai-error"' in page


def test_staff_of_elsewhere_registers_no_school(browser: Browser, world: World) -> None:
    with world.db.write() as session:
        other = create_association(session, world.union, code="22")
        stranger = create_person(session, Role.STAFF, other)
    browser.sign_in(stranger)
    fields = {"uai": FREE_UAI, "name": "École des Tilleuls", "commune": "Vitré"}
    browser.post(f"/organisations/{world.association.id}/schools", 403, **fields)


def test_an_administrator_moves_an_association_to_another_union(browser: Browser, world: World) -> None:
    path = f"/organisations/{world.association.id}"
    assert "Rattacher à" not in words_of(browser.get(path))
    with world.db.write() as session:
        other = create_union(session, world.federation)
    become(browser, world, Role.ADMIN)
    browser.get(browser.post(f"{path}/union", union_id=other.id).partition("?")[0])
    assert f'<option value="{other.id}" selected>' in browser.get(path)


def test_a_closure_is_announced_by_its_last_day_and_taken_back(browser: Browser, world: World) -> None:
    path = f"/depots/{world.depot.id}"
    browser.post(f"{path}/closures", starts_on="2027-02-13", ends_on="2027-02-28", reason="Vacances")
    page = browser.get(path)
    assert "du 13 février 2027 au 28 février 2027" in words_of(page)
    closure_id = browser.services.network.depot(world.depot.id).closures[0].id
    browser.post(f"{path}/closures/{closure_id}/removal")
    assert "Aucune fermeture" in words_of(browser.get(path))


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "field"),
    [("2027-02-13", "2027-02-12", "ends_on"), ("", "2027-02-12", "starts_on"), ("2027-02-13", "9999-12-31", "ends_on")],
)
def test_a_closure_that_makes_no_sense_is_refused_beside_its_field(
    browser: Browser, world: World, starts_on: str, ends_on: str, field: str
) -> None:
    page = browser.post(f"/depots/{world.depot.id}/closures", 400, starts_on=starts_on, ends_on=ends_on)
    assert f'id="{field}-error"' in page


def test_the_weekly_hours_are_replaced(browser: Browser, world: World) -> None:
    hours = {"opens_2": "09:00", "closes_2": "12:00", "opens_3": "14:00", "closes_3": "17:30"}
    path = f"/depots/{world.depot.id}"
    browser.post(f"{path}/openings", **hours)
    assert "mercredi 09:00 – 12:00 jeudi 14:00 – 17:30" in words_of(browser.get(path))
    assert browser.services.network.depot(world.depot.id).openings[1].closes_at == dt.time(17, 30)


@pytest.mark.parametrize(
    ("hours", "field"),
    [
        ({"opens_0": "12:00", "closes_0": "09:00"}, "opens_0"),
        ({"opens_0": "09:00"}, "opens_0"),
        ({"opens_6": "09:00", "closes_6": "25:00"}, "opens_6"),
    ],
)
def test_hours_that_make_no_sense_are_refused_beside_their_day(
    browser: Browser, world: World, hours: dict[str, str], field: str
) -> None:
    page = browser.post(f"/depots/{world.depot.id}/openings", 400, **hours)
    assert f'id="{field}-error"' in page


def test_the_home_of_staff_shows_the_desk_in_figures(browser: Browser, world: World) -> None:
    world.reserve(0, 7)
    assert "1 À remettre" in words_of(browser.get("/"))


def test_the_home_of_a_coordinator_compares_associations(browser: Browser, world: World) -> None:
    world.hand_over(world.reserve(0, 7))
    with world.db.write() as session:
        coordinator = create_person(session, Role.COORDINATOR, world.union)
    browser.sign_in(coordinator)
    said = words_of(browser.get("/"))
    assert "35 · Association 35 1 0 0 0 0" in said
    assert "35 · Association 35" in words_of(browser.get(f"/organisations/{world.union.id}"))


def test_the_home_of_an_administrator_leads_to_the_health_of_the_service(browser: Browser, world: World) -> None:
    become(browser, world, Role.ADMIN)
    assert 'href="/admin"' in browser.get("/")
    assert "Base de données En ordre" in words_of(browser.get("/admin"))


def test_the_network_is_open_to_everybody(browser: Browser, world: World) -> None:
    browser.client.cookies.clear()
    assert world.association.name in words_of(browser.get("/network"))


@pytest.mark.parametrize("path", ["/today", "/loans", "/admin", "/admin/notices", "/staff/titles/1", "/desk"])
def test_what_is_for_those_who_work_here_asks_visitors_to_sign_in(browser: Browser, path: str) -> None:
    browser.client.cookies.clear()
    browser.get(path, 401)


@pytest.mark.parametrize("path", ["/organisations/99999", "/depots/99999", "/staff/titles/99999", "/today?depot=99999"])
def test_what_does_not_exist_is_not_found(browser: Browser, path: str) -> None:
    browser.get(path, 404)


def test_pages_speak_english_to_who_wants_it(browser: Browser, world: World) -> None:
    browser.client.cookies.set("language", "en")
    assert "To hand over" in words_of(browser.get(f"/today?depot={world.depot.id}"))
