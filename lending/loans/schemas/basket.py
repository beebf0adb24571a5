"""A basket over JSON."""

import datetime as dt
from typing import Annotated, Literal

import msgspec

from lending.loans.rules.basket import RefusedLine
from lending.loans.schemas import Reservation, RowId


class NewLine(msgspec.Struct, frozen=True, kw_only=True):
    """Hold copies of a title for a school, from `starts_on` to `due_on`, the last day to bring them back."""

    title_id: RowId
    school_id: RowId
    starts_on: dt.date
    due_on: dt.date
    depot_id: RowId | None = None
    quantity: Annotated[int, msgspec.Meta(ge=1, le=10)] = 1


class Basket(msgspec.Struct, frozen=True, kw_only=True):
    """What a person holds until `held_until_at`; None when the basket is empty."""

    held_until_at: dt.datetime | None
    lines: list[Reservation]


class Confirmation(msgspec.Struct, frozen=True):
    """Whether all lines must be had, or whatever is possible; `line_ids` are those that the person sees."""

    want: Literal["all", "possible"] = "all"
    line_ids: list[RowId] = []


class ConfirmedDepot(msgspec.Struct, frozen=True, kw_only=True):
    """What one depot hands over."""

    depot_id: int
    depot_name: str
    association_name: str
    reservations: list[Reservation]


class ConfirmedBasket(msgspec.Struct, frozen=True, kw_only=True):
    """What was confirmed together, by depot, and what could not be had."""

    order_reference: str
    depots: list[ConfirmedDepot]
    refused: list[RefusedLine]
