"""What an uploaded document is, by its content and never by its name, and what stands in it.

A PDF is read by another process (`pdf_reader`). An ODT or DOCX is only offered as a download: it is looked at as an
archive, and nothing in it is unpacked but the few bytes that say what it is.
"""

import io
import os
import subprocess
import sys
import threading
import zipfile
from dataclasses import dataclass

import msgspec

from lending.catalog.media import MEDIA_TYPES
from lending.catalog.rules import clean_text
from lending.catalog.sheets.errors import (
    MOST_DOCUMENT_BYTES,
    BrokenDocument,
    DocumentTooLarge,
    EmptyDocument,
    EncryptedDocument,
    SlowDocument,
    UnsupportedDocument,
)
from lending.catalog.sheets.pdf_reader import PdfRead
from lending.core.errors import LendingError

PDF, ODT, DOCX = MEDIA_TYPES[".pdf"], MEDIA_TYPES[".odt"], MEDIA_TYPES[".docx"]
ANSWER_SECONDS = 30
AT_ONCE = threading.BoundedSemaphore(2)
# Readers allow a few bytes in front of a PDF; nobody needs more.
BEGINNING = 1_024
MOST_ENTRIES, MOST_UNPACKED_BYTES, MOST_TYPES_BYTES = 5_000, 300_000_000, 1_000_000
DOCX_TYPES, DOCX_BODY = "[Content_Types].xml", b"wordprocessingml.document.main+xml"
PASSED_ON = ("PATH", "PYTHONPATH", "SYSTEMROOT", "VIRTUAL_ENV")


@dataclass(frozen=True)
class ReadDocument:
    """A document that may be kept. Only of a PDF are pages, text and preview (PNG) known."""

    media_type: str
    page_count: int | None = None
    text: str = ""
    preview: bytes = b""


def read_document(content: bytes) -> ReadDocument:
    """What an upload is and holds.

    Raises EmptyDocument, DocumentTooLarge, UnsupportedDocument, EncryptedDocument, BrokenDocument, SlowDocument.
    """
    if not content:
        raise EmptyDocument
    if len(content) > MOST_DOCUMENT_BYTES:
        raise DocumentTooLarge
    if b"%PDF-" in content[:BEGINNING]:
        return _pdf(content)
    if content.startswith(b"PK\x03\x04"):
        return ReadDocument(_kind_of_archive(content))
    raise UnsupportedDocument


def _pdf(content: bytes) -> ReadDocument:
    read = read_apart(content)
    match read.problem:
        case "encrypted":
            raise EncryptedDocument
        case "broken":
            raise BrokenDocument
    return ReadDocument(PDF, read.page_count, clean_text(read.text), read.preview)


def read_apart(content: bytes) -> PdfRead:
    """Read a PDF in a process of its own. Raises SlowDocument, BrokenDocument."""
    command = [sys.executable, "-m", "lending.catalog.sheets.pdf_reader"]
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    with AT_ONCE:
        try:
            done = subprocess.run(  # noqa: S603 - our own module, the document comes on standard input
                command, input=content, capture_output=True, timeout=ANSWER_SECONDS, env=environment, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise SlowDocument from error
    if done.returncode < 0:
        # The system ended it: too much time or memory, or the parser fell over.
        raise SlowDocument
    try:
        return msgspec.msgpack.decode(done.stdout, type=PdfRead)
    except msgspec.MsgspecError as error:
        raise BrokenDocument from error


def _kind_of_archive(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _checked(archive)
    except LendingError:
        raise
    except Exception as error:
        # The archive's reader raises whatever its parser stumbles over.
        raise BrokenDocument from error


def _checked(archive: zipfile.ZipFile) -> str:
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES or sum(one.file_size for one in entries) > MOST_UNPACKED_BYTES:
        raise SlowDocument
    if any(one.flag_bits & 1 for one in entries):
        raise EncryptedDocument
    names = {one.filename for one in entries}
    if "mimetype" in names and _beginning(archive, "mimetype") == ODT.encode() and "content.xml" in names:
        if any(name.startswith(("Basic/", "Scripts/")) for name in names):
            raise UnsupportedDocument
        return ODT
    if DOCX_TYPES in names and "word/document.xml" in names and DOCX_BODY in _beginning(archive, DOCX_TYPES):
        if any(name.lower().endswith("vbaproject.bin") for name in names):
            raise UnsupportedDocument
        return DOCX
    raise UnsupportedDocument


def _beginning(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as file:
        return file.read(MOST_TYPES_BYTES)
