"""The bell, what comes by mail, links to opt out, and the messages of an association."""

import re

import pytest
from sqlalchemy import update

from lending.accounts.tables import Person
from lending.core.actor import Role
from lending.notices.rules import NoticeKind
from tests.kit.loans import DAY, World
from tests.kit.network import create_person
from tests.kit.pages import Browser, hidden, words_of


def test_the_bell_counts_until_a_message_is_opened(teacher: Browser, world: World) -> None:
    booking = world.reserve(3, 5)
    assert "1 nouveau message" in teacher.get("/account")
    shown = teacher.get("/messages")
    assert "Réservation confirmée : Malle coopération" in words_of(shown)
    path = re.search(r'action="(/messages/\d+/open)"', shown)
    assert path is not None
    assert teacher.post(path[1]) == f"/reservations/{booking.id}"
    assert "nouveau message" not in teacher.get("/messages")


def test_all_are_marked_as_read_at_once(teacher: Browser, world: World) -> None:
    world.reserve(3, 5)
    assert teacher.post("/messages/read").startswith("/messages")
    assert "nouveau message" not in teacher.get("/messages")


@pytest.mark.parametrize("path", ["/messages", "/account/notices"])
def test_visitors_have_no_messages(visitor: Browser, path: str) -> None:
    assert visitor.client.get(path, follow_redirects=False).status_code in (303, 401)


def test_preferences_are_kept_and_what_is_necessary_is_not_offered(teacher: Browser) -> None:
    shown = teacher.get("/account/notices")
    assert 'name="overdue"' not in shown
    assert 'name="rhythm"' not in shown
    teacher.post("/account/notices", **{"booking-confirmed": "never"})
    kept = teacher.get("/account/notices")
    assert re.search(r'name="booking-confirmed">.*?value="never" selected', kept, re.DOTALL)
    teacher.post("/account/notices", 409, overdue="never")
    teacher.post("/account/notices", 404, changed="sometimes")


