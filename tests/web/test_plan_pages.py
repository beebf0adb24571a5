"""The pages of plans: asked for, compared, edited, accepted; supply and demand; what owners allow."""

import datetime as dt
import re

import pytest

from lending.core.actor import Actor, Role
from lending.search.unmet.queries import record_unmet
from lending.search.unmet.rules import words_kept
from lending.search.unmet.schemas import UnmetWish
from tests.kit.catalog import create_copies
from tests.kit.loans import DAY, EVERY_DAY, World
from tests.kit.network import create_association, create_depot, create_person
from tests.kit.pages import Browser, hidden, words_of


@pytest.fixture
def region(world: World) -> World:
    """Rennes has six copies; Saint-Brieuc has none, and was asked for them in vain."""
    with world.db.write() as session:
        create_copies(session, world.title, world.depot, 4)
        there = create_association(session, world.union, code="22")
        create_depot(session, there, "Dépôt de Saint-Brieuc", EVERY_DAY)
        words = words_kept(world.title.name)
        for _ in range(12):
            wish = UnmetWish(reason="reservation", words=words, filters="", association_code="22")
            record_unmet(session, wish, world.today - 20 * DAY)
    return world


@pytest.fixture
def coordinator(visitor: Browser, region: World) -> Browser:
    visitor.sign_in(_person(region, Role.COORDINATOR))
    return visitor


def _person(world: World, role: Role) -> Actor:
    with world.db.write() as session:
        return create_person(session, role, world.union if role is Role.COORDINATOR else world.association)


def form_of(browser: Browser, world: World, **more: object) -> dict[str, object]:
    """What the form holds before anybody changes it, with cheap kilometres."""
    page = browser.get("/plans")
    usual = {
        "organisation_id": hidden(page, "organisation_id"),
        "school_year": hidden(page, "school_year"),
        "name": "Printemps",
        "first_period": 1,
        "last_period": 5,
        "leaves_on": (world.today + 7 * DAY).isoformat(),
        "fairness_percent": 0,
        "loan_euros": 15,
        "copy_euros": 2,
        "trip_euros": 10,
        "km_cents": 5,
        "capacity": 60,
        "most_moves": 1,
        "act": "ask",
    }
    return usual | more


def solved(browser: Browser, world: World, **more: object) -> str:
    """The address of a plan once it is solved."""
    address = browser.post("/plans", **form_of(browser, world, **more)).partition("?")[0]
    assert browser.services.rebalancing.solve_next(seconds=5.0) == 1
    return address


def moves_of(page: str) -> list[str]:
    """The names of the boxes of moves."""
    return [part.partition('"')[0] for part in page.split('name="move-')[1:]]


def test_a_plan_waits_then_says_what_it_brings_and_why(coordinator: Browser, region: World) -> None:
    address = coordinator.post("/plans", **form_of(coordinator, region)).partition("?")[0]
    assert "Le calcul attend son tour" in words_of(coordinator.get(address))
    coordinator.services.rebalancing.solve_next(seconds=5.0)
    said = words_of(coordinator.get(address))
    assert "12 demandes sans réponse à" in said
    assert "100 % de ce qu’aucun plan ne peut dépasser" in said
    assert "Printemps" in words_of(coordinator.get("/plans"))


@pytest.mark.parametrize("days", range(7))
def test_trips_are_proposed_for_a_monday_at_least_a_fortnight_away(
    coordinator: Browser, region: World, days: int
) -> None:
    region.clock.advance(days=days)
    found = re.search(r'name="leaves_on"[^>]*value="([\d-]+)"', coordinator.get("/plans"))
    assert found
    proposed = dt.date.fromisoformat(found[1])
    assert proposed.weekday() == 0
    assert 14 * DAY <= proposed - region.today <= 20 * DAY


def test_three_variants_stand_side_by_side(coordinator: Browser, region: World) -> None:
    coordinator.post("/plans", **form_of(coordinator, region, act="compare", budget_euros=60))
    while coordinator.services.rebalancing.solve_next(seconds=5.0):
        pass
    said = words_of(coordinator.get("/plans"))
    assert "Printemps (équitable)" in said
    assert "équité 100 %" in said
    assert "Printemps (petit budget)" in said
    assert "budget 30,00 €" in said


def test_the_federation_also_compares_a_plan_that_stays_inside_each_region(visitor: Browser, region: World) -> None:
    with region.db.write() as session:
        coordinator = create_person(session, Role.COORDINATOR, region.federation)
    visitor.sign_in(coordinator)
    everywhere = {"act": "compare", "reach": "between", "organisation_id": region.federation.id}
    visitor.post("/plans", **form_of(visitor, region, **everywhere))
    said = words_of(visitor.get(f"/plans?organisation={region.federation.id}"))
    assert "Printemps (dans chaque région)" in said
    assert said.count("entre régions") == 3


