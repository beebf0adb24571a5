"""One step for each loan, and what cannot wait first."""

import datetime as dt

import msgspec
import pytest

from lending.loans.rules.next_steps import CANNOT_WAIT, Step, next_step, urgency
from lending.loans.schemas import Reservation
from tests.kit.loans import World

TODAY = dt.date(2027, 1, 11)
NOW = dt.datetime(2027, 1, 11, 8, 0, tzinfo=dt.UTC)


@pytest.fixture
def planned(small_world: World) -> Reservation:
    return small_world.reserve(7, 5)


@pytest.fixture
def out(small_world: World) -> Reservation:
    return small_world.hand_over(small_world.reserve(0, 5))


@pytest.mark.parametrize(
    ("facts", "step"),
    [
        ({}, Step.COLLECT),
        ({"starts_on": TODAY}, Step.COLLECT_NOW),
        ({"starts_on": TODAY - dt.timedelta(days=2)}, Step.COLLECT_NOW),
        ({"deposit_state": "due"}, Step.SEND_DEPOSIT),
        ({"deposit_state": "received"}, Step.COLLECT),
        ({"awaits_agreement": True, "deposit_state": "due"}, Step.SIGN),
        ({"awaits_approval": True, "awaits_agreement": True}, Step.AWAIT_APPROVAL),
        ({"is_at_risk": True, "awaits_approval": True}, Step.CHOOSE),
    ],
)
def test_what_to_do_before_it_leaves(planned: Reservation, facts: dict[str, object], step: Step) -> None:
    assert next_step(msgspec.structs.replace(planned, **facts), TODAY) is step


@pytest.mark.parametrize(
    ("facts", "step"),
    [
        ({}, Step.BRING_BACK),
        ({"recalled_at": NOW}, Step.BRING_BACK_RECALLED),
        ({"days_late": 1, "recalled_at": NOW}, Step.BRING_BACK_NOW),
        ({"claimed_at": NOW, "days_late": 1}, Step.AWAIT_SEARCH),
    ],
)
def test_what_to_do_while_one_has_it(out: Reservation, facts: dict[str, object], step: Step) -> None:
    assert next_step(msgspec.structs.replace(out, **facts), TODAY) is step


def test_what_cannot_wait_comes_first_then_the_nearest_day(small_world: World) -> None:
    soon, late = small_world.reserve(1, 5), small_world.hand_over(small_world.reserve(0, 5))
    pressing = msgspec.structs.replace(late, days_late=3)
    far = msgspec.structs.replace(soon, starts_on=TODAY + dt.timedelta(days=40))
    assert sorted([far, soon, pressing], key=lambda one: urgency(one, TODAY)) == [pressing, soon, far]
    assert {next_step(pressing, TODAY)} <= CANNOT_WAIT
