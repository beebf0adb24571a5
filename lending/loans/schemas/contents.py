"""What happened to what is in a copy."""

import datetime as dt
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from lending.catalog.placing.schemas import InsideCopy
from lending.catalog.rules import CheckReason, Outcome
from lending.catalog.schemas import ChecklistSection, CopyDetail, MissingLine
from lending.catalog.states import Leaves
from lending.loans.schemas import FoundLine

StaffReason = Literal["purchase", "stocktake", "repair"]


class CheckView(msgspec.Struct, frozen=True, kw_only=True):
    """One look into a copy. `leaves`: complete, lendable though incomplete, or blocked."""

    id: int
    reason: CheckReason
    outcome: Outcome
    leaves: Leaves
    checked_at: dt.datetime
    checked_by: str
    note: str
    missing: list[MissingLine]


class HadBy(msgspec.Struct, frozen=True, kw_only=True):
    """A loan between two checks. `returned_at` is None while the copy is out."""

    booking_id: int
    reference: str
    school_name: str
    person_name: str
    handed_over_at: dt.datetime
    returned_at: dt.datetime | None


class PieceTurn(msgspec.Struct, frozen=True, kw_only=True):
    """Pieces of a line that went missing between two checks, or came back. Without `before`, nobody had looked."""

    line_id: int
    line_name: str
    change: Literal["missing", "back"]
    count: int
    before: CheckView | None
    after: CheckView
    had_by: list[HadBy]


class ContentsHistory(msgspec.Struct, frozen=True, kw_only=True):
    """Checks and what changed between them, the latest first. `sections` is what should be in the copy today.

    `inside`: catalogued copies that stand in it and are not lent alone.
    """

    copy: CopyDetail
    sections: list[ChecklistSection]
    inside: list[InsideCopy]
    checks: list[CheckView]
    turns: list[PieceTurn]


class NewCheck(msgspec.Struct, frozen=True, kw_only=True):
    """A look into a copy that is in the depot. Lines that are not named were all there.

    `then`: whether an incomplete copy may be lent all the same; a complete one may.
    """

    reason: StaffReason
    found: Annotated[list[FoundLine], Meta(max_length=1000)] = []
    then: Literal["lend", "block"] = "block"
    note: Annotated[str, Meta(max_length=2000)] = ""
