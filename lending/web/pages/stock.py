"""The stock of an association: found by filters, and many copies changed at once."""

from typing import Annotated, Any, get_args
from urllib.parse import urlencode

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import PathParameter, URLEncodedBody
from litestar.response import Redirect

from lending.catalog.printing.api import pdf
from lending.catalog.printing.formats import FORMATS, USUAL
from lending.catalog.printing.schemas import LabelChoice
from lending.catalog.printing.service import Printing
from lending.catalog.stock.errors import NoCopyChosen
from lending.catalog.stock.schemas import MOST_CHANGED, Action, StockChange, StockChanged, StockFilter
from lending.catalog.stock.service import Stock
from lending.core.actor import Actor, Role
from lending.core.errors import Invalid, NotFound
from lending.core.http.problems import Problem, problem_of
from lending.network.service import Network
from lending.web.forms import optional_id
from lending.web.pages.form_values import LARGEST_ID, ticked
from lending.web.rendering import page, see

AnyRequest = Request[Any, Any, Any]
Form = dict[str, str]
RowId = Annotated[int, PathParameter(ge=1, le=LARGEST_ID)]
FILTERS = ("text", "kind", "depot_id", "shelf", "status", "condition")
COPIES_SHOWN, LONGEST_TEXT, LONGEST_SHELF = 100, 100, 40


@get("/staff/associations/{association_id:int}/stock", sync_to_thread=True)
def stock_page(
    request: AnyRequest,
    stock: NamedDependency[Stock],
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    association_id: RowId,
) -> Response[str]:
    """The copies that fit, with a box before each."""
    return shown(request, stock, network, actor, association_id, dict(request.query_params))


@post("/staff/associations/{association_id:int}/stock", sync_to_thread=True)
def change_stock(
    request: AnyRequest,
    stock: NamedDependency[Stock],
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    association_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Do the same to every copy that was ticked."""
    try:
        changed = stock.change(actor, association_id, asked_change(data))
    except Invalid as error:
        return shown(request, stock, network, actor, association_id, data, problem_of(error))
    if changed.refused:
        return shown(request, stock, network, actor, association_id, data, changed=changed)
    return see(f"/staff/associations/{association_id}/stock?{urlencode(kept(data) | {'done': 'saved'})}")


@post("/staff/associations/{association_id:int}/stock/labels", sync_to_thread=True)
def print_chosen(
    request: AnyRequest,
    stock: NamedDependency[Stock],
    printing: NamedDependency[Printing],
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    association_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Response[bytes]:
    """The labels of the copies that were ticked, as PDF."""
    try:
        copies = ticked(data, "copy")[:MOST_CHANGED]
        if not copies:
            raise NoCopyChosen
        choice = LabelChoice(format=data.get("format", USUAL)[:40], copies=copies)
        return pdf(printing.labels(actor, association_id, choice), "labels")
    except Invalid as error:
        return shown(request, stock, network, actor, association_id, data, problem_of(error))


def asked_change(data: Form) -> StockChange:
    """What the form asks for. Raises NotFound for what no form sends, BadChoice."""
    action, copies = data.get("action", ""), ticked(data, "copy")
    if action not in get_args(Action) or len(copies) > MOST_CHANGED:
        raise NotFound
    return msgspec.convert(
        {
            "action": action,
            "copies": copies,
            "shelf": data.get("new_shelf", "").strip()[:LONGEST_SHELF],
            "depot_id": optional_id(data, "new_depot_id"),
        },
        StockChange,
    )


def kept(data: Form) -> Form:
    """The filter's fields that hold something."""
    return {name: data[name].strip()[:LONGEST_TEXT] for name in FILTERS if data.get(name, "").strip()}


def asked_filter(data: Form) -> StockFilter:
    """What is to be listed. What no menu offers narrows nothing."""
    sent = kept(data)
    sent["shelf"] = sent.get("shelf", "")[:LONGEST_SHELF]
    try:
        return msgspec.convert(sent, StockFilter, strict=False)
    except msgspec.ValidationError:
        return StockFilter(text=sent.get("text", ""))


def shown(
    request: AnyRequest,
    stock: Stock,
    network: Network,
    actor: Actor,
    association_id: int,
    data: Form,
    problem: Problem | None = None,
    changed: StockChanged | None = None,
) -> Response[str]:
    """The page, with what was chosen. Raises NotFound, Unauthenticated, Forbidden."""
    association, wanted = network.association(association_id), asked_filter(data)
    found = stock.copies(actor, association_id, wanted, data.get("cursor") or None, COPIES_SHOWN)
    depots = [one for one in network.desks(actor) if one.association_id == association_id]
    more = urlencode(kept(data) | {"cursor": found.next_cursor}) if found.next_cursor else ""
    facts: dict[str, Any] = {"association": association, "depots": depots, "wanted": wanted, "changed": changed}
    facts |= {"kept": kept(data), "sent": data, "ticked": set(ticked(data, "copy")), "all_query": urlencode(kept(data))}
    return page(
        request,
        "staff/stock.html",
        problem=problem,
        copies=found.items,
        more=more,
        is_first=not data.get("cursor"),
        may_change=actor.covers(association.path, Role.STAFF),
        formats=list(FORMATS),
        usual=USUAL,
        **facts,
    )


ROUTES = [Router(path="/", route_handlers=[stock_page, change_stock, print_chosen], include_in_schema=False)]
