"""The catalogue's rules: who sees what, what is missing, which statuses follow which."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lending.catalog import rules
from lending.catalog.errors import (
    BadAges,
    BadCopyCount,
    BadFoundCount,
    BadIsbn,
    BadPlayers,
    BlankName,
    CodesExhausted,
    DamagedNotLendable,
    StatusNotReachable,
    UnknownContentLine,
    VersionChanged,
)
from lending.catalog.number_errors import BadEan
from lending.core.actor import ANONYMOUS, SYSTEM, Actor, Grant, Role
from lending.core.barcodes import has_valid_key

OWNER = "/1/5/37/"
BOOKS = rules.Expected(1, "Livres", 5)
PENCILS = rules.Expected(2, "Crayons", 30, is_consumable=True)
LEVELS = [("cycle2", None), ("cp", "cycle2"), ("ce1", "cycle2"), ("ce2", "cycle2"), ("cm1", "cycle3")]


def person(role: Role, path: str) -> Actor:
    return Actor(person_id=1, grants=(Grant(role, 1, path),))


@pytest.mark.parametrize(
    ("actor", "sees"),
    [
        (ANONYMOUS, False),
        (person(Role.TEACHER, "/1/5/37/900/"), False),
        (person(Role.COORDINATOR, "/1/5/"), False),
        (person(Role.STAFF, "/1/5/38/"), False),
        (person(Role.STAFF, "/1/5/3/"), False),
        (person(Role.STAFF, OWNER), True),
        (person(Role.ADMIN, "/1/"), True),
        (SYSTEM, True),
    ],
)
@pytest.mark.parametrize("visibility", ["draft", "archived"])
def test_only_the_owners_staff_sees_what_is_not_published(actor: Actor, visibility: str, *, sees: bool) -> None:
    assert rules.can_see(actor, visibility, OWNER) is sees


def test_everybody_sees_what_is_published() -> None:
    assert rules.can_see(ANONYMOUS, "published", OWNER)


def test_a_line_that_nobody_counted_was_all_there() -> None:
    assert rules.shortfalls([BOOKS, PENCILS], {}) == []


def test_what_is_missing_is_the_expected_less_the_found() -> None:
    (short,) = rules.shortfalls([BOOKS, PENCILS], {1: 3, 2: 30})
    assert (short.line, short.missing) == (BOOKS, 2)


def test_more_than_expected_is_not_missing() -> None:
    assert rules.shortfalls([BOOKS], {1: 6}) == []


def test_a_missing_part_makes_a_copy_incomplete() -> None:
    assert rules.outcome_of(rules.shortfalls([BOOKS], {1: 4})) == "incomplete"


def test_used_up_consumables_leave_a_copy_complete() -> None:
    assert rules.outcome_of(rules.shortfalls([BOOKS, PENCILS], {2: 0})) == "complete"


def test_a_count_for_a_line_of_another_title_is_refused() -> None:
    with pytest.raises(UnknownContentLine):
        rules.check_found([BOOKS], {9: 1})


def test_a_negative_count_is_refused_with_the_lines_name() -> None:
    with pytest.raises(BadFoundCount, match="Livres"):
        rules.check_found([BOOKS], {1: -1})


@pytest.mark.parametrize("status", list(rules.Status))
def test_a_status_may_stay_as_it_is(status: rules.Status) -> None:
    rules.check_status(status, status, "good")


@pytest.mark.parametrize("wanted", ["lendable", "repair", "lost"])
def test_a_withdrawn_copy_comes_back_by_being_blocked_first(wanted: str) -> None:
    with pytest.raises(StatusNotReachable):
        rules.check_status("withdrawn", wanted, "good")
    rules.check_status("withdrawn", "blocked", "good")


def test_a_damaged_copy_is_never_lendable() -> None:
    with pytest.raises(DamagedNotLendable):
        rules.check_status("repair", "lendable", "damaged")


@pytest.mark.parametrize("raw", ["978-2-07-036822-8", "9782070368228", "2-07-036822-X", "207036822x"])
def test_an_isbn_is_kept_as_thirteen_digits(raw: str) -> None:
    assert rules.parse_isbn(raw) == "9782070368228"


@pytest.mark.parametrize("raw", [None, "", "  "])
def test_no_isbn_is_no_isbn(raw: str | None) -> None:
    assert rules.parse_isbn(raw) is None


@pytest.mark.parametrize("raw", ["9782070368229", "abc", "978207036822", "\x00", "9" * 200])
def test_a_wrong_isbn_is_refused(raw: str) -> None:
    with pytest.raises(BadIsbn):
        rules.parse_isbn(raw)


@pytest.mark.parametrize("raw", ["", "   ", "\x00\n\t"])
def test_a_name_holds_something(raw: str) -> None:
    with pytest.raises(BlankName):
        rules.clean_name(raw)


@given(st.text())
def test_cleaned_text_holds_nothing_that_a_database_refuses(raw: str) -> None:
    assert all(c.isprintable() or c == "\n" for c in rules.clean_text(raw))
    assert rules.clean_line(rules.clean_line(raw)) == rules.clean_line(raw)


@pytest.mark.parametrize(("lowest", "highest"), [(None, None), (3, None), (None, 6), (6, 6)])
def test_open_or_equal_bounds_are_fine(lowest: int | None, highest: int | None) -> None:
    rules.check_ages(lowest, highest)
    rules.check_players(lowest, highest)


def test_reversed_bounds_are_refused_beside_their_field() -> None:
    with pytest.raises(BadAges) as ages:
        rules.check_ages(9, 6)
    with pytest.raises(BadPlayers) as players:
        rules.check_players(4, 2)
    assert (ages.value.field, players.value.field) == ("min_age", "min_players")


def test_a_stale_version_is_refused_with_the_present_one() -> None:
    rules.check_version(3, 3)
    rules.check_version(3, None)
    with pytest.raises(VersionChanged) as refused:
        rules.check_version(3, 2)
    assert refused.value.version == 3


@given(st.integers(1, 999), st.integers(0, 99_799), st.integers(1, 200))
def test_codes_follow_each_other_with_valid_keys(number: int, last: int, count: int) -> None:
    codes = rules.codes_from(number, last, count)
    assert [rules.serial_of(code) for code in codes] == list(range(last + 1, last + count + 1))
    assert all(has_valid_key(code) for code in codes)


@pytest.mark.parametrize("count", [-1, 0, 201])
def test_too_few_or_too_many_copies_at_once_are_refused(count: int) -> None:
    with pytest.raises(BadCopyCount):
        rules.codes_from(37, 0, count)


def test_an_association_can_run_out_of_codes() -> None:
    assert len(rules.codes_from(37, 99_998, 1)) == 1
    with pytest.raises(CodesExhausted):
        rules.codes_from(37, 99_999, 1)


@pytest.mark.parametrize(
    ("codes", "shown"),
    [
        ({"ce1", "cp"}, ["cp", "ce1"]),
        ({"ce2", "cp", "ce1"}, ["cycle2"]),
        ({"cycle2", "cp"}, ["cycle2"]),
        ({"ce2", "cp", "ce1", "cm1"}, ["cycle2", "cycle3"]),
        ({"cm1", "old"}, ["cycle3", "old"]),
        (set(), []),
    ],
)
def test_a_whole_cycle_stands_for_its_levels(codes: set[str], shown: list[str]) -> None:
    assert rules.with_whole_cycles(codes, [*LEVELS, ("cycle3", None)]) == shown


@pytest.mark.parametrize(
    ("raw", "kept"),
    [("4005556266999", "4005556266999"), ("73513537", "0000073513537"), ("036000291452", "0036000291452"), (" ", None)],
)
def test_an_ean_has_thirteen_digits(raw: str, kept: str | None) -> None:
    assert rules.parse_ean(raw) == kept


@pytest.mark.parametrize("raw", ["123", "4005556266998", "40055562669990", "quatre"])
def test_what_is_no_ean_is_refused(raw: str) -> None:
    with pytest.raises(BadEan):
        rules.parse_ean(raw)
