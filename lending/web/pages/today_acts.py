"""One click confirms what was done today. A click that comes twice is done once; what is refused says why."""

from collections.abc import Callable
from typing import Any

from litestar import Request, Response, Router, post
from litestar.di import NamedDependency
from litestar.params import URLEncodedBody
from litestar.response import Redirect

from lending.core.actor import Actor
from lending.core.errors import Conflict, Invalid, NotFound
from lending.core.http.problems import problem_of
from lending.loans.letters.service import PaperLetters
from lending.loans.schemas import Completion, DeskDecision, DeskScan
from lending.loans.service import Loans
from lending.loans.service.cures import Cures
from lending.loans.service.declarations import Declarations
from lending.loans.service.preparation import Preparation
from lending.network.service import Network
from lending.shipping.schemas import ArrivalScan
from lending.shipping.service import Shipping
from lending.web.pages.day_page import Tools, arriving_at, day_page
from lending.web.pages.form_values import row_id_in
from lending.web.rendering import see

AnyRequest = Request[Any, Any, Any]
Form = dict[str, str]
# One act changes the day and gives what is added to the address of the page.
Act = Callable[[Tools, Actor, int, Form], str]
LONGEST_CODE, LONGEST_KEY = 200, 100


def ready(tools: Tools, actor: Actor, _depot_id: int, data: Form) -> str:
    """A copy lies ready."""
    booking = tools.preparation.ready(actor, row_id_in(data, "id"))
    return f"&done=ready&undo={booking.id}#ready"


def not_ready(tools: Tools, actor: Actor, _depot_id: int, data: Form) -> str:
    """It does not after all."""
    tools.preparation.not_ready(actor, row_id_in(data, "id"))
    return "&done=not-ready"


def hand_over(tools: Tools, actor: Actor, depot_id: int, data: Form) -> str:
    """Somebody took it."""
    decision = DeskDecision(action="hand_over", booking_id=row_id_in(data, "id"))
    tools.loans.desk(actor, _scan(depot_id, data, decision), data.get("key", "")[:LONGEST_KEY])
    return "&done=handed-over"


def take_back(tools: Tools, actor: Actor, depot_id: int, data: Form) -> str:
    """It is back, and all was there."""
    decision = DeskDecision(action="take_back")
    tools.loans.desk(actor, _scan(depot_id, data, decision), data.get("key", "")[:LONGEST_KEY])
    return "&done=taken-back"


def arrive(tools: Tools, actor: Actor, depot_id: int, data: Form) -> str:
    """A transfer arrived; what arrived before stays as it is."""
    transfer_id = row_id_in(data, "id")
    for one in arriving_at(tools.shipping, actor, depot_id):
        if one.id == transfer_id:
            tools.shipping.arrive(actor, ArrivalScan(code=one.copy_code, depot_id=depot_id))
    return "&done=arrived"


def complete(tools: Tools, actor: Actor, _depot_id: int, data: Form) -> str:
    """The missing parts are in it again."""
    tools.loans.complete_copy(actor, row_id_in(data, "id"), Completion(), data.get("key", "")[:LONGEST_KEY])
    return "&done=completed"


ACTS: dict[str, Act] = {
    "ready": ready,
    "not-ready": not_ready,
    "hand-over": hand_over,
    "take-back": take_back,
    "arrive": arrive,
    "complete": complete,
}


def _scan(depot_id: int, data: Form, decision: DeskDecision) -> DeskScan:
    return DeskScan(code=data.get("code", "")[:LONGEST_CODE], depot_id=depot_id, decision=decision)


@post("/today/confirmations", sync_to_thread=True)
def confirm(
    request: AnyRequest,
    network: NamedDependency[Network],
    loans: NamedDependency[Loans],
    preparation: NamedDependency[Preparation],
    shipping: NamedDependency[Shipping],
    cures: NamedDependency[Cures],
    declarations: NamedDependency[Declarations],
    paper_letters: NamedDependency[PaperLetters],
    actor: NamedDependency[Actor],
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Do what the button says. Raises NotFound for a button that no page has."""
    tools = Tools(network, loans, preparation, shipping, cures, declarations, paper_letters)
    depot_id, act = row_id_in(data, "depot"), ACTS.get(data.get("do", ""))
    if act is None:
        raise NotFound
    try:
        return see(f"/today?depot={depot_id}{act(tools, actor, depot_id, data)}")
    except (Conflict, Invalid) as error:
        return day_page(request, tools, actor, depot_id, problem=problem_of(error))


ROUTES = [Router("/", route_handlers=[confirm], include_in_schema=False)]
