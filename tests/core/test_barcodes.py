"""Codes of copies: made with a key, read from whatever a scanner types."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lending.core.barcodes import has_valid_key, make_code, parse_scan, shown

codes = st.builds(make_code, st.integers(1, 999), st.integers(1, 99_999))


@given(codes)
def test_a_code_has_ten_digits_and_a_valid_key(code: str) -> None:
    assert len(code) == 10
    assert has_valid_key(code)


@given(codes, st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(code: str, place: int, shift: int) -> None:
    wrong = str((int(code[place]) + shift) % 10)
    assert not has_valid_key(code[:place] + wrong + code[place + 1 :])


@given(codes, st.integers(0, 8))
def test_two_swapped_digits_are_always_noticed(code: str, place: int) -> None:
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert swapped == code or not has_valid_key(swapped)


@pytest.mark.parametrize(
    "typed",
    [
        "0350001221",
        " 035 00012 21 ",
        "HTTPS://MALLES.EXAMPLE.ORG/E/0350001221",
        "https://h/e/0350001221/",
        'à"(ààà&éé&',
    ],
)
def test_a_scan_is_understood_however_it_was_typed(typed: str) -> None:
    assert parse_scan(typed) == "0350001221"


@given(codes)
def test_an_azerty_keyboard_types_the_same_code(code: str) -> None:
    assert parse_scan(code.translate(str.maketrans("0123456789", "à&é\"'(-è_ç"))) == code


def test_a_foreign_code_keeps_its_letters_in_capitals() -> None:
    assert parse_scan(" ml-000123 ") == "ML-000123"
    assert shown("ML-000123") == "ML-000123"


def test_a_code_is_shown_in_groups() -> None:
    assert shown("0350001221") == "035 00012 21"


@pytest.mark.parametrize(("number", "serial"), [(0, 1), (1000, 1), (35, 0), (35, 100_000)])
def test_numbers_that_do_not_fit_are_refused(number: int, serial: int) -> None:
    with pytest.raises(ValueError, match="no code"):
        make_code(number, serial)
