"""The one thing that a borrower should do next about a reservation or a loan."""

import datetime as dt
from enum import StrEnum

from lending.loans.rules.states import State
from lending.loans.schemas import Reservation


class Step(StrEnum):
    """What to do, the most pressing first."""

    CHOOSE = "choose"
    BRING_BACK_NOW = "bring-back-now"
    BRING_BACK_RECALLED = "bring-back-recalled"
    SIGN = "sign"
    SEND_DEPOSIT = "send-deposit"
    COLLECT_NOW = "collect-now"
    BRING_BACK = "bring-back"
    COLLECT = "collect"
    AWAIT_APPROVAL = "await-approval"
    AWAIT_SEARCH = "await-search"


CANNOT_WAIT = frozenset({Step.CHOOSE, Step.BRING_BACK_NOW, Step.BRING_BACK_RECALLED})


def next_step(one: Reservation, today: dt.date) -> Step:
    """The step for an open loan; `today` is the lender's."""
    return _out(one) if one.state == State.OUT else _planned(one, today)


def urgency(one: Reservation, today: dt.date) -> tuple[bool, dt.date]:
    """What cannot wait comes first, then the nearest day on which to do something."""
    return next_step(one, today) not in CANNOT_WAIT, one.due_on if one.state == State.OUT else one.starts_on


def _out(one: Reservation) -> Step:
    if one.claimed_at is not None:
        return Step.AWAIT_SEARCH
    if one.days_late > 0:
        return Step.BRING_BACK_NOW
    return Step.BRING_BACK if one.recalled_at is None else Step.BRING_BACK_RECALLED


def _planned(one: Reservation, today: dt.date) -> Step:
    if one.is_at_risk:
        return Step.CHOOSE
    if one.awaits_approval:
        return Step.AWAIT_APPROVAL
    if one.awaits_agreement:
        return Step.SIGN
    if one.deposit_state == "due":
        return Step.SEND_DEPOSIT
    return Step.COLLECT_NOW if one.starts_on <= today else Step.COLLECT
