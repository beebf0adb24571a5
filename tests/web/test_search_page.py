"""Searching without a script: words, facets, dates; what is wrong stands beside its field."""

import datetime as dt

from tests.kit.catalog import create_title
from tests.kit.loans import World
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
