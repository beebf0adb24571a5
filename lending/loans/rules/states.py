"""The life of a booking: planned, out, done; or cancelled before it leaves; or lost while out, and perhaps found.

A cancellation can be taken back for a short while, see `undo`.
"""

from enum import StrEnum

from lending.loans.rules.desk_errors import BookingNotCancellable, BookingNotCollectable


class State(StrEnum):
    """Where a booking stands."""

    PLANNED = "planned"
    OUT = "out"
    DONE = "done"
    CANCELLED = "cancelled"
    LOST = "lost"


class Because(StrEnum):
    """Why a booking was cancelled."""

    BORROWER = "borrower"
    STAFF = "staff"
    LAPSED = "lapsed"
    REFUSED = "refused"
    EXPIRED = "expired"
    MOVED = "moved"


class Cause(StrEnum):
    """Why a copy is kept busy."""

    LOAN = "loan"
    TRANSFER = "transfer"
    MAINTENANCE = "maintenance"
    HOLD = "hold"


STEPS: dict[State, frozenset[State]] = {
    State.PLANNED: frozenset({State.OUT, State.CANCELLED}),
    State.OUT: frozenset({State.DONE, State.LOST}),
    State.LOST: frozenset({State.DONE}),
    State.DONE: frozenset(),
    State.CANCELLED: frozenset({State.PLANNED}),
}


def may_become(state: str, wanted: State) -> bool:
    """Whether the step is one of the life of a booking."""
    return wanted in STEPS[State(state)]


def check_cancel(state: str, reference: str) -> None:
    """Raise BookingNotCancellable unless it is still planned."""
    if not may_become(state, State.CANCELLED):
        raise BookingNotCancellable(reference=reference, state=state)


def check_hand_over(state: str, reference: str) -> None:
    """Raise BookingNotCollectable unless it is still planned."""
    if not may_become(state, State.OUT):
        raise BookingNotCollectable(reference=reference, state=state)
