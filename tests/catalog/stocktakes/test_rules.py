"""What a count says of a copy."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lending.catalog.states import PRESENT, Status
from lending.catalog.stocktakes.rules import Finding, Known, Place, finding_of, findings, first_overlapping

OPENED = dt.datetime(2026, 11, 2, 8, tzinfo=dt.UTC)
HERE, THERE = 1, 2


def at(hour: int) -> dt.datetime:
    return OPENED + dt.timedelta(hours=hour)


def copy(**facts: object) -> Known:
    return Known(**{"copy_id": 1, "depot_id": HERE, "shelf": "A", "status": "lendable"} | facts)


@pytest.mark.parametrize(
    ("one", "seen", "finding"),
    [
        (copy(), 1, Finding.COUNTED),
        (copy(), None, Finding.MISSING),
        (copy(status="blocked"), None, Finding.MISSING),
        (copy(left_at=at(-50)), None, Finding.OUT),
        (copy(left_at=at(-50)), 1, Finding.SHOULD_BE_OUT),
        (copy(left_at=at(2)), 1, Finding.COUNTED),
        (copy(back_at=at(1)), None, Finding.HANDLED),
        (copy(back_at=at(-1)), None, Finding.MISSING),
        (copy(depot_id=THERE), 1, Finding.MISPLACED),
        (copy(depot_id=THERE, left_at=at(-1)), 1, Finding.SHOULD_BE_OUT),
        (copy(depot_id=THERE), None, None),
        (copy(status="lost"), 1, Finding.FOUND_AGAIN),
        (copy(status="withdrawn"), 1, Finding.FOUND_AGAIN),
        (copy(status="withdrawn"), None, None),
    ],
)
def test_each_copy_has_its_finding(one: Known, seen: int | None, finding: Finding | None) -> None:
    assert finding_of(one, Place(HERE), None if seen is None else at(seen), OPENED) == finding


def test_on_one_shelf_the_others_are_not_expected() -> None:
    assert finding_of(copy(shelf="B"), Place(HERE, "A"), None, OPENED) is None
    assert finding_of(copy(shelf="B"), Place(HERE, "A"), at(1), OPENED) == Finding.MISPLACED


def test_a_shelf_and_its_whole_depot_are_not_counted_at_once() -> None:
    assert first_overlapping(Place(HERE, "A"), [Place(THERE), Place(HERE, "B"), Place(HERE)]) == Place(HERE)
    assert first_overlapping(Place(HERE, "A"), [Place(THERE), Place(HERE, "B")]) is None


INSTANTS = st.none() | st.integers(-5, 5).map(at)
COPIES = st.builds(
    Known,
    copy_id=st.integers(1, 6),
    depot_id=st.sampled_from([HERE, THERE]),
    shelf=st.sampled_from(["", "A", "B"]),
    status=st.sampled_from(list(Status)),
    left_at=INSTANTS,
    back_at=INSTANTS,
)


@given(
    st.lists(COPIES, unique_by=lambda one: one.copy_id),
    st.dictionaries(st.integers(1, 6), st.integers(0, 5).map(at)),
    st.sampled_from([Place(HERE), Place(HERE, "A")]),
)
def test_every_copy_that_is_expected_or_was_seen_has_one_finding(
    copies: list[Known], seen: dict[int, dt.datetime], place: Place
) -> None:
    found = findings(copies, place, seen, OPENED)
    expected = {one.copy_id for one in copies if one.status in PRESENT and place.holds(one.depot_id, one.shelf)}
    assert set(found) == expected | ({one.copy_id for one in copies} & set(seen))
    assert all(found[id_] not in {Finding.MISSING, Finding.OUT, Finding.HANDLED} for id_ in set(found) & set(seen))
    assert all(found[id_] != Finding.COUNTED for id_ in set(found) - expected)
