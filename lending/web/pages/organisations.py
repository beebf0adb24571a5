"""A union or an association: who and where, what it has, its schools and people."""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, PathParameter, URLEncodedBody
from litestar.response import Redirect

from lending.accounts.service import Accounts
from lending.catalog.service import Catalog
from lending.core.actor import Actor, Role
from lending.core.errors import Conflict, Invalid
from lending.core.http.problems import Problem, problem_of
from lending.loans.service import Loans
from lending.network.rules import is_affiliated, school_year_of
from lending.network.schemas import AssociationView, NewSchool, UnionView
from lending.network.service import Network
from lending.web.pages.form_values import count_in, note_in, row_id_in, text_in
from lending.web.pages.role_homes import figures_of
from lending.web.rendering import page, see

AnyRequest = Request[Any, Any, Any]
RowId = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
Form = dict[str, str]
MOST_PUPILS = 5000


class Tools(msgspec.Struct, frozen=True):
    """The services that make the page of an organisation."""

    network: Any
    accounts: Any
    catalog: Any
    loans: Any


@get("/organisations/{organisation_id:int}", sync_to_thread=True)
def organisation(
    request: AnyRequest,
    network: NamedDependency[Network],
    accounts: NamedDependency[Accounts],
    catalog: NamedDependency[Catalog],
    loans: NamedDependency[Loans],
    actor: NamedDependency[Actor],
    organisation_id: RowId,
    school: FromQuery[str] = "",
) -> Response[str]:
    """An association, or a union."""
    union = next((one for one in network.unions() if one.id == organisation_id), None)
    if union is not None:
        return union_page(request, loans, catalog, actor, union)
    tools = Tools(network, accounts, catalog, loans)
    return association_page(request, tools, actor, organisation_id, school[:100])


@post("/organisations/{organisation_id:int}/schools", sync_to_thread=True)
def register_school(
    request: AnyRequest,
    network: NamedDependency[Network],
    accounts: NamedDependency[Accounts],
    catalog: NamedDependency[Catalog],
    loans: NamedDependency[Loans],
    actor: NamedDependency[Actor],
    organisation_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Register a school under an association."""
    actor.require(network.association(organisation_id).path, Role.STAFF)
    try:
        added = network.register_school(actor, new_school(organisation_id, data))
    except (Invalid, Conflict) as error:
        tools = Tools(network, accounts, catalog, loans)
        return association_page(request, tools, actor, organisation_id, problem=problem_of(error), sent=data)
    return see(f"/organisations/{organisation_id}?school={added.uai}&done=saved#schools")


@post("/organisations/{organisation_id:int}/affiliations", sync_to_thread=True)
def affiliate(
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    organisation_id: RowId,
    data: URLEncodedBody[Form],
) -> Redirect:
    """Record a school's affiliation for the present school year."""
    year = school_year_of(network.today(organisation_id))
    school = network.affiliate(actor, row_id_in(data, "school_id"), year)
    return see(f"/organisations/{organisation_id}?school={school.uai}&done=saved#schools")


@post("/organisations/{organisation_id:int}/union", sync_to_thread=True)
def move(
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    organisation_id: RowId,
    data: URLEncodedBody[Form],
) -> Redirect:
    """Put an association under another union."""
    network.move_association(actor, organisation_id, row_id_in(data, "union_id"))
    return see(f"/organisations/{organisation_id}?done=saved")


def new_school(association_id: int, data: Form) -> NewSchool:
    """What the form says. Raises EmptyField, BadCount."""
    return NewSchool(
        association_id=association_id,
        uai=data.get("uai", "")[:40],
        name=text_in(data, "name"),
        commune=text_in(data, "commune"),
        postcode=note_in(data, "postcode", 10) or None,
        pupils=count_in(data, "pupils", 0, MOST_PUPILS) if data.get("pupils", "").strip() else None,
    )


def association_page(
    request: AnyRequest,
    tools: Tools,
    actor: Actor,
    association_id: int,
    text: str = "",
    problem: Problem | None = None,
    sent: Form | None = None,
) -> Response[str]:
    """An association; those who look after it see its people, schools and figures."""
    one: AssociationView = tools.network.association(association_id)
    today = tools.network.today(association_id)
    facts: dict[str, Any] = {
        "association": one,
        "depots": tools.network.depots(association_id),
        "stock": tools.catalog.stock_counts(association_id),
        "year": school_year_of(today),
        "is_affiliated": lambda years: is_affiliated(today, years),
        "sent": sent or {},
        "text": text,
        "can_edit": actor.covers(one.path, Role.STAFF),
        "unions": tools.network.unions() if actor.covers(_root(one.path), Role.ADMIN) else [],
        **inside(tools, actor, one, text),
    }
    return page(request, "organisations/association.html", problem=problem, **facts)


def inside(tools: Tools, actor: Actor, one: AssociationView, text: str) -> dict[str, Any]:
    """What only those see who look after an association."""
    if not actor.covers(one.path, Role.STAFF, Role.COORDINATOR):
        return {"counts": None, "people": [], "schools": []}
    return {
        "counts": tools.loans.counts(actor, one.id),
        "people": tools.accounts.people(actor, one.id),
        "schools": tools.network.schools(actor, one.id, text),
    }


def union_page(request: AnyRequest, loans: Loans, catalog: Catalog, actor: Actor, union: UnionView) -> Response[str]:
    """A union: its associations, with their figures for those who coordinate it."""
    figures = figures_of(loans, actor, union) if actor.covers(union.path, Role.COORDINATOR) else None
    stock = {one.id: sum(kind.copies for kind in catalog.stock_counts(one.id)) for one in union.associations}
    return page(request, "organisations/union.html", union=union, figures=figures, stock=stock)


def _root(path: str) -> str:
    return "/" + path.split("/")[1] + "/"


ROUTES = [Router("/", route_handlers=[organisation, register_school, affiliate, move], include_in_schema=False)]
