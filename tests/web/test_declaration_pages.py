"""Declaring a piece on a phone, and what the depot sees of it."""

import pytest

from lending.loans.schemas import Reservation
from lending.loans.schemas.declarations import NewDeclaration
from tests.kit.loans import World
from tests.kit.pages import Browser, hidden, words_of
from tests.kit.pictures import photo


@pytest.fixture
def loan(world: World) -> Reservation:
    """Due today."""
    return world.hand_over(world.reserve(0, 1))


def send(browser: Browser, booking_id: int, expected: int = 303, content: bytes = b"", /, **fields: object) -> str:
    answer = browser.client.post(
        f"/reservations/{booking_id}/declarations",
        files={"file": ("x.jpg", content, "image/jpeg")},
        data={name: str(value) for name, value in fields.items()},
        follow_redirects=False,
    )
    assert answer.status_code == expected, answer.text
    return str(answer.headers["location"]) if expected == 303 else answer.text


def test_from_the_loan_to_the_desk(visitor: Browser, world: World, loan: Reservation) -> None:
    visitor.sign_in(world.teacher)
    assert "Déclarer une pièce" in words_of(visitor.get(f"/reservations/{loan.id}"))
    line = world.lines[0]
    led_to = send(visitor, loan.id, 303, photo(), line_id=line.id, missing=1, broken=0, note="Perdue en <b>forêt</b>.")
    assert led_to.startswith(f"/reservations/{loan.id}/declarations?done=declared#declared-")
    page = visitor.get(f"/reservations/{loan.id}/declarations")
    assert "1 manquante" in words_of(page)
    assert "<b>forêt</b>" not in visitor.client.get(f"/reservations/{loan.id}/declarations").text
    visitor.sign_in(world.staff)
    code = (loan.copy_code or "").replace(" ", "")
    today = visitor.get(f"/today?depot={world.depot.id}")
    assert "Déclaré incomplet ou abîmé" in words_of(today)
    assert 'value="take-back"' not in today, "no click takes it back unseen"
    desk = visitor.get(f"/desk?depot={world.depot.id}&code={code}")
    assert "Déclaré par l’école avant le retour" in words_of(desk)
    field = f'name="found-{line.id}" type="number" inputmode="numeric" min="0" max="9999" required'
    assert f'{field} value="{line.quantity - 1}"' in desk
    sent = {"depot": world.depot.id, "code": code, "key": "k1", f"found-{line.id}": line.quantity - 1}
    assert "Déclaration à lire" in visitor.post("/desk/take-back", 409, **sent)
    assert hidden(desk, "declaration_seen") == "yes"
    visitor.post("/desk/take-back", **sent | {"key": "k2", "declaration_seen": "yes"})
    assert world.booking(loan.id).state == "done"


def test_a_pile_stops_for_it(visitor: Browser, world: World, loan: Reservation) -> None:
    visitor.services.declarations.declare(world.teacher, loan.id, _whole())
    visitor.sign_in(world.staff)
    code = (loan.copy_code or "").replace(" ", "")
    visitor.post("/desk/scan", depot=world.depot.id, code=code, pile="yes", key="k")
    assert world.booking(loan.id).state == "out"


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(
    teacher: Browser, world: World, loan: Reservation
) -> None:
    line = world.lines[0]
    page = send(teacher, loan.id, 400, line_id=line.id, missing=99, broken=0, note="Perdue.")
    assert 'id="missing-error"' in page
    assert "Perdue." in page
    assert 'value="99"' in page
    assert 'id="file-error"' in send(teacher, loan.id, 400, b"MZ", line_id=line.id, missing=1)
    assert 'id="line_id-error"' in send(teacher, loan.id, 400, line_id="x", missing=1)
    assert 'id="broken-error"' in send(teacher, loan.id, 400, line_id=line.id, missing=1, broken="two")
    assert "Rien n’est déclaré." in words_of(teacher.get(f"/reservations/{loan.id}/declarations"))


def test_it_is_changed_and_withdrawn(teacher: Browser, world: World, loan: Reservation) -> None:
    line = world.lines[0]
    send(teacher, loan.id, line_id=line.id, missing=1, note="Une.")
    form = teacher.get(f"/reservations/{loan.id}/declarations?line={line.id}")
    assert ">Une.</textarea>" in form
    declared = teacher.services.declarations.of_booking(world.teacher, loan.id)[0]
    assert teacher.post(f"/declarations/{declared.id}/withdrawal").endswith("?done=declaration-withdrawn")
    assert teacher.services.declarations.of_booking(world.teacher, loan.id) == []


def test_the_photo_is_not_for_everybody(visitor: Browser, world: World, loan: Reservation) -> None:
    said = visitor.services.declarations.declare(world.teacher, loan.id, _whole(), photo())
    key = next(one.name for one in visitor.services.media.kept_in("private"))
    assert visitor.client.get(f"/media/{key}").status_code == 404
    assert visitor.client.get(said.photo_url).status_code == 401
    visitor.sign_in(world.school_with_teacher()[1])
    assert visitor.client.get(said.photo_url).status_code == 403
    visitor.get(f"/reservations/{loan.id}/declarations", 403)
    visitor.sign_in(world.teacher)
    shown = visitor.client.get(said.photo_url)
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
    assert "no-store" in shown.headers["cache-control"]


def test_the_same_over_http_for_programs(teacher: Browser, world: World, loan: Reservation) -> None:
    client, path = teacher.client, f"/api/reservations/{loan.id}/declarations"
    line = world.lines[0]
    files = {"file": ("x.jpg", photo(), "image/jpeg")}
    said = client.post(path, data={"line_id": str(line.id), "broken": "1"}, files=files)
    assert (said.status_code, said.json()["broken"]) == (200, 1)
    refused = client.post(path, data={"line_id": str(line.id)}, files=files)
    assert refused.json()["type"].endswith("nothing-declared")
    assert [one["id"] for one in client.get(path).json()] == [said.json()["id"]]
    assert client.delete(f"/api/declarations/{said.json()['id']}").status_code == 204
    assert client.get(path).json() == []


def _whole() -> NewDeclaration:
    return NewDeclaration(broken=1)
