"""What a school reserved and borrowed."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from lending.catalog.service import Catalog
from lending.core.actor import Actor, Role
from lending.core.errors import Forbidden
from lending.loans.schemas import Reservation
from lending.loans.schemas.cures import Cure
from lending.loans.service import Loans
from lending.loans.service.cures import Cures
from lending.loans.service.incidents import Incidents
from lending.network.service import Network
from lending.web.rendering import page, see

PAST = ("done", "cancelled", "lost")


@get("/reservations", sync_to_thread=True, include_in_schema=False)
def show_reservations(
    request: Request[Any, Any, Any],
    loans: NamedDependency[Loans],
    actor: NamedDependency[Actor],
    cursor: FromQuery[str | None] = None,
) -> Response[str]:
    """Mine: what is out, what is coming, what is over."""
    now = loans.reservations(actor, "open").items
    past = loans.reservations(actor, "all", cursor=cursor, limit=50)
    return page(
        request,
        "reservations.html",
        out=[one for one in now if one.state == "out"],
        planned=sorted((one for one in now if one.state == "planned"), key=lambda one: one.starts_on),
        past=[one for one in past.items if one.state in PAST],
        next_cursor=past.next_cursor,
    )


@get("/reservations/{booking_id:int}", sync_to_thread=True, include_in_schema=False)
def show_reservation(
    request: Request[Any, Any, Any],
    loans: NamedDependency[Loans],
    catalog: NamedDependency[Catalog],
    network: NamedDependency[Network],
    incidents: NamedDependency[Incidents],
    cures: NamedDependency[Cures],
    actor: NamedDependency[Actor],
    booking_id: FromPath[int],
    new: FromQuery[str] = "",
) -> Response[str]:
    """One reservation with what to do next."""
    detail = loans.reservation(actor, booking_id)
    depot = network.depot(detail.reservation.depot_id)
    instead = catalog.title_summaries(actor, detail.equivalent_title_ids)
    lender = network.association(detail.reservation.association_id)
    facts: dict[str, Any] = {"is_staff": actor.covers(lender.path, Role.STAFF), "is_new": bool(new)}
    facts |= {"incidents": incidents.of_booking(actor, booking_id)}
    facts |= {"cures": _cures(cures, actor, detail.reservation)}
    return page(request, "reservation.html", detail=detail, depot=depot, equivalents=instead, **facts)


def _cures(cures: Cures, actor: Actor, one: Reservation) -> list[Cure]:
    """The proposals, for who may accept one: a coordinator only looks on."""
    try:
        return cures.cures(actor, one.id) if one.is_at_risk else []
    except Forbidden:
        return []


@post("/reservations/{booking_id:int}/cancel", sync_to_thread=True, include_in_schema=False)
def cancel_reservation(
    loans: NamedDependency[Loans], actor: NamedDependency[Actor], booking_id: FromPath[int]
) -> Redirect:
    """Give it up; the copy is free for others at once."""
    loans.cancel(actor, booking_id)
    return see(f"/reservations/{booking_id}?done=cancelled")


ROUTES = [show_reservations, show_reservation, cancel_reservation]
