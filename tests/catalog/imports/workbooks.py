"""Workbooks and library records made for a test."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter
from pymarc import Field, Indicators, Leader, Record, Subfield


def workbook(rows: Sequence[Sequence[Any]], merged: Sequence[tuple[int, int, int, int, str]] = ()) -> bytes:
    """A workbook of one sheet; `merged` cells are (first row, first column, last row, last column, text)."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet = book.add_worksheet()
        for line, row in enumerate(rows):
            for number, cell in enumerate(row):
                if cell is not None:
                    sheet.write(line, number, cell, *([day] if hasattr(cell, "year") else []))
        for area in merged:
            sheet.merge_range(*area)
    return content.getvalue()


def unpacked(content: bytes) -> dict[str, bytes]:
    """The parts of a workbook."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return {name: parts.read(name) for name in parts.namelist()}


def packed(parts: Mapping[str, bytes]) -> bytes:
    """A workbook of these parts."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target:
        for name, part in parts.items():
            target.writestr(name, part)
    return content.getvalue()


def record(control: str, fields: Sequence[tuple[str, str]]) -> bytes:
    """A record in UTF-8; a field is its tag and its subfields, such as `aTitre$esous-titre`."""
    made = Record(force_utf8=True)
    made.leader = Leader("00000nam a2200000   4500")
    subfields = [
        Field(tag, indicators=Indicators("1", " "), subfields=[Subfield(one[0], one[1:]) for one in text.split("$")])
        for tag, text in fields
    ]
    made.fields = [Field("001", data=control), *subfields]
    return bytes(made.as_marc())


UNIMARC = record(
    "FRBNF1",
    [
        ("010", "a978-2-07-061275-8$brel.$d8 EUR"),
        ("101", "afre"),
        ("200", "aLe \x98loup\x9c qui voulait changer$edocumentaire$fGrégoire Solotareff"),
        ("210", "aParis$cL’École des loisirs$dDL 2019"),
        ("330", "aUn loup\ts’ennuie."),
        ("606", "aLoups$xRomans"),
        ("700", "aSolotareff$bGrégoire"),
        ("995", "fX100$kA LOU"),
    ],
) + record("FRBNF2", [("200", "aSans ISBN"), ("606", "aCoopération")])
MARC21 = record(
    "ocm1",
    [
        ("020", "a2070612759 (rel.)"),
        ("041", "afre"),
        ("100", "aSolotareff, Grégoire,"),
        ("245", "aLe loup :$bhistoire /$cGrégoire Solotareff."),
        ("264", "aParis :$bÉcole des loisirs,$c[2019]"),
        ("952", "pX100$oA LOU"),
        ("952", "pX101$oA LOU"),
    ],
)
