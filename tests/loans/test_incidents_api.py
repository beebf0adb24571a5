"""Incidents, proposals and replayed acts over HTTP."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from litestar import Litestar, Router
from litestar.di import Provide
from litestar.testing import TestClient

from lending.core.actor import Actor
from lending.core.database import Database
from lending.core.http.problems import problem_response
from lending.loans.api.incidents import ROUTES
from lending.loans.rules.offline import MOST_ACTS
from lending.loans.service.cures import Cures
from lending.loans.service.incidents import Incidents
from tests.kit.catalog import create_copies
from tests.kit.clock import FixedClock
from tests.kit.loans import EVERY_DAY, World, create_world
from tests.kit.network import create_depot


@dataclass
class Visitor:
    """Who the requests of a test come from."""

    actor: Actor


@pytest.fixture
def trunk(sqlite_url: str, clock: FixedClock) -> World:
    return create_world(Database(sqlite_url), clock, copies=1, with_contents=True)


@pytest.fixture
def visitor(trunk: World) -> Visitor:
    return Visitor(trunk.staff)


@pytest.fixture
def client(trunk: World, visitor: Visitor) -> Iterator[TestClient[Litestar]]:
    incidents, cures = Incidents(trunk.db, trunk.clock), Cures(trunk.db, trunk.clock)
    app = Litestar(
        [Router("/api", route_handlers=ROUTES)],
        dependencies={
            "loans": Provide(lambda: trunk.loans, sync_to_thread=False),
            "incidents": Provide(lambda: incidents, sync_to_thread=False),
            "cures": Provide(lambda: cures, sync_to_thread=False),
            "actor": Provide(lambda: visitor.actor, sync_to_thread=False),
        },
        exception_handlers={Exception: problem_response},
    )
    with TestClient(app) as client:
        yield client


def test_a_loss_is_declared_listed_and_settled(trunk: World, client: TestClient[Litestar]) -> None:
    booking = trunk.hand_over(trunk.reserve(0, 7))
    lost = client.post(f"/api/reservations/{booking.id}/loss", json={"cost_cents": 12000, "note": "Volée"})
    assert (lost.status_code, lost.json()["kind"]) == (201, "lost")
    listed = client.get("/api/incidents", params={"association_id": trunk.association.id, "kind": "lost"}).json()
    assert [one["id"] for one in listed["items"]] == [lost.json()["id"]]
    how = {"outcome": "paid", "paid_by": "insurance", "version": lost.json()["version"]}
    settled = client.post(f"/api/incidents/{lost.json()['id']}/settlement", json=how)
    assert (settled.status_code, settled.json()["state"], settled.json()["cost_cents"]) == (200, "settled", 12000)
    stale = client.post(f"/api/incidents/{lost.json()['id']}/settlement", json=how)
    assert (stale.status_code, stale.json()["type"].rpartition("/")[2]) == (412, "version-changed")
    again = client.post(f"/api/reservations/{booking.id}/loss", json={})
    assert (again.status_code, again.json()["type"].rpartition("/")[2]) == (409, "loan-not-out")
    refund = client.post(f"/api/incidents/{lost.json()['id']}/refund", json={"is_refunded": True})
    assert refund.status_code == 409


def test_a_claim_is_made_by_the_teacher_and_seen_by_the_staff(
    trunk: World, client: TestClient[Litestar], visitor: Visitor
) -> None:
    booking = trunk.hand_over(trunk.reserve(0, 7))
    visitor.actor = trunk.teacher
    claimed = client.post(f"/api/reservations/{booking.id}/claim", json={"note": "Rendue lundi"})
    assert claimed.status_code == 201
    assert client.get(f"/api/incidents/{claimed.json()['id']}").status_code == 403
    visitor.actor = trunk.staff
    found = client.get("/api/incidents", params={"kind": "claimed", "q": booking.reference}).json()["items"]
    assert [one["note"] for one in found] == ["Rendue lundi"]


def test_a_proposal_is_listed_and_accepted(trunk: World, client: TestClient[Litestar], visitor: Visitor) -> None:
    booking = trunk.reserve(10, 7)
    trunk.set_copy(trunk.copies[0], status="repair")
    with trunk.db.write() as session:
        annexe = create_depot(session, trunk.association, "Annexe", weekdays=EVERY_DAY)
        create_copies(session, trunk.title, annexe, 1)
    visitor.actor = trunk.teacher
    proposed = client.get(f"/api/reservations/{booking.id}/cures").json()
    chosen = next(one for one in proposed if one["kind"] == "depot")
    cured = client.post(f"/api/reservations/{booking.id}/cures", json={"cure": chosen["id"]})
    assert (cured.status_code, cured.json()["depot_name"]) == (200, "Annexe")
    again = client.post(f"/api/reservations/{booking.id}/cures", json={"cure": chosen["id"]})
    assert (again.status_code, again.json()["type"].rpartition("/")[2]) == (409, "nothing-to-cure")


def test_what_was_done_offline_is_answered_line_by_line(trunk: World, client: TestClient[Litestar]) -> None:
    booking = trunk.reserve(0, 7)
    at = trunk.clock.now().isoformat()
    out = {"key": "device-1-1", "action": "hand_over", "code": booking.copy_code, "device_at": at}
    acts = [out | {"booking_id": booking.id}, out | {"key": "device-1-2", "code": "NOPE", "action": "take_back"}]
    answer = client.post("/api/desk/replay", json={"depot_id": trunk.depot.id, "acts": acts})
    assert answer.status_code == 200
    assert [one["status"] for one in answer.json()] == ["done", "refused"]


def test_c115_too_many_acts_are_refused_with_the_limit(trunk: World, client: TestClient[Litestar]) -> None:
    at = trunk.clock.now().isoformat()
    acts = [
        {"key": f"device-1-{number}", "action": "take_back", "code": "X", "device_at": at}
        for number in range(MOST_ACTS + 1)
    ]
    answer = client.post("/api/desk/replay", json={"depot_id": trunk.depot.id, "acts": acts})
    assert answer.status_code == 400
    assert (answer.json()["type"].rpartition("/")[2], answer.json()["most"]) == ("too-many-acts", MOST_ACTS)


def test_a_device_must_say_its_time_zone(trunk: World, client: TestClient[Litestar]) -> None:
    act = {"key": "device-1-1", "action": "take_back", "code": "X", "device_at": "2027-01-11T08:00:00"}
    answer = client.post("/api/desk/replay", json={"depot_id": trunk.depot.id, "acts": [act]})
    assert answer.status_code == 400
