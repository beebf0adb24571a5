"""A sheet against the catalogue: reads only. The rows of an import as they are stored."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy.orm import Session

from lending.catalog.errors import UnknownDepot
from lending.catalog.imports.columns import NAMING
from lending.catalog.imports.judge import Judge, Judged
from lending.catalog.imports.known import read_stock, read_words
from lending.catalog.imports.reasons import Problem
from lending.catalog.imports.said import read_row, readers
from lending.catalog.imports.schemas import Defaults
from lending.catalog.imports.sheet import Row, Sheet

LIBRARY_FORMATS = ("unimarc", "marc21")
StoredRow = dict[str, Any]


def names_titles(mapping: Mapping[str, str]) -> bool:
    """Whether a column says which title a row speaks of."""
    return any(code in NAMING for code in mapping.values())


def check(
    session: Session, association_id: int, sheet: Sheet, mapping: Mapping[str, str], defaults: Defaults
) -> list[StoredRow]:
    """What importing each row would do, as rows for the table. Columns are counted from 0.

    Raises UnknownDepot when the file's default depot is another association's.
    """
    if not names_titles(mapping):
        return [_unmapped(row, sheet.headings) for row in sheet.rows]
    known = read_words(session, association_id)
    if defaults.depot_id is not None and defaults.depot_id not in known.depot_names:
        raise UnknownDepot(depot_id=defaults.depot_id)
    known_readers = readers(known.words, known.depots, lenient=sheet.format in LIBRARY_FORMATS)
    columns = {int(number): code for number, code in mapping.items()}
    said = [read_row(row, columns, known_readers) for row in sheet.rows]
    isbns = {one.facts["isbn"] for one in said if "isbn" in one.facts}
    codes = {code for one in said for code in (*one.codes, *one.other_codes)}
    read_stock(session, known, association_id, isbns, codes, with_contents="contents" in mapping.values())
    judge = Judge(known, defaults, is_isbn_list=sheet.format == "isbn")
    return [_stored(row, judged) for row, judged in zip(sheet.rows, judge.judge(said), strict=True)]


def _unmapped(row: Row, headings: Sequence[str]) -> StoredRow:
    problem = Problem(reason="no-name-column", facts={"headings": ", ".join(one for one in headings if one)[:300]})
    return _facts(row, "refused") | {"problems": _json([problem])}


def _stored(row: Row, judged: Judged) -> StoredRow:
    return _facts(row, judged.outcome) | {
        "name": judged.name[:200],
        "title_id": judged.title_id,
        "plan": _json(judged.plan) if judged.plan else None,
        "diff": _json(judged.differences if judged.plan else []),
        "problems": _json(judged.problems),
        "step": "waiting" if judged.plan else "none",
    }


def _facts(row: Row, outcome: str) -> StoredRow:
    facts = {"line": row.line, "cells": _json(row.cells), "outcome": outcome}
    return facts | {"name": "", "title_id": None, "plan": None, "diff": "[]", "problems": "[]", "step": "none"}


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
