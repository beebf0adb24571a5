"""A depot: where it is, when it is open, when it is closed."""

import datetime as dt
from typing import Annotated, Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import PathParameter, URLEncodedBody
from litestar.response import Redirect

from lending.core.actor import Actor, Role
from lending.core.errors import Invalid
from lending.core.http.problems import Problem, problem_of
from lending.network.public_holidays import public_holidays
from lending.network.schemas import LONGEST_COMMUNE, LONGEST_PHONE, LONGEST_POSTCODE, LONGEST_STREET, DepotAddress
from lending.network.service import Network
from lending.web.forms import day
from lending.web.pages.depot_hours import RefusedHoursError, fields_of, hours_in, next_days, stretches_of
from lending.web.pages.form_values import count_in, note_in, text_in
from lending.web.rendering import page, see

AnyRequest = Request[Any, Any, Any]
RowId = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
Form = dict[str, str]
SHOWN_HOLIDAYS = 3
MOST_HANDOVERS = 999
MOST_RETURNS = 99
LONGEST_REASON = 120


@get("/depots/{depot_id:int}", sync_to_thread=True)
def depot(
    request: AnyRequest, network: NamedDependency[Network], actor: NamedDependency[Actor], depot_id: RowId
) -> Response[str]:
    """A depot with its hours and closures."""
    return shown(request, network, actor, depot_id)


@post("/depots/{depot_id:int}/closures/{closure_id:int}/removal", sync_to_thread=True)
def reopen(
    network: NamedDependency[Network], actor: NamedDependency[Actor], depot_id: RowId, closure_id: RowId
) -> Redirect:
    """Take a closure back."""
    network.reopen_depot(actor, depot_id, closure_id)
    return see(f"/depots/{depot_id}?done=saved#closures")


@post("/depots/{depot_id:int}/openings", sync_to_thread=True)
def set_openings(
    request: AnyRequest,
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    depot_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Replace the weekly hours."""
    try:
        network.set_openings(actor, depot_id, hours_in(data))
    except RefusedHoursError as error:
        return shown(request, network, actor, depot_id, error.problem, data)
    return see(f"/depots/{depot_id}?done=saved#hours")


@post("/depots/{depot_id:int}/exceptional-openings", sync_to_thread=True)
def open_exceptionally(
    request: AnyRequest,
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    depot_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Open the desk on a day on which it would be closed."""
    try:
        reason = note_in(data, "opening_reason", LONGEST_REASON)
        network.open_exceptionally(actor, depot_id, day(data, "opens_on"), reason)
    except Invalid as error:
        return shown(request, network, actor, depot_id, problem_of(error), data)
    return see(f"/depots/{depot_id}?done=saved#exceptions")


@post("/depots/{depot_id:int}/exceptional-openings/{opens_on:date}/removal", sync_to_thread=True)
def close_again(
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    depot_id: RowId,
    opens_on: Annotated[dt.date, PathParameter()],
) -> Redirect:
    """Take an exceptional opening back."""
    network.close_again(actor, depot_id, opens_on)
    return see(f"/depots/{depot_id}?done=saved#exceptions")


@post("/depots/{depot_id:int}/handovers", sync_to_thread=True)
def limit_handovers(
    request: AnyRequest,
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    depot_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Say how many reservations can be handed over a day; an empty field sets no limit."""
    try:
        most = _limit_in(data, "max_handovers", MOST_HANDOVERS)
    except Invalid as error:
        return shown(request, network, actor, depot_id, problem_of(error), data)
    network.limit_handovers(actor, depot_id, most)
    return see(f"/depots/{depot_id}?done=saved#handovers")


@post("/depots/{depot_id:int}/returns", sync_to_thread=True)
def limit_returns(
    request: AnyRequest,
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    depot_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Say how many returns are expected an hour; an empty field sets no limit."""
    try:
        most = _limit_in(data, "max_returns", MOST_RETURNS)
    except Invalid as error:
        return shown(request, network, actor, depot_id, problem_of(error), data)
    network.limit_returns(actor, depot_id, most)
    return see(f"/depots/{depot_id}?done=saved#returns")


@post("/depots/{depot_id:int}/address", sync_to_thread=True)
def set_address(
    request: AnyRequest,
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    depot_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Say where a depot is and how to ring it up."""
    try:
        network.set_address(actor, depot_id, _address_in(data))
    except Invalid as error:
        return shown(request, network, actor, depot_id, problem_of(error), data)
    return see(f"/depots/{depot_id}?done=saved")


def _limit_in(data: Form, name: str, largest: int) -> int | None:
    """At most so many; None for an empty field. Raises BadCount."""
    return count_in(data, name, 1, largest) if data.get(name, "").strip() else None


def _address_in(data: Form) -> DepotAddress:
    return DepotAddress(
        address=note_in(data, "address", LONGEST_STREET),
        postcode=note_in(data, "postcode", LONGEST_POSTCODE),
        commune=text_in(data, "commune", LONGEST_COMMUNE),
        phone=note_in(data, "phone", LONGEST_PHONE),
    )


def shown(
    request: AnyRequest,
    network: Network,
    actor: Actor,
    depot_id: int,
    problem: Problem | None = None,
    sent: Form | None = None,
) -> Response[str]:
    """The page of a depot. Raises NotFound."""
    one = network.depot(depot_id)
    association = network.association(one.association_id)
    hours = sent if sent and any(name.startswith("opens_") and name != "opens_on" for name in sent) else fields_of(one)
    facts: dict[str, Any] = {
        "depot": one,
        "association": association,
        "can_edit": actor.covers(association.path, Role.STAFF),
        "stretches": stretches_of(one.openings),
        "holidays": holidays_ahead(association.holiday_territory, network.today(one.association_id)),
    }
    return page(request, "organisations/depot.html", problem=problem, hours=hours, sent=sent or {}, **facts)


def holidays_ahead(territory: str | None, today: dt.date) -> list[dt.date]:
    """The next public holidays of a territory."""
    if territory is None:
        return []
    days = [one for year in (today.year, today.year + 1) for one in public_holidays(territory, year)]
    return next_days(days, today, SHOWN_HOLIDAYS)


ROUTES = [
    Router(
        "/",
        route_handlers=[
            depot,
            reopen,
            set_openings,
            open_exceptionally,
            close_again,
            limit_handovers,
            limit_returns,
            set_address,
        ],
        include_in_schema=False,
    )
]
