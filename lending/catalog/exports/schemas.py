"""What an association owns, as it leaves the product. Members are named as the import's columns are."""

from typing import Literal

import msgspec

ExportFormat = Literal["xlsx", "csv", "json", "unimarc", "marc21"]


class ExportedCopy(msgspec.Struct, frozen=True, kw_only=True):
    """A copy of the association. `status` is told and not imported."""

    code: str
    other_codes: list[str]
    depot: str
    shelf: str
    condition: str
    status: str


class ExportedTitle(msgspec.Struct, frozen=True, kw_only=True):
    """A title that the association owns or has copies of (`is_own`), with its own copies."""

    id: int
    is_own: bool
    reference: str | None
    kind: str
    name: str
    subtitle: str
    authors: str
    publisher: str
    isbn: str | None
    ean: str | None
    language: str
    published_year: int | None
    min_age: int | None
    max_age: int | None
    min_players: int | None
    max_players: int | None
    duration_minutes: int | None
    levels: list[str]
    themes: list[str]
    game_kind: str | None
    is_local: bool
    visibility: str
    summary: str
    contents: str
    copies: list[ExportedCopy]


class ExportFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file ready to be saved."""

    name: str
    media_type: str
    content: bytes
