"""What a school reserved and borrowed."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from lending.catalog.service import Catalog
from lending.core.actor import Actor, Role
from lending.core.errors import Conflict, Forbidden, LendingError
from lending.loans.rules.errors import NoCopyFree
from lending.loans.rules.states import State
from lending.loans.schemas import Reservation
from lending.loans.schemas.changes import Repetition
from lending.loans.schemas.cures import Cure
from lending.loans.service import Loans
from lending.loans.service.changes import Changes
from lending.loans.service.cures import Cures
from lending.loans.service.incidents import Incidents
from lending.network.service import Network
from lending.web.forms import new_key
from lending.web.rendering import page, refused, see

TEMPLATE = "reservation.html"
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
        key=new_key(),
    )


@get("/reservations/{booking_id:int}", sync_to_thread=True, include_in_schema=False)
def show_reservation(
    request: Request[Any, Any, Any],
    loans: NamedDependency[Loans],
    catalog: NamedDependency[Catalog],
    network: NamedDependency[Network],
    incidents: NamedDependency[Incidents],
    cures: NamedDependency[Cures],
    changes: NamedDependency[Changes],
    actor: NamedDependency[Actor],
    booking_id: FromPath[int],
    new: FromQuery[str] = "",
) -> Response[str]:
    """One reservation with what to do next."""
    pages = ReservationPages(loans, changes, catalog, network, incidents, cures, actor)
    return page(request, TEMPLATE, **pages.facts(booking_id), is_new=bool(new))


class ReservationPages:
    """Puts the page together; one object per request."""

    def __init__(
        self,
        loans: Loans,
        changes: Changes,
        catalog: Catalog,
        network: Network,
        incidents: Incidents,
        cures: Cures,
        actor: Actor,
    ) -> None:
        self._loans = loans
        self._changes = changes
        self._catalog = catalog
        self._network = network
        self._incidents = incidents
        self._cures = cures
        self._actor = actor

    def facts(self, booking_id: int, refusal: Exception | None = None) -> dict[str, Any]:
        """Everything that the page shows. Raises NotFound, Forbidden."""
        detail = self._loans.reservation(self._actor, booking_id)
        one = detail.reservation
        is_own = one.school_id in {grant.organisation_id for grant in self._actor.grants_of(Role.TEACHER)}
        nearest = refusal.nearest if isinstance(refusal, NoCopyFree) else detail.nearest
        others = refusal.equivalent_title_ids if isinstance(refusal, NoCopyFree) else detail.equivalent_title_ids
        lender = self._network.association(one.association_id)
        return {
            "detail": detail,
            "depot": self._network.depot(one.depot_id),
            "nearest": nearest,
            "equivalents": self._catalog.title_summaries(self._actor, others),
            "is_staff": self._actor.covers(lender.path, Role.STAFF),
            "is_own": is_own,
            "incidents": self._incidents.of_booking(self._actor, booking_id),
            "cures": self._offered_cures(one),
            "again": self._again(one) if is_own else None,
            "key": new_key(),
        }

    def _again(self, one: Reservation) -> Repetition | None:
        """The same a year later, for what is over; None where the title cannot be had any more."""
        try:
            return self._changes.repetition(self._actor, one.id) if one.state == State.DONE else None
        except LendingError:
            return None

    def _offered_cures(self, one: Reservation) -> list[Cure]:
        """The proposals, for who may accept one: a coordinator only looks on."""
        try:
            return self._cures.cures(self._actor, one.id) if one.is_at_risk else []
        except Forbidden:
            return []


@post("/reservations/{booking_id:int}/cancel", sync_to_thread=True, include_in_schema=False)
def cancel_reservation(
    loans: NamedDependency[Loans], actor: NamedDependency[Actor], booking_id: FromPath[int]
) -> Redirect:
    """Give it up; the copy is free for others at once."""
    loans.cancel(actor, booking_id)
    return see(f"/reservations/{booking_id}?done=cancelled")


@post("/reservations/{booking_id:int}/restoration", sync_to_thread=True, include_in_schema=False)
def restore_reservation(
    request: Request[Any, Any, Any],
    loans: NamedDependency[Loans],
    changes: NamedDependency[Changes],
    catalog: NamedDependency[Catalog],
    network: NamedDependency[Network],
    incidents: NamedDependency[Incidents],
    cures: NamedDependency[Cures],
    actor: NamedDependency[Actor],
    booking_id: FromPath[int],
) -> Response[str] | Redirect:
    """Take the cancellation back; if the copy was promised meanwhile, say so and what is free instead."""
    try:
        changes.restore(actor, booking_id)
    except Conflict as error:
        pages = ReservationPages(loans, changes, catalog, network, incidents, cures, actor)
        return refused(request, TEMPLATE, error, **pages.facts(booking_id, error), is_new=False)
    return see(f"/reservations/{booking_id}?done=restored")


ROUTES = [show_reservations, show_reservation, cancel_reservation, restore_reservation]
