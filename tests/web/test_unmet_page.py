"""The page of unmet demand: filled by searches that found nothing, for coordinators."""

import pytest

from lending.core.actor import Role
from tests.kit.loans import World
from tests.kit.network import create_person
from tests.kit.pages import Browser, words_of


@pytest.fixture
def coordinator(visitor: Browser, world: World) -> Browser:
    with world.db.write() as session:
        person = create_person(session, Role.COORDINATOR, world.federation)
    visitor.sign_in(person)
    return visitor


def test_a_search_without_results_is_shown_to_coordinators(coordinator: Browser) -> None:
    coordinator.get("/search?q=marionnettes&kind=game&level=CE1")
    coordinator.get("/search?q=marionnettes&kind=game&level=CE1")
    said = words_of(coordinator.get("/unmet"))
    assert "marionnettes Type : Jeu Niveau : " in said
    assert " 2 " in said
    (row,) = coordinator.client.get("/api/unmet").json()
    assert (row["words"], row["times"], row["filters"]) == ("marionnettes", 2, {"kind": ["game"], "level": ["CE1"]})


def test_a_search_over_json_counts_too(coordinator: Browser) -> None:
    coordinator.get("/api/search?q=marionnettes")
    assert "marionnettes" in words_of(coordinator.get("/unmet"))


def test_what_finds_something_or_is_still_being_typed_is_not_counted(coordinator: Browser) -> None:
    coordinator.get("/search?q=coop")
    coordinator.client.get("/search?q=marionn", headers={"x-typing": "1"})
    assert "Rien n’a manqué" in words_of(coordinator.get("/unmet"))


def test_days_can_be_chosen_and_a_wrong_one_is_said_beside_its_field(coordinator: Browser) -> None:
    coordinator.get("/search?q=marionnettes")
    assert "Rien n’a manqué" in words_of(coordinator.get("/unmet?first_on=2020-01-01&last_on=2020-02-01"))
    assert 'id="last_on-error"' in coordinator.get("/unmet?first_on=2027-02-01&last_on=2027-01-01", 400)
    assert 'id="first_on-error"' in coordinator.get("/unmet?first_on=hier", 400)


def test_teachers_and_visitors_are_kept_out(teacher: Browser) -> None:
    teacher.get("/unmet", 403)
    assert "/unmet" not in teacher.get("/")


def test_a_visitor_is_asked_to_sign_in(visitor: Browser) -> None:
    assert visitor.client.get("/api/unmet").status_code == 401
