"""Labels and contents sheets: choosing what to print, and binding blank labels."""

from typing import Annotated, Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, PathParameter, URLEncodedBody
from litestar.response import Redirect

from lending.catalog.printing.api import pdf
from lending.catalog.printing.formats import FORMATS, USUAL
from lending.catalog.printing.schemas import Binding, LabelChoice, NewBlanks, ShelfChoice
from lending.catalog.printing.service import Printing
from lending.core.actor import Actor, Role
from lending.core.errors import Conflict, Invalid, NotFound
from lending.core.http.problems import Problem, problem_of
from lending.core.i18n import N_
from lending.network.service import Network
from lending.web.forms import optional_id
from lending.web.pages.form_values import count_in, note_in
from lending.web.rendering import page, see

AnyRequest = Request[Any, Any, Any]
Form = dict[str, str]
RowId = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
# The measures of another sheet, in the order in which its name tells them.
MEASURES = {
    "columns": N_("Étiquettes en largeur"),
    "rows": N_("Étiquettes en hauteur"),
    "width": N_("Largeur d’une étiquette (mm)"),
    "height": N_("Hauteur d’une étiquette (mm)"),
    "left": N_("Bord gauche de la première (mm)"),
    "top": N_("Bord haut de la première (mm)"),
    "pitch_x": N_("D’un bord gauche au suivant (mm)"),
    "pitch_y": N_("D’un bord haut au suivant (mm)"),
}
MOST_SKIPPED, MOST_BLANKS, LONGEST_CODE, LONGEST_SHELF = 200, 200, 200, 40
OWN, LONGEST_FORMAT = "own", 80


@get("/staff/associations/{association_id:int}/labels", sync_to_thread=True)
def printing_page(
    request: AnyRequest,
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    association_id: RowId,
) -> Response[str]:
    """What to print, and two scans for a blank label."""
    return shown(request, network, actor, association_id)


@post("/staff/associations/{association_id:int}/labels", sync_to_thread=True)
def print_labels(
    request: AnyRequest,
    printing: NamedDependency[Printing],
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    association_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Response[bytes]:
    """The sheets as PDF."""
    try:
        sheet, skip = chosen_format(data), count_in(data, "skip", 0, MOST_SKIPPED)
        choice = LabelChoice(
            format=sheet,
            skip=skip,
            small="bars" if data.get("small") == "bars" else "qr",
            depot_id=optional_id(data, "depot_id"),
            title_id=optional_id(data, "title_id"),
            shelf=note_in(data, "shelf", LONGEST_SHELF),
        )
        return pdf(printing.labels(actor, association_id, choice), "labels")
    except Invalid as error:
        return shown(request, network, actor, association_id, problem_of(error), data)


@post("/staff/associations/{association_id:int}/shelf-labels", sync_to_thread=True)
def print_shelves(
    request: AnyRequest,
    printing: NamedDependency[Printing],
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    association_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Response[bytes]:
    """A label for each shelf."""
    try:
        choice = ShelfChoice(format=chosen_format(data), depot_id=optional_id(data, "depot_id"))
        return pdf(printing.shelves(actor, association_id, choice), "shelves")
    except Invalid as error:
        problem = problem_of(error)
        problem.field = "format" if problem.field == "format" else None
        return shown(request, network, actor, association_id, problem, data)


@post("/staff/associations/{association_id:int}/blank-labels", sync_to_thread=True)
def print_blanks(
    request: AnyRequest,
    printing: NamedDependency[Printing],
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    association_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Response[bytes]:
    """Labels for copies to come."""
    try:
        new = NewBlanks(count=count_in(data, "count", 1, MOST_BLANKS), format=chosen_format(data))
        return pdf(printing.blanks(actor, association_id, new), "blank-labels")
    except (Conflict, Invalid) as error:
        return shown(request, network, actor, association_id, problem_of(error), data)


@post("/staff/associations/{association_id:int}/blank-labels/bind", sync_to_thread=True)
def bind_blank(
    request: AnyRequest,
    printing: NamedDependency[Printing],
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    association_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Let a blank label mean a copy."""
    try:
        binding = Binding(data.get("blank", "")[:LONGEST_CODE], data.get("copy", "")[:LONGEST_CODE])
        bound = printing.bind(actor, binding)
    except (Conflict, Invalid, NotFound) as error:
        problem = problem_of(error)
        problem.field = "copy" if problem.field == "code" else problem.field
        return shown(request, network, actor, association_id, problem, data)
    return see(f"/staff/associations/{association_id}/labels?done=saved&bound={bound.code}")


@get("/titles/{title_id:int}/contents.pdf", sync_to_thread=True)
def contents(
    printing: NamedDependency[Printing], actor: NamedDependency[Actor], title_id: RowId, code: FromQuery[str] = ""
) -> Response[bytes]:
    """What is in a title, to stick inside its lid."""
    return pdf(printing.contents_sheet(actor, title_id, code[:LONGEST_CODE]), f"contents-{title_id}")


def chosen_format(data: Form) -> str:
    """The sheet's name; of another sheet, its measures, with points or commas."""
    if data.get("format") != OWN:
        return data.get("format", USUAL)[:LONGEST_FORMAT]
    columns, rows, *sizes = (data.get(f"own_{name}", "").strip().replace(",", ".")[:6] for name in MEASURES)
    pairs = [(columns, rows), *zip(sizes[::2], sizes[1::2], strict=True)]
    return ":".join([OWN, *("x".join(pair) for pair in pairs)])


def shown(
    request: AnyRequest,
    network: Network,
    actor: Actor,
    association_id: int,
    problem: Problem | None = None,
    sent: Form | None = None,
) -> Response[str]:
    """The page, with what was typed. Raises NotFound, Unauthenticated, Forbidden."""
    association = network.association(association_id)
    actor.require(association.path, Role.STAFF)
    depots = [one for one in network.desks(actor) if one.association_id == association_id]
    facts: dict[str, Any] = {"association": association, "depots": depots, "sent": sent or {}}
    facts["measures"] = MEASURES
    facts["bound"] = request.query_params.get("bound", "")[:20]
    return page(request, "printing/labels.html", problem=problem, formats=list(FORMATS.values()), usual=USUAL, **facts)


ROUTES = [
    Router(
        path="/",
        route_handlers=[printing_page, print_labels, print_shelves, print_blanks, bind_blank, contents],
        include_in_schema=False,
    )
]
