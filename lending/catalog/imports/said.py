"""What a row says: each mapped cell as a fact, and what is wrong with those that cannot be read. Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lending.catalog.imports import values
from lending.catalog.imports.contents_text import parse_contents, sections_text
from lending.catalog.imports.reasons import Problem
from lending.catalog.imports.sheet import Row
from lending.catalog.imports.values import BadValueError, Words, is_blank
from lending.catalog.rules import clean_line
from lending.core.barcodes import parse_scan

MOST_COPIES_A_ROW = 200
LONGEST_CODE = 60
Reader = Callable[[str], Any]
COPY_COLUMNS = ("code", "other_codes", "count", "depot", "shelf", "condition")


@dataclass
class Said:
    """The facts of a row: those of the title, those of its copies, and what is wrong."""

    line: int
    facts: dict[str, Any] = field(default_factory=dict)
    codes: list[str] = field(default_factory=list)
    other_codes: list[str] = field(default_factory=list)
    count: int | None = None
    depot_id: int | None = None
    shelf: str | None = None
    condition: str | None = None
    title_id: int | None = None
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, reason: str, column: str = "", value: str = "", **facts: object) -> None:
        """Note what is wrong."""
        told = {name: str(fact) for name, fact in facts.items()}
        self.problems.append(Problem(reason=reason, column=column, value=value, facts=told))


def readers(words: Mapping[str, Words], depots: Mapping[str, int], *, lenient: bool) -> dict[str, Reader]:
    """How each column is read. Lenient = themes that the vocabulary lacks are left out (library records)."""
    depot_words = Words({name: str(id_) for name, id_ in depots.items()}, {str(id_): n for n, id_ in depots.items()})
    short = values.line_of_text(200)
    return {
        "id": lambda text: values.integer(text, 1, 2**31 - 1),
        "reference": values.line_of_text(40),
        "kind": values.kind,
        "name": short,
        "subtitle": short,
        "authors": values.line_of_text(300),
        "publisher": values.line_of_text(120),
        "isbn": values.isbn,
        "ean": values.ean,
        "language": values.language,
        "published_year": values.year,
        "ages": values.bounds,
        "min_age": lambda text: values.integer(text, 0, 120),
        "max_age": lambda text: values.integer(text, 0, 120),
        "players": values.bounds,
        "min_players": lambda text: values.integer(text, 1, 1000),
        "max_players": lambda text: values.integer(text, 1, 1000),
        "duration_minutes": values.minutes,
        "levels": values.several(words["level"], "unknown-level"),
        "themes": values.several(words["theme"], "unknown-theme", lenient=lenient),
        "game_kind": values.word(words["game_kind"], "unknown-game-kind"),
        "is_local": values.yes_or_no,
        "visibility": values.visibility,
        "summary": values.long_text,
        "contents": _contents,
        "count": lambda text: values.integer(text, 0, MOST_COPIES_A_ROW),
        "code": _codes,
        "other_codes": _codes,
        "depot": lambda text: int(values.word(depot_words, "unknown-depot")(text)),
        "shelf": values.line_of_text(40),
        "condition": values.condition,
    }


def read_row(row: Row, mapping: Mapping[int, str], known_readers: Mapping[str, Reader]) -> Said:
    """Every mapped cell of a row that is not blank."""
    said = Said(row.line)
    found: dict[str, Any] = {}
    for number, code in mapping.items():
        text = row.cells[number] if number < len(row.cells) else ""
        if is_blank(text):
            continue
        try:
            found[code] = known_readers[code](text)
        except BadValueError as error:
            value = error.value if error.value is not None else clean_line(text)[:60]
            said.problems.append(Problem(reason=error.reason, column=code, value=value, facts=error.facts))
    _spread(said, {code: fact for code, fact in found.items() if fact not in ("", [])})
    return said


def _spread(said: Said, found: dict[str, Any]) -> None:
    said.codes, said.other_codes = found.pop("code", []), found.pop("other_codes", [])
    said.count, said.depot_id = found.pop("count", None), found.pop("depot", None)
    said.shelf, said.condition = found.pop("shelf", None), found.pop("condition", None)
    said.title_id = found.pop("id", None)
    for both, low, high in (("ages", "min_age", "max_age"), ("players", "min_players", "max_players")):
        if both in found:
            least, most = found.pop(both)
            found.setdefault(low, least)
            if most is not None:
                found.setdefault(high, most)
        if (found.get(low) or 0) > found.get(high, 10_000):
            said.refuse("inverted", high, f"{found[low]}-{found[high]}", least=found[low], most=found[high])
    if found.get("min_players") == 0:
        said.refuse("out-of-range", "players", "0", least=1, most=1000)
    for name, most in (("max_age", 120), ("min_age", 120), ("max_players", 1000), ("min_players", 1000)):
        if found.get(name, 0) > most:
            said.refuse("out-of-range", name, str(found[name]), least=0, most=most)
    if len(said.codes) > 1 and said.other_codes:
        said.refuse("several-copies", "other_codes")
    said.facts = found


def _codes(text: str) -> list[str]:
    codes = []
    for part in re.split(r"[|;,\n]", text):
        code = parse_scan(clean_line(part))
        if is_blank(part):
            continue
        if not code or len(code) > LONGEST_CODE:
            raise BadValueError(reason="bad-code", value=clean_line(part)[:60])
        codes.append(code)
    return list(dict.fromkeys(codes))


def _contents(text: str) -> str:
    return sections_text(parse_contents(text))


def codes_in(said: Sequence[Said]) -> dict[str, list[int]]:
    """The lines on which each code stands."""
    lines: dict[str, list[int]] = {}
    for one in said:
        for code in {*one.codes, *one.other_codes}:
            lines.setdefault(code, []).append(one.line)
    return lines
