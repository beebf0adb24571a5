"""French as people type it: folding, stems, typos, and a text taken apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import isbn

from lending.core.barcodes import make_code
from lending.search.asked import take_apart
from lending.search.edits import Typed, edits
from lending.search.french import fold, glued, in_one_piece, query_words, typo_budget, words
from lending.search.stemming import stem
from lending.search.suggesting import suggestion


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Œuvre", "oeuvre"), ("L’École", "l'ecole"), ("ÇA", "ca"), ("C.P.", "cp"), ("E.M.C", "emc"),
        ("arc‑en‑ciel", "arc-en-ciel"), ("fin. Suite", "fin. suite"), ("CE1", "ce1"),
    ],
)  # fmt: skip
def test_accents_ligatures_and_points_of_acronyms_go(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("journal", "journaux"), ("cheval", "chevaux"), ("bateau", "bateaux"), ("jeu", "jeux"), ("bijou", "bijoux"),
        ("oeil", "yeux"), ("travail", "travaux"), ("vitrail", "vitraux"), ("loup", "loups"), ("eau", "eaux"),
        ("cooperatif", "cooperatives"), ("musical", "musicaux"), ("petit", "petites"), ("bonhomme", "bonshommes"),
    ],
)  # fmt: skip
def test_number_and_gender_share_a_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize(("one", "other"), [("animal", "animation"), ("loup", "loupe"), ("malle", "mal"), ("as", "a")])
def test_other_words_keep_their_own_stem(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_hyphens_and_apostrophes_part_words_and_glue_them() -> None:
    assert words("Arc-en-ciel d’été") == ["arc", "en", "ciel", "d", "ete"]
    assert in_one_piece("Arc-en-ciel, presqu’île") == ["arcenciel", "presquile"]
    assert "porteclef" in glued("porte clef")


def test_small_words_count_only_where_they_are_typed_last_or_alone() -> None:
    assert query_words("le loup dans la forêt") == ["loup", "foret"]
    assert query_words("jeu de") == ["jeu", "de"]
    assert query_words("la") == ["la"]


@pytest.mark.parametrize(
    ("word", "budget"), [("loup", 0), ("malle", 1), ("emotions", 1), ("cooperatif", 2), ("a12345", 0)]
)
def test_longer_words_forgive_more(word: str, budget: int) -> None:
    assert typo_budget(word) == budget


def table(one: str, other: str) -> list[int]:
    """The distances of a word from each beginning of another, by the book."""
    before: list[int] = []
    above = list(range(len(other) + 1))
    for row, left in enumerate(one, 1):
        line = [row]
        for column, top in enumerate(other, 1):
            cost = min(above[column] + 1, line[-1] + 1, above[column - 1] + (left != top))
            if row > 1 and column > 1 and left == other[column - 2] and one[row - 2] == top:
                cost = min(cost, before[column - 2] + 1)
            line.append(cost)
        before, above = above, line
    return above


few_letters = st.text("abc", min_size=1, max_size=9)


@given(few_letters, few_letters)
def test_typos_are_counted_as_by_the_book(one: str, other: str) -> None:
    by_the_book = table(one, other)
    assert Typed(one).edits(other) == by_the_book[-1]
    assert Typed(one).prefix_edits(other) == min(by_the_book[1:])
    assert edits(one, other, 2) == min(by_the_book[-1], 3)


def test_a_text_is_taken_apart() -> None:
    asked = take_apart('loup "grand méchant" -"petit chaperon" -rouge forêt')
    assert asked.words == ("loup", "foret")
    assert asked.phrases == (("grand", "mechant"),)
    assert asked.unwanted == (("petit", "chaperon"), ("rouge",))


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("978-2-211-00000-0", "9782211000000"), ("035 00003 11", "0350000311"),
        ("0-306-40615-2", "9780306406157"), ("àéçààààà\"'", "0290000034"),
    ],
)  # fmt: skip
def test_a_number_is_read_as_it_stands_in_the_database(typed: str, code: str) -> None:
    assert take_apart(typed).code == code


@given(st.text())
def test_nothing_typed_is_an_error(text: str) -> None:
    assert all(word == fold(word) for word in take_apart(text).meant)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("coopratif", "coopératif"), ("jeu coopratif", "jeu coopératif"), ("coop", None), ("coopératifs", None),
        ("zzzzzzz", None), ("9782211000000", None), ("", None),
    ],
)  # fmt: skip
def test_what_was_meant_is_made_of_words_that_were_found(typed: str, meant: str | None) -> None:
    assert suggestion(typed, ["Jeu coopératif", "Jeux coopératifs et coopératif"]) == meant


def test_a_copys_code_that_could_be_an_isbn_stays_a_copys_code() -> None:
    alike = [code for serial in range(1, 500) if isbn.is_valid(code := make_code(35, serial))]
    assert alike
    assert [take_apart(code).code for code in alike] == alike
