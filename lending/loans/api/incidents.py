"""Incidents, proposals for reservations at risk, and what desks did without network, over JSON."""

from typing import Annotated

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, JSONBody, QueryParameter

from lending.core.actor import Actor
from lending.core.paging import Page
from lending.loans.api.params import REFUSED, OptionalId, PageSize, RowId
from lending.loans.rules.incidents import IncidentKind
from lending.loans.schemas import Reservation
from lending.loans.schemas.cures import AcceptedCure, Cure
from lending.loans.schemas.incidents import Claim, IncidentFilter, IncidentView, Loss, Refund, Settlement
from lending.loans.schemas.offline import OfflineActs, ReplayLine
from lending.loans.service import Loans
from lending.loans.service.cures import Cures
from lending.loans.service.incidents import Incidents

Wanted = Annotated[IncidentFilter, QueryParameter(name="state")]


class IncidentsController(Controller):
    """What is missing, damaged, lost or said to have come back."""

    path = "/incidents"
    tags = ("desk",)

    @get("/", sync_to_thread=True, operation_id="listIncidents")
    def incidents_of(
        self,
        incidents: NamedDependency[Incidents],
        actor: NamedDependency[Actor],
        association_id: OptionalId = None,
        wanted: Wanted = "open",
        kind: FromQuery[IncidentKind | None] = None,
        q: FromQuery[str] = "",
        cursor: FromQuery[str | None] = None,
        limit: PageSize = 50,
    ) -> Page[IncidentView]:
        """An association's incidents as owner or as lender, the latest first; `kind=claimed` lists the claims."""
        return incidents.incidents(actor, association_id, wanted, kind, q, cursor, limit)

    @get("/{incident_id:int}", sync_to_thread=True, operation_id="getIncident")
    def incident(
        self, incidents: NamedDependency[Incidents], actor: NamedDependency[Actor], incident_id: RowId
    ) -> IncidentView:
        """One incident."""
        return incidents.incident(actor, incident_id)

    @post(
        "/{incident_id:int}/settlement",
        sync_to_thread=True,
        operation_id="settleIncident",
        status_code=200,
        responses=REFUSED,
    )
    def settle(
        self,
        incidents: NamedDependency[Incidents],
        actor: NamedDependency[Actor],
        incident_id: RowId,
        data: JSONBody[Settlement],
    ) -> IncidentView:
        """Decide how it ends: what it cost, who pays, what becomes of the deposit."""
        return incidents.settle(actor, incident_id, data)

    @post(
        "/{incident_id:int}/refund",
        sync_to_thread=True,
        operation_id="decideRefund",
        status_code=200,
        responses=REFUSED,
    )
    def refund(
        self,
        incidents: NamedDependency[Incidents],
        actor: NamedDependency[Actor],
        incident_id: RowId,
        data: JSONBody[Refund],
    ) -> IncidentView:
        """The copy was found after its loss was paid: the money goes back, or stays."""
        return incidents.decide_refund(actor, incident_id, data)


class TroubleController(Controller):
    """What may go wrong with a reservation or a loan."""

    path = "/reservations/{booking_id:int}"
    tags = ("loans",)

    @post("/loss", sync_to_thread=True, operation_id="declareLost", responses=REFUSED)
    def declare_lost(
        self,
        incidents: NamedDependency[Incidents],
        actor: NamedDependency[Actor],
        booking_id: RowId,
        data: JSONBody[Loss],
    ) -> IncidentView:
        """The copy does not come back: the loan is lost, who was promised the copy is told."""
        return incidents.declare_lost(actor, booking_id, data)

    @post("/claim", sync_to_thread=True, operation_id="claimReturned", responses=REFUSED)
    def claim(
        self,
        incidents: NamedDependency[Incidents],
        actor: NamedDependency[Actor],
        booking_id: RowId,
        data: JSONBody[Claim],
    ) -> IncidentView:
        """The borrower says that the copy came back: reminders stop until somebody finds out."""
        return incidents.claim(actor, booking_id, data.note)

    @get("/cures", sync_to_thread=True, operation_id="listCures")
    def cures_of(self, cures: NamedDependency[Cures], actor: NamedDependency[Actor], booking_id: RowId) -> list[Cure]:
        """What could be done for a reservation at risk: another depot, other dates, another title."""
        return cures.cures(actor, booking_id)

    @post("/cures", sync_to_thread=True, operation_id="acceptCure", status_code=200, responses=REFUSED)
    def accept(
        self,
        cures: NamedDependency[Cures],
        actor: NamedDependency[Actor],
        booking_id: RowId,
        data: JSONBody[AcceptedCure],
    ) -> Reservation:
        """Do what was proposed."""
        return cures.accept_cure(actor, booking_id, data.cure)


class ReplayController(Controller):
    """A desk that had no network."""

    path = "/desk/replay"
    tags = ("desk",)

    @post("/", sync_to_thread=True, operation_id="replay", status_code=200, responses=REFUSED)
    def replay(
        self, loans: NamedDependency[Loans], actor: NamedDependency[Actor], data: JSONBody[OfflineActs]
    ) -> list[ReplayLine]:
        """Do what was done without network, in its order; one line each tells what became of it. At most 200 acts."""
        return loans.replay(actor, data.depot_id, data.acts)


ROUTES = [IncidentsController, TroubleController, ReplayController]
