"""What a desk did without network, and what became of it."""

import datetime as dt
from typing import Annotated, Literal

import msgspec

from lending.loans.schemas import FoundLine, RowId

DECADE_MS = 10 * 366 * 24 * 3600 * 1000


class OfflineAct(msgspec.Struct, frozen=True, kw_only=True):
    """One act at a desk, with the device's own clock and `offset_ms`, the server's clock minus the device's.

    `hand_over` serves `booking_id`; `lend` needs `school_id` and `due_on`; `take_back` tells what was found. The key
    is the device's, one for each act: what is sent twice is done once.
    """

    key: Annotated[str, msgspec.Meta(min_length=8, max_length=100)]
    action: Literal["hand_over", "take_back", "lend"]
    code: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    device_at: Annotated[dt.datetime, msgspec.Meta(tz=True)]
    offset_ms: Annotated[int, msgspec.Meta(ge=-DECADE_MS, le=DECADE_MS)] = 0
    booking_id: RowId | None = None
    school_id: RowId | None = None
    due_on: dt.date | None = None
    found: list[FoundLine] = []
    lendable_though_incomplete: bool = False
    damaged: Literal["repair", "blocked"] | None = None
    note: Annotated[str, msgspec.Meta(max_length=2000)] = ""


class OfflineActs(msgspec.Struct, frozen=True):
    """What a device kept for a depot while it had no network."""

    depot_id: RowId
    acts: list[OfflineAct]


class ReplayLine(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an act.

    `done`; `known`: done by an earlier sending; `conflict`: done, and the reservations in `displaced` lost the copy;
    `skipped`: the copy changed after the act, nothing was written; `refused`: `slug` and `detail` say why.
    """

    key: str
    code: str
    happened_at: dt.datetime
    status: Literal["done", "known", "conflict", "skipped", "refused"]
    booking_reference: str = ""
    displaced: list[str] = []
    slug: str = ""
    detail: str = ""
