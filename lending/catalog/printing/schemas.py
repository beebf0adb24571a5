"""What to print."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

RowId = Annotated[int, Meta(ge=1, le=2**31 - 1)]
SmallStyle = Literal["qr", "bars"]
# The name of a sheet that shops sell, or `own:` with the measures of another one.
FormatName = Annotated[str, Meta(max_length=80)]


class LabelChoice(msgspec.Struct, frozen=True, kw_only=True):
    """Copies of an association: some by number, those of a title, of a depot, of a shelf; all without any of these.

    `skip` leaves the first labels of the first sheet free. Small labels hold a QR code or bars, never both.
    """

    format: FormatName = "L7160"
    skip: Annotated[int, Meta(ge=0, le=200)] = 0
    small: SmallStyle = "qr"
    copies: Annotated[list[RowId], Meta(max_length=2000)] = []
    title_id: RowId | None = None
    depot_id: RowId | None = None
    shelf: Annotated[str, Meta(max_length=40)] = ""


class ShelfChoice(msgspec.Struct, frozen=True, kw_only=True):
    """Shelves of an association, or of one of its depots."""

    format: FormatName = "L7160"
    skip: Annotated[int, Meta(ge=0, le=200)] = 0
    depot_id: RowId | None = None


class NewBlanks(msgspec.Struct, frozen=True, kw_only=True):
    """Labels to print before their copies: their codes are kept for them."""

    count: Annotated[int, Meta(ge=1, le=200)]
    format: FormatName = "L7160"
    skip: Annotated[int, Meta(ge=0, le=200)] = 0
    small: SmallStyle = "qr"


class Binding(msgspec.Struct, frozen=True):
    """Two scans: the blank label, then a code that the copy carries already."""

    blank: Annotated[str, Meta(min_length=1, max_length=200)]
    copy: Annotated[str, Meta(min_length=1, max_length=200)]


class FrameCodes(msgspec.Struct, frozen=True):
    """What could be read in a picture; nothing where nothing could."""

    codes: list[str]
