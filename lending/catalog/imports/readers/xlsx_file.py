"""XLSX, read by calamine once its parts were weighed: a workbook is a zip, and a small zip can hold gigabytes."""

import datetime as dt
import io
import re
import zipfile
import zlib
from typing import Any

from python_calamine import CalamineError, CalamineSheet, load_workbook

from lending.catalog.imports.columns import heading_row
from lending.catalog.imports.errors import (
    MOST_COLUMNS,
    MOST_ROWS,
    EmptyFile,
    ExpandingFile,
    UnknownFormat,
    UnreadableFile,
)
from lending.catalog.imports.sheet import Row, Sheet, unguard
from lending.core.i18n import N_, gettext

MOST_UNPACKED_BYTES = 100_000_000
MOST_CELLS = 4_000_000
MOST_PARTS = 2000
CHUNK = 1 << 20
WORKBOOK_PART = "xl/workbook.xml"
# What would make the reader take the file for another kind of workbook.
OTHER_KINDS = ("content.xml", "xl/workbook.bin")
# Where cells stand decides how much room the whole sheet takes, however few they are.
CELL = re.compile(rb"<(?:[^\s<>/:]+:)?c\b([^>]*)>")
PLACE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,3})(\d{1,7})["']""")
# The reader believes this number and makes room for so many texts.
TEXTS_COUNTED = re.compile(rb"uniqueCount\s*=\s*[\"']([^\"']*)")
BELIEVED = re.compile(rb"\d{1,7}")
XML_STARTS = (b"<", b"\0<", b"\xff\xfe", b"\xfe\xff")
MOST_USED_ROWS = MOST_ROWS + 100
WRONG_ZIP = (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, ValueError)


def read_xlsx(content: bytes) -> Sheet:
    """The first sheet with rows. Raises UnknownFormat, UnreadableFile, ExpandingFile, EmptyFile."""
    weigh(content)
    for cells in _sheets(content):
        rows = [Row(line, row) for line, row in enumerate(cells, start=1) if any(row)]
        if len(rows) > 1:
            start = heading_row([row.cells for row in rows])
            return Sheet("xlsx", rows[start].cells, rows[start + 1 :])
    raise EmptyFile


def weigh(content: bytes) -> None:
    """Unpack every part without keeping it. Raises UnknownFormat, UnreadableFile, ExpandingFile."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            infos = parts.infolist()
            if len(infos) > MOST_PARTS or sum(info.file_size for info in infos) > MOST_UNPACKED_BYTES:
                raise ExpandingFile(most_megabytes=MOST_UNPACKED_BYTES // 1_000_000)
            names = {info.filename for info in infos}
            if WORKBOOK_PART not in names or names.intersection(OTHER_KINDS):
                raise UnknownFormat
            unpacked = 0
            for info in infos:
                unpacked += _weigh_part(parts, info, MOST_UNPACKED_BYTES - unpacked)
    except WRONG_ZIP as error:
        raise _unreadable() from error


def _weigh_part(parts: zipfile.ZipFile, info: zipfile.ZipInfo, left: int) -> int:
    # What the directory declares may be a lie: only what really comes out counts.
    kept = bytearray()
    with parts.open(info) as part:
        while chunk := part.read(CHUNK):
            kept += chunk
            if len(kept) > left:
                raise ExpandingFile(most_megabytes=MOST_UNPACKED_BYTES // 1_000_000)
    # Any part may be a sheet: the workbook says which, in ways of its own.
    if kept.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(XML_STARTS):
        _check_extent(bytes(kept))
    return len(kept)


def _check_extent(xml: bytes) -> None:
    """Raise ExpandingFile for a cell too far off, UnreadableFile for one that does not say where it stands."""
    if b"\0" in xml or not all(BELIEVED.fullmatch(one) for one in TEXTS_COUNTED.findall(xml)):
        raise _unreadable()
    for number, found in enumerate(CELL.finditer(xml)):
        if number > MOST_CELLS:
            raise ExpandingFile(most_megabytes=MOST_UNPACKED_BYTES // 1_000_000)
        attributes = found[1]
        _check_quotes(attributes)
        # An empty cell, however far off, is a matter of looks.
        if attributes.endswith(b"/"):
            continue
        place = PLACE.search(attributes)
        if place is None:
            raise _unreadable()
        if int(place[2]) > MOST_USED_ROWS or _column(place[1]) > MOST_COLUMNS:
            raise ExpandingFile(most_megabytes=MOST_UNPACKED_BYTES // 1_000_000)


def _check_quotes(attributes: bytes) -> None:
    # A « > » between quotation marks would hide what comes behind it.
    if attributes.count(b'"') % 2 or attributes.count(b"'") % 2:
        raise _unreadable()


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _sheets(content: bytes) -> list[list[list[str]]]:
    try:
        workbook = load_workbook(io.BytesIO(content))
        return [_cells(workbook.get_sheet_by_name(name)) for name in workbook.sheet_names]
    except (CalamineError, *WRONG_ZIP) as error:
        raise _unreadable() from error
    except BaseException as error:
        # The reader is written in another language: what it did not foresee arrives as no Exception at all.
        if type(error).__name__ == "PanicException":
            raise _unreadable() from error
        raise


def _cells(sheet: CalamineSheet) -> list[list[str]]:
    rows = [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    filled = 0
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        filled += min(bottom, len(rows)) - top + 1
        if filled > MOST_CELLS:
            raise ExpandingFile(most_megabytes=MOST_UNPACKED_BYTES // 1_000_000)
        if top < len(rows) and left < len(rows[top]):
            _fill(rows, rows[top][left], (top, bottom), (left, right))
    return rows


def _fill(rows: list[list[str]], text: str, down: tuple[int, int], across: tuple[int, int]) -> None:
    # Merged over rows means « the same for all of these »; merged over columns is a headline.
    for row in rows[down[0] : down[1] + 1]:
        if across[0] == across[1]:
            row[across[0]] = text


def _text(value: Any) -> str:
    match value:
        case bool():
            return "oui" if value else "non"
        case float() if value.is_integer():
            return str(int(value))
        case float():
            return str(value).replace(".", ",")
        case dt.datetime() if value.time() == dt.time():
            return value.date().isoformat()
        case dt.date() | dt.time():
            return value.isoformat()
        case _:
            return unguard(str(value).replace("\0", ""))


def _unreadable() -> UnreadableFile:
    return UnreadableFile(format="XLSX", line=1, reason=gettext(N_("ce n’est pas un classeur complet")))
