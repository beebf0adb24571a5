"""Lending over JSON. Days are local days of the lending association; instants are UTC."""

import datetime as dt
from typing import Annotated

from litestar import Controller, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, PathParameter

from lending.catalog.rules import Kind
from lending.catalog.service import Catalog
from lending.core.actor import Actor
from lending.core.paging import Page
from lending.loans.api.params import REFUSED, IdempotencyKey, OptionalId, PageSize, RowId, WantedState
from lending.loans.schemas import (
    CompletedCopy,
    Completion,
    DeskScan,
    LoanCounts,
    NewLoan,
    NewReservation,
    Reservation,
    ReservationDetail,
    RuleView,
    ScanResult,
    TitleAvailability,
)
from lending.loans.schemas.desk import DeskDay
from lending.loans.schemas.papers import ScannedLoan
from lending.loans.service import Loans


class ReservationsController(Controller):
    """Reservations of schools."""

    path = "/reservations"
    tags = ("loans",)

    @post("/", sync_to_thread=True, operation_id="reserve", responses=REFUSED)
    def reserve(
        self,
        loans: NamedDependency[Loans],
        actor: NamedDependency[Actor],
        data: JSONBody[NewReservation],
        idempotency_key: IdempotencyKey = None,
    ) -> Reservation:
        """Reserve a copy of a title for a school."""
        return loans.reserve(actor, data, idempotency_key)

    @get("/", sync_to_thread=True, operation_id="listReservations")
    def reservations(
        self,
        loans: NamedDependency[Loans],
        actor: NamedDependency[Actor],
        wanted: WantedState = "all",
        school_id: OptionalId = None,
        cursor: FromQuery[str | None] = None,
        limit: PageSize = 50,
    ) -> Page[Reservation]:
        """What the signed-in person's schools reserved, or one school."""
        return loans.reservations(actor, wanted, school_id, cursor, limit)

    @get("/{booking_id:int}", sync_to_thread=True, operation_id="getReservation")
    def reservation(
        self, loans: NamedDependency[Loans], actor: NamedDependency[Actor], booking_id: RowId
    ) -> ReservationDetail:
        """One reservation: what was missing at its return; what could be had instead when it is at risk."""
        return loans.reservation(actor, booking_id)

    @delete(
        "/{booking_id:int}",
        sync_to_thread=True,
        operation_id="cancelReservation",
        status_code=200,
        responses=REFUSED,
    )
    def cancel(self, loans: NamedDependency[Loans], actor: NamedDependency[Actor], booking_id: RowId) -> Reservation:
        """Give a reservation up before it is collected."""
        return loans.cancel(actor, booking_id)

    @post(
        "/{booking_id:int}/preparation",
        sync_to_thread=True,
        operation_id="beginPreparation",
        status_code=200,
        responses=REFUSED,
    )
    def pin(self, loans: NamedDependency[Loans], actor: NamedDependency[Actor], booking_id: RowId) -> Reservation:
        """Begin to prepare the planned copy: the plan does not move any more."""
        return loans.pin(actor, booking_id)

    @post(
        "/{booking_id:int}/ready",
        sync_to_thread=True,
        operation_id="makeReady",
        status_code=200,
        responses=REFUSED,
    )
    def make_ready(
        self, loans: NamedDependency[Loans], actor: NamedDependency[Actor], booking_id: RowId
    ) -> Reservation:
        """The planned copy waits at the desk: its borrower is told."""
        return loans.make_ready(actor, booking_id)


