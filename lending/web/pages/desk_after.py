"""What the desk does after a scan: take the last act back, correct a return, bind a label, take a stray copy in."""

from typing import Any

import msgspec
from litestar import Request, Response, Router, post
from litestar.di import NamedDependency
from litestar.params import URLEncodedBody
from litestar.response import Redirect

from lending.catalog.printing.errors import UnknownBlank
from lending.catalog.printing.schemas import Binding
from lending.catalog.printing.service import Printing
from lending.catalog.service import Catalog
from lending.core.actor import Actor
from lending.core.errors import Conflict, Invalid, NotFound
from lending.loans.service import Loans
from lending.loans.service.desk_acts import DeskActs
from lending.network.service import Network
from lending.shipping.schemas import ArrivalScan
from lending.shipping.service import Shipping
from lending.web.pages.desk import after_act
from lending.web.pages.desk_view import LONGEST_CODE, address, desk_of, looked_at, refused, shown, with_state
from lending.web.pages.desk_words import found_lines, take_back_of
from lending.web.pages.form_values import row_id_in
from lending.web.rendering import see

AnyRequest = Request[Any, Any, Any]
Form = dict[str, str]


@post("/desk/undo", sync_to_thread=True)
def undo(
    request: AnyRequest,
    network: NamedDependency[Network],
    loans: NamedDependency[Loans],
    desk_acts: NamedDependency[DeskActs],
    actor: NamedDependency[Actor],
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Take the last act back."""
    at = desk_of(request, network, loans, desk_acts, actor, data)
    try:
        booking = desk_acts.undo(actor, row_id_in(data, "act_id"), data.get("key"))
    except (Conflict, Invalid) as error:
        return refused(at, data, error)
    code = (booking.copy_code or "").replace(" ", "")
    # Its sheet is closed: else the next scan would hand the same copy over again.
    return see(address(at, data | {"sheet": ""}, code=code, done="undone"))


@post("/desk/correct", sync_to_thread=True)
def correct(
    request: AnyRequest,
    network: NamedDependency[Network],
    loans: NamedDependency[Loans],
    desk_acts: NamedDependency[DeskActs],
    actor: NamedDependency[Actor],
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """A part is missing after all: the return is done again with it."""
    at = desk_of(request, network, loans, desk_acts, actor, data)
    try:
        decision = take_back_of(data, found_lines(data))
        result = desk_acts.correct(actor, row_id_in(data, "act_id"), decision, data.get("key"))
    except (Conflict, Invalid) as error:
        return refused(at, data, error)
    return after_act(at, data, result, "taken-back")


@post("/desk/bind", sync_to_thread=True)
def bind(
    request: AnyRequest,
    network: NamedDependency[Network],
    loans: NamedDependency[Loans],
    desk_acts: NamedDependency[DeskActs],
    printing: NamedDependency[Printing],
    catalog: NamedDependency[Catalog],
    actor: NamedDependency[Actor],
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Let an unknown code mean a copy: a blank label, or a number from elsewhere."""
    at = desk_of(request, network, loans, desk_acts, actor, data)
    code, other = data.get("code", "")[:LONGEST_CODE], data.get("copy", "")[:LONGEST_CODE]
    try:
        bound = bound_to(printing, catalog, actor, code, other)
    except (Conflict, Invalid, NotFound) as error:
        return refused(at, data, error)
    return see(address(at, data, code=bound, done="bound"))


@post("/desk/arrive", sync_to_thread=True)
def arrive(
    request: AnyRequest,
    network: NamedDependency[Network],
    loans: NamedDependency[Loans],
    desk_acts: NamedDependency[DeskActs],
    shipping: NamedDependency[Shipping],
    actor: NamedDependency[Actor],
    data: URLEncodedBody[Form],
) -> Response[str]:
    """A copy of another depot turned up here: it is here now, and its way home is planned."""
    at, code = desk_of(request, network, loans, desk_acts, actor, data), data.get("code", "")[:LONGEST_CODE]
    try:
        scanned = ArrivalScan(code=code, depot_id=at.here.id)
        arrival = shipping.arrive(actor, scanned)
    except (Conflict, Invalid, NotFound) as error:
        return refused(at, data, error)
    view = msgspec.structs.replace(looked_at(at, code), arrival=arrival)
    return shown(at, with_state(at, view, data))


def bound_to(printing: Printing, catalog: Catalog, actor: Actor, code: str, other: str) -> str:
    """The copy's own code, once it answers to the new one. Raises UnknownBarcode, CodeTaken, BlankAlreadyBound."""
    own = catalog.copy_by_code(actor, other)
    try:
        return printing.bind(actor, Binding(blank=code, copy=other)).code
    except UnknownBlank:
        return catalog.add_alias(actor, own.id, code).code


ROUTES = [Router("/", route_handlers=[undo, correct, bind, arrive], include_in_schema=False)]
