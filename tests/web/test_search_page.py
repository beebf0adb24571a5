"""Searching without a script: words, facets, dates; what is wrong stands beside its field."""

import datetime as dt

from lending.core.actor import Role
from tests.kit.catalog import create_title
from tests.kit.loans import World
from tests.kit.network import create_person
from tests.kit.pages import Browser, words_of


def test_a_word_with_a_typo_finds(visitor: Browser) -> None:
    assert "Jeu des émotions" in words_of(visitor.get("/search?q=emotoins"))


def test_what_was_found_is_marked_and_markup_in_names_stays_text(visitor: Browser, world: World) -> None:
    with world.db.write() as session:
        create_title(session, world.federation, name="<script>loup</script> gris")
    visitor.services.search.reindex()
    page = visitor.client.get("/search?q=loup").text
    assert "&lt;script&gt;<mark>loup</mark>&lt;/script&gt;" in page


def test_facets_count_and_narrow(visitor: Browser) -> None:
    words = words_of(visitor.get("/search?kind=game"))
    assert "Malles 1" in words
    assert "1 résultat" in words
    assert "Malle coopération" not in words


def test_each_criterion_can_be_taken_back_alone(visitor: Browser) -> None:
    page = visitor.get("/search?q=malle&kind=trunk&kind=game&theme=cooperation")
    assert 'href="/search?q=malle&kind=game&theme=cooperation"' in page
    assert 'href="/search?q=malle&kind=trunk&kind=game"' in page


def test_only_what_is_free_on_all_the_days_remains(teacher: Browser, world: World) -> None:
    for _ in world.copies:
        world.reserve(7, 5)
    first, last = world.today + dt.timedelta(days=7), world.today + dt.timedelta(days=9)
    teacher.services.search.reindex()
    words = words_of(teacher.get(f"/search?starts_on={first}&due_on={last}"))
    assert "Malle coopération" not in words
    assert "Jeu des émotions" in words
    assert "Libre à ces dates" in words


def test_a_title_found_for_dates_opens_with_these_dates(visitor: Browser) -> None:
    page = visitor.get("/search?kind=game&starts_on=2027-01-18&due_on=2027-01-22")
    assert "?starts_on=2027-01-18&due_on=2027-01-22" in page


def test_a_day_that_is_none_stands_beside_its_field(visitor: Browser) -> None:
    page = visitor.get("/search?q=coop&starts_on=demain&due_on=2027-01-22", status=400)
    assert 'id="starts_on-error"' in page
    assert 'aria-describedby="starts_on-error"' in page
    assert 'value="coop"' in page


def test_reversed_dates_stand_beside_their_field(visitor: Browser) -> None:
    page = visitor.get("/search?starts_on=2027-01-22&due_on=2027-01-18", status=400)
    assert 'aria-invalid="true"' in page


def test_nothing_found_says_which_criterion_to_give_up(visitor: Browser) -> None:
    words = words_of(visitor.get("/search?q=emotions&kind=trunk"))
    assert "Rien ne correspond à tous ces critères." in words
    assert "sans « Type » 1 résultat" in words


def test_odd_pages_and_long_words_are_no_accident(visitor: Browser) -> None:
    for query in ("page=0", "page=-1", "page=zwei", "page=99999999999999999999", "sort=odd"):
        assert visitor.client.get(f"/search?{query}").status_code in (200, 400), query
    assert visitor.client.get(f"/search?q={'a' * 5000}").status_code in (200, 400)


def test_a_mistyped_word_is_suggested(visitor: Browser) -> None:
    page = visitor.get("/search?q=emotoins&kind=game")
    assert 'Vouliez-vous dire : <a href="/search?q=%C3%A9motions&kind=game">émotions</a>' in page.replace("\xa0", " ")


def test_the_code_of_a_copy_leads_to_its_title_but_not_while_typing(visitor: Browser, world: World) -> None:
    copy = world.copies[0]
    answer = visitor.client.get(f"/search?q={copy.code}", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/titles/{copy.title_id}")
    typing = visitor.client.get(f"/search?q={copy.code}", headers={"x-typing": "1"}, follow_redirects=False)
    assert f'data-direct="/titles/{copy.title_id}"' in typing.text


def test_more_wishes_narrow_and_can_be_taken_back(visitor: Browser) -> None:
    page = visitor.get("/search?q=malle&age=8&players=4&minutes=30&sort=most_lent")
    assert 'href="/search?q=malle&players=4&minutes=30&sort=most_lent"' in page
    assert '<option value="most_lent" selected>' in page
    assert "nearest" not in page


def test_a_teacher_may_ask_for_what_is_near_the_school(teacher: Browser, world: World) -> None:
    page = teacher.get(f"/search?school_id={world.school.id}&sort=nearest&within_km=50")
    assert '<option value="nearest" selected>' in page
    assert "Depuis mon école" in words_of(page)


def test_wishes_that_are_no_numbers_are_left_out(visitor: Browser) -> None:
    for query in ("age=x", "age=-3", "players=999999999999", "minutes=٣", "school_id=0", "within_km=5", "sort=nearest"):
        assert visitor.client.get(f"/search?{query}").status_code == 200, query


def test_administrators_keep_synonyms(visitor: Browser, world: World) -> None:
    with world.db.write() as session:
        person = create_person(session, Role.ADMIN, world.federation)
    visitor.sign_in(person)
    assert visitor.post("/admin/synonyms", lines="malle, coffre\nBD, bande dessinée").endswith("?done=synonyms-kept")
    assert "malle, coffre" in visitor.get("/admin/synonyms")
    assert 'id="lines-error"' in visitor.post("/admin/synonyms", 400, lines="seul")


def test_the_same_is_asked_over_json(visitor: Browser, world: World) -> None:
    found = visitor.client.get("/api/search?q=emotoins&players=4&latitude=48.1&longitude=-1.6&sort=nearest").json()
    assert (found["total"], found["suggestion"]) == (1, "émotions")
    assert visitor.client.get("/api/search?sort=nearest").json()["type"].endswith("place-missing")
    values = visitor.client.get("/api/search/facets/kind?label=mall").json()
    assert [(one["code"], one["count"]) for one in values] == [("trunk", 1)]


def test_synonyms_are_kept_over_json_by_administrators_only(visitor: Browser, world: World) -> None:
    assert visitor.client.get("/api/search/synonyms").status_code == 401
    with world.db.write() as session:
        person = create_person(session, Role.ADMIN, world.federation)
    visitor.sign_in(person)
    assert visitor.client.put("/api/search/synonyms", json={"lines": ["a, b"]}).json() == {"lines": ["a, b"]}
    assert visitor.client.get("/api/search/synonyms").json() == {"lines": ["a, b"]}
    assert visitor.client.put("/api/search/synonyms", json={"lines": ["a"]}).status_code == 400
