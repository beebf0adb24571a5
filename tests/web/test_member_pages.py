"""Inviting a colleague, joining by the link of the mail, leaving: without a script."""

import re

import pytest

from lending.core.actor import Actor, Role
from lending.loans.schemas.members import Departure, NewInvitation
from tests.kit.loans import World
from tests.kit.network import create_person
from tests.kit.pages import Browser, words_of

EMAIL = "noa@ecole.example.org"


@pytest.fixture
def colleague(world: World) -> Actor:
    with world.db.write() as session:
        return create_person(session, Role.TEACHER, world.school, "Noa Petit")


def mail_to(browser: Browser, email: str) -> str:
    """The text of the newest mail to an address, after sending what waits."""
    browser.services.notices.send_waiting()
    summary = next(one for one in browser.services.notices.inbox() if email in one.to)
    return browser.services.notices.read_mail(summary.name).text


def test_from_the_school_to_a_colleague_who_is_signed_in(teacher: Browser, world: World) -> None:
    address = f"/schools/{world.school.id}/members"
    assert f'href="{address}"' in teacher.get("/reservations")
    led_to = teacher.post(f"/schools/{world.school.id}/invitations", email=EMAIL, name="Noa Petit")
    assert led_to == f"{address}?done=invited"
    assert EMAIL in teacher.get(address)
    link = re.search(r"/invitations/\S+", mail_to(teacher, EMAIL))
    assert link is not None
    teacher.client.cookies.clear()
    assert world.school.name in words_of(teacher.get(link[0]))
    assert teacher.post(link[0]) == "/?done=joined"
    assert "Noa Petit" in words_of(teacher.get(address))
    assert "Invitation terminée" in words_of(teacher.post(link[0], 404))
    assert "Invitation terminée" in words_of(teacher.get(link[0], 404))


def test_an_account_that_could_do_something_is_not_opened_by_the_link(teacher: Browser, world: World) -> None:
    members, staff = teacher.services.members, world.staff
    new = NewInvitation(email=staff.email)
    link = members.issue_path(members.invite(world.teacher, world.school.id, new).id)
    teacher.client.cookies.clear()
    led_to = teacher.post(link)
    assert led_to == "/sign-in?done=joined-known"
    assert "connectez-vous" in words_of(teacher.get(led_to))
    assert "session" not in teacher.client.cookies
    teacher.sign_in(staff)
    assert world.school.name in words_of(teacher.get(f"/schools/{world.school.id}/members"))
    members.leave(staff, world.school.id, Departure(successor_id=None))
    link = members.issue_path(members.invite(world.teacher, world.school.id, new).id)
    assert teacher.post(link) == "/?done=joined"


def test_what_is_wrong_stands_beside_its_field(teacher: Browser, world: World) -> None:
    page = teacher.post(f"/schools/{world.school.id}/invitations", 400, email="noa", name="<i>Noa</i>")
    assert 'id="email-error"' in page
    assert 'value="noa"' in page
    page = teacher.post(f"/schools/{world.school.id}/invitations", 400, email=EMAIL, name="n" * 121)
    assert 'id="name-error"' in page
    page = teacher.post(f"/schools/{world.school.id}/invitations", 409, email=world.teacher.email)
    assert "emprunte déjà" in words_of(page)


def test_an_invitation_is_withdrawn(teacher: Browser, world: World) -> None:
    view = teacher.services.members.invite(world.teacher, world.school.id, NewInvitation(email=EMAIL))
    led_to = teacher.post(f"/invitations/{view.id}/withdrawal")
    assert led_to == f"/schools/{world.school.id}/members?done=invitation-withdrawn"
    assert EMAIL not in teacher.get(f"/schools/{world.school.id}/members")


def test_who_leaves_names_who_goes_on(teacher: Browser, world: World, colleague: Actor) -> None:
    booking = world.reserve(0, 5)
    page = teacher.post(f"/schools/{world.school.id}/departure", 409, successor_id="")
    assert 'id="successor_id-error"' in page
    assert teacher.post(f"/schools/{world.school.id}/departure", successor_id=colleague.person_id) == "/?done=left"
    assert world.booking(booking.id).person_id == colleague.person_id
    teacher.get(f"/schools/{world.school.id}/members", 403)
