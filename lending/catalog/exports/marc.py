"""Titles as library records, in UNIMARC or MARC 21, with their copies in 995 or 952."""

from collections.abc import Sequence

from pymarc import Field, Indicators, Leader, Record, Subfield

from lending.catalog.exports.schemas import ExportedTitle

MARC_KINDS = {"book": "am", "trunk": "om", "game": "rm", "sheet": "am"}
LANGUAGES = {"fr": "fre", "en": "eng", "de": "ger", "es": "spa", "it": "ita", "pt": "por"}
# UTF-8 in the coded field that every UNIMARC record must have: date, audience, language of the record.
UNIMARC_100 = "{date}d{year:>4}    m  y0frey50      ba"
LARGEST_RECORD = 99_999
LONGEST_NOTE = 9000


def to_marc(titles: Sequence[ExportedTitle], format_: str, date: str) -> bytes:
    """Records in ISO 2709, encoded in UTF-8. `date` (YYYYMMDD) is that of the export."""
    return b"".join(_bytes(title, format_, date) for title in titles)


def _bytes(title: ExportedTitle, format_: str, date: str) -> bytes:
    record = Record(force_utf8=True)
    record.leader = Leader("00000n" + MARC_KINDS[title.kind] + " a2200000   4500")
    described = (_unimarc if format_ == "unimarc" else _marc21)(title, date)
    record.fields = [Field("001", data=title.reference or f"T{title.id}"), *described]
    content = bytes(record.as_marc())
    while len(content) > LARGEST_RECORD:
        # A record cannot say a longer length: the last copies are left out before the rest is lost.
        record.fields.pop()
        content = bytes(record.as_marc())
    return content


def _unimarc(title: ExportedTitle, date: str) -> list[Field]:
    year = str(title.published_year or "")
    fields = [
        _field("010", ("a", title.isbn)),
        _field("073", ("a", title.ean)),
        _field("100", ("a", UNIMARC_100.format(date=date, year=year))),
        _field("101", ("a", LANGUAGES.get(title.language, title.language)), first="0"),
        _field("200", ("a", title.name), ("e", title.subtitle), ("f", title.authors), first="1"),
        _field("214", ("c", title.publisher), ("d", year), second="0"),
        _field("330", ("a", title.summary[:LONGEST_NOTE])),
        *(_field("610", ("a", theme), first="0") for theme in title.themes),
        *(_field("700", ("a", author)) for author in title.authors.split(" ; ")[:1]),
        *(_field("701", ("a", author)) for author in title.authors.split(" ; ")[1:]),
        *(_field("995", ("b", one.depot), ("f", one.code), ("k", one.shelf)) for one in title.copies),
    ]
    return [field for field in fields if field is not None]


def _marc21(title: ExportedTitle, _date: str) -> list[Field]:
    year = str(title.published_year or "")
    people = title.authors.split(" ; ")
    fields = [
        _field("020", ("a", title.isbn)),
        _field("024", ("a", title.ean), first="3"),
        _field("041", ("a", LANGUAGES.get(title.language, title.language)), first="0"),
        *(_field("100", ("a", author), first="1") for author in people[:1]),
        _field("245", ("a", title.name), ("b", title.subtitle), first="0", second="0"),
        _field("264", ("b", title.publisher), ("c", year), second="1"),
        _field("520", ("a", title.summary[:LONGEST_NOTE])),
        *(_field("653", ("a", theme)) for theme in title.themes),
        *(_field("700", ("a", author), first="1") for author in people[1:]),
        *(_field("952", ("b", one.depot), ("p", one.code), ("o", one.shelf)) for one in title.copies),
    ]
    return [field for field in fields if field is not None]


def _field(tag: str, *parts: tuple[str, str | None], first: str = " ", second: str = " ") -> Field | None:
    told = [Subfield(code, _clean(text)) for code, text in parts if text]
    return Field(tag, indicators=Indicators(first, second), subfields=told) if told else None


def _clean(text: str) -> str:
    # The three signs that end subfields, fields and records.
    return "".join(" " if ord(c) < ord(" ") else c for c in text)
