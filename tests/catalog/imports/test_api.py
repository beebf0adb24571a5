"""Imports and exports over HTTP."""

from collections.abc import Iterator

import pytest
from litestar import Litestar, Router
from litestar.di import Provide
from litestar.testing import TestClient

from lending.catalog.exports.service import Exports
from lending.catalog.imports.api import ROUTES
from lending.catalog.imports.service import Imports
from lending.core.http.problems import problem_response
from tests.catalog.conftest import World
from tests.kit.clock import FixedClock

Client = TestClient[Litestar]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The use cases are tested on both databases; what HTTP adds to them does not depend on it."""
    return sqlite_url


@pytest.fixture
def client(imports: Imports, world: World, clock: FixedClock) -> Iterator[Client]:
    exports = Exports(imports._db, clock)
    app = Litestar(
        [Router("/api", route_handlers=ROUTES)],
        dependencies={
            "imports": Provide(lambda: imports, sync_to_thread=False),
            "exports": Provide(lambda: exports, sync_to_thread=False),
            "actor": Provide(lambda: world.staff, sync_to_thread=False),
        },
        exception_handlers={Exception: problem_response},
    )
    with TestClient(app) as client:
        yield client


def sent(client: Client, world: World, content: bytes, status: int = 201, **fields: str) -> dict[str, object]:
    answer = client.post(
        f"/api/associations/{world.home_id}/imports", files={"file": ("liste.csv", content)}, data=fields
    )
    assert answer.status_code == status, answer.text
    found: dict[str, object] = answer.json()
    return found


def test_a_file_goes_through_all_its_steps(client: Client, world: World) -> None:
    run = sent(client, world, "Type;Titre;Éditeur\nJeu;Loto;\nJeux;Dés;\nVélo;X;\n".encode())
    base = f"/api/associations/{world.home_id}/imports/{run['id']}"
    assert run["state"] == "checked"
    refused = client.get(f"{base}/rows?outcome=refused").json()
    problem = refused["items"][0]["problems"][0]
    assert (refused["items"][0]["line"], problem["column_label"], problem["reason"]) == (4, "Type", "unknown-kind")
    assert client.post(f"{base}/apply", json={}).json()["type"] == "/problems/import-has-refusals"
    applied = client.post(f"{base}/apply", json={"skip_refused": True})
    assert (applied.status_code, applied.json()["state"]) == (200, "applied")
    assert client.post(f"{base}/undo").json()["state"] == "undone"
    assert client.get(base).json()["counts"]["undone"] == 2
    assert client.get(f"/api/associations/{world.home_id}/imports").json()[0]["rows"] == 3


def test_columns_are_told_and_checked(client: Client, world: World) -> None:
    run = sent(client, world, b"Chose;Sorte\nUne malle;Malle\n")
    base = f"/api/associations/{world.home_id}/imports/{run['id']}"
    assert run["state"] == "unmapped"
    wrong = client.put(f"{base}/mapping", json={"mapping": {"1": "name", "2": "name"}})
    assert (wrong.status_code, wrong.json()["type"]) == (400, "/problems/import-bad-mapping")
    right = client.put(f"{base}/mapping", json={"mapping": {"1": "name"}, "defaults": {"kind": "trunk"}})
    assert right.json()["counts"]["new"] == 1


def test_defaults_come_with_the_file(client: Client, world: World) -> None:
    run = sent(client, world, b"Titre\nUne malle\n", kind="trunk", depot_id=str(world.depot_id), count="1")
    assert run["defaults"] == {"kind": "trunk", "depot_id": world.depot_id, "count": 1}
    foreign = sent(client, world, b"Titre\nUne malle\n", 400, depot_id=str(world.other_depot_id))
    assert foreign["type"] == "/problems/unknown-depot"


def test_too_many_bytes_are_refused_before_they_are_read(client: Client, world: World) -> None:
    problem = sent(client, world, b"Titre\n" + b"x" * 25_000_000, 413)
    assert problem["type"] == "/problems/body-too-large"
    problem = sent(client, world, b"Titre\n" + b"x" * 20_000_000, 413)
    assert problem["type"] == "/problems/import-file-too-large"


def test_a_request_without_a_file_is_refused(client: Client, world: World) -> None:
    answer = client.post(f"/api/associations/{world.home_id}/imports", data={"format": "csv"})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("format_", "suffix"),
    [("xlsx", ".xlsx"), ("csv", ".csv"), ("json", ".json"), ("unimarc", "-unimarc.mrc"), ("marc21", "-marc21.mrc")],
)
def test_the_stock_is_downloaded(client: Client, world: World, format_: str, suffix: str) -> None:
    answer = client.get(f"/api/associations/{world.home_id}/export?format={format_}")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == f'attachment; filename="fonds-35-20270111{suffix}"'
    assert len(answer.content) > 100


def test_an_unknown_format_is_refused(client: Client, world: World) -> None:
    assert client.get(f"/api/associations/{world.home_id}/export?format=doc").status_code == 400
