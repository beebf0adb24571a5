"""Which loans a missing piece falls on."""

import datetime as dt
from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from lending.loans.rules.contents_history import Count, Had, Look, Turn, turns

START = dt.datetime(2026, 9, 1, 8, tzinfo=dt.UTC)
DICE, PAWNS, ALL = 1, 2, 20


def at(hour: int) -> dt.datetime:
    return START + dt.timedelta(hours=hour)


def look(number: int, hour: int, **missing: int) -> Look:
    return Look(
        number, at(hour), {{"dice": DICE, "pawns": PAWNS}[name]: short(count) for name, count in missing.items()}
    )


def short(missing: int) -> Count:
    return Count(ALL, ALL - missing)


def had(number: int, left: int, back: int | None, look_id: int | None = None) -> Had:
    return Had(number, at(left), None if back is None else at(back), look_id)


def told(found: list[Turn]) -> list[tuple[int, int, list[int]]]:
    return [(turn.line_id, turn.count, [one.id for one in turn.had_by]) for turn in found]


def test_a_piece_that_goes_missing_in_the_second_of_three_loans_falls_on_that_one() -> None:
    looks = [look(1, 0), look(2, 10), look(3, 20, dice=1), look(4, 30, dice=1)]
    loans = [had(1, 1, 10, 2), had(2, 11, 20, 3), had(3, 21, 30, 4)]
    assert told(turns(looks, loans)) == [(DICE, 1, [2])]


def test_without_a_look_between_them_it_falls_on_both() -> None:
    looks = [look(1, 0), look(2, 20, dice=2)]
    assert told(turns(looks, [had(1, 1, 10), had(2, 11, 20, 2)])) == [(DICE, 2, [1, 2])]


def test_a_piece_that_turns_up_is_told_too() -> None:
    looks = [look(1, 0), look(2, 10, dice=1, pawns=3), look(3, 20, pawns=1)]
    loans = [had(1, 1, 10, 2), had(2, 11, 20, 3)]
    assert told(turns(looks, loans)) == [(DICE, 1, [1]), (PAWNS, 3, [1]), (DICE, -1, [2]), (PAWNS, -2, [2])]


def test_what_went_missing_in_the_depot_falls_on_nobody() -> None:
    looks = [look(1, 10), look(2, 12, dice=1)]
    assert told(turns(looks, [had(1, 1, 10, 1), had(2, 12, None)])) == [(DICE, 1, [])]


def test_before_the_first_look_everybody_who_had_it_counts() -> None:
    (turn,) = turns([look(1, 30, dice=1)], [had(1, 1, 10), had(2, 11, 20), had(3, 30, None)])
    assert turn.before is None
    assert [one.id for one in turn.had_by] == [1, 2]


def test_a_return_told_hours_later_keeps_its_own_look() -> None:
    # The desk was without network: the first loan came back at 10, both looks were written down at 20.
    looks = [look(1, 0), look(2, 20, dice=1), look(3, 20)]
    loans = [had(1, 1, 10, 2), had(2, 11, 20, 3)]
    assert told(turns(looks, loans)) == [(DICE, 1, [1]), (DICE, -1, [2])]


MISSING = st.dictionaries(st.sampled_from([DICE, PAWNS]), st.integers(1, 5))


@given(st.lists(st.tuples(st.integers(0, 50), MISSING), max_size=8))
def test_all_turns_together_make_what_is_missing_at_the_end(seen: list[tuple[int, dict[int, int]]]) -> None:
    looks = [
        Look(number, at(hour), {line: short(count) for line, count in missing.items()})
        for number, (hour, missing) in enumerate(seen)
    ]
    sums: defaultdict[int, int] = defaultdict(int)
    for turn in turns(looks, []):
        sums[turn.line_id] += turn.count
    last = max(looks, key=lambda one: (one.at, one.id)).counts if looks else {}
    assert {line: short(count) for line, count in sums.items() if count} == last


@given(st.lists(st.integers(1, 9), min_size=1, max_size=8), st.data())
def test_with_a_look_at_each_return_every_loss_falls_on_one_loan(lengths: list[int], data: st.DataObject) -> None:
    looks, loans, hour, missing = [look(0, 0)], [], 0, 0
    for number, length in enumerate(lengths, start=1):
        loans.append(had(number, hour, hour + length, number))
        hour, missing = hour + length, missing + data.draw(st.integers(0, 2))
        looks.append(Look(number, at(hour), {DICE: short(missing)}))
    assert all(len(turn.had_by) == 1 for turn in turns(looks, loans))
    assert sum(turn.count for turn in turns(looks, loans)) == missing


def test_a_checklist_that_asks_for_more_or_less_meanwhile_loses_nothing() -> None:
    def between(before: Count, after: Count) -> list[int]:
        looks = [Look(1, at(0), {DICE: before}), Look(2, at(9), {DICE: after})]
        return [turn.count for turn in turns(looks, []) if turn.before]

    assert between(Count(5, 5), Count(6, 5)) == []
    assert between(Count(5, 5), Count(6, 6)) == []
    assert between(Count(5, 5), Count(4, 4)) == []
    assert between(Count(5, 5), Count(6, 4)) == [1]
    assert between(Count(5, 4), Count(6, 6)) == [-1]
