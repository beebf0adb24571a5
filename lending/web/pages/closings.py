"""Closing one depot or several: first what the closure hits, then the closure."""

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import PathParameter, URLEncodedBody
from litestar.response import Redirect

from lending.core.actor import Actor, Role
from lending.core.errors import Invalid
from lending.core.http.problems import Problem, problem_of
from lending.loans.service.closures import Closures
from lending.network.rules import check_closure
from lending.network.schemas import DepotView, NewClosure
from lending.network.service import Network
from lending.web.forms import BadChoice, BadDay, day
from lending.web.pages.depots import LONGEST_REASON, shown
from lending.web.pages.form_values import note_in
from lending.web.rendering import page, see

AnyRequest = Request[Any, Any, Any]
RowId = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
Form = dict[str, str]
DAY = dt.timedelta(days=1)


@post("/depots/{depot_id:int}/closures", sync_to_thread=True)
def close(
    request: AnyRequest,
    network: NamedDependency[Network],
    closures: NamedDependency[Closures],
    actor: NamedDependency[Actor],
    depot_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Announce a closure; people say its last day. What it hits is shown first."""
    try:
        asked = asked_first(request, closures, actor, [network.depot(depot_id)], data)
    except Invalid as error:
        return shown(request, network, actor, depot_id, problem_of(error), data)
    return asked or see(f"/depots/{depot_id}?done=saved#closures")


@get("/organisations/{association_id:int}/closures", sync_to_thread=True)
def closing(
    request: AnyRequest, network: NamedDependency[Network], actor: NamedDependency[Actor], association_id: RowId
) -> Response[str]:
    """Choose the depots to close."""
    return chosen(request, network, actor, association_id)


@post("/organisations/{association_id:int}/closures", sync_to_thread=True)
def close_several(
    request: AnyRequest,
    network: NamedDependency[Network],
    closures: NamedDependency[Closures],
    actor: NamedDependency[Actor],
    association_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Announce a closure of the ticked depots, all or none. What it hits is shown first."""
    try:
        asked = asked_first(request, closures, actor, depots_in(data, network.depots(association_id)), data)
    except Invalid as error:
        return chosen(request, network, actor, association_id, problem_of(error), data)
    return asked or see(f"/organisations/{association_id}?done=saved")


def chosen(
    request: AnyRequest,
    network: Network,
    actor: Actor,
    association_id: int,
    problem: Problem | None = None,
    sent: Form | None = None,
) -> Response[str]:
    """The form for several depots. Raises NotFound, Forbidden."""
    association = network.association(association_id)
    actor.require(association.path, Role.STAFF)
    facts: dict[str, Any] = {"association": association, "depots": network.depots(association_id)}
    return page(request, "organisations/closing.html", problem=problem, sent=sent or {}, **facts)


def asked_first(
    request: AnyRequest, closures: Closures, actor: Actor, depots: Sequence[DepotView], data: Form
) -> Response[str] | None:
    """Close the depots; or ask, when loans are hit and nobody has said yes. Raises Invalid, Forbidden, NotFound."""
    new, depot_ids = closure_in(data), [one.id for one in depots]
    if "confirmed" not in data:
        impact = closures.preview(actor, depot_ids, new)
        if impact.hits:
            facts: dict[str, Any] = {"depots": depots, "closure": new, "last_on": new.ends_on - DAY, "sent": data}
            facts["back"] = request.url.path.removesuffix("/closures")
            return page(request, "organisations/closing_hits.html", hits=impact.hits, **facts)
    closures.announce(actor, depot_ids, new)
    return None


def closure_in(data: Form) -> NewClosure:
    """The closure of the form, which names its last day. Raises BadDay, BadClosure."""
    starts_on, last_on = day(data, "starts_on"), day(data, "ends_on")
    if dt.date.max in (starts_on, last_on):
        raise BadDay(name="ends_on")
    check_closure(starts_on, last_on + DAY)
    reason = note_in(data, "reason", LONGEST_REASON)
    return NewClosure(
        starts_on=starts_on, ends_on=last_on + DAY, reason=reason, repeats_yearly="repeats_yearly" in data
    )


def depots_in(data: Form, offered: Sequence[DepotView]) -> list[DepotView]:
    """The depots that are ticked. Raises BadChoice for none."""
    ticked = [one for one in offered if f"depot_{one.id}" in data]
    if not ticked:
        raise BadChoice(name="depots")
    return ticked


ROUTES = [Router("/", route_handlers=[close, closing, close_several], include_in_schema=False)]
