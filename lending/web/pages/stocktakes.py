"""Counting a depot: what was scanned, what is still missing, and the report."""

import re
from typing import Annotated, Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, PathParameter, URLEncodedBody
from litestar.response import Redirect

from lending.catalog.stocktakes.errors import AlreadyCounting
from lending.catalog.stocktakes.rules import Finding
from lending.catalog.stocktakes.schemas import Closing, NewStocktake, ScanInput, StocktakeView
from lending.catalog.stocktakes.service import Stocktakes
from lending.core.actor import Actor, Role
from lending.core.errors import Conflict
from lending.core.http.problems import Problem, problem_of
from lending.network.service import Network
from lending.web.forms import new_key
from lending.web.rendering import page, see

AnyRequest = Request[Any, Any, Any]
Form = dict[str, str]
RowId = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
LONGEST_CODE = 60
KEY = re.compile(r"[\w-]{8,100}")
# What people act on first comes first; what was counted needs no list.
SHOWN = (
    Finding.SHOULD_BE_OUT,
    Finding.MISPLACED,
    Finding.FOUND_AGAIN,
    Finding.MISSING,
    Finding.HANDLED,
    Finding.OUT,
)


@get("/depots/{depot_id:int}/stocktakes", sync_to_thread=True)
def of_depot(
    request: AnyRequest,
    stocktakes: NamedDependency[Stocktakes],
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    depot_id: RowId,
) -> Response[str]:
    """A depot's counts, and beginning another."""
    return listed(request, stocktakes, network, actor, depot_id)


@post("/depots/{depot_id:int}/stocktakes", sync_to_thread=True)
def open_stocktake(
    request: AnyRequest,
    stocktakes: NamedDependency[Stocktakes],
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    depot_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Begin to count."""
    try:
        opened = stocktakes.open(actor, depot_id, NewStocktake(data.get("shelf", "").strip()[:40]))
    except AlreadyCounting as error:
        return listed(request, stocktakes, network, actor, depot_id, problem_of(error), data)
    return see(f"/stocktakes/{opened.summary.id}")


@get("/stocktakes/{stocktake_id:int}", sync_to_thread=True)
def stocktake(
    request: AnyRequest,
    stocktakes: NamedDependency[Stocktakes],
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    stocktake_id: RowId,
    code: FromQuery[str] = "",
) -> Response[str]:
    """How the count stands, or its report."""
    return shown(request, network, actor, stocktakes.view(actor, stocktake_id), code=code)


@post("/stocktakes/{stocktake_id:int}/scans", sync_to_thread=True)
def scan(
    request: AnyRequest,
    stocktakes: NamedDependency[Stocktakes],
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    stocktake_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Keep one code that was read or typed."""
    code = data.get("code", "").strip()[:LONGEST_CODE]
    if not code:
        return see(f"/stocktakes/{stocktake_id}")
    key = data.get("key", "")
    scanned = ScanInput(key=key if KEY.fullmatch(key) else new_key(), code=code)
    try:
        stocktakes.scan(actor, stocktake_id, [scanned])
    except Conflict as error:
        return shown(request, network, actor, stocktakes.view(actor, stocktake_id), problem_of(error), code)
    return see(f"/stocktakes/{stocktake_id}?code={''.join(one for one in code if one.isalnum())}")


@post("/stocktakes/{stocktake_id:int}/close", sync_to_thread=True)
def close(
    request: AnyRequest,
    stocktakes: NamedDependency[Stocktakes],
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    stocktake_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """End the count."""
    closing = Closing(
        missing_are_lost=data.get("missing_are_lost") == "yes",
        misplaced_belong_here=data.get("misplaced_belong_here") == "yes",
    )
    try:
        stocktakes.close(actor, stocktake_id, closing)
    except Conflict as error:
        return shown(request, network, actor, stocktakes.view(actor, stocktake_id), problem_of(error))
    return see(f"/stocktakes/{stocktake_id}?done=saved")


def listed(
    request: AnyRequest,
    stocktakes: Stocktakes,
    network: Network,
    actor: Actor,
    depot_id: int,
    problem: Problem | None = None,
    sent: Form | None = None,
) -> Response[str]:
    """The list of a depot's counts."""
    found = stocktakes.stocktakes(actor, depot_id)
    depot = network.depot(depot_id)
    may_count = _may_count(network, actor, depot_id)
    facts: dict[str, Any] = {"stocktakes": found, "depot": depot, "sent": sent or {}, "may_count": may_count}
    return page(request, "stocktakes/list.html", problem=problem, **facts)


def shown(
    request: AnyRequest,
    network: Network,
    actor: Actor,
    view: StocktakeView,
    problem: Problem | None = None,
    code: str = "",
) -> Response[str]:
    """A count's page; `code` is the one read last."""
    last = next((one for one in view.copies if one.code == code), None)
    if problem is not None and not view.summary.is_open:
        # The field is gone with the form.
        problem.field = None
    groups = [(finding, [one for one in view.copies if one.finding == finding]) for finding in SHOWN]
    return page(
        request,
        "stocktakes/count.html",
        problem=problem,
        view=view,
        groups=[(finding, copies) for finding, copies in groups if copies],
        last=last,
        code=code,
        is_unknown=code in view.unknown,
        may_count=_may_count(network, actor, view.summary.depot_id),
        key=new_key(),
    )


def _may_count(network: Network, actor: Actor, depot_id: int) -> bool:
    association = network.association(network.depot(depot_id).association_id)
    return actor.covers(association.path, Role.STAFF)


ROUTES = [Router(path="/", route_handlers=[of_depot, open_stocktake, stocktake, scan, close], include_in_schema=False)]
