"""Relays as people see them. Instants are UTC."""

import datetime as dt
from typing import Annotated

import msgspec

from lending.shipping.deliveries.schemas import Carrier, GapIn, GapView, TrackingNumber
from lending.shipping.relays.rules import RelayState
from lending.shipping.schemas import RowId
from lending.shipping.shipments.rules import Mode


class NewRelay(msgspec.Struct, frozen=True, kw_only=True):
    """The copy goes on: `other_id` is the next reservation, or the loan that it comes from, as one looks at it."""

    other_id: RowId
    mode: Mode
    carrier: Carrier = ""
    tracking_number: TrackingNumber = ""


class Count(msgspec.Struct, frozen=True):
    """What a school counted as it gave it or took it; `gaps` is what was not there, empty where all is."""

    gaps: Annotated[list[GapIn], msgspec.Meta(max_length=500)] = []


class End(msgspec.Struct, frozen=True, kw_only=True):
    """One of the two bookings of a relay. `due_on` is its last day."""

    booking_id: int
    reference: str
    school_name: str
    commune: str
    starts_on: dt.date
    due_on: dt.date


class RelayView(msgspec.Struct, frozen=True, kw_only=True):
    """A copy that goes on from `loan` to `next`, with what both schools counted."""

    id: int
    state: RelayState
    loan: End
    next: End
    mode: Mode
    carrier: str
    tracking_number: str
    agreed_at: dt.datetime
    agreed_by: str
    given_at: dt.datetime | None
    given_by: str
    given_gaps: list[GapView]
    taken_at: dt.datetime | None
    taken_by: str
    taken_gaps: list[GapView]
    cancelled_at: dt.datetime | None
    cancelled_by: str


class RelaysView(msgspec.Struct, frozen=True, kw_only=True):
    """Where a loan's copy goes on to (`onwards`), where it came from (`before`), and what who asks can do now.

    `candidates` are what it could go on to, or come from, nearest first.
    """

    booking_id: int
    reference: str
    onwards: RelayView | None
    before: RelayView | None
    candidates: list[End]
    may_agree: bool
    may_give: bool
    may_take: bool
    may_cancel: bool
