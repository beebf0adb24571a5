"""Take back what a row did, where nobody touched it since; a row is taken back wholly or kept wholly."""

from dataclasses import dataclass

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lending.catalog.history.tables import RecordChange
from lending.catalog.imports.apply import RowRefusedError, Work, edit_copy, edit_title
from lending.catalog.imports.reasons import Problem
from lending.catalog.imports.schemas import CopyTrace, Trace
from lending.catalog.imports.tables import ImportRow
from lending.catalog.service.titles import tell_search
from lending.catalog.tables import (
    ContentLine,
    ContentSection,
    Copy,
    CopyAlias,
    Title,
    TitleLevel,
    TitleTheme,
)
from lending.core.errors import LendingError, PreconditionFailed

EDITED = Problem(reason="kept-edited")


def undo_row(work: Work, row: ImportRow) -> None:
    """Undo one row; why it is kept is written to it."""
    trace = msgspec.json.decode(row.trace or "{}", type=Trace)
    try:
        with work.session.begin_nested():
            _undone(work, trace)
    except RowRefusedError as error:
        _keep(row, error.problem)
    except PreconditionFailed:
        _keep(row, EDITED)
    except LendingError as error:
        _keep(row, Problem(reason="refused-later", facts={"detail": str(error)}))
    except IntegrityError:
        # Something of another part of the product points at it: a booking, a check, a wish.
        _keep(row, Problem(reason="kept-used", facts={"count": str(len(trace.copies))}))
    else:
        row.step = "undone"


def _keep(row: ImportRow, problem: Problem) -> None:
    row.step, row.problems = "kept", msgspec.json.encode([problem]).decode()


def _undone(work: Work, trace: Trace) -> None:
    session = work.session
    title = session.get(Title, trace.title_id, with_for_update=True)
    if title is None or (trace.version is not None and title.version != trace.version):
        raise RowRefusedError(EDITED)
    for code in trace.aliases:
        session.execute(delete(CopyAlias).where(CopyAlias.code == code))
    for copy in reversed(trace.copies):
        _undo_copy(work, trace.title_id, copy)
    if trace.copies:
        work.on_copies_changed(session, title.id, work.now)
    if trace.is_new:
        delete_title(session, title)
        tell_search(session, trace.title_id, work.now)
    elif trace.version is not None:
        edit_title(work, title.id, trace.before, trace.contents, None)
        _carry(session, trace.title_id, _Carried(None, trace.base_version, title.version))


def _undo_copy(work: Work, title_id: int, trace: CopyTrace) -> None:
    row = work.session.get(Copy, trace.copy_id, with_for_update=True)
    if row is None or row.version != trace.version:
        raise RowRefusedError(EDITED)
    if trace.before is None:
        delete_copy(work.session, row)
    elif trace.before:
        edit_copy(work, row.id, trace.before, None)
        _carry(work.session, title_id, _Carried(row.id, trace.base_version, row.version))


def delete_copy(session: Session, row: Copy) -> None:
    """Take a copy out of the catalogue with its codes and its history. Raises IntegrityError when it is in use."""
    session.execute(delete(RecordChange).where(RecordChange.copy_id == row.id))
    session.execute(delete(CopyAlias).where(CopyAlias.copy_id == row.id))
    session.delete(row)
    session.flush()


def delete_title(session: Session, row: Title) -> None:
    """Take a title out with all that is its own. Raises IntegrityError when something else points at it."""
    sections = select(ContentSection.id).where(ContentSection.title_id == row.id)
    session.execute(delete(ContentLine).where(ContentLine.section_id.in_(sections)))
    for table in (ContentSection, TitleLevel, TitleTheme, RecordChange):
        session.execute(delete(table).where(table.title_id == row.id))
    session.delete(row)
    session.flush()


@dataclass(frozen=True)
class _Carried:
    """A record that stands again as it did in `base_version`, now under another number."""

    copy_id: int | None
    base_version: int | None
    version: int


def _carry(session: Session, title_id: int, carried: _Carried) -> None:
    """Let the imports before this one know what they left by its new version, so that they can be undone in turn."""
    for row in session.scalars(select(ImportRow).where(ImportRow.title_id == title_id, ImportRow.step == "done")):
        trace = msgspec.json.decode(row.trace or "{}", type=Trace)
        row.trace = msgspec.json.encode(_carried(trace, carried)).decode()


def _carried(trace: Trace, carried: _Carried) -> Trace:
    if carried.copy_id is None:
        is_meant = trace.version is not None and trace.version == carried.base_version
        return msgspec.structs.replace(trace, version=carried.version) if is_meant else trace
    copies = [
        msgspec.structs.replace(one, version=carried.version)
        if (one.copy_id, one.version) == (carried.copy_id, carried.base_version)
        else one
        for one in trace.copies
    ]
    return msgspec.structs.replace(trace, copies=copies)
