"""Codes on the papers of loans: made with a key, told apart from the codes of copies, read in whatever shape."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lending.catalog.errors import DamagedBarcode
from lending.catalog.labels import bars
from lending.core.barcodes import AZERTY_DIGITS, has_valid_key, make_code, parse_scan
from lending.loans.rules.loan_codes import (
    LARGEST_NUMBER,
    booking_id_of,
    loan_address,
    loan_code,
    parse_loan_scan,
    shown_loan_code,
)

numbers = st.integers(1, LARGEST_NUMBER)
AZERTY_KEYS = {digit: key for key, digit in AZERTY_DIGITS.items()}
# What a US scanner's address becomes on an AZERTY keyboard; the digits follow.
AZERTY_ADDRESS = "HTTPSM!!,QLLES:EXE,PLE:FR!L!"


@given(numbers)
def test_a_code_leads_back_to_its_booking(number: int) -> None:
    assert booking_id_of(loan_code(number)) == number


@given(numbers)
def test_a_code_is_understood_in_every_shape_it_is_typed(number: int) -> None:
    code = loan_code(number)
    keys = code.translate(AZERTY_KEYS)
    address = loan_address(code, "malles.example.org")
    for typed in (address, address.lower(), f"{address}/", shown_loan_code(code), keys, f"{AZERTY_ADDRESS}{keys}"):
        assert booking_id_of(typed) == number


@given(numbers, st.integers(2, 13), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(number: int, place: int, shift: int) -> None:
    code = loan_code(number)
    wrong = code[:place] + str((int(code[place]) + shift) % 10) + code[place + 1 :]
    with pytest.raises(DamagedBarcode):
        booking_id_of(wrong)


@given(numbers, st.integers(2, 12))
def test_two_swapped_digits_are_always_noticed(number: int, place: int) -> None:
    code = loan_code(number)
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    if swapped == code:
        assert booking_id_of(swapped) == number
    else:
        with pytest.raises(DamagedBarcode):
            booking_id_of(swapped)


@given(numbers)
def test_no_paper_is_taken_for_a_thing(number: int) -> None:
    read = parse_scan(loan_code(number))
    assert not has_valid_key(read)
    assert not has_valid_key(parse_scan(loan_address(loan_code(number), "h")))


@given(st.integers(1, 999), st.integers(1, 99_999))
def test_no_thing_is_taken_for_a_paper(association_number: int, serial: int) -> None:
    assert booking_id_of(make_code(association_number, serial)) is None


@given(st.text(max_size=40))
def test_anything_may_be_scanned(raw: str) -> None:
    code = parse_loan_scan(raw)
    assert code is None or (len(code) == 14 and code.isascii() and code.isdecimal())


@pytest.mark.parametrize("foreign", ["", "9780201379624", "3760123456789", "ML-000123", "199000000012345"])
def test_foreign_codes_are_none_of_ours(foreign: str) -> None:
    assert booking_id_of(foreign) is None


@pytest.mark.parametrize("number", [0, -1, LARGEST_NUMBER + 1])
def test_numbers_that_no_booking_has_are_refused(number: int) -> None:
    with pytest.raises(ValueError, match="no code"):
        loan_code(number)


def test_a_number_beyond_the_largest_is_damaged_although_its_key_fits() -> None:
    body = 99_9999999999
    with pytest.raises(DamagedBarcode):
        booking_id_of(f"{body}{98 - body * 100 % 97:02d}")


def test_the_code_is_shown_in_groups_and_takes_few_bars() -> None:
    code = loan_code(123)
    assert (code, shown_loan_code(code)) == (code, f"99 0000 0001 23 {code[-2:]}")
    # Fourteen digits, two a symbol: narrow enough for a paper's corner.
    assert len(bars(code)) == 11 * (1 + 7 + 1) + 13
