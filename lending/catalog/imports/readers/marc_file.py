"""MARC records (ISO 2709), in UNIMARC as French libraries write them and in MARC 21.

The number of the record (001) is the reference; copies stand in 995 (the French recommendation) and in 952.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from pymarc import Field, MARCReader, Record

from lending.catalog.imports.errors import CutMarc
from lending.catalog.imports.sheet import Row, Sheet

LEADER = re.compile(rb"\d{5}[ -~]{7}\d{5}[ -~]{7}")
HEADINGS = (
    "reference",
    "name",
    "subtitle",
    "authors",
    "publisher",
    "isbn",
    "ean",
    "language",
    "published_year",
    "summary",
    "themes",
    "kind",
    "code",
    "shelf",
    "count",
)
YEAR = re.compile(r"(?<!\d)(1[4-9]\d\d|20\d\d)(?!\d)")
# Where each thing stands: tag and subfields, the first place with something in it counts.
Places = Sequence[tuple[str, str]]
UNIMARC: Mapping[str, Places] = {
    "name": [("200", "ahi")],
    "subtitle": [("200", "e")],
    "publisher": [("214", "c"), ("210", "c")],
    "isbn": [("010", "a")],
    "ean": [("073", "a")],
    "language": [("101", "a")],
    "published_year": [("214", "d"), ("210", "d")],
    "summary": [("330", "a")],
    "code": [("995", "f")],
    "shelf": [("995", "k")],
}
MARC21: Mapping[str, Places] = {
    "name": [("245", "anp")],
    "subtitle": [("245", "b")],
    "publisher": [("264", "b"), ("260", "b")],
    "isbn": [("020", "a")],
    "ean": [("024", "a")],
    "language": [("041", "a")],
    "published_year": [("264", "c"), ("260", "c")],
    "summary": [("520", "a")],
    "code": [("952", "p"), ("876", "p")],
    "shelf": [("952", "o"), ("852", "h")],
}
SUBJECTS = {"unimarc": ("606", "610"), "marc21": ("650", "653")}
PEOPLE = {"unimarc": ("700", "701", "702", "710"), "marc21": ("100", "110", "700", "710")}
COPIES = {"unimarc": ("995",), "marc21": ("952", "876")}
# Three letters of the bibliographic code where two are the custom, and where the two codes of a language differ.
LANGUAGES = {"fre": "fr", "fra": "fr", "eng": "en", "ger": "de", "deu": "de", "spa": "es", "ita": "it", "por": "pt"}
KINDS = {"a": "book", "r": "game", "o": "trunk"}


def is_marc(content: bytes) -> bool:
    """Whether a content begins like a MARC record."""
    return LEADER.match(content) is not None


def marc_format(content: bytes) -> str:
    """Which of the two the records are in: the title stands in 200 or in 245."""
    directory = content[24 : int(content[12:17]) - 1]
    tags = {directory[at : at + 3] for at in range(0, len(directory), 12)}
    return "marc21" if b"245" in tags and b"200" not in tags else "unimarc"


def read_marc(content: bytes, format_: str) -> Sheet:
    """A row for each record. Raises CutMarc with the record that is broken."""
    rows = [Row(number, _cells(record, format_)) for number, record in enumerate(_records(content, format_), start=1)]
    return Sheet(format_, list(HEADINGS), rows)


def _records(content: bytes, format_: str) -> Iterator[Record]:
    content = content.rstrip(b"\r\n \x1a\0")
    is_utf8 = _is_utf8(content)
    # MARC 21 that is not UTF-8 is MARC-8; of UNIMARC, what old systems wrote in one byte a letter.
    encoding = "latin1" if format_ == "unimarc" and not is_utf8 else "iso8859-1"
    reader = MARCReader(content, force_utf8=is_utf8, file_encoding=encoding, hide_utf8_warnings=True, permissive=True)
    place = 0
    for number, record in enumerate(reader, start=1):
        if record is None:
            raise CutMarc(record=number, byte=place)
        yield record
        place += len(reader.current_chunk or b"")


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _cells(record: Record, format_: str) -> list[str]:
    places = UNIMARC if format_ == "unimarc" else MARC21
    found = {name: _first(record, wanted) for name, wanted in places.items()}
    found["reference"] = next((field.data or "" for field in record.get_fields("001")), "").strip()
    found["authors"] = _authors(record, format_)
    found["themes"] = " | ".join(_texts(record.get_fields(*SUBJECTS[format_]), "a"))
    found["published_year"] = next(iter(YEAR.findall(found["published_year"])), "")
    found["language"] = LANGUAGES.get(found["language"].lower(), found["language"].lower()[:3])
    found["isbn"] = found["isbn"].split(" ")[0].split("(")[0]
    found["kind"] = KINDS.get(str(record.leader)[6], "book")
    copies = record.get_fields(*COPIES[format_])
    found["code"] = " | ".join(_texts(copies, "fp"))
    found["count"] = str(len(copies)) if copies else ""
    found |= {name: _trimmed(found[name]) for name in ("name", "subtitle", "publisher", "authors")}
    return [found[name].replace("\0", "") for name in HEADINGS]


def _first(record: Record, places: Places) -> str:
    for tag, subfields in places:
        for field in record.get_fields(tag):
            if texts := [text for text in field.get_subfields(*subfields) if text.strip()]:
                return " ".join(texts) if len(subfields) > 1 else texts[0]
    return ""


def _texts(fields: Sequence[Field], subfields: str) -> list[str]:
    found = (text.strip() for field in fields for text in field.get_subfields(*subfields))
    return list(dict.fromkeys(text.replace("|", "/") for text in found if text))


def _authors(record: Record, format_: str) -> str:
    if format_ == "marc21":
        return " ; ".join(text.rstrip(" ,.") for text in _texts(record.get_fields(*PEOPLE[format_]), "a"))
    people = record.get_fields(*PEOPLE[format_])
    names = [", ".join(field.get_subfields("a", "b")) for field in people]
    return " ; ".join(dict.fromkeys(name for name in names if name)) or _first(record, [("200", "f")])


def _trimmed(text: str) -> str:
    # MARC 21 ends parts of a description with the sign that introduces the next one.
    return text.strip().rstrip("/:;,").strip()
