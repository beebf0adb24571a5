"""The rows of the data files: arrays, one per title, so that people can read and extend them."""

from pathlib import Path
from typing import TypeVar

import msgspec

Row = TypeVar("Row")
DATA = Path(__file__).parent / "data"


class More(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What only some rows say."""

    copies: int | None = None
    owner: str | None = None
    subtitle: str = ""
    isbn: str | None = None
    class_set: bool = False
    authors: str = ""
    publisher: str = ""


class TrunkRow(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A row of trunks_*.json."""

    name: str
    levels: str
    themes: str
    summary: str
    sections: dict[str, list[str]]
    more: More = More()


class GameRow(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A row of games_*.json; players and ages are `2-4`, or `2` for two and more."""

    name: str
    publisher: str
    year: int | None
    players: str
    ages: str
    minutes: int | None
    levels: str
    themes: str
    summary: str
    parts: list[str]
    more: More = More()


class BookRow(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A row of books_*.json."""

    name: str
    authors: str
    publisher: str
    year: int | None
    levels: str
    themes: str
    summary: str
    more: More = More()


class SheetRow(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A row of sheets_*.json."""

    name: str
    minutes: int
    levels: str
    themes: str
    summary: str


def read_rows(kind: str, row_type: type[Row]) -> list[Row]:
    """The rows of all files of a kind. Raises msgspec.ValidationError for a row of another shape."""
    decoder = msgspec.json.Decoder(list[row_type])  # type: ignore[valid-type]  # the type is a value here
    rows: list[Row] = []
    for path in sorted(DATA.glob(f"{kind}_*.json")):
        rows += decoder.decode(path.read_bytes())
    return rows
