"""Do what a row was found to do, through the catalogue's own use cases, inside the caller's transaction."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lending.catalog import queries
from lending.catalog.errors import CodeTaken
from lending.catalog.imports.contents_text import contents_text, parse_contents, with_ids
from lending.catalog.imports.reasons import Problem
from lending.catalog.imports.schemas import CopyPlan, CopyTrace, Plan, Trace
from lending.catalog.imports.tables import ImportRow
from lending.catalog.requests import EditCopy, EditTitle, NewCopies, NewTitle
from lending.catalog.rules import Condition, Kind, Visibility
from lending.catalog.service import copies, titles
from lending.catalog.tables import Copy, CopyAlias, Title, TitleLevel, TitleTheme
from lending.core.actor import Actor
from lending.core.errors import LendingError, PreconditionFailed

CopiesWatcher = Callable[[Session, int, dt.datetime], None]


@dataclass(frozen=True)
class Work:
    """For whom and when rows are applied or undone, and who hears of changed copies."""

    session: Session
    actor: Actor
    association_id: int
    now: dt.datetime
    on_copies_changed: CopiesWatcher


class RowRefusedError(Exception):
    """A row cannot be applied after all."""

    def __init__(self, problem: Problem) -> None:
        """Takes what is wrong."""
        super().__init__(problem.reason)
        self.problem = problem


def apply_row(work: Work, row: ImportRow) -> None:
    """Apply one row, wholly or not at all; what is refused only now is written to the row."""
    plan = msgspec.json.decode(row.plan or "{}", type=Plan)
    try:
        with work.session.begin_nested():
            trace = _applied(work, row, plan)
    except RowRefusedError as error:
        _refuse(row, error.problem)
    except PreconditionFailed:
        _refuse(row, Problem(reason="changed-since"))
    except LendingError as error:
        _refuse(row, Problem(reason="refused-later", facts={"detail": str(error)}))
    except IntegrityError:
        # Somebody wrote the same at the same moment, which the database refuses.
        _refuse(row, Problem(reason="changed-since"))
    else:
        row.title_id, row.trace, row.step = trace.title_id, _json(trace), "done"


def _refuse(row: ImportRow, problem: Problem) -> None:
    row.outcome, row.step, row.problems = "refused", "none", _json([problem])


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _applied(work: Work, row: ImportRow, plan: Plan) -> Trace:
    trace = _apply_title(work, plan) if plan.changes_title else Trace(title_id=_title_id(work, row, plan))
    traces: list[CopyTrace] = []
    aliases: list[str] = []
    for copy in plan.copies:
        made = _change_copy(work, copy) if copy.copy_id else _add_coded(work, trace.title_id, copy, aliases)
        aliases += _add_aliases(work, made.copy_id, copy.other_codes)
        traces.append(_as_it_stands(work, made))
    if plan.added is not None:
        traces += _add_counted(work, trace.title_id, plan.added, plan.wanted_count)
    if traces:
        work.on_copies_changed(work.session, trace.title_id, work.now)
    return msgspec.structs.replace(trace, copies=[_as_it_stands(work, one) for one in traces], aliases=aliases)


def _title_id(work: Work, row: ImportRow, plan: Plan) -> int:
    if plan.title_id is not None:
        return plan.title_id
    query = select(ImportRow.title_id).where(ImportRow.run_id == row.run_id, ImportRow.line == plan.lead_line)
    title_id = work.session.scalar(query)
    if title_id is None:
        raise RowRefusedError(Problem(reason="title-refused", facts={"line": str(plan.lead_line)}))
    return title_id


def _apply_title(work: Work, plan: Plan) -> Trace:
    if plan.title_id is None:
        title_id = _add_title(work, plan)
        return Trace(title_id=title_id, is_new=True, version=_version(work.session, title_id))
    before = facts_of(work.session, plan.title_id, list(plan.facts))
    contents = contents_of(work.session, plan.title_id) if plan.contents is not None else None
    edit_title(work, plan.title_id, plan.facts, plan.contents, plan.version)
    version = _version(work.session, plan.title_id)
    return Trace(title_id=plan.title_id, version=version, base_version=plan.version, before=before, contents=contents)


def _add_title(work: Work, plan: Plan) -> int:
    facts = dict(plan.facts)
    visibility = facts.pop("visibility", None)
    contents = parse_contents(plan.contents) if plan.contents else []
    new = NewTitle(owner_id=work.association_id, kind=Kind(plan.kind or ""), contents=contents, **facts)
    title_id = titles.add_title(work.session, work.actor, new, work.now)
    if visibility not in (None, "draft"):
        edit = EditTitle(visibility=Visibility(visibility))
        titles.edit_title(work.session, work.actor, title_id, edit, None, work.now)
    return title_id


def edit_title(work: Work, title_id: int, facts: dict[str, Any], contents: str | None, version: int | None) -> None:
    """Give a title these facts and, where not None, these contents. Raises VersionChanged and what edits raise."""
    given = dict(facts)
    if "visibility" in given:
        given["visibility"] = Visibility(given["visibility"])
    if contents is not None:
        present = queries.checklist(work.session, title_id).sections
        given["contents"] = with_ids(parse_contents(contents), present)
    titles.edit_title(work.session, work.actor, title_id, EditTitle(**given), version, work.now)


def facts_of(session: Session, title_id: int, names: list[str]) -> dict[str, Any]:
    """These facts of a title as they stand."""
    row = session.get_one(Title, title_id)
    facts: dict[str, Any] = {name: getattr(row, name) for name in names if name not in ("levels", "themes")}
    if "levels" in names:
        facts["levels"] = sorted(session.scalars(select(TitleLevel.level).where(TitleLevel.title_id == title_id)))
    if "themes" in names:
        facts["themes"] = sorted(session.scalars(select(TitleTheme.theme).where(TitleTheme.title_id == title_id)))
    return facts


def contents_of(session: Session, title_id: int) -> str:
    """A title's contents as a text."""
    return contents_text(queries.checklist(session, title_id).sections)


