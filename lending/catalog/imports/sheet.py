"""A file as rows of texts, whatever it was: what every reader gives."""

import re
from dataclasses import dataclass

# What spreadsheets would run as a formula; the apostrophes before it are ours.
FORMULA = re.compile(r"'*[=+\-@\t\r]")
GUARDED = re.compile(r"'+[=+\-@\t\r]")


@dataclass(frozen=True)
class Row:
    """The cells of a row; `line` is where people find it: line of the file, number of the record."""

    line: int
    cells: list[str]


@dataclass(frozen=True)
class Sheet:
    """The headings and what is below them."""

    format: str
    headings: list[str]
    rows: list[Row]


def guard(text: str) -> str:
    """A text that a spreadsheet takes for a text: one apostrophe before what would be a formula."""
    return f"'{text}" if FORMULA.match(text) else text


def unguard(text: str) -> str:
    """The text without the apostrophe that `guard` put before it."""
    return text[1:] if GUARDED.match(text) else text
