"""Telling how it went, reading it on the title's page, hiding it."""

import pytest

from tests.kit.catalog import create_term
from tests.kit.loans import World
from tests.kit.pages import Browser, hidden, words_of


@pytest.fixture
def loan_id(world: World) -> int:
    """A loan that is over."""
    loan = world.hand_over(world.reserve(0, 5))
    world.loans.check_in(world.staff, world.depot.id, loan.copy_code or "")
    return loan.id


def test_home_asks_and_the_title_shows_it(teacher: Browser, world: World, loan_id: int) -> None:
    assert "Comment cela s’est-il passé ?" in words_of(teacher.get("/"))
    sent = {"rating": "4", "level": "CE1", "tip": "Prévoir <b>deux</b> séances."}
    assert teacher.post(f"/reservations/{loan_id}/review", **sent) == f"/reservations/{loan_id}?done=reviewed"
    page = teacher.get(f"/titles/{world.title.id}")
    assert "Très bien" in words_of(page)
    assert "Prévoir <b>deux</b> séances." in words_of(page).replace("&lt;", "<") or "deux" in page
    assert "<b>deux</b>" not in teacher.client.get(f"/titles/{world.title.id}").text
    assert "Camille" not in words_of(page)
    assert "Comment cela s’est-il passé ?" not in words_of(teacher.get("/"))


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(teacher: Browser, loan_id: int) -> None:
    page = teacher.post(f"/reservations/{loan_id}/review", 400, tip="x" * 1001, rating="3", is_signed="yes")
    assert "il en a 1001" in page
    assert "x" * 1001 in page
    assert 'value="3" required checked' in page
    assert "Note manquante" in teacher.post(f"/reservations/{loan_id}/review", 400, rating="7")
    assert 'id="tip-error"' in page


def test_it_is_changed_and_taken_back(teacher: Browser, world: World, loan_id: int) -> None:
    teacher.post(f"/reservations/{loan_id}/review", rating="4")
    version = hidden(teacher.get(f"/reservations/{loan_id}"), "version")
    teacher.post(f"/reservations/{loan_id}/review", rating="1", version=version)
    assert "Décevant" in words_of(teacher.get(f"/titles/{world.title.id}/reviews"))
    teacher.post(f"/reservations/{loan_id}/review", 412, rating="2", version=version)
    teacher.post(f"/reservations/{loan_id}/review", do="erase")
    assert "Personne n’a encore donné d’avis." in words_of(teacher.get(f"/titles/{world.title.id}/reviews"))


def test_staff_hide_and_show_again(visitor: Browser, world: World, loan_id: int) -> None:
    visitor.sign_in(world.teacher)
    visitor.post(f"/reservations/{loan_id}/review", rating="5", tip="Léo a adoré.")
    visitor.post("/reviews/1/hiding", 403, do="hide")
    visitor.sign_in(world.staff)
    visitor.post("/reviews/1/hiding", do="hide", reason="Un élève est nommé.")
    assert "Masqué" in words_of(visitor.get(f"/titles/{world.title.id}/reviews"))
    visitor.sign_in(world.teacher)
    assert "Léo" not in visitor.get(f"/titles/{world.title.id}")
    assert "Motif : Un élève est nommé." in words_of(visitor.get(f"/reservations/{loan_id}"))
    visitor.sign_in(world.staff)
    visitor.post("/reviews/1/hiding", do="show")
    assert "Léo" in visitor.get(f"/titles/{world.title.id}")


def test_what_is_not_over_asks_nothing(teacher: Browser, world: World) -> None:
    booking = world.reserve(7, 5)
    assert "Comment cela s’est-il passé" not in teacher.get(f"/reservations/{booking.id}")
    teacher.post(f"/reservations/{booking.id}/review", 409, rating="4")


def test_the_same_over_json(teacher: Browser, world: World, loan_id: int) -> None:
    client = teacher.client
    with world.db.write() as session:
        create_term(session, "level", "CM2")
    told = client.put(f"/api/reservations/{loan_id}/review", json={"rating": 5, "level": "CM2"})
    assert (told.status_code, told.json()["rating"]) == (200, 5)
    assert client.put(f"/api/reservations/{loan_id}/review", json={"rating": 9}).json()["type"].endswith("bad-rating")
    assert client.get(f"/api/titles/{world.title.id}/reviews").json()["count"] == 1
    assert client.get(f"/api/reservations/{loan_id}/review").json()["level"] == "CM2"
    assert client.post("/api/reviews/1/hiding", json={}).status_code == 403
    assert client.delete(f"/api/reservations/{loan_id}/review").status_code == 204
    assert client.get(f"/api/titles/{world.title.id}/reviews").json()["count"] == 0
