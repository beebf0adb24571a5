"""From the bytes of a file to a sheet, whatever the format. Nothing here knows the catalogue."""

from collections.abc import Callable, Mapping

from lending.catalog.imports.errors import (
    MOST_BYTES,
    MOST_ROWS,
    EmptyFile,
    ExpandingFile,
    FileTooLarge,
    TooManyRows,
    UnknownFormat,
)
from lending.catalog.imports.readers.csv_file import read_csv
from lending.catalog.imports.readers.isbn_list import is_isbn_list, read_isbn_list
from lending.catalog.imports.readers.json_file import read_json
from lending.catalog.imports.readers.marc_file import is_marc, marc_format, read_marc
from lending.catalog.imports.readers.xlsx_file import read_xlsx
from lending.catalog.imports.sheet import Sheet

FORMATS = ("csv", "xlsx", "json", "unimarc", "marc21", "isbn")
MOST_CHARACTERS = 100_000_000
ZIP, OLE, PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF"

READERS: Mapping[str, Callable[[bytes], Sheet]] = {
    "csv": read_csv,
    "xlsx": read_xlsx,
    "json": read_json,
    "unimarc": lambda content: read_marc(content, "unimarc"),
    "marc21": lambda content: read_marc(content, "marc21"),
    "isbn": read_isbn_list,
}


def read_file(content: bytes, wanted: str | None = None) -> Sheet:
    """A file as a sheet; `wanted` is the format chosen by a person, None lets the content decide.

    Raises FileTooLarge, TooManyRows, ExpandingFile, EmptyFile, UnknownFormat, UnreadableFile, NulBytesInFile, CutMarc.
    """
    if len(content) > MOST_BYTES:
        raise FileTooLarge
    if not content.strip():
        raise EmptyFile
    sheet = READERS[wanted or detect(content)](content)
    if len(sheet.rows) > MOST_ROWS:
        raise TooManyRows
    # What is written once may be told in every row: merged cells, the title of many copies.
    if sum(len(cell) for row in sheet.rows for cell in row.cells) > MOST_CHARACTERS:
        raise ExpandingFile(most_megabytes=MOST_CHARACTERS // 1_000_000)
    if not sheet.rows:
        raise EmptyFile
    return sheet


def detect(content: bytes) -> str:
    """The format that a content looks like. Raises UnknownFormat."""
    if content.startswith(ZIP):
        return "xlsx"
    if content.startswith((OLE, PDF)):
        raise UnknownFormat
    if is_marc(content):
        return marc_format(content)
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        return "json"
    return "isbn" if is_isbn_list(content) else "csv"
