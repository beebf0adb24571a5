"""What the catalogue gives and takes."""

import datetime as dt

import msgspec

from lending.catalog.photos.schemas import PhotoView
from lending.catalog.sheets.schemas import DocumentView
from lending.catalog.states import (
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


class TrunkOfCopy(msgspec.Struct, frozen=True, kw_only=True):
    """The copy of a trunk that another copy stands in."""

    code: str
    shown_code: str
    title_id: int
    title_name: str


class CopyDetail(msgspec.Struct, frozen=True, kw_only=True):
    """A copy as staff see it. `owner_path` is the owner association's place in the tree.

    `stands_in` is the trunk that it is inside of: it is not lent alone then. None = it stands by itself.
    """

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
    stands_in: TrunkOfCopy | None = None


class TermLabel(msgspec.Struct, frozen=True):
    """A word of a vocabulary, with its label in the language in force."""

    code: str
    label: str


class TermView(msgspec.Struct, frozen=True, kw_only=True):
    """A word of a vocabulary with its place in it. `parent` is the code of the broader term."""

    code: str
    label: str
    rank: int
    parent: str | None


class DepotHolding(msgspec.Struct, frozen=True, kw_only=True):
    """How many copies a depot keeps, and how many of them may leave the shelf (on loan now or not)."""

    depot_id: int
    depot_name: str
    commune: str
    copies: int
    lendable: int


class AssociationHolding(msgspec.Struct, frozen=True, kw_only=True):
    """What an association has of a title. Lost and withdrawn copies do not count."""

    association_id: int
    code: str
    name: str
    copies: int
    lendable: int
    depots: list[DepotHolding]


class HeldBackCopy(msgspec.Struct, frozen=True, kw_only=True):
    """A copy that cannot be lent for now, and what it lacks."""

    id: int
    code: str
    shown_code: str
    status: Status
    association_id: int
    depot_id: int
    depot_name: str
    checked_at: dt.datetime | None
    missing: list[MissingLine]


class TitlePage(msgspec.Struct, frozen=True, kw_only=True):
    """All facts about a title. Ages in years; `duration_minutes` is the length of one game or session."""

    id: int
    kind: Kind
    name: str
    subtitle: str
    summary: str
    authors: str
    publisher: str
    isbn: str | None
    language: str
    published_year: int | None
    min_age: int | None
    max_age: int | None
    min_players: int | None
    max_players: int | None
    duration_minutes: int | None
    visibility: Visibility
    picture_url: str | None
    version: int
    updated_at: dt.datetime
    owner_id: int
    owner_name: str
    levels: list[TermLabel]
    themes: list[TermLabel]
    contents: list[ChecklistSection]
    documents: list[DocumentView]
    holdings: list[AssociationHolding]
    held_back: list[HeldBackCopy]
    lent_incomplete: list[HeldBackCopy] = []
    ean: str | None = None
    reference: str | None = None
    is_local: bool = False
    game_kind: str | None = None
    level_codes: list[str] = []
    photos: list[PhotoView] = []
    line_photos: list[PhotoView] = []
    can_edit: bool = False

    @property
    def copies(self) -> int:
        """How many copies there are in all."""
        return sum(holding.copies for holding in self.holdings)

    @property
    def lendable(self) -> int:
        """How many copies may leave the shelf."""
        return sum(holding.lendable for holding in self.holdings)

    @property
    def things(self) -> int:
        """How many things the contents hold."""
        return sum(line.quantity for section in self.contents for line in section.lines)


class Lender(msgspec.Struct, frozen=True):
    """An association that has copies of a title."""

    id: int
    code: str
    name: str


class TitleSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A title in few words, for cards and search results. `level_labels` names a whole cycle once."""

    id: int
    kind: Kind
    name: str
    subtitle: str
    summary: str
    picture_url: str | None
    visibility: Visibility
    owner_name: str
    level_labels: list[str]
    theme_labels: list[str]
    lenders: list[Lender]
    min_age: int | None
    max_age: int | None
    min_players: int | None
    max_players: int | None
    duration_minutes: int | None


class StaffTitle(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the staff's list: counts are of the association's own copies."""

    id: int
    kind: Kind
    name: str
    visibility: Visibility
    version: int
    copies: int
    lendable: int


class TermCount(msgspec.Struct, frozen=True):
    """How many published titles carry a term."""

    code: str
    label: str
    titles: int


class LevelCount(msgspec.Struct, frozen=True):
    """How many published titles are for a level; a cycle has no parent."""

    code: str
    label: str
    parent: str | None
    titles: int


class KindCount(msgspec.Struct, frozen=True):
    """How many published titles are of a kind."""

    kind: Kind
    titles: int


class StockCount(msgspec.Struct, frozen=True, kw_only=True):
    """What an association has of a kind. Lost and withdrawn copies do not count as copies."""

    kind: Kind
    titles: int
    copies: int
    lendable: int
    lost: int
