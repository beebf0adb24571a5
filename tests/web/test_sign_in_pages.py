"""Signing in by link or password, and out; addresses tell nobody who is known."""

from urllib.parse import urlsplit

from tests.kit.loans import World
from tests.kit.pages import Browser, words_of

PASSWORD = "correct horse battery staple"  # noqa: S105 - a test's password


def link_of(visitor: Browser, world: World) -> str:
    assert world.teacher.person_id is not None
    return urlsplit(visitor.services.accounts.issue_link(world.teacher.person_id)).path


def test_a_known_and_an_unknown_address_get_the_same_answer(visitor: Browser, world: World) -> None:
    known = visitor.post("/sign-in/link", 200, email=world.teacher.email)
    unknown = visitor.post("/sign-in/link", 200, email="nobody@ecole.example.org")
    assert words_of(known).replace(world.teacher.email, "X") == words_of(unknown).replace(
        "nobody@ecole.example.org", "X"
    )


def test_no_address_stands_beside_its_field(visitor: Browser) -> None:
    page = visitor.post("/sign-in/link", 400, email="not an address")
    assert 'id="email-error"' in page
    assert 'value="not an address"' in page


def test_looking_at_a_link_does_not_use_it_up(visitor: Browser, world: World) -> None:
    link = link_of(visitor, world)
    for _ in range(2):
        assert "Entrer" in words_of(visitor.get(link))
    assert visitor.post(link) == "/"
    assert "Bonjour Camille Martin" in words_of(visitor.get("/"))


def test_a_link_works_once_and_says_so(visitor: Browser, world: World) -> None:
    link = link_of(visitor, world)
    visitor.post(link)
    page = visitor.post(link, 410)
    assert "Demander un nouveau lien" in words_of(page)


def test_a_password_leads_back_to_where_one_was(visitor: Browser, world: World) -> None:
    visitor.services.accounts.set_password(world.teacher, PASSWORD)
    fields = {"email": world.teacher.email, "password": PASSWORD}
    assert visitor.post("/sign-in/password", **fields, next="/titles/1?depot=1") == "/titles/1?depot=1"
    assert visitor.post("/sign-in/password", **fields, next="https://evil.example/") == "/"


def test_a_wrong_password_stands_beside_its_field_and_is_not_repeated(visitor: Browser, world: World) -> None:
    page = visitor.post("/sign-in/password", 401, email=world.teacher.email, password="wr0ng-guess")  # noqa: S106 - a test's password
    assert 'id="password-error"' in page
    assert "wr0ng-guess" not in page


def test_too_many_guesses_have_to_wait(visitor: Browser, world: World) -> None:
    answers = [
        visitor.client.post("/sign-in/password", data={"email": world.teacher.email, "password": "guess"})
        for _ in range(40)
    ]
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) > 0
    assert "Trop de tentatives" in answers[-1].text


def test_signing_out_ends_the_session(teacher: Browser) -> None:
    assert teacher.post("/sign-out") == "/?done=signed-out"
    teacher.client.cookies.clear()
    assert "Vous êtes déconnecté." in words_of(teacher.get("/?done=signed-out"))


def test_the_language_switch_of_an_answer_leads_back_to_its_form(visitor: Browser, world: World) -> None:
    headers = {"referer": "http://127.0.0.1:8000/sign-in?next=/reservations"}
    answer = visitor.client.post("/sign-in/link", data={"email": world.teacher.email}, headers=headers)
    assert 'name="next" value="/sign-in?next=/reservations"' in answer.text
