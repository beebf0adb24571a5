"""Titles as a table: one row for each copy, one for a title without. The import reads it back without a difference."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
import xlsxwriter
from stdnum import isbn as isbn_number

from lending.catalog.exports.schemas import ExportedCopy, ExportedTitle
from lending.catalog.imports.columns import BY_CODE
from lending.catalog.imports.sheet import GUARDED, guard
from lending.core.barcodes import shown

# « status » is for people: the import does not know the column.
TITLE_CODES = tuple(
    name for name in ExportedTitle.__struct_fields__ if name not in ("is_own", "copies") and name in BY_CODE
)
COPY_CODES = ("code", "other_codes", "depot", "shelf", "condition")
STATUS_HEADING = "Situation"
KINDS = {"trunk": "Malle", "game": "Jeu", "book": "Livre", "sheet": "Fiche"}
CONDITIONS = {"new": "neuf", "good": "bon", "worn": "usé", "damaged": "abîmé"}
VISIBILITIES = {"draft": "brouillon", "published": "publié", "archived": "archivé"}
STATUSES = {
    "lendable": "disponible au prêt",
    "blocked": "à compléter",
    "repair": "en réparation",
    "lost": "perdu",
    "withdrawn": "retiré",
}
WORDS: Mapping[str, Mapping[str, str]] = {
    "kind": KINDS,
    "condition": CONDITIONS,
    "visibility": VISIBILITIES,
    "status": STATUSES,
}
# In groups, so that a spreadsheet takes digits for a text and keeps the zeros.
FORMS: Mapping[str, Callable[[str], str]] = {"code": shown, "isbn": isbn_number.format}
Labels = Mapping[str, Mapping[str, str]]
WIDTHS = {"name": 40, "summary": 40, "contents": 40, "authors": 24, "publisher": 24}
LONGEST_CELL = 32_767


def headings() -> list[str]:
    """The headings, in French whatever the language in force: files travel between people."""
    return [BY_CODE[code].label for code in (*TITLE_CODES, *COPY_CODES)] + [STATUS_HEADING]


def table_rows(titles: Sequence[ExportedTitle], labels: Labels) -> Iterator[list[str]]:
    """The rows below the headings, with the vocabularies' labels."""
    for title in titles:
        facts = msgspec.structs.asdict(title)
        for column, words in labels.items():
            facts[column] = _labelled(facts[column], words)
        own = [_cell(code, facts[code]) for code in TITLE_CODES]
        copies: Sequence[ExportedCopy | None] = title.copies or [None]
        for copy in copies:
            yield own + _copy_cells(copy)


def _copy_cells(copy: ExportedCopy | None) -> list[str]:
    if copy is None:
        return [""] * (len(COPY_CODES) + 1)
    facts = msgspec.structs.asdict(copy)
    return [_cell(code, facts[code]) for code in (*COPY_CODES, "status")]


def _labelled(fact: Any, words: Mapping[str, str]) -> Any:
    return [words.get(one, one) for one in fact] if isinstance(fact, list) else words.get(fact, fact)


def _cell(code: str, fact: Any) -> str:
    if fact is None:
        return ""
    if code in FORMS:
        return FORMS[code](str(fact))
    if isinstance(fact, bool):
        return "oui" if fact else "non"
    if isinstance(fact, list):
        return " | ".join(fact)
    return WORDS.get(code, {}).get(str(fact), str(fact))


def to_csv(titles: Sequence[ExportedTitle], labels: Labels) -> bytes:
    """Semicolons and UTF-8 with its mark, as French spreadsheets open it; nothing in it runs as a formula."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(headings())
    writer.writerows([guard(cell) for cell in row] for row in table_rows(titles, labels))
    return text.getvalue().encode("utf-8-sig")


def to_xlsx(titles: Sequence[ExportedTitle], labels: Labels) -> bytes:
    """A workbook whose cells are all texts, so that nothing is computed and no zero is lost."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False}) as workbook:
        sheet = workbook.add_worksheet("Fonds")
        head = workbook.add_format({"bold": True, "bg_color": "#EEE8DD"})
        for number, code in enumerate((*TITLE_CODES, *COPY_CODES, "status")):
            sheet.set_column(number, number, WIDTHS.get(code, 14))
        for number, heading in enumerate(headings()):
            sheet.write_string(0, number, heading, head)
        for line, row in enumerate(table_rows(titles, labels), start=1):
            for number, cell in enumerate(row):
                # What does not fit is left out whole: half a list of contents would be read back as all of it.
                if cell and len(cell) < LONGEST_CELL:
                    sheet.write_string(line, number, _kept(cell))
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, 0, len(headings()) - 1)
    return content.getvalue()


def _kept(cell: str) -> str:
    # The import takes an apostrophe off what looks guarded: one of the text's own gets a second before it.
    return f"'{cell}" if GUARDED.match(cell) else cell


def to_json(titles: Sequence[ExportedTitle]) -> bytes:
    """An object with the list `titles`, each with its `copies`; codes instead of words."""
    return msgspec.json.format(msgspec.json.encode({"format": 1, "titles": titles}), indent=1)
