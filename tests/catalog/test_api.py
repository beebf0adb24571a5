"""The catalogue over HTTP: conditional requests, problem details, bad input."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from litestar import Litestar, Router
from litestar.di import Provide
from litestar.testing import TestClient

from lending.catalog.api import ROUTES
from lending.catalog.service import Catalog
from lending.core.actor import ANONYMOUS, Actor
from lending.core.http.problems import problem_response
from tests.catalog.conftest import World


@dataclass
class Visitor:
    """Who the requests of a test come from."""

    actor: Actor


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The use cases are tested on both databases; what HTTP adds to them does not depend on it."""
    return sqlite_url


@pytest.fixture
def visitor(world: World) -> Visitor:
    return Visitor(world.staff)


@pytest.fixture
def client(catalog: Catalog, visitor: Visitor) -> Iterator[TestClient[Litestar]]:
    app = Litestar(
        [Router("/api", route_handlers=ROUTES)],
        dependencies={
            "catalog": Provide(lambda: catalog, sync_to_thread=False),
            "actor": Provide(lambda: visitor.actor, sync_to_thread=False),
        },
        exception_handlers={Exception: problem_response},
    )
    with TestClient(app) as client:
        yield client


def problem(answer: Any) -> tuple[int, str]:
    assert answer.headers["content-type"].startswith("application/problem+json")
    return answer.status_code, answer.json()["type"]


class TestTitle:
    def test_it_is_answered_with_its_etag(self, client: TestClient[Litestar], world: World) -> None:
        answer = client.get(f"/api/titles/{world.title_id}")
        assert answer.status_code == 200
        assert answer.json()["name"] == "Malle coopération"
        assert answer.headers["etag"].startswith('"1-')

    def test_who_has_it_already_gets_no_body(self, client: TestClient[Litestar], world: World) -> None:
        etag = client.get(f"/api/titles/{world.title_id}").headers["etag"]
        for given in (etag, f"W/{etag}", f'"old", {etag}', "*"):
            answer = client.get(f"/api/titles/{world.title_id}", headers={"If-None-Match": given})
            assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", etag)
            assert answer.headers["cache-control"] == "private, no-cache"

    def test_the_etag_changes_with_the_copies(self, client: TestClient[Litestar], world: World) -> None:
        etag = client.get(f"/api/titles/{world.title_id}").headers["etag"]
        copy = client.get(f"/api/copies/{world.codes[0]}")
        blocked = client.patch(
            f"/api/copies/{world.codes[0]}",
            json={"status": "blocked"},
            headers={"If-Match": copy.headers["etag"]},
        )
        assert blocked.json()["status"] == "blocked"
        answer = client.get(f"/api/titles/{world.title_id}", headers={"If-None-Match": etag})
        assert (answer.status_code, len(answer.json()["held_back"])) == (200, 1)

    @pytest.mark.parametrize("title_id", ["999999", "0", "-1", "99999999999999999999", "abc"])
    def test_an_id_that_is_none_is_a_clean_refusal(
        self, client: TestClient[Litestar], world: World, title_id: str
    ) -> None:
        del world
        assert problem(client.get(f"/api/titles/{title_id}"))[0] in (400, 404)

    def test_a_draft_is_not_found_by_visitors(
        self, client: TestClient[Litestar], world: World, visitor: Visitor
    ) -> None:
        visitor.actor = ANONYMOUS
        answer = client.get(f"/api/titles/{world.draft_id}")
        assert problem(answer) == (404, "/problems/not-found")
        assert "préparation" not in answer.text


class TestEdit:
    def patch(self, client: TestClient[Litestar], title_id: int, body: object, if_match: str | None) -> Any:
        headers = {"If-Match": if_match} if if_match else {}
        return client.patch(f"/api/titles/{title_id}", json=body, headers=headers)

    def test_the_etag_of_what_was_read_lets_an_edit_through(self, client: TestClient[Litestar], world: World) -> None:
        etag = client.get(f"/api/titles/{world.title_id}").headers["etag"]
        answer = self.patch(client, world.title_id, {"name": "Coopérer", "min_age": 6}, etag)
        assert (answer.status_code, answer.json()["name"], answer.json()["version"]) == (200, "Coopérer", 2)
        assert answer.headers["etag"] == client.get(f"/api/titles/{world.title_id}").headers["etag"]

    def test_an_edit_without_a_version_is_refused(self, client: TestClient[Litestar], world: World) -> None:
        answer = self.patch(client, world.title_id, {"name": "X"}, None)
        assert problem(answer) == (428, "/problems/version-required")

    @pytest.mark.parametrize("if_match", ['"7"', '"7-abc"', "nonsense"])
    def test_a_stale_version_is_refused(self, client: TestClient[Litestar], world: World, if_match: str) -> None:
        answer = self.patch(client, world.title_id, {"name": "X"}, if_match)
        assert problem(answer) == (412, "/problems/version-changed")

    def test_a_star_means_whatever_is_there(self, client: TestClient[Litestar], world: World) -> None:
        assert self.patch(client, world.title_id, {"name": "X"}, "*").status_code == 200

    @pytest.mark.parametrize(
        "body",
        [
            {"name": ""},
            {"name": "x" * 201},
            {"min_age": -1},
            {"published_year": 10**12},
            {"visibility": "secret"},
            {"contents": [{"name": "Livres", "lines": [{"name": "Album", "quantity": 0}]}]},
            [],
            "name",
        ],
    )
    def test_a_body_that_breaks_the_bounds_is_refused(
        self, client: TestClient[Litestar], world: World, body: object
    ) -> None:
        assert problem(self.patch(client, world.title_id, body, '"1"')) == (400, "/problems/invalid-request")
        assert client.get(f"/api/titles/{world.title_id}").json()["version"] == 1

    def test_json_that_is_not_json_is_refused(self, client: TestClient[Litestar], world: World) -> None:
        headers = {"If-Match": '"1"', "content-type": "application/json"}
        answer = client.patch(f"/api/titles/{world.title_id}", content=b"{name", headers=headers)
        assert problem(answer) == (400, "/problems/invalid-request")

    def test_a_rule_says_which_field_it_speaks_of(self, client: TestClient[Litestar], world: World) -> None:
        answer = self.patch(client, world.title_id, {"isbn": "123"}, '"1"')
        assert problem(answer) == (400, "/problems/bad-isbn")
        assert answer.json()["field"] == "isbn"


