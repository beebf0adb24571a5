"""The desk without a script: scan, hand over, take back, complete; every refusal says what it is about."""

from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from lending.core.barcodes import make_code
from lending.core.database import Database
from tests.kit.clock import FixedClock
from tests.kit.loans import World, create_world
from tests.kit.pages import Browser, browsing, hidden, words_of


@pytest.fixture
def world(sqlite_url: str, clock: FixedClock) -> World:
    return create_world(Database(sqlite_url), clock, copies=2, with_contents=True)


@pytest.fixture
def desk(world: World, sqlite_url: str, clock: FixedClock, tmp_path: Path) -> Iterator[Browser]:
    with browsing(tmp_path, sqlite_url, clock) as browser:
        browser.sign_in(world.staff)
        yield browser


def address(world: World, code: str) -> str:
    return f"/desk?depot={world.depot.id}&code={code}"


def known(world: World, page: str) -> dict[str, str]:
    return {"depot": str(world.depot.id), "code": hidden(page, "code"), "key": hidden(page, "key")}


def test_the_only_desk_of_a_person_opens_at_once(desk: Browser) -> None:
    assert 'action="/desk/scan"' in desk.get("/desk")


def test_a_scan_without_a_script_leads_to_its_result(desk: Browser, world: World) -> None:
    code = world.copies[0].code
    assert desk.post("/desk/scan", depot=world.depot.id, code=code) == address(world, code)


def test_a_reserved_copy_is_handed_over(desk: Browser, world: World) -> None:
    booking = world.reserve(0, 7)
    page = desk.get(address(world, booking.copy_code or ""))
    assert "À remettre École" not in words_of(page)
    assert booking.school_name in words_of(page)
    done = desk.post("/desk/hand-over", **known(world, page), booking_id=booking.id)
    after = words_of(desk.get(done))
    assert f"Remis à {booking.school_name}" in after
    assert world.booking(booking.id).state == "out"


def test_a_form_sent_twice_hands_over_once(desk: Browser, world: World) -> None:
    booking = world.reserve(0, 7)
    fields = known(world, desk.get(address(world, booking.copy_code or "")))
    first = desk.post("/desk/hand-over", **fields, booking_id=booking.id)
    assert desk.post("/desk/hand-over", **fields, booking_id=booking.id) == first


def test_what_was_done_is_listed_below(desk: Browser, world: World) -> None:
    booking = world.reserve(0, 7)
    fields = known(world, desk.get(address(world, booking.copy_code or "")))
    desk.post("/desk/hand-over", **fields, booking_id=booking.id)
    assert "Dernières actions Remis Malle coopération" in words_of(desk.get("/desk"))


def test_one_tap_takes_a_complete_copy_back(desk: Browser, world: World) -> None:
    booking = world.hand_over(world.reserve(0, 7))
    page = desk.get(address(world, booking.copy_code or ""))
    done = desk.post("/desk/take-back", **known(world, page), all="1")
    assert "Retour enregistré, tout est là" in words_of(desk.get(done))
    assert world.copy_status(world.copies[0]) == "lendable"


def test_a_missing_part_holds_the_copy_back_until_it_is_completed(desk: Browser, world: World) -> None:
    booking, line = world.hand_over(world.reserve(0, 7)), world.lines[0]
    copy = next(one for one in world.copies if one.id == booking.copy_id)
    page = desk.get(address(world, copy.code))
    assert f'value="{line.quantity}"' in page
    back = desk.post("/desk/take-back", **known(world, page), **{f"found-{line.id}": line.quantity - 2})
    after = words_of(desk.get(back))
    assert f"2 × {line.name}" in after
    assert "bloqué jusqu’à ce qu’il soit complété" in after
    again = desk.get(address(world, copy.code))
    done = desk.post("/desk/complete", **known(world, again), copy_id=copy.id)
    assert "Exemplaire de nouveau complet" in words_of(desk.get(done))
    assert world.copy_status(copy) == "lendable"


