"""The copies of a title, for those who look after them: state, more copies, labels to print."""

from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlsplit

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, PathParameter, URLEncodedBody
from litestar.response import Redirect
from markupsafe import Markup

from lending.catalog.requests import EditCopy, NewCopies
from lending.catalog.schemas import CopyDetail
from lending.catalog.service import Catalog
from lending.catalog.states import Condition, Status
from lending.core.actor import Actor, Role
from lending.core.errors import Forbidden, LendingError, PreconditionFailed, Unauthenticated
from lending.core.http.problems import Problem, problem_of
from lending.loans.schemas import Reservation
from lending.loans.service import Loans
from lending.network.schemas import DepotPlace
from lending.network.service import Network
from lending.settings import Settings
from lending.web.forms import new_key
from lending.web.pages.form_values import BadCount, code_in, count_in, note_in, row_id_in
from lending.web.rendering import page, see

AnyRequest = Request[Any, Any, Any]
RowId = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
Form = dict[str, str]
MOST_NEW_COPIES = 200
PLACES_PER_SHEET = 21


@dataclass(frozen=True)
class CopyRow:
    """A copy, who has it, and whether this person may change it."""

    copy: CopyDetail
    loan: Reservation | None
    can_edit: bool


@get("/staff/titles/{title_id:int}", sync_to_thread=True)
def copies(
    request: AnyRequest,
    catalog: NamedDependency[Catalog],
    loans: NamedDependency[Loans],
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    title_id: RowId,
) -> Response[str]:
    """The copies of a title that the person looks after."""
    return shown(request, catalog, loans, network, actor, title_id)


@post("/staff/titles/{title_id:int}/copies", sync_to_thread=True)
def add_copies(
    request: AnyRequest,
    catalog: NamedDependency[Catalog],
    loans: NamedDependency[Loans],
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    title_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Add copies in a depot; their labels are offered at once."""
    try:
        added = catalog.add_copies(actor, title_id, new_copies(data), data.get("key")).copies
    except BadCount as error:
        return shown(request, catalog, loans, network, actor, title_id, problem_of(error), data)
    only = ",".join(str(one.id) for one in added)
    return see(f"/staff/titles/{title_id}?done=saved&new={only}")


@post("/staff/copies/{copy_id:int}", sync_to_thread=True)
def edit_copy(
    request: AnyRequest,
    catalog: NamedDependency[Catalog],
    loans: NamedDependency[Loans],
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    copy_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Change the shelf, the condition or the state of a copy."""
    title_id = row_id_in(data, "title_id")
    try:
        edit = EditCopy(
            shelf=note_in(data, "shelf", 40),
            condition=code_in(data, "condition", Condition),
            status=code_in(data, "status", Status),
        )
        catalog.edit_copy(actor, copy_id, edit, row_id_in(data, "version"))
    except (Unauthenticated, Forbidden):
        raise
    except LendingError as error:
        problem = problem_of(error)
        problem.field = f"status-{copy_id}" if not isinstance(error, PreconditionFailed) else None
        return shown(request, catalog, loans, network, actor, title_id, problem, data)
    return see(f"/staff/titles/{title_id}?done=saved#copy-{copy_id}")


@get("/staff/titles/{title_id:int}/labels", sync_to_thread=True)
def labels(
    request: AnyRequest,
    catalog: NamedDependency[Catalog],
    actor: NamedDependency[Actor],
    settings: NamedDependency[Settings],
    title_id: RowId,
    only: FromQuery[str] = "",
    skip: FromQuery[int] = 0,
) -> Response[str]:
    """A sheet of labels, 63.5 × 38.1 mm, three in a row."""
    own = [one for one in catalog.copies_of(actor, title_id) if actor.covers(one.owner_path, Role.STAFF)]
    if not own:
        raise Forbidden if actor.is_signed_in else Unauthenticated
    wanted = {int(number) for number in only.split(",") if number.isdecimal()}
    ids = [one.id for one in own if not wanted or one.id in wanted]
    sheets = catalog.labels(actor, ids, urlsplit(settings.base_url).netloc, skip)
    # The catalogue draws the labels itself and escapes the names in them.
    drawn = [[Markup(place.svg) if place else None for place in sheet.places] for sheet in sheets]  # noqa: S704
    facts: dict[str, Any] = {"title_id": title_id, "title_name": own[0].title_name, "only": only, "skip": skip}
    return page(request, "staff/labels.html", sheets=drawn, places=PLACES_PER_SHEET, count=len(ids), **facts)


def shown(
    request: AnyRequest,
    catalog: Catalog,
    loans: Loans,
    network: Network,
    actor: Actor,
    title_id: int,
    problem: Problem | None = None,
    data: Form | None = None,
) -> Response[str]:
    """The page of a title's copies. Raises NotFound, Unauthenticated, Forbidden."""
    depots = network.desks(actor)
    title = catalog.title_page(actor, title_id)
    found = catalog.copies_of(actor, title_id)
    if not found and not depots:
        raise Forbidden if actor.is_signed_in else Unauthenticated
    facts: dict[str, Any] = {"depots": addable(title.owner_id, depots), "sent": data or {}, "key": new_key()}
    rows = rows_of(loans, actor, found)
    facts["added"] = [one.id for one in found if str(one.id) in request.query_params.get("new", "").split(",")]
    return page(request, "staff/title.html", problem=problem, title=title, rows=rows, **facts)


def addable(owner_id: int, depots: list[DepotPlace]) -> list[DepotPlace]:
    """Where copies may be added: in the owner's depots first, then in the person's others."""
    return sorted(depots, key=lambda one: (one.association_id != owner_id, one.postcode, one.name))


def rows_of(loans: Loans, actor: Actor, found: list[CopyDetail]) -> list[CopyRow]:
    """The copies with their present loans."""
    associations = {one.owner_id for one in found}
    out: dict[int, Reservation] = {}
    for association_id in associations:
        cursor = None
        while True:
            part = loans.loans(actor, association_id, "out", cursor, limit=100)
            out |= {one.copy_id: one for one in part.items if one.copy_id is not None}
            cursor = part.next_cursor
            if cursor is None:
                break
    return [CopyRow(one, out.get(one.id), actor.covers(one.owner_path, Role.STAFF)) for one in found]


def new_copies(data: Form) -> NewCopies:
    """What the form asks for. Raises BadCount."""
    return NewCopies(
        depot_id=row_id_in(data, "depot_id"),
        count=count_in(data, "count", 1, MOST_NEW_COPIES),
        condition=code_in(data, "condition", Condition),
        shelf=note_in(data, "shelf", 40),
    )


ROUTES = [Router("/", route_handlers=[copies, add_copies, edit_copy, labels], include_in_schema=False)]
