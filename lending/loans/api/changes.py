"""Changes of what was agreed, over JSON."""

from litestar import Controller, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from lending.core.actor import Actor
from lending.loans.api.params import REFUSED, IdempotencyKey, RowId
from lending.loans.schemas import Reservation
from lending.loans.schemas.changes import (
    BookingEventView,
    NewCopy,
    NewDates,
    Order,
    Recall,
    RenewalOffer,
    RenewalWish,
    RenewedLoans,
    Repetition,
)
from lending.loans.service.changes import Changes


class ChangesController(Controller):
    """Extensions, other days, another copy, a return asked for earlier."""

    path = "/reservations/{booking_id:int}"
    tags = ("loans",)

    @get("/renewal", sync_to_thread=True, operation_id="offerRenewal", responses=REFUSED)
    def offer(
        self, changes: NamedDependency[Changes], actor: NamedDependency[Actor], booking_id: RowId
    ) -> RenewalOffer:
        """What an extension could give now."""
        return changes.renewal_offer(actor, booking_id)

    @post("/renewal", sync_to_thread=True, operation_id="renew", status_code=200, responses=REFUSED)
    def renew(
        self,
        changes: NamedDependency[Changes],
        actor: NamedDependency[Actor],
        booking_id: RowId,
        data: JSONBody[RenewalWish],
    ) -> Reservation:
        """Keep a loan longer; a refusal names every reason and the longest possible extension."""
        return changes.renew(actor, booking_id, data)

    @put("/dates", sync_to_thread=True, operation_id="changeDates", responses=REFUSED)
    def change_dates(
        self,
        changes: NamedDependency[Changes],
        actor: NamedDependency[Actor],
        booking_id: RowId,
        data: JSONBody[NewDates],
    ) -> Reservation:
        """Give a reservation other days."""
        return changes.change_dates(actor, booking_id, data)

    @put("/copy", sync_to_thread=True, operation_id="changeCopy", responses=REFUSED)
    def change_copy(
        self,
        changes: NamedDependency[Changes],
        actor: NamedDependency[Actor],
        booking_id: RowId,
        data: JSONBody[NewCopy],
    ) -> Reservation:
        """Keep one particular copy for a reservation."""
        return changes.change_copy(actor, booking_id, data.copy_id)

    @post("/recall", sync_to_thread=True, operation_id="recall", status_code=200, responses=REFUSED)
    def recall(
        self,
        changes: NamedDependency[Changes],
        actor: NamedDependency[Actor],
        booking_id: RowId,
        data: JSONBody[Recall],
    ) -> Reservation:
        """Call a loan back; some days are kept to the borrower, and a second recall changes nothing."""
        return changes.recall(actor, booking_id, data.reason)

    @post("/restoration", sync_to_thread=True, operation_id="restoreReservation", status_code=200, responses=REFUSED)
    def restore(
        self, changes: NamedDependency[Changes], actor: NamedDependency[Actor], booking_id: RowId
    ) -> Reservation:
        """Take a cancellation back within a quarter of an hour, if a copy is still free."""
        return changes.restore(actor, booking_id)

    @get("/repetition", sync_to_thread=True, operation_id="proposeRepetition", responses=REFUSED)
    def repetition(
        self, changes: NamedDependency[Changes], actor: NamedDependency[Actor], booking_id: RowId
    ) -> Repetition:
        """The same title a year later: days to reserve."""
        return changes.repetition(actor, booking_id)

    @get("/history", sync_to_thread=True, operation_id="getReservationHistory")
    def history(
        self, changes: NamedDependency[Changes], actor: NamedDependency[Actor], booking_id: RowId
    ) -> list[BookingEventView]:
        """What was done to a booking, line by line."""
        return changes.history(actor, booking_id)


@post("/reservations/renewals", sync_to_thread=True, operation_id="renewAll", status_code=200, tags=["loans"])
def renew_all(
    changes: NamedDependency[Changes], actor: NamedDependency[Actor], idempotency_key: IdempotencyKey = None
) -> RenewedLoans:
    """Extend everything that the person's schools have, each as long as is usual; a refusal stops no other."""
    return changes.renew_all(actor, idempotency_key)


@get("/orders/{reference:str}", sync_to_thread=True, operation_id="getOrder", tags=["loans"])
def order(changes: NamedDependency[Changes], actor: NamedDependency[Actor], reference: FromPath[str]) -> Order:
    """What was confirmed together."""
    return changes.order(actor, reference)


ROUTES = [ChangesController, renew_all, order]
