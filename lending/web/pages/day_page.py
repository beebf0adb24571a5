"""The page of a depot's day, as it is read and as it answers a confirmation that was refused."""

from dataclasses import dataclass
from typing import Any

from litestar import Request, Response

from lending.core.actor import Actor
from lending.core.http.problems import Problem
from lending.loans.letters.service import PaperLetters
from lending.loans.service import Loans
from lending.loans.service.cures import Cures
from lending.loans.service.declarations import Declarations
from lending.loans.service.preparation import Preparation
from lending.network.service import Network
from lending.shipping.rules import TransferState
from lending.shipping.schemas import TransferView
from lending.shipping.service import Shipping
from lending.web.forms import new_key
from lending.web.pages.desks import chosen_desk
from lending.web.rendering import page


@dataclass(frozen=True)
class Tools:
    """The services that make the page."""

    network: Network
    loans: Loans
    preparation: Preparation
    shipping: Shipping
    cures: Cures
    declarations: Declarations
    paper_letters: PaperLetters


def day_page(
    request: Request[Any, Any, Any],
    tools: Tools,
    actor: Actor,
    depot_id: int | None,
    *,
    undo: int | None = None,
    problem: Problem | None = None,
) -> Response[str]:
    """The day of the chosen depot, or the choice of one. `undo` is the booking that was just marked as ready."""
    desks = tools.network.desks(actor)
    here = chosen_desk(actor, desks, depot_id)
    if here is None:
        return page(request, "desk/choose.html", desks=desks, target="/today")
    day = tools.loans.desk_day(actor, here.id)
    return page(
        request,
        "today/today.html",
        problem=problem,
        key=new_key(),
        desks=desks,
        depot=here,
        day=day,
        agreed={one.booking_id: one for one in day.appointments},
        arriving=arriving_at(tools.shipping, actor, here.id),
        declared=tools.declarations.at_depot(actor, here.id),
        letters_to_print=tools.paper_letters.count(actor, here.association_id),
        offers=tools.preparation.offers(actor, here.id),
        cures=tools.cures.cures_at(actor, here.id) if day.at_risk else {},
        undo=next((one for one in (*day.to_prepare, *day.to_hand_over) if one.id == undo and one.is_pinned), None),
    )


def arriving_at(shipping: Shipping, actor: Actor, depot_id: int) -> list[TransferView]:
    """The copies that are on their way to a depot."""
    return [
        one
        for one in shipping.transfers(actor, depot_id)
        if one.to_depot_id == depot_id and one.state == TransferState.SENT
    ]
