"""Marks stand around what was found and cannot carry anything into a page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lending.search.edits import edits
from lending.search.highlight import BEGIN, END, excerpt, highlight, highlight_html, plain


@pytest.mark.parametrize(
    ("text", "query", "marked"),
    [
        ("Le loup est là", "loup", "Le [loup] est là"),
        ("Jeux coopératifs", "cooperatif", "Jeux [coopératifs]"),
        ("Jeux coopératifs", "coopratif", "Jeux [coopératifs]"),
        ("L’eau vive", "l'eau", "L’[eau] vive"),
        ("Des contes", "con", "Des [contes]"),
        ("Rien", "loup", "Rien"),
        ("Rien", "", "Rien"),
    ],
)
def test_the_found_words_are_marked(text: str, query: str, marked: str) -> None:
    assert highlight(text, query).replace(BEGIN, "[").replace(END, "]") == marked


@given(st.text(), st.text())
def test_nothing_but_our_marks_reaches_a_page_as_markup(text: str, query: str) -> None:
    html = str(highlight_html(highlight(text, query))).replace("<mark>", "").replace("</mark>", "")
    assert "<" not in html
    assert ">" not in html


@given(st.text(), st.text())
def test_marking_changes_no_word(text: str, query: str) -> None:
    assert plain(highlight(text, query)) == plain(text)


def test_a_long_text_is_cut_around_what_was_found() -> None:
    text = "mot " * 200 + "loup " + "mot " * 200
    piece = excerpt(text, "loup")
    assert f"{BEGIN}loup{END}" in piece
    assert len(piece) < 250


@pytest.mark.parametrize(
    ("one", "other", "count"), [("loup", "loup", 0), ("loup", "lopu", 1), ("loup", "loups", 1), ("loup", "chat", 3)]
)
def test_typos_are_counted_up_to_the_limit(one: str, other: str, count: int) -> None:
    assert min(edits(one, other, 2), 3) == count
