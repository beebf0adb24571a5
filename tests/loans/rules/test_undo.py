"""Until when a cancellation can be taken back."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lending.loans.rules.states import Because, State
from lending.loans.rules.undo import UNDO_FOR, UndoOver, check_undo, undo_until

NOW = dt.datetime(2027, 1, 11, 8, 0, tzinfo=dt.UTC)


@given(
    state=st.sampled_from(State),
    because=st.sampled_from([*Because, None]),
    seconds=st.integers(-10, 3600),
)
def test_only_what_a_person_just_cancelled_comes_back(state: State, because: Because | None, seconds: int) -> None:
    until_at = undo_until(state, because, NOW)
    may = state == State.CANCELLED and because in (Because.BORROWER, Because.STAFF)
    assert (until_at is not None) is may
    now = NOW + dt.timedelta(seconds=seconds)
    if may and now < NOW + UNDO_FOR:
        check_undo(until_at, now, "R1")
    else:
        with pytest.raises(UndoOver):
            check_undo(until_at, now, "R1")


def test_the_last_instant_is_too_late() -> None:
    with pytest.raises(UndoOver):
        check_undo(NOW, NOW, "R1")
