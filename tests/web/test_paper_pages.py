"""Papers on pages: fetched by who may, written by the association's staff."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lending.core.database import Database
from tests.kit.clock import FixedClock
from tests.kit.loans import DAY, World, create_world
from tests.kit.pages import Browser, browsing, hidden, words_of
from tests.kit.pictures import photo


@pytest.fixture
def world(sqlite_url: str, clock: FixedClock) -> World:
    return create_world(Database(sqlite_url), clock, copies=2, with_contents=True)


@pytest.fixture
def browser(world: World, sqlite_url: str, clock: FixedClock, tmp_path: Path) -> Iterator[Browser]:
    with browsing(tmp_path, sqlite_url, clock) as browser:
        browser.sign_in(world.staff)
        yield browser


def pdf(browser: Browser, path: str) -> bytes:
    answer = browser.client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    return answer.content


def test_the_page_of_a_loan_offers_its_papers(browser: Browser, world: World) -> None:
    booking = world.reserve(0, 7)
    for actor in (world.staff, world.teacher):
        browser.sign_in(actor)
        page = browser.get(f"/reservations/{booking.id}")
        for which in ("slip", "contents", "agreement"):
            path = f"/reservations/{booking.id}/papers.pdf?which={which}"
            assert path in page
            assert pdf(browser, path).startswith(b"%PDF")


def test_the_papers_of_a_day_are_one_file(browser: Browser, world: World) -> None:
    link = f"/today/papers.pdf?depot={world.depot.id}"
    assert link not in browser.get(f"/today?depot={world.depot.id}")
    world.reserve(0, 7)
    assert link in browser.get(f"/today?depot={world.depot.id}")
    assert pdf(browser, f"/today/papers.pdf?depot={world.depot.id}").startswith(b"%PDF")
    tomorrow = world.today + DAY
    assert "Aucune remise n’est prévue" in browser.get(f"/today/papers.pdf?depot={world.depot.id}&day={tomorrow}", 400)
    browser.get(f"/today/papers.pdf?depot={world.depot.id}&day=demain", 400)
    browser.get("/today/papers.pdf?depot=999", 404)
    browser.sign_in(world.teacher)
    browser.get(f"/today/papers.pdf?depot={world.depot.id}", 403)


def test_texts_are_kept_looked_at_and_refused_beside_their_field(browser: Browser, world: World) -> None:
    path = f"/staff/associations/{world.association.id}/papers"
    assert path in browser.get(f"/organisations/{world.association.id}")
    page = browser.get(path)
    sent = {"version": hidden(page, "version"), "signatory": "Anne", "commitments": "Rendre propre"}
    answer = browser.client.post(path, data={**sent, "do": "preview"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert browser.post(path, **sent) == f"{path}?done=saved"
    assert "Rendre propre" in browser.get(path)
    stale = browser.post(path, 412, **(sent | {"commitments": "Autre chose"}))
    assert "Autre chose" in stale
    refused = browser.post(path, 400, **(sent | {"version": "1", "footer": "x" * 201, "commitments": "Gardé"}))
    assert "201 signes" in words_of(refused)
    assert "Gardé" in refused
    browser.sign_in(world.teacher)
    browser.get(path, 403)


def test_a_logo_is_shown_and_taken_off(browser: Browser, world: World) -> None:
    path = f"/staff/associations/{world.association.id}"
    for content, status in ((photo(kind="PNG"), 303), (b"<html>", 400), (b"", 400)):
        files = {"file": ("logo.png", content, "image/png")}
        answer = browser.client.post(f"{path}/logo", data={"do": "show"}, files=files, follow_redirects=False)
        assert answer.status_code == status
    assert 'class="logo-on-papers"' in browser.get(f"{path}/papers")
    files = {"file": ("", b"", "application/octet-stream")}
    answer = browser.client.post(f"{path}/logo", data={"do": "hide"}, files=files, follow_redirects=False)
    assert answer.status_code == 303
    assert 'class="logo-on-papers"' not in browser.get(f"{path}/papers")
