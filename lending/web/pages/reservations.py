"""What a school reserved and borrowed."""

from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from lending.core.actor import Actor
from lending.core.errors import Conflict
from lending.loans.service import Loans
from lending.loans.service.changes import Changes
from lending.network.service import Network
from lending.web.forms import new_key
from lending.web.pages.reservation_page import PAGES, TEMPLATE, ReservationPages
from lending.web.rendering import page, refused, see

PAST = ("done", "cancelled", "lost")


@get("/reservations", sync_to_thread=True)
def show_reservations(
    request: Request[Any, Any, Any],
    loans: NamedDependency[Loans],
    network: NamedDependency[Network],
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
        schools=network.my_schools(actor),
        key=new_key(),
    )


@get("/reservations/{booking_id:int}", sync_to_thread=True)
def show_reservation(
    request: Request[Any, Any, Any],
    pages: NamedDependency[ReservationPages],
    booking_id: FromPath[int],
    new: FromQuery[str] = "",
) -> Response[str]:
    """One reservation with what to do next."""
    return page(request, TEMPLATE, **pages.facts(booking_id), is_new=bool(new))


@post("/reservations/{booking_id:int}/cancel", sync_to_thread=True)
def cancel_reservation(
    loans: NamedDependency[Loans], actor: NamedDependency[Actor], booking_id: FromPath[int]
) -> Redirect:
    """Give it up; the copy is free for others at once."""
    loans.cancel(actor, booking_id)
    return see(f"/reservations/{booking_id}?done=cancelled")


@post("/reservations/{booking_id:int}/restoration", sync_to_thread=True)
def restore_reservation(
    request: Request[Any, Any, Any],
    changes: NamedDependency[Changes],
    pages: NamedDependency[ReservationPages],
    actor: NamedDependency[Actor],
    booking_id: FromPath[int],
) -> Response[str] | Redirect:
    """Take the cancellation back; if the copy was promised meanwhile, say so and what is free instead."""
    try:
        changes.restore(actor, booking_id)
    except Conflict as error:
        return refused(request, TEMPLATE, error, **pages.facts(booking_id, error), is_new=False)
    return see(f"/reservations/{booking_id}?done=restored")


ROUTES = [
    Router(
        "/",
        route_handlers=[show_reservations, show_reservation, cancel_reservation, restore_reservation],
        dependencies=PAGES,
        include_in_schema=False,
    )
]