def test_a_link_asks_before_it_ends_and_one_click_needs_nobody_signed_in(visitor: Browser, world: World) -> None:
    token = visitor.services.notices.stop_links.token(world.teacher.person_id or 0, NoticeKind.CHANGED)
    assert "Voulez-vous ne plus recevoir" in words_of(visitor.get(f"/unsubscribe/{token}"))
    answer = visitor.client.post(f"/unsubscribe/{token}", data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert "C’est arrêté" in answer.text
    visitor.sign_in(world.teacher)
    assert 'value="never" selected' in visitor.get("/account/notices")
    visitor.get(f"/unsubscribe/{token}x", 404)


def test_staff_word_a_message_and_a_mistake_stands_beside_its_field(visitor: Browser, world: World) -> None:
    visitor.sign_in(world.staff)
    path = f"/organisations/{world.association.id}/notices/due-soon"
    shown = visitor.get(path)
    form = {"version": hidden(shown, "version"), "subject": "Bientôt : {titre}", "body": "Pour {écol}."}
    refused = visitor.post(f"{path}?language=fr", 400, **form)
    assert 'id="body-error"' in refused
    assert "Pour {écol}." in refused
    visitor.post(f"{path}?language=fr", **{**form, "body": "Pour {école} <b>."})
    assert "Bientôt : {titre}" in visitor.get(path)
    document = visitor.client.get(f"{path}/html?language=fr")
    assert "Pour École Jules-Ferry &lt;b&gt;." in document.text
    assert "sandbox" in document.headers["content-security-policy"]
    visitor.post(f"{path}?language=fr", **form, reset="1")
    assert "À rapporter le {jour du retour}" in visitor.get(path)
    visitor.get(f"{path}?language=de", 404)
    visitor.get(f"/organisations/{world.association.id}/notices/sign-in-link", 404)


def test_staff_say_when_to_remind(visitor: Browser, world: World) -> None:
    visitor.sign_in(world.staff)
    path = f"/organisations/{world.association.id}/notices"
    refused = visitor.post(f"{path}/steps", 400, **{"step-1": "7", "step-2": "3"})
    assert 'id="step-2-error"' in refused
    visitor.post(f"{path}/steps", **{"step-1": "2", "step-2": "9", "copy-2": "union"})
    assert 'name="step-2" value="9"' in visitor.get(path)
    visitor.post(f"{path}/steps", reset="1")
    assert 'name="step-1" value="1"' in visitor.get(path)


@pytest.mark.parametrize(
    "path", ["notices", "notices/due-soon", "notices/due-soon/html", "messages", "messages/preview", "letters"]
)
def test_an_associations_messages_are_its_staffs_business(teacher: Browser, world: World, path: str) -> None:
    teacher.get(f"/organisations/{world.association.id}/{path}", 403)


def test_staff_see_what_became_of_their_messages(visitor: Browser, world: World) -> None:
    world.reserve(3, 5)
    visitor.services.notices.send_waiting()
    visitor.sign_in(world.staff)
    path = f"/organisations/{world.association.id}/messages"
    shown = visitor.get(f"{path}?state=sent&kind=booking-confirmed")
    assert world.teacher.email in shown
    again = re.search(r'action="([^"]+/resend)"', shown)
    assert again is not None
    visitor.post(again[1])
    assert visitor.services.notices.send_waiting() == 1
    assert "Aucun message" in words_of(visitor.get(f"{path}?state=bounced"))


def test_staff_look_at_what_a_day_would_send(visitor: Browser, world: World) -> None:
    loan = world.hand_over(world.reserve(0, 10))
    visitor.services.notices.send_waiting()
    visitor.sign_in(world.staff)
    path = f"/organisations/{world.association.id}/messages"
    assert f'href="{path}/preview"' in visitor.get(path)
    shown = words_of(visitor.get(f"{path}/preview?on={loan.due_on - DAY}"))
    assert "À rapporter demain : Malle coopération" in shown
    assert world.teacher.email in shown
    assert f"parce que la réservation {loan.reference} est à votre nom" in shown
    assert "Aucun message ce jour-là" in words_of(visitor.get(f"{path}/preview?on={loan.due_on - 2 * DAY}"))


@pytest.mark.parametrize("on", ["2026-12-31", "2031-01-01", "hier", "2027-02-30"])
def test_a_day_out_of_reach_is_refused_beside_the_field(visitor: Browser, world: World, on: str) -> None:
    visitor.sign_in(world.staff)
    shown = visitor.get(f"/organisations/{world.association.id}/messages/preview?on={on}", 400)
    assert 'id="on-error"' in shown
    assert f'value="{on}"' in shown


def test_an_administrator_looks_at_the_night_of_all(visitor: Browser, world: World) -> None:
    loan = world.hand_over(world.reserve(0, 10))
    with world.db.write() as session:
        admin = create_person(session, Role.ADMIN, world.federation)
    visitor.sign_in(world.staff)
    visitor.get("/admin/notices/preview", 403)
    visitor.sign_in(admin)
    assert "À rapporter demain" in visitor.get(f"/admin/notices/preview?on={loan.due_on - DAY}")


def test_the_days_list_leads_to_letters_and_each_is_printed_once(visitor: Browser, world: World) -> None:
    world.reserve(3, 5)
    with world.db.write() as session:
        session.execute(update(Person).where(Person.id == world.teacher.person_id).values(email="none"))
    visitor.services.notices.send_waiting()
    visitor.sign_in(world.staff)
    path = f"/organisations/{world.association.id}/letters"
    day = visitor.get(f"/today?depot={world.depot.id}")
    assert f'href="{path}"' in day
    assert "1 lettre à imprimer" in words_of(day)
    shown = words_of(visitor.get(path))
    assert world.teacher.name in shown
    assert "Réservation confirmée" in shown
    assert visitor.post(path).startswith(f"{path}?done=letters-printed")
    shown = visitor.get(path)
    assert "Aucune lettre à imprimer" in words_of(shown)
    file = re.search(r'href="(/letters/\d+/letters\.pdf)"', shown)
    assert file is not None
    answer = visitor.client.get(file[1])
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF-")
    assert "Aucune lettre à imprimer" in words_of(visitor.post(path, 409))
    assert "à imprimer" not in words_of(visitor.get(f"/today?depot={world.depot.id}"))
    assert "Imprimé" in words_of(visitor.get(f"/organisations/{world.association.id}/messages?state=printed"))
    assert "1 lettre" in words_of(shown)
    answer = visitor.client.get(f"/api/associations/{world.association.id}/letters")
    assert (answer.json()["count"], len(answer.json()["batches"])) == (0, 1)
    again = visitor.client.post(f"/api/associations/{world.association.id}/letters")
    assert (again.status_code, again.json()["type"]) == (409, "/problems/no-letters")
    assert visitor.client.get(f"/api{file[1]}").content == visitor.client.get(file[1]).content
