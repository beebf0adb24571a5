"""What unmet demand is made of."""

import datetime as dt
from typing import Literal

import msgspec

Reason = Literal["search", "reservation"]


class UnmetWish(msgspec.Struct, frozen=True, kw_only=True):
    """A wish that found nothing. No field can name a person."""

    reason: Reason
    words: str
    filters: str = ""
    association_code: str = ""


class UnmetPeriod(msgspec.Struct, frozen=True):
    """The days that are asked about, both included."""

    first_on: dt.date
    last_on: dt.date


class UnmetView(msgspec.Struct, frozen=True, kw_only=True):
    """A wish with how often it was left unmet. `filters` maps a criterion to the values that were chosen."""

    reason: Reason
    words: str
    filters: dict[str, list[str]]
    association_code: str
    times: int
    first_on: dt.date
    last_on: dt.date
