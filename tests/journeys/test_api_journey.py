"""The whole journey over the JSON API, on PostgreSQL, with the worker in a process of its own."""

import datetime as dt
import email
import email.policy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.kit.patience import eventually
from tests.kit.servers import command, environment, free_port, process, server


class Client:
    """Somebody with a token."""

    def __init__(self, base_url: str, token: str) -> None:
        self.http = httpx.Client(base_url=base_url, headers={"authorization": f"Bearer {token}"}, timeout=20)

    def get(self, path: str, **params: Any) -> Any:
        answer = self.http.get(path, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, body: dict[str, Any], key: str | None = None, expected: int = 201) -> Any:
        answer = self.http.post(path, json=body, headers={"idempotency-key": key} if key else {})
        assert answer.status_code == expected, answer.text
        return answer.json()


class Demo:
    """The demonstration on PostgreSQL: one web process, one worker."""

    def __init__(self, folder: Path, settings: dict[str, str]) -> None:
        self.folder, self.settings = folder, settings
        self.base_url = settings["LENDING_BASE_URL"]
        self.clients: list[Client] = []

    def client(self, role: str) -> Client:
        printed = command(self.settings, "token", role)
        assert printed.returncode == 0, printed.stderr
        self.clients.append(Client(self.base_url, printed.stdout.strip()))
        return self.clients[-1]

    def close(self) -> None:
        for client in self.clients:
            client.http.close()

    def mails_about(self, reference: str) -> list[str]:
        """The subjects of the letters that name a reference."""
        found = []
        for path in sorted((self.folder / "mails").glob("*.eml")):
            letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            body = letter.get_body(("plain",))
            if body and reference in body.get_content():
                found.append(str(letter["subject"]))
        return found


@pytest.fixture
def demo(postgres_url: str, tmp_path: Path) -> Iterator[Demo]:
    settings = environment(tmp_path, postgres_url, free_port(), LENDING_DEMO="true", LENDING_WORKER_INSIDE="false")
    for step in ("migrate", "demo"):
        done = command(settings, step)
        assert done.returncode == 0, done.stderr
    with process(settings, tmp_path / "worker.log", "worker"), server(settings, tmp_path / "web.log"):
        demo = Demo(tmp_path, settings)
        yield demo
        demo.close()


def a_free_period(teacher: Client, title_id: int, association_id: int) -> tuple[dict[str, Any], str, str]:
    """A depot and two days, far enough ahead that the demonstration holds no reservation then."""
    start = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=2)
    found = teacher.get(
        f"/api/titles/{title_id}/availability", starts_on=start, until_on=start + dt.timedelta(days=120)
    )
    for depot in found["depots"]:
        if depot["association_id"] == association_id:
            opening = [day["day"] for day in depot["days"] if day["is_open"]]
            startable = [day["day"] for day in depot["days"] if day["can_start"]]
            for first in startable:
                later = [day for day in opening if day > first]
                if later:
                    return depot, first, later[0]
    pytest.fail("the demonstration has no free day")


@pytest.mark.timeout(170)
def test_from_a_search_with_a_typo_to_an_incomplete_return(demo: Demo) -> None:
    teacher, staff = demo.client("teacher"), demo.client("staff")
    reservation = search_and_reserve(demo, teacher)
    scan = fetch(demo, staff, reservation)
    bring_back_incomplete(demo, teacher, staff, reservation, scan)


def search_and_reserve(demo: Demo, teacher: Client) -> dict[str, Any]:
    eventually(lambda: teacher.get("/api/search", q="coopration", kind="trunk")["total"])
    hits = teacher.get("/api/search", q="coopration", kind="trunk", association="35")["hits"]
    assert hits
    school = teacher.get("/api/schools/mine")[0]
    title_id = hits[0]["title"]["id"]
    depot, starts_on, due_on = a_free_period(teacher, title_id, school["association_id"])
    free = teacher.get("/api/search", q="coopration", association="35", starts_on=starts_on, due_on=due_on)
    assert title_id in [hit["title"]["id"] for hit in free["hits"] if hit["is_free"]]
    wish = {"title_id": title_id, "school_id": school["id"], "depot_id": depot["depot_id"]}
    body = wish | {"starts_on": starts_on, "due_on": due_on}
    reservation = teacher.post("/api/reservations", body, key="journey")
    assert teacher.post("/api/reservations", body, key="journey")["id"] == reservation["id"]
    eventually(lambda: demo.mails_about(reservation["reference"]))
    return dict(reservation)


def fetch(demo: Demo, staff: Client, reservation: dict[str, Any]) -> dict[str, Any]:
    move_clock(staff, reservation["depot_id"], reservation["starts_on"])
    current = staff.get(f"/api/reservations/{reservation['id']}")["reservation"]
    scan = {"code": current["copy_code"], "depot_id": current["depot_id"]}
    seen = staff.post("/api/desk/scans", scan, expected=200)
    assert seen["situation"] == "hand_over"
    decision = {"decision": {"action": "hand_over", "booking_id": reservation["id"]}}
    handed = staff.post("/api/desk/scans", scan | decision, key="out", expected=200)
    assert handed["done"] == "handed_over"
    assert staff.post("/api/desk/scans", scan | decision, key="out", expected=200)["done"] == "handed_over"
    return scan


def bring_back_incomplete(
    demo: Demo, teacher: Client, staff: Client, reservation: dict[str, Any], scan: dict[str, Any]
) -> None:
    before = len(demo.mails_about(reservation["reference"]))
    move_clock(staff, reservation["depot_id"], reservation["due_on"])
    eventually(lambda: len(demo.mails_about(reservation["reference"])) > before)
    seen = staff.post("/api/desk/scans", scan, expected=200)
    assert seen["situation"] == "take_back"
    line = seen["checklist"][0]["lines"][0]
    missing = {"found": [{"line_id": line["id"], "found": line["quantity"] - 1}]}
    done = staff.post("/api/desk/scans", scan | {"decision": {"action": "take_back"} | missing}, key="in", expected=200)
    assert done["done"] == "taken_back"
    assert [one["name"] for one in done["missing"]] == [line["name"]]
    page = teacher.get(f"/api/titles/{reservation['title_id']}")
    blocked = [copy for copy in page["held_back"] if copy["shown_code"] == scan["code"]]
    assert blocked[0]["missing"][0]["name"] == line["name"]


def move_clock(staff: Client, depot_id: int, day: str) -> None:
    """Let the days pass until `day`."""
    today = dt.date.fromisoformat(staff.get(f"/api/depots/{depot_id}/day")["today"])
    days = (dt.date.fromisoformat(day) - today).days
    answer = staff.http.post("/demo/clock", data={"days": str(days)})
    assert answer.status_code == 303, answer.text