def _version(session: Session, title_id: int) -> int:
    return session.scalars(select(Title.version).where(Title.id == title_id)).one()


def _add_coded(work: Work, title_id: int, plan: CopyPlan, aliases: list[str]) -> CopyTrace:
    """A new copy that answers to a number of the file. Raises RowRefusedError when another one does by now."""
    copy_id = _add(work, title_id, plan, 1)[0]
    aliases += _add_aliases(work, copy_id, [plan.code or ""])
    return CopyTrace(copy_id=copy_id, version=1)


def _add(work: Work, title_id: int, plan: CopyPlan, count: int) -> list[int]:
    condition = Condition(plan.condition or "good")
    new = NewCopies(depot_id=plan.depot_id or 0, count=count, condition=condition, shelf=plan.shelf or "")
    return [one.id for one in copies.add_copies(work.session, work.actor, title_id, new, work.now)]


def _add_counted(work: Work, title_id: int, plan: CopyPlan, wanted: int) -> list[CopyTrace]:
    place = (Copy.title_id == title_id, Copy.owner_id == work.association_id, Copy.depot_id == plan.depot_id)
    missing = wanted - (work.session.scalar(select(func.count()).where(*place)) or 0)
    return [CopyTrace(copy_id=one, version=1) for one in _add(work, title_id, plan, missing)] if missing > 0 else []


def _change_copy(work: Work, plan: CopyPlan) -> CopyTrace:
    row = work.session.get_one(Copy, plan.copy_id or 0)
    sent = {"depot_id": plan.depot_id, "shelf": plan.shelf, "condition": plan.condition}
    told = {name: fact for name, fact in sent.items() if fact is not None}
    before, base_version = {name: getattr(row, name) for name in told}, row.version
    if told:
        edit_copy(work, row.id, told, plan.version)
    return CopyTrace(copy_id=row.id, version=row.version, base_version=base_version, before=before)


def edit_copy(work: Work, copy_id: int, facts: dict[str, Any], version: int | None) -> None:
    """Give a copy these facts. Raises VersionChanged and what edits raise."""
    given = facts | ({"condition": Condition(facts["condition"])} if "condition" in facts else {})
    copies.edit_copy(work.session, work.actor, copy_id, EditCopy(**given), version, work.now)


def _add_aliases(work: Work, copy_id: int, codes: list[str]) -> list[str]:
    added = []
    for code in codes:
        if work.session.scalar(select(CopyAlias.copy_id).where(CopyAlias.code == code)) is not None:
            raise CodeTaken(code=code)
        copies.add_alias(work.session, work.actor, copy_id, code, work.now)
        added.append(code)
    return added


def _as_it_stands(work: Work, trace: CopyTrace) -> CopyTrace:
    version = work.session.scalars(select(Copy.version).where(Copy.id == trace.copy_id)).one()
    return msgspec.structs.replace(trace, version=version)
