"""Texts of forms: kept whole, or refused."""

from string import printable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lending.web.pages.form_values import EmptyField, FieldTooLong, note_in, text_in

texts = st.text(st.sampled_from(printable + "éœ≠🧳"), max_size=60)


@given(texts, st.integers(1, 60))
def test_a_note_is_kept_whole_or_refused(text: str, longest: int) -> None:
    if len(text.strip()) > longest:
        with pytest.raises(FieldTooLong) as refused:
            note_in({"note": text}, "note", longest)
        assert (refused.value.beside(), refused.value.length) == ("note", len(text.strip()))
    else:
        assert note_in({"note": text}, "note", longest) == text.strip()


@given(texts, st.integers(1, 60))
def test_a_line_that_must_be_there_keeps_every_word(text: str, longest: int) -> None:
    try:
        line = text_in({"name": text}, "name", longest)
    except EmptyField:
        assert not text.split()
    except FieldTooLong:
        assert len(text.strip()) > longest
    else:
        assert line.split() == text.split()


def test_a_field_that_was_not_sent_is_empty() -> None:
    assert note_in({}, "note", 3) == ""
    with pytest.raises(EmptyField):
        text_in({}, "name")