def test_part_is_accepted_part_left_out_and_taken_in_again(coordinator: Browser, region: World) -> None:
    address = solved(coordinator, region)
    first, second, *_ = moves_of(coordinator.get(address))
    assert coordinator.post(address, act="drop", **{f"move-{second}": "on"}).endswith("?done=moves-changed")
    assert "Écarté" in words_of(coordinator.get(address))
    after = coordinator.post(address, act="accept", **{f"move-{first}": "on"})
    assert "1 transfert est prévu" in words_of(coordinator.get(after))
    assert first not in moves_of(coordinator.get(address))
    coordinator.post(address, act="restore", **{f"move-{second}": "on"})
    assert "Écarté" not in words_of(coordinator.get(address))
    rest = len(moves_of(coordinator.get(address)))
    assert f"accepted={rest}&refused=0" in coordinator.post(address, act="accept-all")
    assert moves_of(coordinator.get(address)) == []


def test_a_move_that_became_impossible_says_why(coordinator: Browser, region: World) -> None:
    address = solved(coordinator, region)
    plan_id = int(address.rpartition("/")[2])
    move = coordinator.services.rebalancing.plan(_person(region, Role.COORDINATOR), plan_id).moves[0]
    copy = next(one for one in region.copies if one.id == move.copy_id)
    region.hand_over(region.reserve(0, 60), copy)
    said = words_of(coordinator.get(coordinator.post(address, act="accept-all")))
    assert "1 déplacement n’est plus possible" in said
    assert "promis ou en prêt entre-temps" in said


def test_nothing_ticked_is_said_and_nothing_changes(coordinator: Browser, region: World) -> None:
    address = solved(coordinator, region)
    before = moves_of(coordinator.get(address))
    assert 'id="moves-error"' in coordinator.post(address, 400, act="accept")
    assert moves_of(coordinator.get(address)) == before


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("name", ""),
        ("leaves_on", "2020-01-06"),
        ("leaves_on", "demain"),
        ("returns_on", "2020-01-06"),
        ("last_period", "0"),
        ("budget_euros", "-3"),
        ("budget_euros", "beaucoup"),
        ("loan_euros", "0"),
        ("km_cents", "0,5"),
        ("capacity", "99999"),
        ("most_moves", "21"),
    ],
)
def test_a_wrong_field_is_said_beside_it_and_keeps_what_was_typed(
    coordinator: Browser, region: World, name: str, value: str
) -> None:
    page = coordinator.post("/plans", 400, **form_of(coordinator, region, **{name: value}))
    assert f'id="{name}-error"' in page
    assert not value or value in page
    assert "Printemps" not in words_of(coordinator.get("/plans"))


def test_periods_in_the_wrong_order_are_said_beside_the_second(coordinator: Browser, region: World) -> None:
    page = coordinator.post("/plans", 400, **form_of(coordinator, region, first_period=4, last_period=2))
    assert 'id="last_period-error"' in page


def test_the_balance_shows_each_department_as_a_tile_and_as_a_row(coordinator: Browser, region: World) -> None:
    page = coordinator.get("/plans/balance")
    assert page.count('class="tile level-') == 2
    assert "level-0" in page
    assert "Saint-Brieuc" not in page
    assert " 12 " in words_of(page)
    assert region.title.name in page
    none = coordinator.get("/plans/balance?theme=elsewhere")
    assert "Rien de tel" in words_of(none)


def test_the_demand_of_a_title_opens_on_its_counts(coordinator: Browser, region: World) -> None:
    said = words_of(coordinator.get(f"/plans/demand?organisation={region.union.id}&title={region.title.id}"))
    assert "Réservations impossibles 12" in said
    coordinator.get(f"/plans/demand?organisation={region.union.id}&title=99999", 404)
    coordinator.get(f"/plans/demand?organisation={region.federation.id}&title={region.title.id}", 404)


def test_an_owner_that_does_not_consent_sends_nothing(coordinator: Browser, region: World) -> None:
    address = f"/plans/policies/{region.association.id}"
    version = hidden(coordinator.get(address), "version")
    assert "?done=saved" in coordinator.post(address, consents="no", kept_at_home=2, version=version)
    assert "Rien à déplacer" in words_of(coordinator.get(solved(coordinator, region)))
    page = coordinator.post(address, 412, consents="yes", kept_at_home=1, version=version)
    assert 'role="alert"' in page
    assert 'value="no" selected' in coordinator.get(address)
    assert 'id="kept_at_home-error"' in coordinator.post(address, 400, consents="yes", kept_at_home=-1, version=1)


def test_staff_teachers_and_visitors_are_kept_out(visitor: Browser, region: World) -> None:
    visitor.get("/plans", 401)
    for actor in (region.teacher, region.staff):
        visitor.sign_in(actor)
        for path in ("/plans", "/plans/balance", "/plans/1"):
            assert visitor.client.get(path, follow_redirects=False).status_code in (403, 404)
    visitor.get(f"/plans/policies/{region.association.id}")
