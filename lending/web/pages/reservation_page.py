"""What the page of a reservation shows, whoever makes it: to look at it, or after something was refused."""

from collections.abc import Mapping
from typing import Any

from litestar.di import NamedDependency, Provide

from lending.catalog.service import Catalog
from lending.core.actor import Actor, Role
from lending.core.errors import Forbidden, LendingError
from lending.loans.rules.errors import NoCopyFree
from lending.loans.rules.states import State
from lending.loans.schemas import Reservation
from lending.loans.schemas.changes import Repetition
from lending.loans.schemas.cures import Cure
from lending.loans.schemas.declarations import DeclarationView
from lending.loans.service import Loans
from lending.loans.service.appointments import Appointments
from lending.loans.service.changes import Changes
from lending.loans.service.cures import Cures
from lending.loans.service.declarations import Declarations
from lending.loans.service.incidents import Incidents
from lending.loans.service.reviews import Reviews
from lending.network.service import Network
from lending.shipping.deliveries.service import Deliveries
from lending.shipping.relays.schemas import RelaysView
from lending.shipping.relays.service import Relays
from lending.web.forms import new_key

TEMPLATE = "reservation.html"


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
        reviews: Reviews,
        declarations: Declarations,
        appointments: Appointments,
        deliveries: Deliveries,
        relays: Relays,
        actor: Actor,
    ) -> None:
        self._loans = loans
        self._changes = changes
        self._catalog = catalog
        self._network = network
        self._incidents = incidents
        self._cures = cures
        self._reviews = reviews
        self._declarations = declarations
        self._appointments = appointments
        self._deliveries = deliveries
        self._relays = relays
        self._actor = actor

    def facts(
        self, booking_id: int, refusal: Exception | None = None, sent: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """Everything that the page shows; after a refusal with what was `sent`. Raises NotFound, Forbidden."""
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
            "awaits_arrival": is_own and self._deliveries.of_booking(self._actor, one.id).may_confirm,
            "relay": self._relay(one),
            "incidents": self._incidents.of_booking(self._actor, booking_id),
            "declared": self._declared(one),
            "cures": self._offered_cures(one),
            "again": self._again(one) if is_own else None,
            "key": new_key(),
            **self._appointment_facts(one, refusal, sent),
            **(self._review_facts(one, sent) if is_own and one.state == State.DONE else {"form": None}),
        }

    def _appointment_facts(
        self, one: Reservation, refusal: Exception | None, sent: Mapping[str, str] | None
    ) -> dict[str, Any]:
        """When it is expected back, for who may change it, and what was typed before a refusal."""
        try:
            is_out = one.state == State.OUT and one.school_id is not None
            choices = self._appointments.choices(self._actor, one.id) if is_out else None
        except Forbidden:
            choices = None
        is_sent = sent is not None and "comes_on" in sent
        hours = {slot.hour: slot for day in choices.days for slot in day.slots} if choices else {}
        free = getattr(refusal, "free_hours", None) or sorted(hours)
        return {
            "choices": choices,
            "slots": [hours[hour] for hour in free if hour in hours],
            "appointment_sent": sent if is_sent else {},
        }

    def _review_facts(self, one: Reservation, sent: Mapping[str, str] | None) -> dict[str, Any]:
        """What its school told about a loan that is over, and the form to tell it with."""
        review = self._reviews.of_booking(self._actor, one.id)
        form = {"rating": "", "level": "", "tip": "", "is_signed": "", "version": ""}
        if review is not None:
            form |= {"rating": str(review.rating), "level": review.level or "", "tip": review.tip}
            form |= {"is_signed": "yes" if review.is_signed else "", "version": str(review.version)}
        # A box that was left empty is not sent at all.
        typed = {"is_signed": "", **sent} if sent is not None else {}
        return {"review": review, "form": form | typed, "levels": self._catalog.terms("level")}

    def _relay(self, one: Reservation) -> RelaysView | None:
        """Whether it comes from another school or goes on to one; None for who may not read it."""
        try:
            return self._relays.of_booking(self._actor, one.id) if one.school_id is not None else None
        except Forbidden:
            return None

    def _declared(self, one: Reservation) -> list[DeclarationView] | None:
        """What its school declared; None for who may not read it."""
        try:
            return self._declarations.of_booking(self._actor, one.id)
        except Forbidden:
            return None

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


def reservation_pages(
    loans: NamedDependency[Loans],
    changes: NamedDependency[Changes],
    catalog: NamedDependency[Catalog],
    network: NamedDependency[Network],
    incidents: NamedDependency[Incidents],
    cures: NamedDependency[Cures],
    reviews: NamedDependency[Reviews],
    declarations: NamedDependency[Declarations],
    appointments: NamedDependency[Appointments],
    deliveries: NamedDependency[Deliveries],
    relays: NamedDependency[Relays],
    actor: NamedDependency[Actor],
) -> ReservationPages:
    """The page's maker for this request."""
    return ReservationPages(
        loans,
        changes,
        catalog,
        network,
        incidents,
        cures,
        reviews,
        declarations,
        appointments,
        deliveries,
        relays,
        actor,
    )


PAGES = {"pages": Provide(reservation_pages, sync_to_thread=False)}
