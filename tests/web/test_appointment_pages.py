"""The appointment of a return: on the page of its loan, on the day's list, on the depot's page, over JSON."""

import pytest

from tests.kit.loans import DAY, World
from tests.kit.pages import Browser, hidden, words_of


@pytest.fixture
def loan_id(world: World) -> int:
    return world.hand_over(world.reserve(0, 9)).id


def form(browser: Browser, loan_id: int, **more: object) -> dict[str, object]:
    version = hidden(browser.get(f"/reservations/{loan_id}"), "appointment_version")
    return {"appointment_version": version} | more


def test_one_form_moves_it_and_gives_it_up(teacher: Browser, world: World, loan_id: int) -> None:
    path = f"/reservations/{loan_id}"
    assert "mardi 19 janvier 2027, de 9 h à 10 h" in words_of(teacher.get(path))
    day = (world.today + 2 * DAY).isoformat()
    sent = form(teacher, loan_id, comes_on=day, hour="14", brought_by="Mme <b>Le Goff</b>")
    assert teacher.post(f"{path}/appointment", **sent) == f"{path}?done=appointed#appointment"
    page = teacher.get(path)
    assert "mercredi 13 janvier 2027, de 14 h à 15 h" in words_of(page)
    assert "<b>Le Goff</b>" not in teacher.client.get(path).text
    teacher.post(f"{path}/appointment", 412, **sent)
    teacher.post(f"{path}/appointment", **form(teacher, loan_id, do="cancel"))
    assert "Pas de rendez-vous : venez quand le guichet est ouvert" in words_of(teacher.get(path))


@pytest.mark.parametrize(
    ("fields", "status", "field"),
    [
        ({"comes_on": "2027-02-20", "hour": "10"}, 409, "comes_on"),
        ({"comes_on": "demain", "hour": "10"}, 400, "comes_on"),
        ({"comes_on": "2027-01-13", "hour": "7"}, 409, "hour"),
        ({"comes_on": "2027-01-13", "hour": "midi"}, 400, "hour"),
        ({"comes_on": "2027-01-13", "hour": "10", "brought_by": "x" * 81}, 400, "brought_by"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(
    teacher: Browser, loan_id: int, fields: dict[str, str], status: int, field: str
) -> None:
    sent = form(teacher, loan_id, **{"brought_by": "Camille"} | fields)
    page = teacher.post(f"/reservations/{loan_id}/appointment", status, **sent)
    assert f'id="{field}-error"' in page
    assert f'value="{sent["brought_by"]}"' in page


def test_an_appointment_that_nobody_kept_is_not_told_as_if_it_were_ahead(
    teacher: Browser, world: World, loan_id: int
) -> None:
    path = f"/reservations/{loan_id}"
    moved = form(teacher, loan_id, comes_on="2027-01-13", hour="14")
    teacher.post(f"{path}/appointment", **moved)
    world.clock.advance(days=3)
    shown = words_of(teacher.get(path))
    assert "Le rendez-vous du mercredi 13 janvier 2027 est passé" in shown
    assert "de 14 h à 15 h" not in shown


def test_after_the_return_the_page_says_so(teacher: Browser, world: World, loan_id: int) -> None:
    sent = form(teacher, loan_id, comes_on="2027-01-13", hour="10")
    world.loans.check_in(
        world.staff, world.depot.id, world.loans.reservation(world.staff, loan_id).reservation.copy_code or ""
    )
    assert "n’est pas en prêt" in teacher.post(f"/reservations/{loan_id}/appointment", 409, **sent)


def test_the_depot_says_how_many_and_the_day_goes_by_the_hour(visitor: Browser, world: World, loan_id: int) -> None:
    visitor.sign_in(world.staff)
    depot = f"/depots/{world.depot.id}"
    for wrong in ("0", "100", "beaucoup"):
        assert 'id="max_returns-error"' in visitor.post(f"{depot}/returns", 400, max_returns=wrong)
    visitor.post(f"{depot}/returns", max_returns="1")
    assert "1 retour par heure au plus." in words_of(visitor.get(depot))
    other = world.hand_over(world.reserve(0, 5))
    moved = {"comes_on": "2027-01-13", "hour": "14", "brought_by": "Alix"}
    visitor.post(f"/reservations/{loan_id}/appointment", **form(visitor, loan_id, **moved))
    page = visitor.post(f"/reservations/{other.id}/appointment", 409, **form(visitor, other.id, **moved))
    assert "le guichet ne peut attendre personne de plus" in words_of(page)
    assert '<option value="14"' not in page
    world.clock.advance(days=2)
    shown = words_of(visitor.get(f"/today?depot={world.depot.id}"))
    assert "rendez-vous à 14 h" in shown
    assert "Alix" in shown


def test_over_json(visitor: Browser, world: World, loan_id: int) -> None:
    visitor.sign_in(world.teacher)
    path = f"/api/reservations/{loan_id}/appointment"
    found = visitor.client.get(path).json()
    assert found["appointment"]["comes_on"] == "2027-01-19"
    wanted = {"comes_on": "2027-01-13", "hour": 10, "version": found["version"]}
    moved = visitor.client.put(path, json=wanted)
    assert (moved.status_code, moved.json()["starts_at"][:5]) == (200, "10:00")
    refused = visitor.client.put(path, json=wanted | {"hour": 3, "version": 2})
    assert (refused.status_code, refused.json()["free_hours"]) == (409, list(range(9, 17)))
    assert visitor.client.put(path, json=wanted | {"hour": 24}).status_code == 400
    assert visitor.client.delete(path, params={"version": 2}).json()["state"] == "cancelled"
    visitor.sign_in(world.staff)
    limited = visitor.client.put(f"/api/depots/{world.depot.id}/return-limit", json={"max_returns_per_hour": 2})
    assert limited.json()["max_returns_per_hour"] == 2
