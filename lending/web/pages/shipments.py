"""Shipments of a depot: what is to pack, what left, what is expected; and who had a copy."""

from itertools import groupby
from typing import Annotated, Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import PathParameter, URLEncodedBody
from litestar.response import Redirect

from lending.core.actor import Actor
from lending.core.errors import Conflict, Invalid, NotFound
from lending.core.http.problems import Problem, problem_of
from lending.network.service import Network
from lending.shipping.custody.service import Custody
from lending.shipping.shipments.schemas import NewShipment
from lending.shipping.shipments.service import Shipments
from lending.web.forms import chosen_id
from lending.web.pages.shipment_forms import LONGEST_CODE
from lending.web.rendering import page, see

AnyRequest = Request[Any, Any, Any]
RowId = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
Number = Annotated[int, PathParameter(ge=1, le=99)]
Form = dict[str, str]
# What a person can do something about, with a scanner in the hand.
TOLD = (Conflict, Invalid, NotFound)


@get("/depots/{depot_id:int}/shipments", sync_to_thread=True)
def of_depot(
    request: AnyRequest,
    shipments: NamedDependency[Shipments],
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    depot_id: RowId,
) -> Response[str]:
    """What a depot has to pack, sent and awaits."""
    return listed(request, shipments, network, actor, depot_id)


@post("/depots/{depot_id:int}/shipments", sync_to_thread=True)
def prepare(
    request: AnyRequest,
    shipments: NamedDependency[Shipments],
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    depot_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Begin to pack for another depot."""
    try:
        new = NewShipment(from_depot_id=depot_id, to_depot_id=chosen_id(data, "to_depot_id"))
        view = shipments.prepare(actor, new)
    except TOLD as error:
        return listed(request, shipments, network, actor, depot_id, problem_of(error))
    return see(f"/shipments/{view.summary.id}")


@post("/depots/{depot_id:int}/shipments/scan", sync_to_thread=True)
def find(
    request: AnyRequest,
    shipments: NamedDependency[Shipments],
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    depot_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """The shipment of a parcel or a copy that was scanned."""
    code = data.get("code", "").strip()[:LONGEST_CODE]
    if not code:
        return see(f"/depots/{depot_id}/shipments")
    try:
        return see(f"/shipments/{shipments.of_code(actor, depot_id, code)}")
    except TOLD as error:
        return listed(request, shipments, network, actor, depot_id, problem_of(error), code)


@get("/copies/{copy_id:int}/custody", sync_to_thread=True)
def custody_page(
    request: AnyRequest, custody: NamedDependency[Custody], actor: NamedDependency[Actor], copy_id: RowId
) -> Response[str]:
    """Who has a copy, since when, and who had it before."""
    return page(request, "shipments/custody.html", view=custody.of_copy(actor, copy_id))


def listed(
    request: AnyRequest,
    shipments: Shipments,
    network: Network,
    actor: Actor,
    depot_id: int,
    problem: Problem | None = None,
    code: str = "",
) -> Response[str]:
    """The depot's page."""
    found, waiting = shipments.at_depot(actor, depot_id), shipments.to_pack(actor, depot_id)
    waiting.sort(key=lambda transfer: (transfer.to_depot_name, transfer.leaves_on, transfer.id))
    by_depot = [
        (depot, list(transfers))
        for depot, transfers in groupby(waiting, key=lambda transfer: (transfer.to_depot_id, transfer.to_depot_name))
    ]
    facts: dict[str, Any] = {
        "depot": network.depot(depot_id),
        "depots": [
            ("", ""),
            *((one.id, f"{one.name}, {one.commune}") for one in network.depots() if one.id != depot_id),
        ],
        "waiting": by_depot,
        "packing": [one for one in found if one.state == "packing" and one.from_depot_id == depot_id],
        "expected": [one for one in found if one.state == "sent" and _reaches(one) == depot_id],
        "left": [one for one in found if one.state == "sent" and _reaches(one) != depot_id],
        "over": [one for one in found if one.state in ("received", "cancelled")],
        "code": code,
    }
    return page(request, "shipments/list.html", problem=problem, **facts)


def _reaches(summary: Any) -> int:
    return int(summary.from_depot_id if summary.turned_back_at else summary.to_depot_id)


ROUTES = [Router("/", route_handlers=[of_depot, prepare, find, custody_page], include_in_schema=False)]
