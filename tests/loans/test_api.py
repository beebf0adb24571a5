"""Lending over HTTP: the whole journey, refusals as problem details, bad input."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar, Router
from litestar.di import Provide
from litestar.testing import TestClient

from lending.catalog.media import MediaFolder
from lending.catalog.service import Catalog
from lending.core.actor import ANONYMOUS, Actor
from lending.core.database import Database
from lending.core.http.problems import problem_response
from lending.loans.api.bookings import ROUTES
from tests.kit.clock import FixedClock
from tests.kit.loans import DAY, World, create_world


@dataclass
class Visitor:
    """Who the requests of a test come from."""

    actor: Actor


@pytest.fixture
def trunk(sqlite_url: str, clock: FixedClock) -> World:
    return create_world(Database(sqlite_url), clock, copies=1, with_contents=True)


@pytest.fixture
def visitor(trunk: World) -> Visitor:
    return Visitor(trunk.teacher)


@pytest.fixture
def client(trunk: World, visitor: Visitor, tmp_path: Path) -> Iterator[TestClient[Litestar]]:
    catalog = Catalog(trunk.db, trunk.clock, MediaFolder(tmp_path / "media"), trunk.loans.replan_title)
    app = Litestar(
        [Router("/api", route_handlers=ROUTES)],
        dependencies={
            "loans": Provide(lambda: trunk.loans, sync_to_thread=False),
            "catalog": Provide(lambda: catalog, sync_to_thread=False),
            "actor": Provide(lambda: visitor.actor, sync_to_thread=False),
        },
        exception_handlers={Exception: problem_response},
    )
    with TestClient(app) as client:
        yield client


def wish(world: World, start: int = 7, length: int = 14, **more: Any) -> dict[str, Any]:
    first = world.today + start * DAY
    return {
        "title_id": world.title.id,
        "school_id": world.school.id,
        "starts_on": first.isoformat(),
        "due_on": (first + (length - 1) * DAY).isoformat(),
    } | more


def problem(answer: Any) -> tuple[int, str]:
    assert answer.headers["content-type"].startswith("application/problem+json")
    return answer.status_code, answer.json()["type"]


def test_the_journey_from_reservation_to_completion(
    client: TestClient[Litestar], trunk: World, visitor: Visitor
) -> None:
    booked = client.post("/api/reservations", json=wish(trunk, 0))
    assert booked.status_code == 201
    booking_id = booked.json()["id"]
    assert client.get("/api/reservations").json()["items"][0]["id"] == booking_id
    visitor.actor = trunk.staff
    scan = {"code": trunk.copies[0].code, "depot_id": trunk.depot.id}
    seen = client.post("/api/desk/scans", json=scan).json()
    assert (seen["situation"], seen["candidates"][0]["booking"]["id"]) == ("hand_over", booking_id)
    handed = client.post("/api/desk/scans", json=scan | {"decision": {"action": "hand_over"}})
    assert (handed.status_code, handed.json()["done"]) == (200, "handed_over")
    assert client.get("/api/loans", params={"state": "out"}).json()["items"][0]["id"] == booking_id
    found = [{"line_id": trunk.lines[0].id, "found": 3}]
    back = client.post("/api/desk/scans", json=scan | {"decision": {"action": "take_back", "found": found}}).json()
    assert (back["situation"], back["missing"][0]["missing"]) == ("held_back", 2)
    visitor.actor = trunk.teacher
    told = client.get(f"/api/reservations/{booking_id}").json()
    assert told["reservation"]["return_outcome"] == "incomplete"
    visitor.actor = trunk.staff
    completed = client.post(f"/api/copies/{trunk.copies[0].code}/completions", json={})
    assert (completed.status_code, completed.json()["copy"]["status"]) == (201, "lendable")
    history = client.get(f"/api/copies/{trunk.copies[0].code}/bookings").json()
    assert [one["id"] for one in history] == [booking_id]


def test_a_full_title_is_refused_with_what_could_be_had_instead(client: TestClient[Litestar], trunk: World) -> None:
    client.post("/api/reservations", json=wish(trunk, 30))
    answer = client.post("/api/reservations", json=wish(trunk, 30))
    assert problem(answer) == (409, "/problems/no-copy-free")
    body = answer.json()
    assert body["field"] == "starts_on"
    assert {"starts_on", "due_on", "depot_id"} == set(body["nearest"][0])
    assert body["equivalent_title_ids"] == []


def test_the_same_key_gets_the_same_answer(client: TestClient[Litestar], trunk: World) -> None:
    headers = {"Idempotency-Key": "a-key"}
    first = client.post("/api/reservations", json=wish(trunk), headers=headers)
    again = client.post("/api/reservations", json=wish(trunk), headers=headers)
    assert again.json() == first.json()
    other = client.post("/api/reservations", json=wish(trunk, 60), headers=headers)
    assert problem(other) == (409, "/problems/idempotency-key-reused")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"starts_on": "2020-01-06"}, (400, "/problems/period-in-past")),
        ({"due_on": "2020-01-06"}, (400, "/problems/period-reversed")),
        ({"due_on": "9999-12-31"}, (400, "/problems/date-out-of-range")),
        ({"due_on": "2027-06-30"}, (409, "/problems/too-long")),
        ({"title_id": 999_999}, (404, "/problems/not-found")),
        ({"title_id": 10**12}, (400, "/problems/invalid-request")),
        ({"title_id": "x"}, (400, "/problems/invalid-request")),
        ({"starts_on": "soon"}, (400, "/problems/invalid-request")),
    ],
)
def test_bad_input_is_a_problem_with_a_stable_type_and_nothing_changes(
    client: TestClient[Litestar], trunk: World, change: dict[str, Any], expected: tuple[int, str]
) -> None:
    assert problem(client.post("/api/reservations", json=wish(trunk) | change)) == expected
    assert trunk.count_bookings() == 0


def test_json_that_is_not_json_is_a_problem(client: TestClient[Litestar]) -> None:
    answer = client.post("/api/reservations", content=b"{", headers={"Content-Type": "application/json"})
    assert problem(answer) == (400, "/problems/invalid-request")


@pytest.mark.parametrize(
    ("code", "expected"),
    [("0000000000", (400, "/problems/damaged-barcode")), ("x" * 20, (404, "/problems/unknown-barcode"))],
)
def test_bad_codes_are_told_apart(
    client: TestClient[Litestar], trunk: World, visitor: Visitor, code: str, expected: tuple[int, str]
) -> None:
    visitor.actor = trunk.staff
    answer = client.post("/api/desk/scans", json={"code": code, "depot_id": trunk.depot.id})
    assert problem(answer) == expected
    assert answer.json()["field"] == "code"


def test_visitors_see_availability_and_rules_and_nothing_else(
    client: TestClient[Litestar], trunk: World, visitor: Visitor
) -> None:
    visitor.actor = ANONYMOUS
    availability = client.get(f"/api/titles/{trunk.title.id}/availability")
    assert availability.status_code == 200
    assert len(availability.json()["depots"][0]["days"]) == 92
    rule = client.get(f"/api/associations/{trunk.association.id}/rules/trunk")
    assert rule.json()["loan_days"] == 28
    for path in ("/api/reservations", "/api/loans", f"/api/depots/{trunk.depot.id}/day"):
        assert problem(client.get(path)) == (401, "/problems/sign-in-required")
    assert problem(client.post("/api/reservations", json=wish(trunk)))[0] == 401


def test_a_reservation_is_cancelled_once(client: TestClient[Litestar], trunk: World) -> None:
    booking_id = client.post("/api/reservations", json=wish(trunk)).json()["id"]
    assert client.delete(f"/api/reservations/{booking_id}").json()["state"] == "cancelled"
    assert problem(client.delete(f"/api/reservations/{booking_id}")) == (
        409,
        "/problems/booking-not-cancellable",
    )


def test_the_desk_prepares_and_lends_over_the_counter(
    client: TestClient[Litestar], trunk: World, visitor: Visitor
) -> None:
    booking_id = client.post("/api/reservations", json=wish(trunk, 30)).json()["id"]
    visitor.actor = trunk.staff
    assert client.post(f"/api/reservations/{booking_id}/preparation").json()["is_pinned"]
    lent = client.post(
        "/api/desk/loans",
        json={
            "code": trunk.copies[0].code,
            "depot_id": trunk.depot.id,
            "school_id": trunk.school.id,
            "due_on": (trunk.today + 10 * DAY).isoformat(),
        },
    )
    assert (lent.status_code, lent.json()["state"]) == (201, "out")
    day = client.get(f"/api/depots/{trunk.depot.id}/day").json()
    assert day["to_hand_over"] == day["late"] == []
    counts = client.get(f"/api/associations/{trunk.association.id}/loan-counts").json()
    assert (counts["out"], counts["planned"]) == (1, 1)


def test_the_openapi_document_names_every_route(client: TestClient[Litestar]) -> None:
    paths = client.get("/schema/openapi.json").json()["paths"]
    assert {"/api/reservations", "/api/desk/scans", "/api/titles/{title_id}/availability"} <= set(paths)
