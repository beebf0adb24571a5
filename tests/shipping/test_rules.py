import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lending.shipping.rules import (
    STEPS,
    Arrival,
    Place,
    Stage,
    TransferNotThere,
    TransferState,
    Turn,
    arrival_at,
    best_destination,
    check_step,
    turn_of,
)

TODAY = dt.date(2027, 1, 11)
STAGES = [Stage(1, 10), Stage(2, 10), Stage(3, 10)]


def place(**changes: object) -> Place:
    known = {
        "stage": 0,
        "arrived_on": TODAY - dt.timedelta(days=10),
        "depot_id": 1,
        "is_on_loan": False,
        "is_in_demand": False,
        "has_skipped": False,
    }
    return Place(**known | changes)


@pytest.mark.parametrize("state", TransferState)
@pytest.mark.parametrize("wanted", TransferState)
def test_a_transfer_takes_the_steps_of_its_life_and_no_others(state: TransferState, wanted: TransferState) -> None:
    if wanted in STEPS[state]:
        check_step(state, wanted)
    else:
        with pytest.raises(TransferNotThere):
            check_step(state, wanted)


@pytest.mark.parametrize(("depot", "what"), [(2, Arrival.RECEIVED), (1, Arrival.CAME_BACK), (7, Arrival.HOP)])
def test_a_scan_means_what_the_depot_is_to_the_way(depot: int, what: Arrival) -> None:
    assert arrival_at(depot, 1, 2) == what


@pytest.mark.parametrize(
    ("changes", "turn"),
    [
        ({}, (Turn.MOVE, 1)),
        ({"arrived_on": TODAY}, (Turn.STAY, 0)),
        ({"is_on_loan": True}, (Turn.WAIT, 0)),
        ({"is_in_demand": True}, (Turn.SKIP, 0)),
        ({"is_in_demand": True, "has_skipped": True}, (Turn.MOVE, 1)),
        ({"depot_id": 9}, (Turn.REPATRIATE, 0)),
        ({"stage": 2, "depot_id": 3}, (Turn.LEAVE, 2)),
    ],
)
def test_c129_c130_c131_a_rotation_turns_as_things_stand(changes: dict[str, object], turn: tuple[Turn, int]) -> None:
    assert turn_of(STAGES, place(**changes), TODAY, is_cyclical=False) == turn


def test_c130_a_rotation_that_goes_round_begins_again() -> None:
    assert turn_of(STAGES, place(stage=2, depot_id=3), TODAY, is_cyclical=True) == (Turn.MOVE, 0)


def test_c132_when_the_best_depot_takes_no_more_the_next_best_is_chosen() -> None:
    assert best_destination([(1, 5.0), (2, 4.0), (3, 1.0)], {1: 0, 2: 1, 3: 9}) == 2
    assert best_destination([(1, 5.0)], {1: 0}) is None


@given(st.dictionaries(st.integers(1, 9), st.floats(0, 9)), st.dictionaries(st.integers(1, 9), st.integers(0, 2)))
def test_c132_the_chosen_depot_has_room_and_no_better_one_has(gains: dict[int, float], room: dict[int, int]) -> None:
    chosen = best_destination(gains.items(), room)
    open_to = [depot for depot in gains if room.get(depot, 0) > 0]
    assert (chosen is None) == (not open_to)
    if chosen is not None:
        assert room[chosen] > 0
        assert gains[chosen] == max(gains[depot] for depot in open_to)
