"""Which loan may go on to which reservation, and in which order."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lending.core.errors import LendingError
from lending.shipping.relays.rules import (
    LONGEST_WAIT,
    Leg,
    RelayElsewhere,
    RelayGiven,
    RelayNotGiven,
    RelayOver,
    RelaySameSchool,
    RelayState,
    RelayTaken,
    RelayTooEarly,
    RelayTooFar,
    Steps,
    check_cancel,
    check_give,
    check_pair,
    check_take,
    state_of,
)

DAY = dt.timedelta(days=1)
NOW = dt.datetime(2026, 9, 1, tzinfo=dt.UTC)
FEW = st.integers(1, 2)
DAYS = st.dates(dt.date(2026, 9, 1), dt.date(2026, 12, 1))
INSTANTS = st.one_of(st.none(), st.just(NOW))
LEGS = st.builds(
    lambda title, depot, school, start, days: Leg("R", title, depot, school, start, start + days * DAY),
    *(FEW, FEW, FEW, DAYS),
    st.integers(0, 20),
)
STEPS = st.builds(Steps, INSTANTS, INSTANTS, INSTANTS, st.booleans())


def refusal(act: Callable[[], None]) -> type[LendingError] | None:
    try:
        act()
    except LendingError as error:
        return type(error)
    return None


@given(LEGS, LEGS)
def test_a_loan_goes_on_to_another_school_soon_after_its_last_day(loan: Leg, after: Leg) -> None:
    wait = after.starts_on - loan.due_on
    expected: type[LendingError] | None = None
    if loan.title_id != after.title_id or loan.depot_id != after.depot_id:
        expected = RelayElsewhere
    elif loan.school_id == after.school_id:
        expected = RelaySameSchool
    elif wait <= 0 * DAY:
        expected = RelayTooEarly
    elif wait > LONGEST_WAIT:
        expected = RelayTooFar
    assert refusal(lambda: check_pair(loan, after)) == expected


@given(STEPS)
def test_a_relay_stands_in_one_place_and_each_step_is_possible_in_its_own(steps: Steps) -> None:
    state = state_of(steps)
    over = {RelayState.TAKEN: RelayTaken, RelayState.CANCELLED: RelayOver, RelayState.OVER: RelayOver}
    assert refusal(lambda: check_cancel("R", state)) == over.get(state)
    assert refusal(lambda: check_give("R", state)) == (over | {RelayState.GIVEN: RelayGiven}).get(state)
    assert refusal(lambda: check_take("R", state, "École")) == (over | {RelayState.AGREED: RelayNotGiven}).get(state)
    # What was taken stays so whatever became of its bookings; what counts for nothing never comes back by a step.
    assert (state == RelayState.TAKEN) == (steps.taken_at is not None)
    if not steps.is_counting:
        assert state_of(replace(steps, given_at=NOW)) == state


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        (Steps(), "agreed"),
        (Steps(NOW), "given"),
        (Steps(NOW, NOW, is_counting=False), "taken"),
        (Steps(NOW, None, NOW), "cancelled"),
        (Steps(is_counting=False), "over"),
    ],
)
def test_known_states(steps: Steps, state: str) -> None:
    assert state_of(steps) == state
