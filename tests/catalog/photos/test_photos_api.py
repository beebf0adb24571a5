"""Photos over HTTP: forms with a file; each refusal is a problem beside the field."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lending.catalog.photos import errors
from tests.catalog.conftest import World
from tests.kit.pages import Browser, browsing
from tests.kit.pictures import photo


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The use cases are tested on both databases; what HTTP adds to them does not depend on it."""
    return sqlite_url


@pytest.fixture
def browser(tmp_path: Path, database_url: str, world: World) -> Iterator[Browser]:
    with browsing(tmp_path, database_url) as browser:
        browser.sign_in(world.staff)
        yield browser


def send(browser: Browser, path: str, content: bytes, caption: str = "") -> tuple[int, dict[str, object]]:
    files = {"file": ("photo.jpg", content, "image/jpeg")}
    answer = browser.client.post(path, files=files, data={"caption": caption})
    return answer.status_code, answer.json()


def test_a_photo_is_added_listed_described_ordered_and_removed(browser: Browser, world: World) -> None:
    path = f"/api/titles/{world.title_id}/photos"
    status, first = send(browser, path, photo(), "La malle")
    assert (status, first["caption"]) == (201, "La malle")
    _, second = send(browser, path, photo(seed=2))
    order = {"photo_ids": [second["id"], first["id"]]}
    assert [one["id"] for one in browser.client.put(f"{path}/order", json=order).json()] == order["photo_ids"]
    described = browser.client.patch(f"/api/photos/{first['id']}", json={"caption": "Ouverte"})
    assert described.json()["caption"] == "Ouverte"
    assert browser.client.delete(f"/api/photos/{second['id']}").status_code == 204
    assert [one["id"] for one in browser.client.get(path).json()] == [first["id"]]


def test_its_addresses_never_change_their_content(browser: Browser, world: World) -> None:
    _, added = send(browser, f"/api/titles/{world.title_id}/photos", photo())
    answer = browser.client.get(str(added["url"]))
    assert answer.headers["content-type"] == "image/jpeg"
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_line_gets_its_photo(browser: Browser, world: World) -> None:
    status, added = send(browser, f"/api/content-lines/{world.line_ids[0]}/photo", photo(), "Le loup")
    assert (status, added["line_id"]) == (201, world.line_ids[0])
    assert browser.client.get(f"/api/titles/{world.title_id}").json()["line_photos"] == [added]


@pytest.mark.parametrize(
    ("content", "status", "slug"),
    [
        (b"", 400, "photo-empty"),
        (b"#!/bin/sh\n", 400, "photo-not-a-picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 400, "photo-unsupported"),
        (photo()[:3000], 400, "photo-truncated"),
        (b"x" * (errors.MOST_PHOTO_BYTES + 1), 413, "photo-too-large"),
        (b"x" * 40_000_000, 413, "body-too-large"),
    ],
)
def test_a_refusal_is_a_problem(browser: Browser, world: World, content: bytes, status: int, slug: str) -> None:
    answered, body = send(browser, f"/api/titles/{world.title_id}/photos", content)
    assert (answered, body["type"]) == (status, f"/problems/{slug}")
    assert body.get("field", "file") == "file"


def test_a_form_without_a_file_is_told_so(browser: Browser, world: World) -> None:
    answer = browser.client.post(
        f"/api/titles/{world.title_id}/photos", files={"other": ("a", b"b")}, data={"caption": "x"}
    )
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/photo-empty")


def test_another_body_than_a_form_is_refused(browser: Browser, world: World) -> None:
    path = f"/api/titles/{world.title_id}/photos"
    assert browser.client.post(path, json={"caption": "x"}).status_code == 400
    assert browser.client.post(path, content=photo(), headers={"content-type": "image/jpeg"}).status_code == 400
    broken = {"content-type": "multipart/form-data; boundary=x"}
    assert browser.client.post(path, content=b"--x\r\nnothing", headers=broken).status_code == 400
