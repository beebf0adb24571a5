"""Bytes to text: what spreadsheets and library systems write."""

import codecs

from lending.catalog.imports.errors import NulBytesInFile

UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def decoded(content: bytes) -> str:
    """UTF-8 (with or without a mark), UTF-16 with its mark, else Windows-1252. Raises NulBytesInFile."""
    is_utf_16 = content.startswith(UTF_16)
    text = content.decode("utf-16", errors="replace") if is_utf_16 else _eight_bits(content)
    if "\0" in text:
        raise NulBytesInFile(line=text[: text.index("\0")].count("\n") + 1)
    return text


def _eight_bits(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Five bytes mean nothing in Windows-1252: they show as what they are, a sign that stands for the unknown.
        return content.decode("cp1252", errors="replace")
