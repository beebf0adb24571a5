"""Use cases of imports: check a file, understand its columns otherwise, apply it, undo it.

Checking writes nothing but the import itself. The work goes in batches of rows, each in its own transaction that also
says which rows are done: a process that dies leaves an import that the next run of the job carries on.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from lending.accounts.queries import actor_of
from lending.catalog.imports import queries
from lending.catalog.imports.apply import CopiesWatcher, Work, apply_row
from lending.catalog.imports.checking import StoredRow, check, names_titles
from lending.catalog.imports.columns import BY_CODE, guess, signature
from lending.catalog.imports.errors import BadMapping, ImportHasRefusals, ImportState
from lending.catalog.imports.readers import read_file
from lending.catalog.imports.schemas import Defaults, NewImport, Remapping, RowView, RunSummary, RunView
from lending.catalog.imports.sheet import Sheet
from lending.catalog.imports.tables import ImportMapping, ImportRow, ImportRun
from lending.catalog.imports.undo import undo_row
from lending.core.actor import SYSTEM, Actor, Role
from lending.core.clock import Clock
from lending.core.database import Database
from lending.core.i18n import gettext
from lending.network import queries as network

# So many rows are applied while the person waits; more are the worker's.
AT_ONCE = 200
# So few in one transaction that a desk which writes meanwhile waits a third of a second.
BATCH = 20
INSERTED = 1000
KEPT = dt.timedelta(days=60)
FORGOTTEN = ("unmapped", "checked", "undone")
MOST_ROWS_SHOWN = 200
STEPS: Mapping[str, tuple[str, Callable[[Work, ImportRow], None], str]] = {
    "applying": ("waiting", apply_row, "applied"),
    "undoing": ("done", undo_row, "undone"),
}


def _nobody_watches(_session: Session, _title_id: int, _now: dt.datetime) -> None:
    """Stands where no package asked to be told."""


class RowsPage(msgspec.Struct, frozen=True):
    """Rows in the file's order; `next_line` continues after the last of them, None = there are no more."""

    items: list[RowView]
    next_line: int | None


