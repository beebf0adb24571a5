"""What a school says of a loan before it comes back."""

import datetime as dt

import msgspec


class NewDeclaration(msgspec.Struct, frozen=True, kw_only=True):
    """How many pieces of a line are missing and how many are broken; without a line, the thing as a whole.

    `drops_photo` takes the earlier photo away.
    """

    line_id: int | None = None
    missing: int = 0
    broken: int = 0
    note: str = ""
    drops_photo: bool = False


class DeclarationView(msgspec.Struct, frozen=True, kw_only=True):
    """What was declared of one line. `line_name` is empty for the thing as a whole, `photo_url` without a photo."""

    id: int
    booking_id: int
    line_id: int | None
    line_name: str
    expected: int
    missing: int
    broken: int
    note: str
    photo_url: str
    declared_by: str
    declared_at: dt.datetime
    version: int
