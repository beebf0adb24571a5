"""Languages: French zero is singular, days read as people write them, the language is the request's."""

import datetime as dt

import pytest

from lending.core.http.wrappers import wanted_language
from lending.core.i18n import format_day, format_instant, gettext, language, ngettext, speaking


@pytest.mark.parametrize(("count", "word"), [(0, "malle"), (1, "malle"), (2, "malles")])
def test_french_counts_zero_as_singular(count: int, word: str) -> None:
    assert ngettext("malle", "malles", count) == word


def test_the_first_of_a_month_is_an_ordinal_in_french_only() -> None:
    assert format_day(dt.date(2027, 1, 1)) == "1er janvier 2027"
    assert format_day(dt.date(2027, 1, 11)) == "11 janvier 2027"
    with speaking("en"):
        assert format_day(dt.date(2027, 1, 1)) == "1 January 2027"


def test_an_instant_is_shown_in_the_place_it_concerns() -> None:
    instant = dt.datetime(2027, 1, 11, 20, 30, tzinfo=dt.UTC)
    assert format_instant(instant, "Indian/Reunion") == "12 janvier 2027 à 00:30"


def test_english_comes_from_its_part_files_and_an_unknown_text_stays_french() -> None:
    with speaking("en"):
        assert gettext("Introuvable") == "Not found"
        assert gettext("Un texte que personne n’a traduit") == "Un texte que personne n’a traduit"
    assert language.get() == "fr"


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "fr"),
        ({"accept-language": "de-DE,en;q=0.5"}, "en"),
        ({"accept-language": "fr-CA,en"}, "fr"),
        ({"cookie": "a=1; language=en", "accept-language": "fr"}, "en"),
        ({"cookie": "language=xx", "accept-language": "fr"}, "fr"),
    ],
)
def test_the_choice_wins_over_the_browser(headers: dict[str, str], code: str) -> None:
    assert wanted_language(headers) == code
