"""Photos on pages: added, described, shown first, taken away; shown in the size that fits."""

import re

import pytest

from tests.kit.catalog import create_contents, create_copies, create_title
from tests.kit.loans import World
from tests.kit.pages import Browser
from tests.kit.pictures import photo


@pytest.fixture
def title_id(world: World) -> int:
    """A trunk that the association owns, one copy of it."""
    with world.db.write() as session:
        title = create_title(session, world.association, name="Malle coopérative")
        create_contents(session, title)
        create_copies(session, title, world.depot, 1)
        return title.id


@pytest.fixture
def staff(visitor: Browser, world: World) -> Browser:
    """Of the association that owns the trunk."""
    visitor.sign_in(world.staff)
    return visitor


def send(browser: Browser, title_id: int, content: bytes, expected: int = 303, /, **fields: object) -> str:
    answer = browser.client.post(
        f"/staff/titles/{title_id}/photos",
        files={"file": ("x.jpg", content, "image/jpeg")},
        data={name: str(value) for name, value in fields.items()},
        follow_redirects=False,
    )
    assert answer.status_code == expected, answer.text
    return str(answer.headers["location"]) if expected == 303 else answer.text


def numbers(browser: Browser, title_id: int) -> list[str]:
    return re.findall(r'id="photo-(\d+)"', browser.get(f"/staff/titles/{title_id}/photos"))


def test_the_form_offers_the_camera(staff: Browser, title_id: int) -> None:
    page = staff.get(f"/staff/titles/{title_id}/photos")
    assert 'accept="image/jpeg,image/png,image/webp"' in page
    assert 'enctype="multipart/form-data"' in page


def test_a_photo_is_on_the_title_page_in_all_sizes(staff: Browser, title_id: int) -> None:
    send(staff, title_id, photo(2000, 1500), caption="La malle ouverte")
    page = staff.get(f"/titles/{title_id}")
    assert re.search(r'<source type="image/webp" srcset="/media/photos/\S+/320.webp 320w, \S+ 960w, \S+ 1920w"', page)
    assert 'alt="La malle ouverte"' in page
    assert "data:image/png;base64," in page


def test_a_card_shows_it_too(staff: Browser, title_id: int) -> None:
    send(staff, title_id, photo())
    staff.services.search.reindex()
    assert "/media/photos/" in staff.get("/search?q=coop")


def test_a_line_of_the_contents_gets_its_photo(staff: Browser, world: World, title_id: int) -> None:
    line_id = staff.services.catalog.checklist(world.staff, title_id).sections[0].lines[0].id
    send(staff, title_id, photo(), line_id=line_id)
    assert 'class="line-photo"' in staff.get(f"/titles/{title_id}")


def test_they_are_described_put_first_and_taken_away(staff: Browser, title_id: int) -> None:
    for seed in range(2):
        send(staff, title_id, photo(seed=seed))
    first, second = numbers(staff, title_id)
    staff.post(f"/staff/photos/{second}", title_id=title_id, do="first")
    assert numbers(staff, title_id) == [second, first]
    staff.post(f"/staff/photos/{first}", title_id=title_id, do="describe", caption="Les dés")
    assert 'value="Les dés"' in staff.get(f"/staff/titles/{title_id}/photos")
    staff.post(f"/staff/photos/{first}", title_id=title_id, do="remove")
    assert numbers(staff, title_id) == [second]


def test_a_refusal_stands_beside_the_file(staff: Browser, title_id: int) -> None:
    page = send(staff, title_id, b"#!/bin/sh\n", 400, caption="Le plateau")
    assert re.search(r'id="file-error">[^<]*JPEG', page)
    assert 'value="Le plateau"' in page


def test_a_caption_that_is_too_long_is_told_beside_it(staff: Browser, title_id: int) -> None:
    send(staff, title_id, photo())
    (number,) = numbers(staff, title_id)
    page = staff.post(f"/staff/photos/{number}", 400, title_id=title_id, caption="x" * 400)
    assert f'id="caption-{number}-error"' in page


def test_others_have_no_business_there(visitor: Browser, world: World, title_id: int) -> None:
    visitor.get(f"/staff/titles/{title_id}/photos", 401)
    send(visitor, title_id, photo(), 401)
    visitor.sign_in(world.teacher)
    visitor.get(f"/staff/titles/{title_id}/photos", 403)
    send(visitor, title_id, photo(), 403)
    assert "/photos" not in visitor.get(f"/titles/{title_id}")


def test_a_line_that_is_none_is_not_found(staff: Browser, title_id: int) -> None:
    for line_id in ("x", "-1", "999999"):
        assert send(staff, title_id, photo(), 400 if not line_id.isdecimal() else 404, line_id=line_id)
