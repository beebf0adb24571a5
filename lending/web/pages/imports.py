"""Files of titles and copies, for the staff of an association: check, map, apply, undo, export."""

from typing import Annotated, Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, MultipartBody, PathParameter, URLEncodedBody
from litestar.response import Redirect

from lending.catalog.exports.schemas import ExportFormat
from lending.catalog.exports.service import Exports
from lending.catalog.imports.api import MOST_BODY_BYTES, Upload, as_download, new_import
from lending.catalog.imports.columns import COLUMNS
from lending.catalog.imports.schemas import Defaults, Remapping, RunView
from lending.catalog.imports.service import Imports
from lending.core.actor import Actor
from lending.core.errors import Forbidden, LendingError, Unauthenticated
from lending.core.http.problems import Problem, problem_of
from lending.core.i18n import gettext
from lending.network.service import Network
from lending.web.rendering import page, see

AnyRequest = Request[Any, Any, Any]
RowId = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
Form = dict[str, str]
AT_WORK = ("applying", "undoing")
REFRESH_SECONDS = "3"
ROWS_A_PAGE = 100
LARGEST_LINE = 2**31 - 1
SHOWN = ("refused", "new", "changed", "same", "kept")


@get("/staff/{association_id:int}/imports", sync_to_thread=True)
def listed(
    request: AnyRequest,
    imports: NamedDependency[Imports],
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    association_id: RowId,
) -> Response[str]:
    """The latest imports, a form for the next, and the export."""
    return _list(request, imports, network, actor, association_id)


@post("/staff/{association_id:int}/imports", sync_to_thread=True, request_max_body_size=MOST_BODY_BYTES)
def check(
    request: AnyRequest,
    imports: NamedDependency[Imports],
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    association_id: RowId,
    data: MultipartBody[Upload],
) -> Response[str] | Redirect:
    """Check a file; nothing is imported yet."""
    try:
        run = imports.check_file(actor, association_id, new_import(data))
    except (Unauthenticated, Forbidden):
        raise
    except LendingError as error:
        return _list(request, imports, network, actor, association_id, problem_of(error))
    return see(f"/staff/{association_id}/imports/{run.id}")


@get("/staff/{association_id:int}/imports/{run_id:int}", sync_to_thread=True)
def one(
    request: AnyRequest,
    imports: NamedDependency[Imports],
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    association_id: RowId,
    run_id: RowId,
    show: FromQuery[str] = "",
    after: FromQuery[int] = 0,
) -> Response[str]:
    """What an import would do, does, or did."""
    run = imports.run(actor, association_id, run_id)
    return _one(request, imports, network, actor, run, show=show, after=after)


@post("/staff/{association_id:int}/imports/{run_id:int}/mapping", sync_to_thread=True)
def remap(
    request: AnyRequest,
    imports: NamedDependency[Imports],
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    association_id: RowId,
    run_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Say what the columns hold, and check again."""
    try:
        imports.remap(actor, association_id, run_id, remapping_in(data))
    except (Unauthenticated, Forbidden):
        raise
    except LendingError as error:
        run = imports.run(actor, association_id, run_id)
        return _one(request, imports, network, actor, run, problem=problem_of(error))
    return see(f"/staff/{association_id}/imports/{run_id}")


@post("/staff/{association_id:int}/imports/{run_id:int}/apply", sync_to_thread=True)
def apply(
    request: AnyRequest,
    imports: NamedDependency[Imports],
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    association_id: RowId,
    run_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Import what was checked."""
    try:
        imports.apply(actor, association_id, run_id, skip_refused=data.get("skip_refused") == "1")
    except (Unauthenticated, Forbidden):
        raise
    except LendingError as error:
        run = imports.run(actor, association_id, run_id)
        return _one(request, imports, network, actor, run, problem=problem_of(error))
    return see(f"/staff/{association_id}/imports/{run_id}")


@post("/staff/{association_id:int}/imports/{run_id:int}/undo", sync_to_thread=True)
def undo(
    request: AnyRequest,
    imports: NamedDependency[Imports],
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    association_id: RowId,
    run_id: RowId,
) -> Response[str] | Redirect:
    """Take an import back."""
    try:
        imports.undo(actor, association_id, run_id)
    except (Unauthenticated, Forbidden):
        raise
    except LendingError as error:
        run = imports.run(actor, association_id, run_id)
        return _one(request, imports, network, actor, run, problem=problem_of(error))
    return see(f"/staff/{association_id}/imports/{run_id}")


@get("/staff/{association_id:int}/exports", sync_to_thread=True)
def export(
    exports: NamedDependency[Exports],
    actor: NamedDependency[Actor],
    association_id: RowId,
    format: FromQuery[ExportFormat] = "xlsx",  # noqa: A002 - the name of the query's member
) -> Response[bytes]:
    """Everything that the association owns, as a file."""
    return as_download(exports.export(actor, association_id, format))


def remapping_in(data: Form) -> Remapping:
    """The columns and defaults that the form tells; a kind or a depot that was not offered counts as none."""
    mapping = {name.removeprefix("column-"): code for name, code in data.items() if name.startswith("column-")}
    kind, depot = data.get("kind", ""), data.get("depot_id", "")
    return Remapping(
        mapping=mapping,
        defaults=Defaults(
            kind=kind if kind in ("trunk", "game", "book", "sheet") else None,  # type: ignore[arg-type]  # just compared
            depot_id=int(depot[:10]) if depot.isascii() and depot.isdecimal() else None,
            count=int(data.get("count") == "1"),
        ),
    )


def _list(
    request: AnyRequest,
    imports: Imports,
    network: Network,
    actor: Actor,
    association_id: int,
    problem: Problem | None = None,
) -> Response[str]:
    facts: dict[str, Any] = {
        "association": network.association(association_id),
        "depots": network.depots(association_id),
        "runs": imports.runs(actor, association_id),
    }
    return page(request, "imports/list.html", problem=problem, **facts)


def _one(
    request: AnyRequest,
    imports: Imports,
    network: Network,
    actor: Actor,
    run: RunView,
    problem: Problem | None = None,
    show: str = "",
    after: int = 0,
) -> Response[str]:
    shown = show if show in SHOWN else _first_shown(run)
    found = imports.rows(actor, run.association_id, run.id, shown, min(max(0, after), LARGEST_LINE), ROWS_A_PAGE)
    facts: dict[str, Any] = {
        "association": network.association(run.association_id),
        "depots": network.depots(run.association_id),
        "run": run,
        "rows": found.items,
        "next_line": found.next_line,
        "shown": shown,
        "fields": sorted(((one.code, gettext(one.label)) for one in COLUMNS), key=lambda one: one[1].casefold()),
        "labels": {one.code: gettext(one.label) for one in COLUMNS},
        "is_at_work": run.state in AT_WORK,
    }
    answer = page(request, "imports/run.html", problem=problem, **facts)
    if run.state in AT_WORK:
        # The page follows the work without a script.
        answer.headers["Refresh"] = REFRESH_SECONDS
    return answer


def _first_shown(run: RunView) -> str:
    counts = run.counts
    found = {"kept": counts.kept, "refused": counts.refused, "new": counts.new, "changed": counts.changed}
    return next((name for name, count in found.items() if count), "same")


ROUTES = [Router("/", route_handlers=[listed, check, one, remap, apply, undo, export], include_in_schema=False)]
