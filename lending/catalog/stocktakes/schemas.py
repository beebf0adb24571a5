"""Counts as people see them."""

import datetime as dt
from typing import Annotated

import msgspec
from msgspec import Meta

from lending.catalog.stocktakes.rules import Finding

DECADE_MS = 10 * 366 * 24 * 3600 * 1000


class NewStocktake(msgspec.Struct, frozen=True):
    """What to count: one shelf, or the whole depot without one."""

    shelf: Annotated[str, Meta(max_length=40)] = ""


class ScanInput(msgspec.Struct, frozen=True, kw_only=True):
    """A code that was read; what is sent twice with the same key is kept once.

    A device without network tells when it read it, and `offset_ms`, the server's clock minus its own.
    """

    key: Annotated[str, Meta(min_length=8, max_length=100)]
    code: Annotated[str, Meta(min_length=1, max_length=60)]
    device_at: Annotated[dt.datetime, Meta(tz=True)] | None = None
    offset_ms: Annotated[int, Meta(ge=-DECADE_MS, le=DECADE_MS)] = 0


class ScanInputs(msgspec.Struct, frozen=True):
    """Scans in the order in which they were made."""

    scans: Annotated[list[ScanInput], Meta(max_length=500)]


class Closing(msgspec.Struct, frozen=True, kw_only=True):
    """What to do at the close: say that missing copies are lost, let misplaced ones of the association belong here."""

    missing_are_lost: bool = False
    misplaced_belong_here: bool = False


class CountedCopy(msgspec.Struct, frozen=True, kw_only=True):
    """A copy and what the count says of it; `shelf` and `depot_name` are where it belongs."""

    copy_id: int
    code: str
    shown_code: str
    title_id: int
    title_name: str
    depot_name: str
    shelf: str
    finding: Finding


class ScanResultLine(msgspec.Struct, frozen=True, kw_only=True):
    """What a scan turned out to be; `copy` is None for a code that nobody knows."""

    key: str
    code: str
    copy: CountedCopy | None


class StocktakeSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A count in a list. `shelf` empty: the whole depot."""

    id: int
    depot_id: int
    depot_name: str
    shelf: str
    is_open: bool
    opened_at: dt.datetime
    opened_by: str
    closed_at: dt.datetime | None


class StocktakeView(msgspec.Struct, frozen=True, kw_only=True):
    """A count as it stands, or its report once it is closed. `unknown` are codes that no copy carries."""

    summary: StocktakeSummary
    numbers: dict[str, int]
    copies: list[CountedCopy]
    unknown: list[str]
    version: int


class Scanned(msgspec.Struct, frozen=True):
    """What a batch of scans turned out to be, in its order."""

    lines: list[ScanResultLine]
