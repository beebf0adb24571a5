"""The copies of a title side by side, day by day."""

import datetime as dt
from typing import Literal

import msgspec

from lending.loans.schemas import Reservation

Stretch = Literal["free", "preparation", "loan", "turnaround", "hold", "transfer", "maintenance"]


class TimelineBar(msgspec.Struct, frozen=True, kw_only=True):
    """What a copy does on days of the window, both included. `booking` is what keeps it, None while it is free."""

    stretch: Stretch
    starts_on: dt.date
    until_on: dt.date
    length_days: int
    booking: Reservation | None = None


class NewFeed(msgspec.Struct, frozen=True):
    """The path of a calendar that whoever knows it can read."""

    path: str


class TimelineRow(msgspec.Struct, frozen=True, kw_only=True):
    """A copy's days, without gaps."""

    copy_id: int
    copy_code: str
    shelf: str
    status: str
    bars: list[TimelineBar]


class Timeline(msgspec.Struct, frozen=True, kw_only=True):
    """A title in a depot from `starts_on` to `until_on`, both included; `at_risk` has no copy."""

    title_id: int
    depot_id: int
    depot_name: str
    starts_on: dt.date
    until_on: dt.date
    today: dt.date
    closed_days: list[dt.date]
    rows: list[TimelineRow]
    at_risk: list[Reservation]
