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
from lending.network.rules import BadOpening, check_openings
from lending.network.schemas import DepotView, NewClosure, OpeningHours
from lending.network.service import Network
from lending.web.forms import BadDay, day
from lending.web.pages.form_values import BadTime, time_in
from lending.web.rendering import page, see

AnyRequest = Request[Any, Any, Any]
RowId = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
Form = dict[str, str]
WEEKDAYS = range(7)
DAY = dt.timedelta(days=1)


class RefusedHoursError(Exception):
    """Hours that make no sense, with what to say and where."""

    def __init__(self, problem: Problem) -> None:
        """`problem` stands beside its field."""
        super().__init__(problem.detail)
        self.problem = problem


@get("/depots/{depot_id:int}", sync_to_thread=True)
def depot(
    request: AnyRequest, network: NamedDependency[Network], actor: NamedDependency[Actor], depot_id: RowId
) -> Response[str]:
    """A depot with its hours and closures."""
    return shown(request, network, actor, depot_id)


@post("/depots/{depot_id:int}/closures", sync_to_thread=True)
def close(
    request: AnyRequest,
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    depot_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Announce a closure; people say its last day."""
    try:
        network.close_depot(actor, depot_id, closure_in(data))
    except Invalid as error:
        return shown(request, network, actor, depot_id, problem_of(error), data)
    return see(f"/depots/{depot_id}?done=saved#closures")


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


def closure_in(data: Form) -> NewClosure:
    """The closure of the form, which names its last day. Raises BadDay."""
    starts_on, last_on = day(data, "starts_on"), day(data, "ends_on")
    if dt.date.max in (starts_on, last_on):
        raise BadDay(name="ends_on")
    return NewClosure(starts_on=starts_on, ends_on=last_on + DAY, reason=data.get("reason", "").strip()[:120])


def hours_in(data: Form) -> list[OpeningHours]:
    """The hours of the form; a day with two empty fields is closed. Raises RefusedHoursError."""
    found = (_hours_of(data, weekday) for weekday in WEEKDAYS)
    return [hours for hours in found if hours is not None]


def _hours_of(data: Form, weekday: int) -> OpeningHours | None:
    names = [f"{word}_{weekday}" for word in ("opens", "closes")]
    if not any(data.get(name, "").strip() for name in names):
        return None
    try:
        hours = OpeningHours(weekday, time_in(data, names[0]), time_in(data, names[1]))
        check_openings([(weekday, hours.opens_at, hours.closes_at)])
    except (BadTime, BadOpening) as error:
        problem = problem_of(error)
        problem.field = names[0]
        raise RefusedHoursError(problem) from error
    return hours


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
    can_edit = actor.covers(association.path, Role.STAFF)
    hours = sent if sent and any(name.startswith("opens_") for name in sent) else fields_of(one)
    facts: dict[str, Any] = {"depot": one, "association": association, "can_edit": can_edit}
    return page(request, "organisations/depot.html", problem=problem, hours=hours, sent=sent or {}, **facts)


def fields_of(depot: DepotView) -> Form:
    """The depot's hours as the form has them."""
    fields: Form = {}
    for one in depot.openings:
        fields[f"opens_{one.weekday}"] = f"{one.opens_at:%H:%M}"
        fields[f"closes_{one.weekday}"] = f"{one.closes_at:%H:%M}"
    return fields


ROUTES = [Router("/", route_handlers=[depot, close, reopen, set_openings], include_in_schema=False)]
