"""Changes of what was agreed."""

import datetime as dt
from typing import Annotated

import msgspec

from lending.loans.schemas import Reservation, RowId

Text = Annotated[str, msgspec.Meta(max_length=2000)]


class RenewalWish(msgspec.Struct, frozen=True, kw_only=True):
    """Keep a loan until `due_on` (as long as is usual without one), or over the coming school holidays.

    With a reason the depot's staff set the rules aside, never a promise to somebody else.
    """

    due_on: dt.date | None = None
    over_holidays: bool = False
    reason: Text = ""


class CopyChoice(msgspec.Struct, frozen=True):
    """A copy that could be kept for a reservation; `is_planned` is the one that serves it as things stand."""

    id: int
    code: str
    shelf: str
    is_planned: bool


class NewDates(msgspec.Struct, frozen=True, kw_only=True):
    """Other days for a reservation; `version` is that which was read."""

    starts_on: dt.date
    due_on: dt.date
    version: int


class NewCopy(msgspec.Struct, frozen=True):
    """Another copy for a reservation."""

    copy_id: RowId


class Recall(msgspec.Struct, frozen=True):
    """Call a loan back before its last day."""

    reason: Text = ""


class Repetition(msgspec.Struct, frozen=True, kw_only=True):
    """The same title a year later: days to reserve, and whether a copy is free then."""

    title_id: int
    depot_id: int
    school_id: int
    starts_on: dt.date
    due_on: dt.date
    is_free: bool


class BookingEventView(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was done to a booking; `act` is a word of a closed list."""

    act: str
    person_name: str
    note: str
    happened_at: dt.datetime
    device_at: dt.datetime | None


class RenewalOffer(msgspec.Struct, frozen=True, kw_only=True):
    """What an extension could give now: the usual last day and the longest possible one, None when there is none."""

    usual_due_on: dt.date
    longest_due_on: dt.date | None
    reasons: list[str]


class AllLoans(msgspec.Struct, frozen=True):
    """The wish to extend everything: it says no more than that."""


class NotRenewed(msgspec.Struct, frozen=True, kw_only=True):
    """A loan that keeps its last day, why, and the longest extension that is possible, if any is."""

    reservation: Reservation
    reasons: list[str]
    longest_due_on: dt.date | None


class RenewedLoans(msgspec.Struct, frozen=True, kw_only=True):
    """What was extended and what was not."""

    renewed: list[Reservation]
    refused: list[NotRenewed]


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What was confirmed together."""

    reference: str
    reservations: list[Reservation]
