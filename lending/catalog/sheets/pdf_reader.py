"""Reads a PDF in a process of its own: `python -m lending.catalog.sheets.pdf_reader` takes it on standard input.

The parser is a large C++ library that meets files from anywhere. Whatever it does to memory, time or itself, it does
it here, with limits of the system on both, and the server only sees that there is no answer.
"""

import io
import sys
import time
from typing import Literal

import msgspec
import pypdfium2

if sys.platform != "win32":
    import resource

MOST_PAGES_READ = 100
MOST_CHARACTERS = 200_000
READING_SECONDS = 8
PROCESSOR_SECONDS = 15
MEMORY_BYTES = 1_500_000_000
PREVIEW_PIXELS = 960
WRONG_PASSWORD = 4
# What the parser gives for a hyphen at the end of a line.
SOFT_HYPHEN = "\ufffe"


class PdfRead(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in a PDF; `preview` is its first page as PNG, empty where it cannot be drawn."""

    problem: Literal["", "encrypted", "broken"] = ""
    page_count: int = 0
    text: str = ""
    preview: bytes = b""


def read_pdf(content: bytes) -> PdfRead:
    """Page count, text and first page of a PDF; the text ends at the bounds of this module."""
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        return PdfRead(problem="encrypted" if error.err_code == WRONG_PASSWORD else "broken")
    try:
        page_count = len(document)
        if page_count == 0:
            return PdfRead(problem="broken")
        return PdfRead(page_count=page_count, text=_text(document, page_count), preview=_preview(document))
    finally:
        document.close()


def _text(document: pypdfium2.PdfDocument, page_count: int) -> str:
    parts: list[str] = []
    length, ends_at = 0, time.monotonic() + READING_SECONDS
    for number in range(min(page_count, MOST_PAGES_READ)):
        if length >= MOST_CHARACTERS or time.monotonic() > ends_at:
            break
        parts.append(_page_text(document, number))
        length += len(parts[-1])
    return "\n".join(parts)[:MOST_CHARACTERS]


def _page_text(document: pypdfium2.PdfDocument, number: int) -> str:
    try:
        page = document[number]
        text = page.get_textpage().get_text_range()
        page.close()
    except pypdfium2.PdfiumError:
        return ""
    return str(text).replace(SOFT_HYPHEN, "")


def _preview(document: pypdfium2.PdfDocument) -> bytes:
    try:
        page = document[0]
        longest = max(page.get_size())
        if longest <= 0:
            return b""
        picture = page.render(scale=PREVIEW_PIXELS / longest).to_pil().convert("RGB")
    except (pypdfium2.PdfiumError, ValueError, MemoryError):
        return b""
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def limit_this_process() -> None:
    """Have the system end this process before it takes too much."""
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    limit_this_process()
    sys.stdout.buffer.write(msgspec.msgpack.encode(read_pdf(sys.stdin.buffer.read())))
