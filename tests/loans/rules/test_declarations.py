"""What may be declared before a return, and who must have read it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lending.loans.rules.declarations import (
    LONGEST_NOTE,
    DeclarationNotSeen,
    DeclarationTooLong,
    DeclaredTooMany,
    NothingDeclared,
    check_declaration,
    check_seen,
)

NUMBERS = st.integers(-2, 12)


@given(missing=NUMBERS, broken=NUMBERS, expected=st.integers(0, 10), length=st.integers(499, 501))
def test_some_pieces_no_more_than_there_are_and_a_sentence_that_fits(
    missing: int, broken: int, expected: int, length: int
) -> None:
    is_something = missing >= 0 and broken >= 0 and missing + broken >= 1
    wrong = (
        NothingDeclared
        if not is_something
        else DeclaredTooMany
        if missing + broken > expected
        else DeclarationTooLong
        if length > LONGEST_NOTE
        else None
    )
    if wrong is None:
        check_declaration(missing, broken, expected, "x" * length)
    else:
        with pytest.raises(wrong):
            check_declaration(missing, broken, expected, "x" * length)


@given(count=st.integers(0, 5), is_seen=st.booleans())
def test_what_was_declared_is_read_before_the_return(count: int, is_seen: bool) -> None:
    if count and not is_seen:
        with pytest.raises(DeclarationNotSeen):
            check_seen(count, "035 00001 23", is_seen=is_seen)
    else:
        check_seen(count, "035 00001 23", is_seen=is_seen)
