"""What stands in a trunk, and what is asked to."""

import datetime as dt
from typing import Annotated

import msgspec
from msgspec import Meta


class InsideCopy(msgspec.Struct, frozen=True, kw_only=True):
    """A copy in a trunk. `line_id`: the line of the trunk's contents that it is, None = of none."""

    code: str
    shown_code: str
    title_id: int
    title_name: str
    line_id: int | None
    line_name: str | None
    placed_at: dt.datetime


class PlaceInTrunk(msgspec.Struct, frozen=True, kw_only=True):
    """Into which trunk a copy goes: its code as scanned, and perhaps the line of its contents."""

    trunk: Annotated[str, Meta(min_length=1, max_length=200)]
    line_id: Annotated[int, Meta(ge=1, le=2**31 - 1)] | None = None
