"""A trunk's contents as a text of lines, for one cell of a sheet.

    [Livres]
    5 × Album « Le loup »
    1 × Guide de l’enseignant (consommable ; 12,50 €)

What is in brackets at the end is optional: `durable` or `consommable`, then the price of one.
"""

import re
from collections.abc import Sequence

import msgspec

from lending.catalog.imports.values import BadValueError
from lending.catalog.requests import LineInput, SectionInput
from lending.catalog.rules import clean_line
from lending.catalog.schemas import ChecklistSection

SECTION = re.compile(r"\[(.*)\]")
# « 5 × loupe », « 5 loupes »; a line without a number is one thing.
LINE = re.compile(r"(?:(-?\d{1,6})(?: ?[x×*] ?| (?=\D)))?(.*)", re.IGNORECASE)
REMARK = re.compile(r"(.*?) ?\((durable|consommable)(?: ; (\d{1,7})(?:[.,](\d{1,2}))? ?€)?\)")
DEFAULT_SECTION = "Contenu"
MOST_QUANTITY = 10_000


def sections_text(sections: Sequence[SectionInput]) -> str:
    """Wanted contents as a text, written the one way that `contents_text` writes them."""
    lines = []
    for section in sections:
        lines.append(f"[{section.name}]")
        lines += [
            _line_text(_Line(one.name, one.quantity, one.is_consumable, one.value_cents)) for one in section.lines
        ]
    return "\n".join(lines)


class _Line(msgspec.Struct, frozen=True):
    name: str
    quantity: int
    is_consumable: bool
    value_cents: int | None


def contents_text(sections: Sequence[ChecklistSection]) -> str:
    """The contents as a text, from which `parse_contents` makes the same contents."""
    lines = []
    for section in sections:
        lines.append(f"[{section.name}]")
        lines += [
            _line_text(_Line(one.name, one.quantity, one.is_consumable, one.value_cents)) for one in section.lines
        ]
    return "\n".join(lines)


def _line_text(line: _Line) -> str:
    kind = "consommable" if line.is_consumable else "durable"
    price = ""
    if line.value_cents is not None:
        price = f" ; {line.value_cents // 100},{line.value_cents % 100:02d} €"
    plain = kind == "durable" and not price and not line.name.endswith(")")
    return f"{line.quantity} × {line.name}" + ("" if plain else f" ({kind}{price})")


def parse_contents(text: str) -> list[SectionInput]:
    """The contents that a text tells, without ids. Raises BadValueError with the line that cannot be read."""
    sections: list[tuple[str, list[LineInput]]] = []
    # Many lines are one a line; a single one may hold them all between signs.
    for raw in text.splitlines() if "\n" in text.strip() else re.split("[;|]", text):
        line = clean_line(raw)
        if found := SECTION.fullmatch(line):
            sections.append((clean_line(found[1])[:120] or DEFAULT_SECTION, []))
        elif line:
            if not sections:
                sections.append((DEFAULT_SECTION, []))
            sections[-1][1].append(_parse_line(line))
    return [SectionInput(name=name, lines=lines) for name, lines in sections]


def _parse_line(line: str) -> LineInput:
    found = LINE.fullmatch(line)
    remark = REMARK.fullmatch(found[2]) if found else None
    name = (remark[1] if remark else found[2] if found else "").strip()
    quantity = int(found[1] or 1) if found else 0
    if quantity < 0:
        raise BadValueError(reason="negative", value=line[:60], least=1)
    if not (name and len(name) <= 200 and 1 <= quantity <= MOST_QUANTITY):  # noqa: PLR2004 - the column's width
        raise BadValueError(reason="bad-contents", value=line[:60])
    value = int(remark[3]) * 100 + int((remark[4] or "0").ljust(2, "0")) if remark and remark[3] else None
    consumable = bool(remark) and remark[2] == "consommable" if remark else False
    return LineInput(name=name, quantity=quantity, is_consumable=consumable, value_cents=value)


def with_ids(wanted: Sequence[SectionInput], present: Sequence[ChecklistSection]) -> list[SectionInput]:
    """The wanted contents, where lines that are there already by section and name keep their ids."""
    left = {(section.name, line.name): (section.id, line) for section in present for line in section.lines}
    section_ids = {section.name: section.id for section in present}
    out = []
    for section in wanted:
        lines = []
        for line in section.lines:
            _, old = left.pop((section.name, line.name), (0, None))
            known = {name: getattr(old, name) for name in LineInput.__struct_fields__ if hasattr(old, name)}
            told = {"quantity": line.quantity, "is_consumable": line.is_consumable, "value_cents": line.value_cents}
            lines.append(LineInput(**(known | {"name": line.name} | told)))
        out.append(SectionInput(id=section_ids.pop(section.name, None), name=section.name, lines=lines))
    return out
