"""Which papers there are, what things are worth, what may be written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lending.loans.rules.papers import (
    LONGEST,
    LONGEST_RUN,
    MOST_CLAUSES,
    ZERO_WIDTH_SPACE,
    PaperKind,
    PaperTextTooLong,
    TooManyClauses,
    breakable,
    check_texts,
    clauses,
    papers_of,
    replacement_value,
)


def test_the_agreement_is_printed_where_it_has_to_come_back_signed() -> None:
    assert papers_of(None, awaits_agreement=False) == (PaperKind.SLIP, PaperKind.CONTENTS)
    assert PaperKind.AGREEMENT in papers_of(None, awaits_agreement=True)
    assert papers_of(PaperKind.AGREEMENT, awaits_agreement=False) == (PaperKind.AGREEMENT,)


def test_what_is_used_up_has_no_replacement_value() -> None:
    value = replacement_value([(2, 500, False), (3, None, False), (30, 100, True)])
    assert (value.cents, value.is_partial) == (1000, True)
    assert replacement_value([]).cents == 0
    assert not replacement_value([(1, 5, False), (9, None, True)]).is_partial


def test_a_clause_is_a_line_without_its_bullet() -> None:
    assert clauses("1. Compter\n\n - Rendre  propre\n12) Dire\n3 malles au plus") == [
        "Compter",
        "Rendre propre",
        "Dire",
        "3 malles au plus",
    ]


@given(st.text(max_size=300))
def test_a_text_keeps_its_words_and_its_runs_fit_a_line(text: str) -> None:
    made = breakable(text)
    assert made.replace(ZERO_WIDTH_SPACE, "") == text.replace(ZERO_WIDTH_SPACE, "")
    runs = [run for word in made.split() for run in word.split(ZERO_WIDTH_SPACE)]
    assert all(len(run) <= LONGEST_RUN for run in runs)


@pytest.mark.parametrize("name", LONGEST)
def test_a_text_of_the_longest_length_fits_and_one_sign_more_does_not(name: str) -> None:
    check_texts({name: "x" * LONGEST[name]})
    with pytest.raises(PaperTextTooLong) as refusal:
        check_texts({name: "x" * (LONGEST[name] + 1)})
    assert refusal.value.beside() == name


def test_too_many_clauses_are_refused() -> None:
    check_texts({"commitments": "x\n" * MOST_CLAUSES})
    with pytest.raises(TooManyClauses):
        check_texts({"commitments": "x\n" * (MOST_CLAUSES + 1)})
