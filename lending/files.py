"""What the commands `import`, `export` and `labels` do: an association's stock from and to files."""

from pathlib import Path
from typing import get_args

import click
import msgspec

from lending.catalog.exports.schemas import ExportFormat
from lending.catalog.imports.schemas import Defaults, Format, NewImport, RunView
from lending.catalog.printing.schemas import LabelChoice
from lending.core.actor import SYSTEM
from lending.core.errors import NotFound
from lending.wiring import Services

IMPORT_FORMATS = get_args(Format)
EXPORT_FORMATS = get_args(ExportFormat)
MOST_LINES_TOLD = 20


def import_file(
    services: Services,
    file: Path,
    association: str,
    format_: str | None,
    kind: str | None,
    *,
    is_applied: bool,
    skip_refused: bool,
) -> None:
    """Check a file and apply it if asked to. Raises NotFound and what imports raise."""
    association_id = _association_id(services, association)
    defaults = msgspec.convert({"kind": kind}, Defaults) if kind else None
    new = NewImport(
        name=file.name,
        content=file.read_bytes(),
        format=msgspec.convert(format_, Format | None),
        defaults=defaults,
    )
    run = services.imports.check_file(SYSTEM, association_id, new)
    _tell(services, run)
    if is_applied:
        services.imports.apply(SYSTEM, association_id, run.id, skip_refused=skip_refused)
        services.imports.carry_on(run.id)
        done = services.imports.run(SYSTEM, association_id, run.id)
        click.echo(f"Applied: {done.counts.done} rows; refused: {done.counts.refused}. Import {run.id} can be undone.")


def export_file(services: Services, association: str, format_: str, output: Path | None) -> None:
    """Write an association's stock. Raises NotFound."""
    association_id = _association_id(services, association)
    made = services.exports.export(SYSTEM, association_id, msgspec.convert(format_, ExportFormat))
    path = output or Path(made.name)
    path.write_bytes(made.content)
    click.echo(str(path))


def print_labels(services: Services, association: str, format_: str, skip: int, output: Path) -> None:
    """Write sheets of labels for all that an association has. Raises NotFound and what printing raises."""
    choice = LabelChoice(format=format_, skip=skip)
    output.write_bytes(services.printing.labels(SYSTEM, _association_id(services, association), choice))
    click.echo(str(output))


def _association_id(services: Services, code: str) -> int:
    found = (one.id for one in services.network.associations() if one.code == code)
    association_id = next(found, None)
    if association_id is None:
        raise NotFound
    return association_id


def _tell(services: Services, run: RunView) -> None:
    counts = run.counts
    click.echo(
        f"{run.format}: {counts.rows} rows: {counts.new} new, {counts.changed} changed, "
        f"{counts.same} the same, {counts.refused} refused (import {run.id})"
    )
    page = services.imports.rows(SYSTEM, run.association_id, run.id, "refused", limit=MOST_LINES_TOLD)
    for row in page.items:
        for problem in row.problems:
            where = f", {problem.column_label}" if problem.column_label else ""
            click.echo(f"  {row.line}{where}: {problem.message}")
    if page.next_line is not None:
        click.echo(f"  … {counts.refused - len(page.items)} more rows are refused")
