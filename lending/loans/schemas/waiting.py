"""Wishes for a title that is taken."""

import datetime as dt
from typing import Annotated

import msgspec

from lending.loans.rules.waiting import WishState
from lending.loans.schemas import Reservation, RowId


class NewWish(msgspec.Struct, frozen=True, kw_only=True):
    """Wait for a title, for `length_days` between two days, both included; in one depot, or in any of the lender's."""

    title_id: RowId
    school_id: RowId
    starts_on: dt.date
    until_on: dt.date
    length_days: Annotated[int, msgspec.Meta(ge=1, le=400)]
    depot_id: RowId | None = None


class WishView(msgspec.Struct, frozen=True, kw_only=True):
    """A wish. `position` counts from 1 among those who wait for the title at this association; None once closed.

    `offer` is the copy kept for the school while the wish is offered. `is_hopeless`: no copy could ever serve it.
    """

    id: int
    reference: str
    state: WishState
    position: int | None
    title_id: int
    title_name: str
    association_id: int
    association_name: str
    depot_id: int | None
    school_id: int
    school_name: str
    starts_on: dt.date
    until_on: dt.date
    length_days: int
    suspended_until_on: dt.date | None
    is_hopeless: bool
    created_at: dt.datetime
    offer: Reservation | None
    version: int


class QueueOrder(msgspec.Struct, frozen=True):
    """Every open wish of a title at an association, in the order wanted."""

    wish_ids: list[int]