class Imports:
    """Files of titles and copies, for the staff of the association that they go to."""

    def __init__(self, db: Database, clock: Clock, on_copies_changed: CopiesWatcher = _nobody_watches) -> None:
        """`on_copies_changed` is told inside the transaction that adds or changes copies of a title."""
        self._db = db
        self._clock = clock
        self._on_copies_changed = on_copies_changed

    def check_file(self, actor: Actor, association_id: int, new: NewImport) -> RunView:
        """Read a file and store what importing it would do. Raises Forbidden and why the file cannot be read.

        The catalogue is read before the transaction that writes: a large file keeps nobody else from writing, and
        applying looks again at everything that it changes.
        """
        with self._db.read() as session:
            _require(session, actor, association_id)
        sheet = read_file(new.content, new.format)
        with self._db.read() as session:
            mapping, defaults = _understood(session, association_id, sheet, new)
            rows = check(session, association_id, sheet, mapping, defaults)
        with self._db.write() as session:
            run = ImportRun(
                association_id=association_id,
                person_id=actor.person_id,
                file_name=_file_name(new.name),
                format=sheet.format,
                headings=_json(sheet.headings),
                created_at=self._clock.now(),
            )
            _write_check(session, run, rows, mapping, defaults)
            return queries.run_view(session, run)

    def runs(self, actor: Actor, association_id: int) -> list[RunSummary]:
        """The latest imports, the newest first. Raises NotFound, Forbidden."""
        with self._db.read() as session:
            _require(session, actor, association_id)
            return queries.runs(session, association_id)

    def run(self, actor: Actor, association_id: int, run_id: int) -> RunView:
        """One import. Raises NotFound, Forbidden."""
        with self._db.read() as session:
            return queries.run_view(session, _run(session, actor, association_id, run_id))

    def rows(
        self,
        actor: Actor,
        association_id: int,
        run_id: int,
        outcome: str | None = None,
        after_line: int = 0,
        limit: int = 50,
    ) -> RowsPage:
        """The rows of an outcome (or those that undoing `kept`). Raises NotFound, Forbidden."""
        size = max(1, min(limit, MOST_ROWS_SHOWN))
        with self._db.read() as session:
            run = _run(session, actor, association_id, run_id)
            found = queries.rows(session, run, outcome, after_line, size + 1)
        return RowsPage(found[:size], found[size - 1].line if len(found) > size else None)

    def remap(self, actor: Actor, association_id: int, run_id: int, wanted: Remapping) -> RunView:
        """Understand the columns otherwise, check anew and remember it. Raises ImportState, BadMapping."""
        with self._db.write() as session:
            run = _run(session, actor, association_id, run_id, lock=True)
            if run.state not in ("unmapped", "checked"):
                raise ImportState(state=run.state)
            sheet = queries.sheet_of(session, run)
            mapping = checked_mapping(wanted.mapping, len(sheet.headings))
            rows = check(session, association_id, sheet, mapping, wanted.defaults)
            session.execute(delete(ImportRow).where(ImportRow.run_id == run.id))
            _write_check(session, run, rows, mapping, wanted.defaults)
            _remember(session, association_id, sheet, mapping, wanted.defaults, self._clock.now())
            return queries.run_view(session, run)

    def apply(self, actor: Actor, association_id: int, run_id: int, *, skip_refused: bool = False) -> RunView:
        """Begin to apply; a small file is done when this returns. Raises ImportState, ImportHasRefusals."""
        with self._db.write() as session:
            run = _run(session, actor, association_id, run_id, lock=True)
            if run.state != "checked":
                raise ImportState(state=run.state)
            refused, line = queries.first_refused(session, run.id)
            if refused and not skip_refused:
                raise ImportHasRefusals(refused=refused, line=line)
            run.state, run.worker_id = "applying", actor.person_id
            waiting = queries.counts(session, run.id).waiting
        return self._begun(actor, association_id, run_id, waiting)

    def undo(self, actor: Actor, association_id: int, run_id: int) -> RunView:
        """Begin to take back what was applied and nobody touched since. Raises ImportState."""
        with self._db.write() as session:
            run = _run(session, actor, association_id, run_id, lock=True)
            if run.state != "applied":
                raise ImportState(state=run.state)
            run.state, run.worker_id = "undoing", actor.person_id
            done = queries.counts(session, run.id).done
        return self._begun(actor, association_id, run_id, done)

    def _begun(self, actor: Actor, association_id: int, run_id: int, rows: int) -> RunView:
        if rows <= AT_ONCE:
            self.carry_on(run_id)
        return self.run(actor, association_id, run_id)

    def work(self) -> int:
        """Carry on every import that is at work: the worker's job. Says how many rows were done."""
        with self._db.read() as session:
            found = session.scalars(
                select(ImportRun.id).where(ImportRun.state.in_(tuple(STEPS))).order_by(ImportRun.id)
            )
            ids = list(found)
        return sum(self.carry_on(run_id) for run_id in ids)

    def forget_old(self) -> int:
        """Delete imports that came to nothing: the clean-up's part. What was applied stays, to be undone."""
        until = self._clock.now() - KEPT
        with self._db.write() as session:
            old = (ImportRun.state.in_(FORGOTTEN), ImportRun.created_at < until)
            ids = list(session.scalars(select(ImportRun.id).where(*old)))
            session.execute(delete(ImportRow).where(ImportRow.run_id.in_(ids)))
            session.execute(delete(ImportRun).where(ImportRun.id.in_(ids)))
        return len(ids)

    def carry_on(self, run_id: int) -> int:
        """Carry one import on to its end. Two that do so at once take turns with the batches."""
        done = 0
        while (batch := self._batch(run_id)) is not None:
            done += batch
        return done

    def _batch(self, run_id: int) -> int | None:
        """One batch in one transaction; None when there is nothing left to do."""
        with self._db.write() as session:
            run = session.get(ImportRun, run_id, with_for_update=True)
            if run is None or run.state not in STEPS:
                return None
            step, act, last_state = STEPS[run.state]
            rows = list(_next_rows(session, run, step))
            work = self._work_of(session, run)
            for row in rows:
                act(work, row)
            if not rows:
                self._finish(run, last_state)
            return len(rows)

    def _work_of(self, session: Session, run: ImportRun) -> Work:
        actor = actor_of(session, run.worker_id) if run.worker_id is not None else SYSTEM
        return Work(session, actor, run.association_id, self._clock.now(), self._on_copies_changed)

    def _finish(self, run: ImportRun, state: str) -> None:
        run.state = state
        if state == "applied":
            run.applied_at = self._clock.now()
        else:
            run.undone_at = self._clock.now()


