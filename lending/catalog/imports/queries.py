"""Reads of imports."""

from collections.abc import Mapping

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lending.catalog.imports.columns import BY_CODE
from lending.catalog.imports.reasons import Problem, in_words
from lending.catalog.imports.schemas import (
    Defaults,
    Difference,
    MappedColumn,
    RowCounts,
    RowProblem,
    RowView,
    RunSummary,
    RunView,
)
from lending.catalog.imports.sheet import Row, Sheet
from lending.catalog.imports.tables import ImportRow, ImportRun
from lending.core.errors import NotFound
from lending.core.i18n import gettext

SAMPLES = 3
SAMPLE_LENGTH = 40
MOST_RUNS_LISTED = 50


def run_row(session: Session, association_id: int, run_id: int, *, lock: bool = False) -> ImportRun:
    """An import of an association. Raises NotFound."""
    row = session.get(ImportRun, run_id, with_for_update=lock)
    if row is None or row.association_id != association_id:
        raise NotFound
    return row


def runs(session: Session, association_id: int) -> list[RunSummary]:
    """The latest imports of an association, the newest first."""
    rows = select(func.count()).where(ImportRow.run_id == ImportRun.id).scalar_subquery()
    query = select(ImportRun, rows).where(ImportRun.association_id == association_id)
    found = session.execute(query.order_by(ImportRun.id.desc()).limit(MOST_RUNS_LISTED))
    return [
        RunSummary(
            id=run.id,
            file_name=run.file_name,
            format=run.format,
            state=run.state,
            rows=count,
            created_at=run.created_at,
        )
        for run, count in found
    ]


def run_view(session: Session, run: ImportRun) -> RunView:
    """An import with its counts and columns."""
    return RunView(
        id=run.id,
        association_id=run.association_id,
        file_name=run.file_name,
        format=run.format,  # type: ignore[arg-type]  # the column's check holds the list
        state=run.state,  # type: ignore[arg-type]
        counts=counts(session, run.id),
        columns=_columns(session, run),
        defaults=defaults_of(run),
        created_at=run.created_at,
        applied_at=run.applied_at,
        undone_at=run.undone_at,
    )


def counts(session: Session, run_id: int) -> RowCounts:
    """How many rows there are of each outcome and each step."""
    query = select(ImportRow.outcome, ImportRow.step, func.count()).where(ImportRow.run_id == run_id)
    found: dict[str, int] = {"rows": 0}
    for outcome, step, count in session.execute(query.group_by(ImportRow.outcome, ImportRow.step)):
        found["rows"] += count
        found[outcome] = found.get(outcome, 0) + count
        if step != "none":
            found[step] = found.get(step, 0) + count
    return RowCounts(**found)


def mapping_of(run: ImportRun) -> dict[str, str]:
    """The code by column number, from 0."""
    return msgspec.json.decode(run.mapping, type=dict[str, str])


def defaults_of(run: ImportRun) -> Defaults:
    """What counts where a row says nothing."""
    return msgspec.json.decode(run.defaults, type=Defaults)


def headings_of(run: ImportRun) -> list[str]:
    """The file's headings."""
    return msgspec.json.decode(run.headings, type=list[str])


def sheet_of(session: Session, run: ImportRun) -> Sheet:
    """The file's rows as they were read."""
    query = select(ImportRow.line, ImportRow.cells).where(ImportRow.run_id == run.id).order_by(ImportRow.line)
    rows = [Row(line, msgspec.json.decode(cells, type=list[str])) for line, cells in session.execute(query)]
    return Sheet(run.format, headings_of(run), rows)


def _columns(session: Session, run: ImportRun) -> list[MappedColumn]:
    query = select(ImportRow.cells).where(ImportRow.run_id == run.id).order_by(ImportRow.line).limit(30)
    cells = [msgspec.json.decode(one, type=list[str]) for one in session.scalars(query)]
    mapping = mapping_of(run)
    return [
        MappedColumn(
            number=number + 1,
            heading=heading,
            samples=_samples([row[number] for row in cells if number < len(row)]),
            code=mapping.get(str(number), ""),
        )
        for number, heading in enumerate(headings_of(run))
    ]


def _samples(texts: list[str]) -> list[str]:
    told = dict.fromkeys(text.strip()[:SAMPLE_LENGTH] for text in texts if text.strip())
    return list(told)[:SAMPLES]


def first_refused(session: Session, run_id: int) -> tuple[int, int]:
    """How many rows are refused, and the line of the first."""
    query = select(func.count(), func.min(ImportRow.line))
    count, line = session.execute(query.where(ImportRow.run_id == run_id, ImportRow.outcome == "refused")).one()
    return count, line or 0


def rows(session: Session, run: ImportRun, outcome: str | None, after_line: int, limit: int) -> list[RowView]:
    """Rows in the file's order, after a line; `outcome` may also be the step `kept`."""
    query = select(ImportRow).where(ImportRow.run_id == run.id, ImportRow.line > after_line)
    if outcome == "kept":
        query = query.where(ImportRow.step == "kept")
    elif outcome is not None:
        query = query.where(ImportRow.outcome == outcome)
    labels = _labels(run)
    return [_row_view(row, labels) for row in session.scalars(query.order_by(ImportRow.line).limit(limit))]


def _labels(run: ImportRun) -> dict[str, str]:
    """What each column is called: by its heading in the file, else by our word for it."""
    headings = headings_of(run)
    labels = {code: gettext(column.label) for code, column in BY_CODE.items()}
    if run.format in ("csv", "xlsx"):
        labels |= {code: headings[int(number)] or labels[code] for number, code in mapping_of(run).items()}
    return labels


def _row_view(row: ImportRow, labels: Mapping[str, str]) -> RowView:
    problems = msgspec.json.decode(row.problems, type=list[Problem])
    return RowView(
        line=row.line,
        name=row.name,
        outcome=row.outcome,  # type: ignore[arg-type]  # the column's check holds the list
        step=row.step,  # type: ignore[arg-type]
        title_id=row.title_id,
        differences=msgspec.json.decode(row.diff, type=list[Difference]),
        problems=[
            RowProblem(
                reason=one.reason,
                column=one.column,
                column_label=labels.get(one.column, ""),
                value=one.value,
                message=in_words(one),
            )
            for one in problems
        ],
    )