@pytest.mark.parametrize("count", ["-1", "beaucoup", "", "99999", "²"])
def test_a_count_that_is_none_is_refused_and_nothing_changes(desk: Browser, world: World, count: str) -> None:
    booking, line = world.hand_over(world.reserve(0, 7)), world.lines[0]
    page = desk.get(address(world, booking.copy_code or ""))
    refusal = desk.post("/desk/take-back", 400, **known(world, page), **{f"found-{line.id}": count})
    assert "Nombre incorrect" in words_of(refusal)
    assert world.booking(booking.id).state == "out"


@pytest.mark.parametrize(
    ("code", "status", "title"),
    [
        ("0350099999", 400, "Code mal lu"),
        (make_code(35, 99_999), 404, "Code inconnu"),
        ("LIVRE-7", 404, "Code inconnu"),
    ],
)
def test_a_code_of_nothing_is_named_in_the_refusal(
    desk: Browser, world: World, code: str, status: int, title: str
) -> None:
    said = words_of(desk.get(address(world, code), status))
    assert title in said
    assert code in said


def test_a_copy_promised_to_somebody_says_to_whom_and_when(desk: Browser, world: World) -> None:
    booking = world.reserve(20, 7)
    said = words_of(desk.get(address(world, booking.copy_code or "")))
    assert f"Promis à {booking.school_name}" in said
    assert "31 janvier" in said


def test_a_copy_that_nobody_waits_for_is_lent_over_the_counter(desk: Browser, world: World) -> None:
    code = world.copies[0].code
    page = desk.get(f"{address(world, code)}&school=Rennes")
    fields = known(world, page) | {"school_id": str(world.school.id), "due_on": "2027-01-20", "school": "Rennes"}
    done = desk.post("/desk/lend", **fields)
    assert "Remis à" in words_of(desk.get(done))


def test_a_day_that_no_calendar_has_is_said_beside_its_field(desk: Browser, world: World) -> None:
    page = desk.get(f"{address(world, world.copies[0].code)}&school=Rennes")
    fields = known(world, page) | {"school_id": str(world.school.id), "due_on": "2027-02-31", "school": "Rennes"}
    assert 'id="due_on-error"' in desk.post("/desk/lend", 400, **fields)


def test_a_teacher_has_no_desk(desk: Browser, world: World) -> None:
    desk.sign_in(world.teacher)
    assert "Action non autorisée" in desk.get("/desk", 403)


def test_a_visitor_is_asked_to_sign_in(desk: Browser) -> None:
    desk.client.cookies.clear()
    assert "/sign-in?next=" in desk.get("/desk", 401)


def test_a_desk_of_others_does_not_exist(desk: Browser) -> None:
    desk.get("/desk?depot=99", 404)


@pytest.mark.parametrize("path", ["/desk/hand-over", "/desk/take-back", "/desk/complete", "/desk/lend"])
def test_a_form_without_its_fields_is_refused(desk: Browser, path: str) -> None:
    desk.post(path, 404)


@pytest.mark.parametrize("found", [0, -2])
def test_the_script_is_answered_with_the_page_of_its_address(desk: Browser, world: World, found: int) -> None:
    booking, line = world.reserve(0, 7), world.lines[0]
    world.reserve(3, 5)
    asked = {"depot": world.depot.id, "code": booking.copy_code, "found": found}
    for act, more in (
        ("hand-over", {"booking_id": booking.id}),
        ("take-back", {f"found-{line.id}": line.quantity + found}),
    ):
        data = {name: str(value) for name, value in (asked | more | {"key": f"key-of-{act}"}).items()}
        answer = desk.client.post(f"/desk/{act}", data=data, headers={"x-desk": "1"})
        assert answer.status_code == 200
        # The address also says at its top what was done; the script says it by itself.
        at_address = desk.get(answer.headers["x-desk-address"].partition("&done=")[0])
        assert words_of(unescape(answer.text)) == words_of(at_address)
