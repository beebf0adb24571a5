"""CSV as spreadsheets write it: any usual separator, any usual encoding."""

import csv
import io
from collections import Counter
from collections.abc import Iterator

from lending.catalog.imports.columns import guess, heading_row
from lending.catalog.imports.errors import MOST_COLUMNS, MOST_ROWS, EmptyFile, TooManyRows, UnreadableFile
from lending.catalog.imports.readers.text import decoded
from lending.catalog.imports.sheet import Row, Sheet, unguard
from lending.core.i18n import N_, gettext

SEPARATORS = ";,\t|"
SAMPLE_LINES = 30
LONGEST_CELL = 1_000_000


def read_csv(content: bytes) -> Sheet:
    """The sheet of a CSV file. Raises EmptyFile, UnreadableFile, NulBytesInFile, TooManyRows."""
    text = decoded(content)
    rows = list(_rows(text, separator_of(text)))
    if not rows:
        raise EmptyFile
    start = heading_row([row.cells for row in rows])
    return Sheet("csv", rows[start].cells, [_bare(row) for row in rows[start + 1 :]])


def separator_of(text: str) -> str:
    """The separator that cuts most of the first lines into the same number of cells."""
    lines = text.splitlines()[:SAMPLE_LINES]
    return max(SEPARATORS, key=lambda one: _fit(lines, one))


def _fit(lines: list[str], separator: str) -> tuple[int, int, int]:
    counts: Counter[int] = Counter()
    known = 0
    for cells in csv.reader(lines, delimiter=separator):
        counts[len(cells)] += len(cells) > 1
        known = max(known, len(guess(cells)))
    width, often = max(counts.items(), key=lambda one: one[1], default=(0, 0))
    return known, often, width


def _rows(text: str, separator: str) -> Iterator[Row]:
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for number, cells in enumerate(reader):
            if number > MOST_ROWS:
                raise TooManyRows
            if any(cell.strip() for cell in cells):
                yield Row(line, cells[:MOST_COLUMNS])
            line = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableFile(format="CSV", line=line, reason=_reason(error)) from error


def _reason(error: csv.Error) -> str:
    if "field limit" in str(error):
        return gettext(N_("une cellule est démesurée"))
    return gettext(N_("des guillemets ne sont pas refermés ou pas doublés"))


def _bare(row: Row) -> Row:
    return Row(row.line, [unguard(cell) for cell in row.cells])
