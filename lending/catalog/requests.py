"""What staff send to change the catalogue. The bounds are those of the database's columns."""

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from lending.catalog.states import Condition, Kind, Status, Visibility

Name = Annotated[str, Meta(min_length=1, max_length=200)]
SectionName = Annotated[str, Meta(min_length=1, max_length=120)]
ShortText = Annotated[str, Meta(max_length=200)]
Authors = Annotated[str, Meta(max_length=300)]
Publisher = Annotated[str, Meta(max_length=120)]
LongText = Annotated[str, Meta(max_length=20_000)]
Isbn = Annotated[str, Meta(max_length=30)]
Reference = Annotated[str, Meta(max_length=40)]
LanguageCode = Annotated[str, Meta(pattern="^[a-z]{2,3}$")]
Year = Annotated[int, Meta(ge=1000, le=2200)]
Age = Annotated[int, Meta(ge=0, le=120)]
Players = Annotated[int, Meta(ge=1, le=1000)]
Minutes = Annotated[int, Meta(ge=1, le=10_000)]
RowId = Annotated[int, Meta(ge=1, le=2**31 - 1)]
TermCode = Annotated[str, Meta(min_length=1, max_length=40)]
Terms = Annotated[list[TermCode], Meta(max_length=60)]
CopyCount = Annotated[int, Meta(ge=1, le=200)]
Shelf = Annotated[str, Meta(max_length=40)]
AliasCode = Annotated[str, Meta(min_length=1, max_length=60)]


class LineInput(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the contents. With an `id` it is the line that was there, without one it is new."""

    id: RowId | None = None
    name: Name
    quantity: Annotated[int, Meta(ge=1, le=10_000)] = 1
    is_consumable: bool = False
    value_cents: Annotated[int, Meta(ge=0, le=100_000_000)] | None = None


class SectionInput(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the contents with its lines, in order."""

    id: RowId | None = None
    name: SectionName
    lines: Annotated[list[LineInput], Meta(max_length=500)]


Contents = Annotated[list[SectionInput], Meta(max_length=50)]


class NewTitle(msgspec.Struct, frozen=True, kw_only=True):
    """A title to add. It begins as a draft that only the owner's staff sees."""

    owner_id: RowId
    kind: Kind
    name: Name
    subtitle: ShortText = ""
    summary: LongText = ""
    authors: Authors = ""
    publisher: Publisher = ""
    isbn: Isbn | None = None
    ean: Isbn | None = None
    reference: Reference | None = None
    is_local: bool = False
    game_kind: TermCode | None = None
    language: LanguageCode = "fr"
    published_year: Year | None = None
    min_age: Age | None = None
    max_age: Age | None = None
    min_players: Players | None = None
    max_players: Players | None = None
    duration_minutes: Minutes | None = None
    levels: Terms = []
    themes: Terms = []
    contents: Contents = []


class EditTitle(msgspec.Struct, frozen=True, kw_only=True):
    """What to change of a title: members that are not sent stay as they are. `contents` is replaced whole."""

    name: Name | UnsetType = UNSET
    subtitle: ShortText | UnsetType = UNSET
    summary: LongText | UnsetType = UNSET
    authors: Authors | UnsetType = UNSET
    publisher: Publisher | UnsetType = UNSET
    isbn: Isbn | UnsetType | None = UNSET
    ean: Isbn | UnsetType | None = UNSET
    reference: Reference | UnsetType | None = UNSET
    is_local: bool | UnsetType = UNSET
    game_kind: TermCode | UnsetType | None = UNSET
    language: LanguageCode | UnsetType = UNSET
    published_year: Year | UnsetType | None = UNSET
    min_age: Age | UnsetType | None = UNSET
    max_age: Age | UnsetType | None = UNSET
    min_players: Players | UnsetType | None = UNSET
    max_players: Players | UnsetType | None = UNSET
    duration_minutes: Minutes | UnsetType | None = UNSET
    visibility: Visibility | UnsetType = UNSET
    levels: Terms | UnsetType = UNSET
    themes: Terms | UnsetType = UNSET
    contents: Contents | UnsetType = UNSET


class NewCopies(msgspec.Struct, frozen=True, kw_only=True):
    """Copies to add in a depot; their codes are given out in order."""

    depot_id: RowId
    count: CopyCount = 1
    condition: Condition = Condition.NEW
    shelf: Shelf = ""


class EditCopy(msgspec.Struct, frozen=True, kw_only=True):
    """What to change of a copy: members that are not sent stay as they are."""

    depot_id: RowId | UnsetType = UNSET
    shelf: Shelf | UnsetType = UNSET
    condition: Condition | UnsetType = UNSET
    status: Status | UnsetType = UNSET
    note: LongText | UnsetType = UNSET


class NewAlias(msgspec.Struct, frozen=True):
    """Another code that is to mean a copy."""

    code: AliasCode


class TitleFilter(msgspec.Struct, frozen=True, kw_only=True):
    """What the staff's list shows."""

    kind: Kind | None = None
    visibility: Visibility | None = None
    text: str = ""