def checked_mapping(wanted: Mapping[str, str], width: int) -> dict[str, str]:
    """A mapping that a person sent, with columns from 0. Raises BadMapping."""
    mapping: dict[str, str] = {}
    for number, code in wanted.items():
        is_column = number.isascii() and number.isdecimal() and 1 <= int(number[:6]) <= width
        if code and (code not in BY_CODE or not is_column or code in mapping.values()):
            raise BadMapping(field_name=gettext(BY_CODE[code].label) if code in BY_CODE else code[:40])
        if code:
            mapping[str(int(number) - 1)] = code
    return mapping


def _require(session: Session, actor: Actor, association_id: int) -> None:
    actor.require(network.path_of(session, association_id), Role.STAFF)
    network.association(session, association_id)


def _run(session: Session, actor: Actor, association_id: int, run_id: int, *, lock: bool = False) -> ImportRun:
    _require(session, actor, association_id)
    return queries.run_row(session, association_id, run_id, lock=lock)


def _understood(session: Session, association_id: int, sheet: Sheet, new: NewImport) -> tuple[dict[str, str], Defaults]:
    """What was sent, else what was remembered, else a guess."""
    remembered = session.get(ImportMapping, (association_id, signature(sheet.headings)))
    if new.mapping is not None:
        mapping = checked_mapping(new.mapping, len(sheet.headings))
    elif remembered is not None:
        mapping = msgspec.json.decode(remembered.mapping, type=dict[str, str])
    else:
        mapping = guess(sheet.headings)
    if new.defaults is not None:
        return mapping, new.defaults
    return mapping, msgspec.json.decode(remembered.defaults, type=Defaults) if remembered else Defaults()


def _write_check(
    session: Session, run: ImportRun, rows: Sequence[StoredRow], mapping: Mapping[str, str], defaults: Defaults
) -> None:
    run.state = "checked" if names_titles(mapping) else "unmapped"
    run.mapping, run.defaults = _json(dict(mapping)), _json(defaults)
    session.add(run)
    session.flush()
    for start in range(0, len(rows), INSERTED):
        part = [row | {"run_id": run.id} for row in rows[start : start + INSERTED]]
        session.execute(insert(ImportRow), part)


def _remember(
    session: Session,
    association_id: int,
    sheet: Sheet,
    mapping: Mapping[str, str],
    defaults: Defaults,
    now: dt.datetime,
) -> None:
    key = (association_id, signature(sheet.headings))
    row = session.get(ImportMapping, key) or ImportMapping(association_id=key[0], signature=key[1])
    row.mapping, row.defaults, row.updated_at = _json(dict(mapping)), _json(defaults), now
    session.add(row)


def _next_rows(session: Session, run: ImportRun, step: str) -> Iterator[ImportRow]:
    # What was made last is taken back first: copies before the title that an earlier row made.
    order = ImportRow.line.desc() if run.state == "undoing" else ImportRow.line
    query = select(ImportRow).where(ImportRow.run_id == run.id, ImportRow.step == step)
    return iter(session.scalars(query.order_by(order).limit(BATCH)).all())


def _file_name(raw: str) -> str:
    name = raw.replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in name if c.isprintable())[:200] or "import"


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