class TestAdd:
    def test_a_title_and_its_copies_are_created(self, client: TestClient[Litestar], world: World) -> None:
        body = {"owner_id": world.home_id, "kind": "game", "name": "Le verger", "min_players": 1}
        added = client.post("/api/titles", json=body, headers={"Idempotency-Key": "k"})
        assert (added.status_code, added.json()["visibility"]) == (201, "draft")
        again = client.post("/api/titles", json=body, headers={"Idempotency-Key": "k"})
        assert again.json()["id"] == added.json()["id"]
        copies = client.post(f"/api/titles/{added.json()['id']}/copies", json={"depot_id": world.depot_id, "count": 2})
        assert (copies.status_code, len(copies.json()["copies"])) == (201, 2)
        assert len(client.get(f"/api/titles/{added.json()['id']}/copies").json()) == 2

    def test_a_visitor_is_asked_to_sign_in(self, client: TestClient[Litestar], world: World, visitor: Visitor) -> None:
        visitor.actor = ANONYMOUS
        answer = client.post("/api/titles", json={"owner_id": world.home_id, "kind": "game", "name": "Le verger"})
        assert problem(answer) == (401, "/problems/sign-in-required")


class TestCopies:
    def test_an_unknown_and_a_damaged_code_are_told_apart(self, client: TestClient[Litestar], world: World) -> None:
        del world
        assert problem(client.get("/api/copies/NOPE")) == (404, "/problems/unknown-barcode")
        assert problem(client.get("/api/copies/0350000100")) == (400, "/problems/damaged-barcode")

    def test_an_alias_is_added_and_found(self, client: TestClient[Litestar], world: World) -> None:
        added = client.post(f"/api/copies/{world.codes[0]}/aliases", json={"code": "m7"})
        assert added.status_code == 201
        assert client.get("/api/copies/M7").json()["id"] == world.copy_ids[0]


class TestLists:
    def test_vocabularies_stock_and_checklist_are_public(
        self, client: TestClient[Litestar], world: World, visitor: Visitor
    ) -> None:
        visitor.actor = ANONYMOUS
        assert client.get("/api/vocabularies/level").json()[0]["code"] == "cycle2"
        assert problem(client.get("/api/vocabularies/colour")) == (404, "/problems/unknown-vocabulary")
        assert client.get(f"/api/associations/{world.home_id}/stock").json()[0]["copies"] == 2
        assert len(client.get(f"/api/titles/{world.title_id}/checklist").json()["sections"]) == 2

    def test_the_staff_list_pages_and_narrows(self, client: TestClient[Litestar], world: World) -> None:
        address = f"/api/associations/{world.home_id}/titles"
        first = client.get(address, params={"limit": 1}).json()
        rest = client.get(address, params={"limit": 1, "cursor": first["next_cursor"]}).json()
        assert (len(first["items"]), len(rest["items"]), rest["next_cursor"]) == (1, 1, None)
        assert [one["id"] for one in client.get(address, params={"visibility": "draft"}).json()["items"]] == [
            world.draft_id
        ]
        assert problem(client.get(address, params={"kind": "car"}))[0] == 400
        assert problem(client.get(address, params={"cursor": "zzz"})) == (400, "/problems/bad-cursor")


def test_the_openapi_document_knows_every_operation(client: TestClient[Litestar]) -> None:
    paths = client.app.openapi_schema.to_schema()["paths"]
    operations = {operation["operationId"] for path in paths.values() for operation in path.values()}
    assert {"getTitle", "editTitle", "addTitle", "addCopies", "getCopy", "getVocabulary"} <= operations
