"""The first page, languages, and what every page keeps to."""

import re

from tests.kit.loans import World
from tests.kit.pages import Browser, words_of

PAGES = ("/", "/search", "/search?q=coop", "/titles/1", "/sign-in", "/accessibility", "/nothing-there")


def test_a_visitor_sees_kinds_themes_and_what_is_new(visitor: Browser) -> None:
    words = words_of(visitor.get("/"))
    assert "Malles 1 titre" in words
    assert "Coopération 1" in words
    assert "Jeu des émotions" in words


def test_a_teacher_sees_what_cannot_wait_first(teacher: Browser, world: World) -> None:
    late = world.hand_over(world.reserve(0, 5))
    world.reserve(7, 5)
    world.clock.advance(days=6)
    words = words_of(teacher.get("/"))
    assert words.index("2 jours de retard") < words.index("À retirer le lundi 18 janvier 2027")
    assert late.reference not in words


def test_a_teacher_sees_the_hours_of_the_own_depots(teacher: Browser) -> None:
    assert "lundi 9 h à 17 h" in words_of(teacher.get("/"))


def test_a_teacher_without_bookings_is_led_to_the_search(teacher: Browser) -> None:
    assert "Rien de réservé pour le moment." in words_of(teacher.get("/"))


def test_the_language_is_remembered_and_leads_back_to_the_page(visitor: Browser) -> None:
    assert visitor.post("/language", language="en", next="/search?q=coop") == "/search?q=coop"
    page = visitor.get("/search?q=coop")
    assert '<html lang="en">' in page
    assert "1 result" in words_of(page)


def test_a_language_form_leads_to_no_other_site(visitor: Browser) -> None:
    for path in ("https://evil.example", "//evil.example", "/\\evil.example"):
        assert visitor.post("/language", language="en", next=path) == "/"


def test_no_page_needs_a_script_or_style_inside(teacher: Browser) -> None:
    for path in PAGES:
        page = teacher.client.get(path).text
        assert re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)", page) is None, path


def test_every_page_says_its_language_title_and_heading(visitor: Browser) -> None:
    for path in PAGES:
        page = visitor.client.get(path).text
        assert '<html lang="fr">' in page
        assert re.search(r"<title>[^<]+ – La Malle commune</title>", page), path
        assert len(re.findall(r"<h1[ >]", page)) == 1, path


def test_a_static_file_is_kept_for_ever_under_its_own_address(visitor: Browser) -> None:
    address = re.search(r"/static/app\.css\?v=\w+", visitor.get("/"))
    assert address is not None
    answer = visitor.client.get(address[0])
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"].startswith("text/css")


def test_static_files_end_at_their_folder(visitor: Browser) -> None:
    for name in ("no.css", "..%2Frendering.py", "%2e%2e%2fwords.py"):
        assert visitor.client.get(f"/static/{name}").status_code == 404
