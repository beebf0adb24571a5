"""A depot's work today, to read on a phone or to print; and the list of all loans."""

from itertools import groupby
from typing import Annotated, Any, get_args

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter

from lending.core.actor import Actor, Role
from lending.core.errors import Forbidden, Unauthenticated
from lending.core.i18n import N_
from lending.loans.letters.service import PaperLetters
from lending.loans.schemas import LoanFilter
from lending.loans.service import Loans
from lending.loans.service.cures import Cures
from lending.loans.service.declarations import Declarations
from lending.loans.service.preparation import Preparation
from lending.network.schemas import AssociationView
from lending.network.service import Network
from lending.shipping.service import Shipping
from lending.web.pages.day_page import Tools, day_page
from lending.web.pages.desks import chosen_desk
from lending.web.rendering import page

AnyRequest = Request[Any, Any, Any]
OptionalId = Annotated[int | None, QueryParameter(ge=1, le=2**31 - 1)]
FILTERS: dict[str, str] = {
    "open": N_("En cours"),
    "late": N_("En retard"),
    "due_today": N_("Attendus aujourd’hui"),
    "out": N_("En prêt"),
    "planned": N_("Réservés"),
    "at_risk": N_("À risque"),
    "to_approve": N_("À accepter"),
    "done": N_("Rendus"),
    "cancelled": N_("Annulés"),
}
READERS = (Role.STAFF, Role.COORDINATOR)


@get("/today", sync_to_thread=True)
def today(
    request: AnyRequest,
    network: NamedDependency[Network],
    loans: NamedDependency[Loans],
    preparation: NamedDependency[Preparation],
    shipping: NamedDependency[Shipping],
    cures: NamedDependency[Cures],
    declarations: NamedDependency[Declarations],
    paper_letters: NamedDependency[PaperLetters],
    actor: NamedDependency[Actor],
    depot: OptionalId = None,
    undo: OptionalId = None,
) -> Response[str]:
    """What leaves, what comes back, what arrives, what is late, at risk or incomplete, what is offered."""
    tools = Tools(network, loans, preparation, shipping, cures, declarations, paper_letters)
    return day_page(request, tools, actor, depot, undo=undo)


@get("/today/picking", sync_to_thread=True)
def picking(
    request: AnyRequest,
    network: NamedDependency[Network],
    preparation: NamedDependency[Preparation],
    actor: NamedDependency[Actor],
    depot: OptionalId = None,
) -> Response[str]:
    """What to fetch from the shelves, in the order in which one walks along them: to print."""
    desks = network.desks(actor)
    here = chosen_desk(actor, desks, depot)
    if here is None:
        return page(request, "desk/choose.html", desks=desks, target="/today/picking")
    picks, day = preparation.picks(actor, here.id), network.today(here.association_id)
    shelves = [(shelf, list(found)) for shelf, found in groupby(picks, key=lambda one: one.shelf)]
    return page(request, "today/picking.html", depot=here, shelves=shelves, count=len(picks), today=day)


@get("/loans", sync_to_thread=True)
def loan_list(
    request: AnyRequest,
    network: NamedDependency[Network],
    loans: NamedDependency[Loans],
    actor: NamedDependency[Actor],
    wanted: Annotated[str, QueryParameter(name="state")] = "open",
    association: OptionalId = None,
    cursor: FromQuery[str | None] = None,
) -> Response[str]:
    """All loans that the person looks after, filtered."""
    mine = looked_after(actor, network.associations())
    chosen: LoanFilter = next((one for one in get_args(LoanFilter) if one == wanted), "open")
    found = loans.loans(actor, association, chosen, cursor)
    facts: dict[str, Any] = {"wanted": chosen, "filters": FILTERS, "associations": mine, "association_id": association}
    return page(request, "today/loans.html", loans=found, cursor=cursor, **facts)


def looked_after(actor: Actor, associations: list[AssociationView]) -> list[AssociationView]:
    """The associations whose loans the person sees. Raises Unauthenticated, Forbidden."""
    mine = [one for one in associations if actor.covers(one.path, *READERS)]
    if not mine:
        raise Forbidden if actor.is_signed_in else Unauthenticated
    return mine


ROUTES = [Router("/", route_handlers=[today, picking, loan_list], include_in_schema=False)]
