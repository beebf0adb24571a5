"""Documents over HTTP: forms with a file, downloads that no browser opens as a page."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lending.catalog.sheets import errors
from lending.core.database import Database
from lending.network.tables import Organisation
from tests.catalog.conftest import World
from tests.kit.catalog import create_title
from tests.kit.pages import SESSION, Browser, browsing
from tests.kit.papers import encrypted_pdf, pdf


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The use cases are tested on both databases; what HTTP adds to them does not depend on it."""
    return sqlite_url


@pytest.fixture
def browser(tmp_path: Path, database_url: str, world: World) -> Iterator[Browser]:
    with browsing(tmp_path, database_url) as browser:
        browser.sign_in(world.staff)
        yield browser


def send(browser: Browser, title_id: int, content: bytes, **fields: str) -> tuple[int, dict[str, object]]:
    files = {"file": ("livret_du_maître.pdf", content, "application/pdf")}
    answer = browser.client.post(f"/api/titles/{title_id}/documents", files=files, data=fields)
    return answer.status_code, answer.json()


def test_a_document_is_added_changed_handed_out_and_removed(browser: Browser, world: World) -> None:
    status, added = send(browser, world.title_id, pdf())
    assert (status, added["name"], added["audience"]) == (201, "livret du maître", "all")
    path = f"/api/documents/{added['id']}"
    assert browser.client.patch(path, json={"name": "Livret"}).json()["name"] == "Livret"
    assert browser.client.patch(path, json={"audience": "everyone"}).status_code == 400
    listed = browser.client.get(f"/api/titles/{world.title_id}/documents").json()
    assert [one["name"] for one in listed] == ["Livret"]
    assert browser.client.delete(path).status_code == 204
    assert browser.client.get(f"{path}/file").status_code == 404


def test_a_document_is_a_download_and_never_a_page(browser: Browser, world: World) -> None:
    content = pdf()
    _, added = send(browser, world.title_id, content, name='Livret "été"; x=\r\nset-cookie: a=b')
    answer = browser.client.get(f"/api/documents/{added['id']}/file")
    assert answer.content == content
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == (
        "attachment; filename*=UTF-8''Livret%20%22%C3%A9t%C3%A9%22%3B%20x%3D%20set-cookie%3A%20a%3Db.pdf"
    )
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "set-cookie" not in answer.headers


def test_what_is_for_members_is_not_handed_to_visitors(browser: Browser, world: World) -> None:
    _, added = send(browser, world.title_id, pdf("zibeline"), audience="members")
    browser.client.cookies.delete(SESSION)
    for path in (f"/api/documents/{added['id']}/file", f"/documents/{added['id']}/file"):
        assert browser.client.get(path).status_code == 401
    assert "zibeline" not in browser.client.get(f"/api/titles/{world.title_id}").text


@pytest.mark.parametrize(
    ("content", "status", "slug"),
    [
        (b"", 400, "document-empty"),
        (b"#!/bin/sh\n", 400, "document-unsupported"),
        (b"%PDF-1.7\n", 400, "document-broken"),
        (encrypted_pdf(), 400, "document-encrypted"),
        (b"%PDF-" + b"x" * errors.MOST_DOCUMENT_BYTES, 413, "document-too-large"),
        (b"%PDF-" + b"x" * 40_000_000, 413, "body-too-large"),
    ],
)
def test_a_refusal_is_a_problem(browser: Browser, world: World, content: bytes, status: int, slug: str) -> None:
    answered, body = send(browser, world.title_id, content)
    assert (answered, body["type"]) == (status, f"/problems/{slug}")
    assert body.get("field", "file") == "file"


def test_a_sheet_goes_with_a_trunk(browser: Browser, database: Database, world: World) -> None:
    with database.write() as session:
        sheet_id = create_title(session, session.get_one(Organisation, world.home_id), name="Fiche", kind="sheet").id
    path = f"/api/titles/{world.title_id}/companions"
    assert [one["id"] for one in browser.client.put(f"{path}/{sheet_id}").json()] == [sheet_id]
    assert browser.client.put(f"{path}/{world.draft_id}").json()["type"] == "/problems/companion-not-a-sheet"
    assert [one["id"] for one in browser.client.get(f"/api/titles/{sheet_id}/companions").json()] == [world.title_id]
    assert browser.client.delete(f"{path}/{sheet_id}").status_code == 204
    assert browser.client.get(path).json() == []
