"""Bad input over the API: a stable type, both languages, security headers, and nothing changed."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from lending.core.actor import Actor, Role
from tests.kit.catalog import create_copies, create_copy, create_title
from tests.kit.clock import FixedClock
from tests.kit.network import (
    create_association,
    create_closure,
    create_depot,
    create_federation,
    create_person,
    create_school,
    create_union,
)
from tests.kit.pages import Browser, browsing

MONDAY = dt.date(2027, 2, 1)
COUNTED = ("booking", "school", "copy", "title", "closure", "outbox", "notice")


class World:
    """One association with a depot, a title with one copy, a title with none, and people with tokens."""

    def __init__(self, browser: Browser) -> None:
        self.browser, self.tokens = browser, dict[str, str]()
        with browser.services.db.write() as session:
            federation = create_federation(session)
            union = create_union(session, federation)
            here, there = create_association(session, union, code="35"), create_association(session, union, code="37")
            depot = create_depot(session, here)
            self.association, self.depot = here.id, depot.id
            school, stray = create_school(session, here), create_school(session, here, years=())
            self.school, self.stray = school.id, stray.id
            title = create_title(session, here, name="Malle loup")
            self.title = title.id
            self.bare = create_title(session, here, name="Sans exemplaire").id
            self.code = create_copies(session, title, depot, 1)[0].code
            elsewhere = create_depot(session, there)
            self.foreign = create_copy(session, create_title(session, there, name="Ailleurs"), elsewhere).code
            create_closure(session, depot, dt.date(2027, 2, 15), dt.date(2027, 2, 22))
            people = {
                "teacher": create_person(session, Role.TEACHER, school),
                "stray": create_person(session, Role.TEACHER, stray),
                "staff": create_person(session, Role.STAFF, here),
            }
        for role, person in people.items():
            self.tokens[role] = self.token(person)

    def token(self, person: Actor) -> str:
        return self.browser.services.accounts.create_token(person.email, "test")

    def wish(self, **changes: Any) -> dict[str, Any]:
        plain = {"title_id": self.title, "school_id": self.school, "starts_on": "2027-02-01", "due_on": "2027-02-05"}
        return plain | changes

    def ask(self, method: str, path: str, role: str = "", language: str = "fr", **more: Any) -> Any:
        headers = {"accept-language": language} | more.pop("headers", {})
        if role:
            headers["authorization"] = f"Bearer {self.tokens[role]}"
        return self.browser.client.request(method, path, headers=headers, **more)

    def counts(self) -> list[int]:
        with self.browser.services.db.read() as session:
            return [session.execute(text(f"select count(*) from {name}")).scalar_one() for name in COUNTED]


@pytest.fixture
def world(database_url: str, tmp_path: Path, clock: FixedClock) -> Iterator[World]:
    with browsing(tmp_path, database_url, clock) as browser:
        yield World(browser)


def refused(world: World, status: int, type_: str, *arguments: Any, **more: Any) -> dict[str, Any]:
    """Asked in both languages: refused the same way, in other words, with nothing changed."""
    before, answers = world.counts(), []
    for language in ("fr", "en"):
        answer = world.ask(*arguments, language=language, **more)
        assert answer.status_code == status, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        assert "default-src 'self'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        answers.append(answer.json())
    assert {one["type"] for one in answers} == {f"/problems/{type_}"}
    assert answers[0]["detail"] != answers[1]["detail"]
    assert world.counts() == before
    return dict(answers[0])


@pytest.mark.parametrize(
    ("changes", "status", "type_", "field"),
    [
        ({"starts_on": "2027-01-04", "due_on": "2027-01-08"}, 400, "period-in-past", "starts_on"),
        ({"starts_on": "2027-02-05", "due_on": "2027-02-01"}, 400, "period-reversed", "due_on"),
        ({"starts_on": "2027-02-16", "due_on": "2027-02-26"}, 409, "starts-on-closed-day", "starts_on"),
        ({"due_on": "2027-02-17"}, 409, "due-on-closed-day", "due_on"),
        ({"due_on": "2027-12-17"}, 409, "too-long", "due_on"),
        ({"starts_on": "2027-01-11", "due_on": "2027-01-15"}, 409, "too-soon", "starts_on"),
        ({"title_id": 999_999}, 404, "not-found", None),
        ({"school_id": 999_999}, 404, "not-found", None),
    ],
)
def test_a_wish_that_makes_no_sense(
    world: World, changes: dict[str, Any], status: int, type_: str, field: str | None
) -> None:
    body = refused(world, status, type_, "POST", "/api/reservations", "teacher", json=world.wish(**changes))
    assert body.get("field") == field


def test_a_title_with_no_copy(world: World) -> None:
    refused(world, 409, "no-copies", "POST", "/api/reservations", "teacher", json=world.wish(title_id=world.bare))


def test_a_school_that_is_not_affiliated(world: World) -> None:
    wish = world.wish(school_id=world.stray)
    refused(world, 409, "school-not-affiliated", "POST", "/api/reservations", "stray", json=wish)


def test_somebody_elses_school(world: World) -> None:
    refused(world, 403, "forbidden", "POST", "/api/reservations", "stray", json=world.wish())


def test_the_last_copy_is_taken(world: World) -> None:
    assert world.ask("POST", "/api/reservations", "teacher", json=world.wish()).status_code == 201
    body = refused(world, 409, "no-copy-free", "POST", "/api/reservations", "teacher", json=world.wish())
    assert body["nearest"]


def test_a_form_posted_twice_is_one_reservation(world: World) -> None:
    headers = {"idempotency-key": "twice"}
    first, second = (
        world.ask("POST", "/api/reservations", "teacher", json=world.wish(), headers=headers) for _ in "12"
    )
    assert first.json() == second.json()
    assert world.counts()[0] == 1


def test_a_key_that_served_for_something_else(world: World) -> None:
    headers = {"idempotency-key": "other"}
    world.ask("POST", "/api/reservations", "teacher", json=world.wish(), headers=headers)
    other = world.wish(due_on="2027-02-04")
    path = ("POST", "/api/reservations", "teacher")
    refused(world, 409, "idempotency-key-reused", *path, json=other, headers=headers)


class TestDesk:
    @pytest.mark.parametrize(
        ("code", "status", "type_"),
        [
            ("ML-000123", 404, "unknown-barcode"),
            ("0350001222", 400, "damaged-barcode"),
            ("x" * 300, 400, "invalid-request"),
        ],
    )
    def test_a_code_that_means_nothing(self, world: World, code: str, status: int, type_: str) -> None:
        scan = {"code": code, "depot_id": world.depot}
        refused(world, status, type_, "POST", "/api/desk/scans", "staff", json=scan)

    def test_another_associations_copy(self, world: World) -> None:
        scan = {"code": world.foreign, "depot_id": world.depot}
        body = refused(world, 409, "foreign-barcode", "POST", "/api/desk/scans", "staff", json=scan)
        assert "37" in str(body)

    def test_a_teacher_at_the_desk(self, world: World) -> None:
        scan = {"code": world.code, "depot_id": world.depot}
        refused(world, 403, "forbidden", "POST", "/api/desk/scans", "teacher", json=scan)


class TestBodies:
    @pytest.mark.parametrize("body", [b"{", b"not json", b"[]", b"{}", b'{"title_id": "x"}', b"\xff\xfe", b"null"])
    def test_what_is_not_the_json_that_is_wanted(self, world: World, body: bytes) -> None:
        headers = {"content-type": "application/json"}
        refused(world, 400, "invalid-request", "POST", "/api/reservations", "teacher", content=body, headers=headers)

    def test_too_large_a_body(self, world: World) -> None:
        body, headers = b'{"note": "' + b"x" * 1_100_000 + b'"}', {"content-type": "application/json"}
        refused(world, 413, "body-too-large", "POST", "/api/reservations", "teacher", content=body, headers=headers)

    def test_a_wrong_school_code(self, world: World) -> None:
        school = {"association_id": world.association, "uai": "0350122A", "name": "École", "commune": "Rennes"}
        body = refused(world, 400, "bad-uai", "POST", "/api/schools", "staff", json=school)
        assert (body["field"], body["uai"]) == ("uai", "0350122A")


class TestDoors:
    def test_nobody_is_signed_in(self, world: World) -> None:
        refused(world, 401, "sign-in-required", "POST", "/api/reservations", json=world.wish())

    def test_a_token_that_is_none(self, world: World) -> None:
        headers = {"authorization": "Bearer len_aaaaaaaa_" + "b" * 43}
        refused(world, 401, "sign-in-required", "GET", "/api/me", headers=headers)

    def test_an_address_that_does_not_exist(self, world: World) -> None:
        refused(world, 404, "not-found", "GET", "/api/nothing")

    def test_a_method_that_does_not_exist(self, world: World) -> None:
        refused(world, 405, "method-not-allowed", "PUT", "/api/search")

    def test_another_site_sends_a_form(self, world: World) -> None:
        headers = {"sec-fetch-site": "cross-site", "cookie": "session=x"}
        refused(world, 403, "cross-site-request", "POST", "/api/reservations", json=world.wish(), headers=headers)

    def test_a_cursor_of_somebodys_own_making(self, world: World) -> None:
        refused(world, 400, "bad-cursor", "GET", "/api/reservations", "teacher", params={"cursor": "e30"})
