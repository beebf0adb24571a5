"""School codes, school years, affiliation: pure rules."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lending.network.rules import (
    UAI_LETTERS,
    BadClosure,
    BadOpening,
    BadUai,
    check_closure,
    check_openings,
    is_affiliated,
    moved_path,
    parse_uai,
    school_year_of,
    uai_letter,
)

REAL = [
    "0350122T",
    "0940176F",
    "0071168G",
    "0530712L",
    "0950146T",
    "0241269Z",
    "6200733C",
    "7200044K",
    "9740042C",
]


@pytest.mark.parametrize("uai", REAL)
def test_real_codes_are_accepted(uai: str) -> None:
    assert parse_uai(uai) == uai


@pytest.mark.parametrize("typed", ["350122T", " 0350122t ", "0350 122 T"])
def test_a_code_is_understood_without_its_leading_zero_and_in_any_case(typed: str) -> None:
    assert parse_uai(typed) == "0350122T"


@pytest.mark.parametrize(
    "typed", ["", "0350122", "0350122A", "0350122I", "03501220T", "éé35012T", "٠٣٥٠١٢٢T", "T0350122"]
)
def test_anything_else_is_refused_with_what_was_typed(typed: str) -> None:
    with pytest.raises(BadUai) as refused:
        parse_uai(typed)
    assert refused.value.uai == typed
    assert refused.value.field == "uai"


@given(st.integers(0, 9_999_999), st.sampled_from(UAI_LETTERS))
def test_only_the_right_letter_passes(number: int, letter: str) -> None:
    digits = f"{number:07d}"
    if letter == uai_letter(digits):
        assert parse_uai(digits + letter) == digits + letter
    else:
        with pytest.raises(BadUai):
            parse_uai(digits + letter)


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (dt.date(2026, 9, 1), 2026),
        (dt.date(2027, 7, 31), 2026),
        (dt.date(2027, 8, 1), 2027),
        (dt.date(2027, 1, 1), 2026),
    ],
)
def test_the_school_year_turns_in_august(day: dt.date, year: int) -> None:
    assert school_year_of(day) == year


@pytest.mark.parametrize(
    ("day", "years", "holds"),
    [
        (dt.date(2026, 9, 15), {2026}, True),
        (dt.date(2026, 11, 30), {2025}, True),
        (dt.date(2026, 12, 1), {2025}, False),
        (dt.date(2027, 5, 1), {2025}, False),
        (dt.date(2027, 5, 1), set(), False),
        (dt.date(2026, 9, 15), {2027}, False),
    ],
)
def test_last_years_affiliation_counts_until_the_end_of_november(day: dt.date, years: set[int], *, holds: bool) -> None:
    assert is_affiliated(day, years) is holds


def test_a_closure_must_hold_a_day_and_hours_must_run_forward() -> None:
    with pytest.raises(BadClosure):
        check_closure(dt.date(2027, 1, 2), dt.date(2027, 1, 2))
    with pytest.raises(BadOpening):
        check_openings([(0, dt.time(14), dt.time(12))])


def test_the_stretches_of_a_day_do_not_overlap() -> None:
    check_openings([(0, dt.time(14), dt.time(18)), (0, dt.time(9), dt.time(12))])
    with pytest.raises(BadOpening):
        check_openings([(0, dt.time(9), dt.time(14, 30)), (0, dt.time(14), dt.time(18))])


def test_the_path_below_a_moved_organisation_follows() -> None:
    assert moved_path("/1/5/37/900/", "/1/5/37/", "/1/8/37/") == "/1/8/37/900/"
