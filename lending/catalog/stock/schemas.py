"""What the stock list is asked, what is done to many copies, and what came of it."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from lending.catalog.states import Condition, Kind, Status

RowId = Annotated[int, Meta(ge=1, le=2**31 - 1)]
Shelf = Annotated[str, Meta(max_length=40)]
Action = Literal["shelf", "depot", "block", "unblock", "withdraw"]
MOST_CHANGED = 200


class StockFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which copies the list shows. `text` is a part of a title's name, or of a code."""

    kind: Kind | None = None
    depot_id: RowId | None = None
    shelf: Shelf = ""
    status: Status | None = None
    condition: Condition | None = None
    text: Annotated[str, Meta(max_length=100)] = ""


class StockChange(msgspec.Struct, frozen=True, kw_only=True):
    """The same done to many copies. `shelf` and `depot_id` belong to the actions of these names."""

    copies: Annotated[list[RowId], Meta(max_length=MOST_CHANGED)]
    action: Action
    shelf: Shelf = ""
    depot_id: RowId | None = None


class StockRefusal(msgspec.Struct, frozen=True, kw_only=True):
    """A copy that could not be changed with the others, and why, in words."""

    code: str
    shown_code: str
    reason: str


class StockChanged(msgspec.Struct, frozen=True, kw_only=True):
    """How many copies were changed, and which were not."""

    changed: int
    refused: list[StockRefusal]