class LoansController(Controller):
    """What associations lend, and when titles are free."""

    path = "/"
    tags = ("loans",)

    @get("/loans", sync_to_thread=True, operation_id="listLoans")
    def loans_of(
        self,
        loans: NamedDependency[Loans],
        actor: NamedDependency[Actor],
        association_id: OptionalId = None,
        wanted: WantedState = "open",
        cursor: FromQuery[str | None] = None,
        limit: PageSize = 50,
    ) -> Page[Reservation]:
        """What an association lends (or all that the person looks after): open ones by last day, the soonest first."""
        return loans.loans(actor, association_id, wanted, cursor, limit)

    @get("/titles/{title_id:int}/availability", sync_to_thread=True, operation_id="getAvailability")
    def availability(
        self,
        loans: NamedDependency[Loans],
        title_id: RowId,
        starts_on: FromQuery[dt.date | None] = None,
        until_on: FromQuery[dt.date | None] = None,
        association_id: OptionalId = None,
    ) -> TitleAvailability:
        """Free copies day by day, both days included, at most 370 days; without days, the next three months."""
        return loans.availability(title_id, starts_on, until_on, association_id)

    @get("/associations/{association_id:int}/loan-counts", sync_to_thread=True, operation_id="countLoans")
    def counts(self, loans: NamedDependency[Loans], actor: NamedDependency[Actor], association_id: RowId) -> LoanCounts:
        """An association's loans in figures, today."""
        return loans.counts(actor, association_id)

    @get("/associations/{association_id:int}/rules/{kind:str}", sync_to_thread=True, operation_id="getLoanRule")
    def rule(self, loans: NamedDependency[Loans], association_id: RowId, kind: FromPath[Kind]) -> RuleView:
        """The rule in force for a kind: length, number, notice, horizon."""
        return loans.rule(association_id, kind)


class DeskController(Controller):
    """A depot's desk."""

    path = "/"
    tags = ("desk",)

    @post("/desk/scans", sync_to_thread=True, operation_id="scan", status_code=200, responses=REFUSED)
    def scan(
        self,
        loans: NamedDependency[Loans],
        actor: NamedDependency[Actor],
        data: JSONBody[DeskScan],
        idempotency_key: IdempotencyKey = None,
    ) -> ScanResult:
        """What a scanned copy means; with a decision, hand it over or take it back."""
        return loans.desk(actor, data, idempotency_key)

    @post("/desk/loans", sync_to_thread=True, operation_id="lendNow", responses=REFUSED)
    def lend_now(
        self,
        loans: NamedDependency[Loans],
        actor: NamedDependency[Actor],
        data: JSONBody[NewLoan],
        idempotency_key: IdempotencyKey = None,
    ) -> Reservation:
        """Lend over the counter; the loan may end earlier than wished when the copy is needed for somebody else."""
        return loans.lend_now(actor, data, idempotency_key)

    @get(
        "/depots/{depot_id:int}/loan-codes/{code:str}",
        sync_to_thread=True,
        operation_id="scanLoan",
        responses=REFUSED,
    )
    def scan_loan(
        self,
        loans: NamedDependency[Loans],
        actor: NamedDependency[Actor],
        depot_id: RowId,
        code: Annotated[str, PathParameter(max_length=200)],
    ) -> ScannedLoan:
        """What the paper of a loan opens at a depot's desk: the loan, its copy and checklist, the school's others."""
        return loans.scan_loan(actor, depot_id, code)

    @get("/depots/{depot_id:int}/day", sync_to_thread=True, operation_id="getDeskDay")
    def day(self, loans: NamedDependency[Loans], actor: NamedDependency[Actor], depot_id: RowId) -> DeskDay:
        """What leaves, what comes back, what is late or at risk today."""
        return loans.desk_day(actor, depot_id)

    @post("/copies/{code:str}/completions", sync_to_thread=True, operation_id="completeCopy", responses=REFUSED)
    def complete(
        self,
        loans: NamedDependency[Loans],
        catalog: NamedDependency[Catalog],
        actor: NamedDependency[Actor],
        code: FromPath[str],
        data: JSONBody[Completion],
        idempotency_key: IdempotencyKey = None,
    ) -> CompletedCopy:
        """The missing parts are back: the copy can be lent again."""
        copy = catalog.copy_by_code(actor, code)
        return loans.complete_copy(actor, copy.id, data, idempotency_key)

    @get("/copies/{code:str}/bookings", sync_to_thread=True, operation_id="listCopyBookings")
    def history(
        self,
        loans: NamedDependency[Loans],
        catalog: NamedDependency[Catalog],
        actor: NamedDependency[Actor],
        code: FromPath[str],
    ) -> list[Reservation]:
        """What a copy did and will do, the latest first."""
        return loans.copy_history(actor, catalog.copy_by_code(actor, code).id)


ROUTES = [ReservationsController, LoansController, DeskController]
