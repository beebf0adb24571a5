"""What must hold of a title at any moment, whatever happened to it."""

import datetime as dt
import itertools
import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lending.loans.rules.periods import Period
from lending.loans.rules.states import Cause, State
from lending.loans.tables import Booking
from tests.kit.loans import DAY
from tests.loans.second_opinion import Stay, can_all_be_served, days_of

PREPARATION, TURNAROUND = 1, 2
# A way or a repair is of one copy, lendable or not.
TIED = {Cause.TRANSFER, Cause.MAINTENANCE}


@dataclass(frozen=True)
class Snapshot:
    """The title as it stands."""

    bookings: Sequence[Booking]
    lendable: set[int]
    told: list[str]
    instant: dt.datetime

    @property
    def planned(self) -> list[Booking]:
        """What is promised; a hold whose time is over promises nothing, even before its row is closed."""
        return [one for one in self.bookings if one.state == State.PLANNED and not self._is_over(one)]

    @property
    def out(self) -> list[Booking]:
        return [one for one in self.bookings if one.state == State.OUT]

    @property
    def open(self) -> list[Booking]:
        return [*self.planned, *self.out]

    @property
    def waiting(self) -> list[Booking]:
        return [one for one in self.planned if one.copy_id is None]

    def _is_over(self, hold: Booking) -> bool:
        return hold.held_until_at is not None and hold.held_until_at <= self.instant


def blocked(booking: Booking) -> Period:
    return Period(booking.blocked_starts_on, booking.blocked_ends_on)


def nobody_is_promised_a_copy_twice(now: Snapshot) -> None:
    standing = [one for one in now.bookings if one.state in (State.PLANNED, State.OUT)]
    for one, other in itertools.combinations(standing, 2):
        if one.copy_id is not None and one.copy_id == other.copy_id:
            assert not blocked(one).overlaps(blocked(other)), f"{one.id} and {other.id} share a copy"


def plans_stand_on_copies_that_can_be_lent(now: Snapshot) -> None:
    """Except the ways and repairs: what is broken may travel."""
    assert {one.copy_id for one in now.planned if one.cause not in TIED} <= {None, *now.lendable}


def a_way_is_of_one_copy(now: Snapshot, copies: Mapping[int, int]) -> None:
    """No sibling takes it over, not even when a late loan pushed it aside. `copies`: by booking."""
    ways = [one for one in now.open if one.cause in TIED]
    assert {one.id: one.copy_id for one in ways if one.copy_id is not None}.items() <= copies.items()


def buffers_lie_around_every_plan(now: Snapshot, *, has_closures: bool) -> None:
    """Exactly as long as they should be, or longer where the depot is closed on some day."""
    fits = operator.ge if has_closures else operator.eq
    for one in now.planned:
        assert fits(one.starts_on - one.blocked_starts_on, PREPARATION * DAY)
        assert fits(one.blocked_ends_on - one.ends_on, TURNAROUND * DAY)


def nobody_is_at_risk_while_a_copy_is_free(now: Snapshot) -> None:
    for waiting in (one for one in now.waiting if one.cause not in TIED):
        busy = {one.copy_id for one in now.open if blocked(one).overlaps(blocked(waiting))}
        assert now.lendable <= busy, f"{waiting.id} could have a copy"


def who_is_at_risk_was_told(now: Snapshot) -> None:
    assert {f"at-risk:{one.id}:{one.starts_on}" for one in now.waiting if one.person_id} <= set(now.told)


def nobody_is_told_twice(now: Snapshot) -> None:
    assert len(now.told) == len(set(now.told))


def a_copy_is_with_one_borrower_at_most(now: Snapshot) -> None:
    with_somebody = [one.copy_id for one in now.out]
    assert len(with_somebody) == len(set(with_somebody))


def a_hold_is_never_at_risk(now: Snapshot) -> None:
    assert not [one.id for one in now.waiting if one.cause == Cause.HOLD]


def everybody_with_a_copy_can_be_served(now: Snapshot, new: Period | None = None) -> bool:
    """What trying everything says; about one more as well, if it is given."""
    stays = [
        Stay(days_of(one.blocked_starts_on, one.blocked_ends_on), one.copy_id if is_fixed(one) else None)
        for one in now.open
        if one.copy_id in now.lendable
    ]
    more = [Stay(days_of(new.starts_on, new.ends_on), None)] if new else []
    return can_all_be_served([*stays, *more], sorted(now.lendable))


def is_fixed(booking: Booking) -> bool:
    return booking.pinned or booking.state == State.OUT
