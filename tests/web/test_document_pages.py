"""Documents on pages: added, named, handed out to whom they are for; sheets and trunks name each other."""

import re

import pytest

from lending.catalog.sheets.schemas import Audience
from lending.core.actor import SYSTEM
from tests.kit.catalog import create_copies, create_title
from tests.kit.loans import World
from tests.kit.pages import SESSION, Browser
from tests.kit.papers import pdf


@pytest.fixture
def title_id(world: World) -> int:
    """A trunk that the association owns."""
    with world.db.write() as session:
        title = create_title(session, world.association, name="Malle coopérative")
        create_copies(session, title, world.depot, 1)
        return title.id


@pytest.fixture
def sheet_id(world: World) -> int:
    """A sheet that the association owns."""
    with world.db.write() as session:
        return create_title(session, world.association, name="Fiche du débat", kind="sheet").id


@pytest.fixture
def staff(visitor: Browser, world: World) -> Browser:
    """Of the association that owns both."""
    visitor.sign_in(world.staff)
    return visitor


def send(browser: Browser, title_id: int, content: bytes, expected: int = 303, /, **fields: str) -> str:
    path, files = f"/staff/titles/{title_id}/documents", {"file": ("livret.pdf", content, "application/pdf")}
    answer = browser.client.post(path, files=files, data=fields, follow_redirects=False)
    assert answer.status_code == expected, answer.text
    return str(answer.headers["location"]) if expected == 303 else answer.text


def number(browser: Browser, title_id: int) -> str:
    found = re.search(r'id="document-(\d+)"', browser.get(f"/staff/titles/{title_id}/documents"))
    assert found is not None
    return found[1]


def test_a_document_is_on_the_title_page_with_its_first_page(staff: Browser, title_id: int) -> None:
    send(staff, title_id, pdf(pages=2), audience="all", name="")
    staff.client.cookies.delete(SESSION)
    page = staff.get(f"/titles/{title_id}")
    assert re.search(r'href="/documents/\d+/file" download', page)
    assert "livret" in page
    assert "2 pages" in page
    assert "/media/photos/" in page


def test_each_download_is_counted_for_the_staff(staff: Browser, title_id: int) -> None:
    send(staff, title_id, pdf(), audience="all")
    answer = staff.client.get(f"/documents/{number(staff, title_id)}/file")
    assert answer.headers["content-disposition"].startswith("attachment; ")
    assert "1 téléchargement" in staff.get(f"/staff/titles/{title_id}/documents")


def test_what_is_for_members_asks_visitors_to_sign_in(staff: Browser, world: World, title_id: int) -> None:
    send(staff, title_id, pdf(), audience="members", name="Corrigés")
    document_id = number(staff, title_id)
    staff.client.cookies.delete(SESSION)
    page = staff.get(f"/titles/{title_id}")
    assert "Réservé aux écoles affiliées" in page
    assert f"/documents/{document_id}/file" not in page
    assert "/media/photos/" not in page
    staff.get(f"/documents/{document_id}/file", 401)
    staff.sign_in(world.teacher)
    assert f"/documents/{document_id}/file" in staff.get(f"/titles/{title_id}")
    assert staff.client.get(f"/documents/{document_id}/file").status_code == 200


def test_it_is_named_hidden_and_taken_away(staff: Browser, title_id: int) -> None:
    send(staff, title_id, pdf(), audience="all")
    path = f"/staff/documents/{number(staff, title_id)}"
    staff.post(path, title_id=title_id, name="Corrigés", audience="members")
    (document,) = staff.services.catalog.title_page(SYSTEM, title_id).documents
    assert (document.name, document.audience) == ("Corrigés", Audience.MEMBERS)
    assert "Donnez un nom." in staff.post(path, 400, title_id=title_id, name=" ", audience="all")
    staff.post(path, title_id=title_id, do="remove")
    assert "Pas encore de document." in staff.get(f"/staff/titles/{title_id}/documents")


def test_a_refusal_stands_beside_the_file(staff: Browser, title_id: int) -> None:
    page = send(staff, title_id, b"#!/bin/sh\n", 400, name="Livret", audience="members")
    assert re.search(r'id="file-error">[^<]*ODT ou DOCX', page)
    assert 'value="Livret"' in page
    assert '<option value="members" selected>' in page


def test_a_sheet_is_found_and_named_on_both_pages(staff: Browser, title_id: int, sheet_id: int) -> None:
    staff.services.search.reindex()
    found = staff.get(f"/staff/titles/{title_id}/documents?q=débat")
    assert f'name="other_id" value="{sheet_id}"' in found
    assert "Rien de tel." in staff.get(f"/staff/titles/{title_id}/documents?q=zzzz")
    staff.post(f"/staff/titles/{title_id}/companions", other_id=sheet_id)
    assert f'<a href="/titles/{sheet_id}">Fiche du débat</a>' in staff.get(f"/titles/{title_id}")
    assert f'<a href="/titles/{title_id}">Malle coopérative</a>' in staff.get(f"/titles/{sheet_id}")
    staff.post(f"/staff/titles/{sheet_id}/companions", other_id=title_id, do="remove")
    assert "Fiche du débat" not in staff.get(f"/titles/{title_id}")


def test_others_have_no_business_there(visitor: Browser, world: World, title_id: int, sheet_id: int) -> None:
    visitor.get(f"/staff/titles/{title_id}/documents", 401)
    send(visitor, title_id, pdf(), 401, audience="all")
    visitor.sign_in(world.teacher)
    visitor.get(f"/staff/titles/{title_id}/documents", 403)
    send(visitor, title_id, pdf(), 403, audience="all")
    visitor.post(f"/staff/titles/{title_id}/companions", 403, other_id=sheet_id)
