"""What the catalogue gives and takes."""

import datetime as dt

import msgspec

from lending.catalog.rules import (
    CheckReason,
    Condition,
    Kind,
    Outcome,
    Status,
    Visibility,
)


class MissingLine(msgspec.Struct, frozen=True):
    """A line of the contents of which `missing` are not there."""

    line_id: int
    name: str
    expected: int
    found: int
    missing: int
    is_consumable: bool


class ChecklistLine(msgspec.Struct, frozen=True, kw_only=True):
    """What should be in a trunk. `value_cents` is the price of one, in euro cents, where known."""

    id: int
    name: str
    quantity: int
    is_consumable: bool
    value_cents: int | None


class ChecklistSection(msgspec.Struct, frozen=True):
    """A part of the contents, such as « Livres »."""

    id: int
    name: str
    lines: list[ChecklistLine]


class Checklist(msgspec.Struct, frozen=True, kw_only=True):
    """All that should be in a copy of a title. No sections = there is nothing to count."""

    title_id: int
    title_name: str
    sections: list[ChecklistSection]


class CheckRecorded(msgspec.Struct, frozen=True):
    """A contents check as it was written down. Consumables may be missing from a complete copy."""

    check_id: int
    outcome: Outcome
    missing: list[MissingLine]


class LastCheck(msgspec.Struct, frozen=True, kw_only=True):
    """The latest contents check of a copy. `checked_at` is an instant in UTC."""

    id: int
    reason: CheckReason
    outcome: Outcome
    checked_at: dt.datetime
    note: str
    missing: list[MissingLine]


class CopyDetail(msgspec.Struct, frozen=True, kw_only=True):
    """A copy as staff see it. `owner_path` is the owner association's place in the tree."""

    id: int
    code: str
    shown_code: str
    title_id: int
    title_name: str
    kind: Kind
    visibility: Visibility
    owner_id: int
    owner_name: str
    owner_path: str
    depot_id: int
    depot_name: str
    shelf: str
    condition: Condition
    status: Status
    note: str
    version: int
    last_check: LastCheck | None
