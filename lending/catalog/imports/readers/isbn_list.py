"""A list of ISBNs as a scanner types it: one a line. The same one on several lines means several copies."""

import re

from lending.catalog.imports.readers.text import decoded
from lending.catalog.imports.sheet import Row, Sheet

ISBN_LINE = re.compile(r"[\d][\d\s‐–-]{7,20}[\dXx]")
SAMPLE_BYTES = 4000


def is_isbn_list(content: bytes) -> bool:
    """Whether the first lines hold nothing but what looks like an ISBN."""
    lines = [line.strip() for line in content[:SAMPLE_BYTES].decode("utf-8-sig", errors="replace").splitlines()]
    lines = [line for line in lines[: max(1, len(lines) - 1)] if line]
    return bool(lines) and all(ISBN_LINE.fullmatch(line) for line in lines)


def read_isbn_list(content: bytes) -> Sheet:
    """A row for each ISBN, with how often it stands there. Raises NulBytesInFile."""
    first: dict[str, int] = {}
    count: dict[str, int] = {}
    for line, text in enumerate(decoded(content).splitlines(), start=1):
        isbn = "".join(text.split()).replace("-", "")[:60]
        if isbn:
            first.setdefault(isbn, line)
            count[isbn] = count.get(isbn, 0) + 1
    return Sheet("isbn", ["isbn", "count"], [Row(line, [isbn, str(count[isbn])]) for isbn, line in first.items()])
