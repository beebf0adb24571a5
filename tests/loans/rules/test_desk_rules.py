"""States and reminders."""

import datetime as dt

import pytest

from lending.loans.rules import desk_errors as errors
from lending.loans.rules.periods import DAY
from lending.loans.rules.reminders import days_late, is_due_soon, is_late, overdue_step
from lending.loans.rules.states import State, check_cancel, check_hand_over, may_become

DUE = dt.date(2027, 1, 8)


def test_a_booking_lives_from_planned_to_out_to_done_or_is_cancelled_or_lost() -> None:
    steps = {(a, b) for a in State for b in State if may_become(a, b)}
    assert steps == {
        (State.PLANNED, State.OUT),
        (State.PLANNED, State.CANCELLED),
        (State.OUT, State.DONE),
        (State.OUT, State.LOST),
        (State.LOST, State.DONE),
        # Taken back, see `undo`.
        (State.CANCELLED, State.PLANNED),
    }


@pytest.mark.parametrize("state", [State.OUT, State.DONE, State.CANCELLED])
def test_c069_what_was_collected_cannot_be_cancelled(state: State) -> None:
    check_cancel(State.PLANNED, "R1")
    with pytest.raises(errors.BookingNotCancellable):
        check_cancel(state, "R1")


@pytest.mark.parametrize("state", [State.OUT, State.DONE, State.CANCELLED])
def test_only_a_planned_booking_can_be_handed_over(state: State) -> None:
    check_hand_over(State.PLANNED, "R1")
    with pytest.raises(errors.BookingNotCollectable):
        check_hand_over(state, "R1")


def test_c040_due_today_is_not_late() -> None:
    assert not is_late(DUE, DUE)
    assert is_late(DUE, DUE + DAY)
    assert days_late(DUE, DUE - DAY) == 0
    assert days_late(DUE, DUE + 3 * DAY) == 3


@pytest.mark.parametrize(("days_before", "soon"), [(8, False), (7, True), (0, True), (-1, False)])
def test_c117_a_reminder_is_for_the_days_before_and_never_after(days_before: int, soon: bool) -> None:
    assert is_due_soon(DUE, DUE - days_before * DAY, 7) is soon


@pytest.mark.parametrize(("days", "step"), [(-1, None), (0, None), (1, 1), (6, 1), (7, 2), (13, 2), (14, 3), (400, 4)])
def test_c117_lateness_reaches_one_step_at_a_time(days: int, step: int | None) -> None:
    assert overdue_step(DUE, DUE + days * DAY) == step
