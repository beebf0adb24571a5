"""Notices for administrators; accounts, clock and mails of the demonstration; the reference of the API."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from lending.core.actor import Role
from lending.core.database import Database
from lending.core.demo_clock import ShiftedClock
from lending.notices.reading import quiet_until_for
from tests.kit.clock import FixedClock
from tests.kit.loans import DAY, World, create_world
from tests.kit.network import create_person
from tests.kit.pages import Browser, browsing, words_of


@pytest.fixture
def world(sqlite_url: str) -> World:
    database = Database(sqlite_url)
    return create_world(database, FixedClock(ShiftedClock(database).now()), copies=2)


@pytest.fixture
def browser(world: World, sqlite_url: str, tmp_path: Path) -> Iterator[Browser]:
    with browsing(tmp_path, sqlite_url, demo=True) as browser:
        yield browser


@pytest.fixture
def in_earnest(world: World, sqlite_url: str, tmp_path: Path) -> Iterator[Browser]:
    with browsing(tmp_path, sqlite_url) as browser:
        yield browser


def as_admin(browser: Browser, world: World) -> Browser:
    with world.db.write() as session:
        admin = create_person(session, Role.ADMIN, world.federation)
    browser.sign_in(admin)
    return browser


def test_an_administrator_sees_what_waits_and_what_went_out(browser: Browser, world: World) -> None:
    world.reserve(3, 7)
    as_admin(browser, world)
    waiting = words_of(browser.get("/admin/notices?state=waiting"))
    assert "Réservation confirmée" in waiting
    browser.services.notices.send_waiting()
    assert "Aucun message dans cette liste" in words_of(browser.get("/admin/notices?state=waiting"))
    assert "Aucun message dans cette liste" not in words_of(browser.get("/admin/notices?state=sent"))


def test_a_message_is_sent_again(browser: Browser, world: World) -> None:
    world.reserve(3, 7)
    browser.services.notices.send_waiting()
    as_admin(browser, world)
    path = re.search(r'action="(/admin/notices/\d+/resend)"', browser.get("/admin/notices"))
    assert path is not None
    assert "Le message repart" in words_of(browser.get(browser.post(path[1])))
    assert browser.services.notices.send_waiting() == 1


def test_only_administrators_see_notices(browser: Browser, world: World) -> None:
    browser.sign_in(world.staff)
    browser.get("/admin/notices", 403)
    browser.post("/admin/notices/1/resend", 403)


def test_a_message_that_does_not_exist_is_not_sent_again(browser: Browser, world: World) -> None:
    as_admin(browser, world).post("/admin/notices/999/resend", 404)


def days_until_mail_goes_out(world: World, now: dt.datetime) -> int:
    """A week, or more where that is a Sunday or a holiday: the demonstration goes by the real calendar."""
    with world.db.read() as session:
        ahead = range(7, 40)
        return next(n for n in ahead if quiet_until_for(session, world.teacher.person_id or 0, now + n * DAY) is None)


def test_moving_the_clock_brings_the_reminder_at_once(browser: Browser, world: World) -> None:
    world.hand_over(world.reserve(0, 7))
    browser.post("/demo/clock", days=days_until_mail_goes_out(world, browser.services.clock.now()))
    subjects = [mail.subject for mail in browser.services.notices.inbox()]
    assert any("rappel" in one for one in subjects), subjects


@pytest.mark.parametrize("days", ["0", "401", "-1", "demain", ""])
def test_the_clock_only_moves_forward_and_not_too_far(browser: Browser, days: str) -> None:
    before = browser.services.clock.now()
    assert 'id="days-error"' in browser.post("/demo/clock", 400, days=days)
    assert (browser.services.clock.now() - before).total_seconds() < 3600


def test_a_mail_is_read_in_the_demonstrations_inbox(browser: Browser, world: World) -> None:
    world.reserve(3, 7)
    browser.services.notices.send_waiting()
    path = re.search(r'href="(/demo/inbox/[^"]+)"', browser.get("/demo/inbox"))
    assert path is not None
    assert "Malle coopération" in words_of(browser.get(path[1]))
    document = browser.client.get(f"{path[1]}/html")
    assert "sandbox" in document.headers["content-security-policy"]
    assert document.headers["x-frame-options"] == "SAMEORIGIN"


def test_a_mail_outside_the_inbox_is_not_read(browser: Browser) -> None:
    browser.get("/demo/inbox/..%2F..%2Fetc%2Fpasswd", 404)


def test_nobody_but_the_demonstrations_people_can_be_become(browser: Browser, world: World) -> None:
    browser.post("/demo/sign-in", 404, email=world.staff.email)


@pytest.mark.parametrize("path", ["/demo", "/demo/inbox", "/demo/inbox/a.eml", "/demo/inbox/a.eml/html"])
def test_the_demonstrations_pages_do_not_exist_in_earnest(in_earnest: Browser, path: str) -> None:
    in_earnest.get(path, 404)


@pytest.mark.parametrize("path", ["/demo/clock", "/demo/sign-in"])
def test_the_demonstrations_forms_do_not_exist_in_earnest(in_earnest: Browser, world: World, path: str) -> None:
    in_earnest.post(path, 404, days=3, email=world.staff.email)


def test_the_reference_names_every_operation_of_the_api(browser: Browser) -> None:
    document = browser.client.get("/schema/openapi.json").json()
    page = browser.get("/schema")
    operations = [
        (path, method)
        for path, methods in document["paths"].items()
        for method in methods
        if path.startswith("/api") and method != "parameters"
    ]
    assert len(operations) > 20
    for path, method in operations:
        assert f'id="{document["paths"][path][method]["operationId"]}"' in page


def test_the_document_names_no_page(browser: Browser) -> None:
    paths = browser.client.get("/schema/openapi.json").json()["paths"]
    assert [path for path in paths if path.startswith(("/desk", "/today", "/staff", "/organisations", "/demo"))] == []


def test_a_problem_type_is_explained_in_both_languages(browser: Browser) -> None:
    said = words_of(browser.get("/problems/copy-promised"))
    assert "Exemplaire promis" in said
    assert "Copy promised" in said or "promised" in said
    assert "409" in said


def test_every_problem_type_has_its_page(browser: Browser) -> None:
    for slug in re.findall(r'href="/problems/([^"]+)"', browser.get("/problems")):
        browser.get(f"/problems/{slug}")


def test_an_unknown_problem_type_is_not_found(browser: Browser) -> None:
    browser.get("/problems/nonsense", 404)
