"""Incidents: the list of an association, one to settle, and the buttons on a reservation's page."""

from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, get_args

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, PathParameter, QueryParameter, URLEncodedBody
from litestar.response import Redirect

from lending.core.actor import Actor, Role
from lending.core.errors import Conflict, Invalid, LendingError, NotFound, PreconditionFailed
from lending.core.i18n import N_
from lending.loans.rules.incidents import IncidentKind, Payer, Settled
from lending.loans.schemas.incidents import IncidentFilter, IncidentView, Loss, Refund, Settlement
from lending.loans.service.cures import Cures
from lending.loans.service.incidents import Incidents
from lending.network.service import Network
from lending.web.forms import BadChoice, optional_id
from lending.web.pages.form_values import BadCount, code_in, note_in
from lending.web.pages.today import looked_after
from lending.web.rendering import page, refused, see

AnyRequest = Request[Any, Any, Any]
Form = dict[str, str]
RowId = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
OptionalId = Annotated[int | None, QueryParameter(ge=1, le=2**31 - 1)]
LONGEST_NOTE = 2000
MOST_EUROS = 100_000
FILTERS: dict[str, str] = {
    "open": N_("À régler"),
    "refund": N_("Remboursement à décider"),
    "settled": N_("Réglés"),
    "all": N_("Tous"),
}


@get("/incidents", sync_to_thread=True)
def incident_list(
    request: AnyRequest,
    incidents: NamedDependency[Incidents],
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    wanted: Annotated[str, QueryParameter(name="state")] = "open",
    kind: FromQuery[str] = "",
    q: FromQuery[str] = "",
    association: OptionalId = None,
    cursor: FromQuery[str | None] = None,
) -> Response[str]:
    """What the person looks after, as owner or as lender."""
    mine = looked_after(actor, network.associations())
    state: IncidentFilter = next((one for one in get_args(IncidentFilter) if one == wanted), "open")
    chosen = next((one for one in IncidentKind if one == kind), None)
    found = incidents.incidents(actor, association, state, chosen, q[:100], cursor)
    facts: dict[str, Any] = {"wanted": state, "filters": FILTERS, "kinds": list(IncidentKind), "kind": kind, "q": q}
    return page(request, "incidents/list.html", incidents=found, associations=mine, association_id=association, **facts)


@get("/incidents/{incident_id:int}", sync_to_thread=True)
def show_incident(
    request: AnyRequest,
    incidents: NamedDependency[Incidents],
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    incident_id: RowId,
) -> Response[str]:
    """One incident and how it may be settled."""
    return page(request, "incidents/incident.html", **_facts(incidents, network, actor, incident_id, {}))


@post("/incidents/{incident_id:int}/settlement", sync_to_thread=True)
def settle(
    request: AnyRequest,
    incidents: NamedDependency[Incidents],
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    incident_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Decide how it ends."""
    try:
        incidents.settle(actor, incident_id, _settlement(data))
    except (Conflict, Invalid, PreconditionFailed) as error:
        return _again(request, incidents, network, actor, incident_id, data, error)
    return see(f"/incidents/{incident_id}?done=settled")


@post("/incidents/{incident_id:int}/refund", sync_to_thread=True)
def refund(
    request: AnyRequest,
    incidents: NamedDependency[Incidents],
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    incident_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """What was paid for a copy that was found goes back, or stays."""
    try:
        note, version = note_in(data, "note", LONGEST_NOTE), optional_id(data, "version")
        decided = Refund(is_refunded=data.get("answer") == "yes", note=note, version=version)
        incidents.decide_refund(actor, incident_id, decided)
    except (Conflict, Invalid, PreconditionFailed) as error:
        return _again(request, incidents, network, actor, incident_id, data, error)
    return see(f"/incidents/{incident_id}?done=settled")


@post("/reservations/{booking_id:int}/claim", sync_to_thread=True)
def claim(
    incidents: NamedDependency[Incidents],
    actor: NamedDependency[Actor],
    booking_id: RowId,
    data: URLEncodedBody[Form],
) -> Redirect:
    """The borrower says that it came back."""
    incidents.claim(actor, booking_id, note_in(data, "note", LONGEST_NOTE))
    return see(f"/reservations/{booking_id}?done=claimed")


@post("/reservations/{booking_id:int}/loss", sync_to_thread=True)
def declare_lost(
    incidents: NamedDependency[Incidents],
    actor: NamedDependency[Actor],
    booking_id: RowId,
    data: URLEncodedBody[Form],
) -> Redirect:
    """The copy does not come back: what it costs is decided on the incident's page."""
    opened = incidents.declare_lost(actor, booking_id, Loss(note=note_in(data, "note", LONGEST_NOTE)))
    return see(f"/incidents/{opened.id}?done=lost")


@post("/reservations/{booking_id:int}/cures", sync_to_thread=True)
def accept_cure(
    cures: NamedDependency[Cures], actor: NamedDependency[Actor], booking_id: RowId, data: URLEncodedBody[Form]
) -> Redirect:
    """Do what was proposed."""
    cures.accept_cure(actor, booking_id, data.get("cure", "")[:100])
    return see(f"/reservations/{booking_id}?done=cured")


def _facts(incidents: Incidents, network: Network, actor: Actor, incident_id: int, form: Form) -> dict[str, Any]:
    one = incidents.incident(actor, incident_id)
    sides = [network.association(id_) for id_ in (one.owner_id, one.keeper_id)]
    may_settle = any(actor.covers(side.path, Role.STAFF) for side in sides)
    return {"one": one, "may_settle": may_settle, "form": _form(one) | form, "payers": list(Payer)}


def _form(one: IncidentView) -> Form:
    euros = f"{one.cost_cents // 100},{one.cost_cents % 100:02d}"
    return {"cost": euros, "outcome": "", "paid_by": "", "deposit": "", "note": ""}


def _again(
    request: AnyRequest,
    incidents: Incidents,
    network: Network,
    actor: Actor,
    incident_id: int,
    data: Form,
    error: LendingError,
) -> Response[str]:
    facts = _facts(incidents, network, actor, incident_id, data)
    return refused(request, "incidents/incident.html", error, **facts)


def _settlement(data: Form) -> Settlement:
    """What the form says. Raises BadChoice, BadCount, NotFound."""
    if not data.get("outcome"):
        raise BadChoice(name="outcome")
    how = Settlement(
        outcome=code_in(data, "outcome", Settled),
        paid_by=code_in(data, "paid_by", Payer) if data.get("paid_by") else None,
        cost_cents=_cents(data),
        note=note_in(data, "note", LONGEST_NOTE),
        version=optional_id(data, "version"),
    )
    match data.get("deposit", ""):
        case "":
            return how
        case "kept":
            return msgspec.structs.replace(how, deposit="kept")
        case "released":
            return msgspec.structs.replace(how, deposit="released")
        case _:
            raise NotFound


def _cents(data: Form) -> int:
    """Euros as people write them: « 12,50 ». Raises BadCount."""
    try:
        cents = Decimal(data.get("cost", "").replace(",", ".").replace("€", "").strip() or "0") * 100
    except InvalidOperation:
        cents = Decimal(-1)
    if not (cents.is_finite() and 0 <= cents <= MOST_EUROS * 100 and cents == int(cents)):
        raise BadCount(name="cost", smallest=0, largest=MOST_EUROS)
    return int(cents)


ROUTES = [
    Router(
        "/",
        route_handlers=[incident_list, show_incident, settle, refund, claim, declare_lost, accept_cure],
        include_in_schema=False,
    )
]
