"""Transfers over JSON."""

from typing import Annotated

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody, PathParameter

from lending.core.actor import Actor
from lending.shipping.schemas import (
    ArrivalResult,
    ArrivalScan,
    Batch,
    BatchLine,
    NewTransfer,
    Redirection,
    TransferStep,
    TransferView,
)
from lending.shipping.service import Shipping

RowId = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
REFUSED = {409: ResponseSpec(data_container=dict, description="A rule refuses; `type` says which, the facts say why.")}


class TransfersController(Controller):
    """Copies on their way between depots."""

    path = "/"
    tags = ("shipping",)

    @post("/transfers", sync_to_thread=True, operation_id="planTransfer", responses=REFUSED)
    def plan(
        self, shipping: NamedDependency[Shipping], actor: NamedDependency[Actor], data: JSONBody[NewTransfer]
    ) -> TransferView:
        """Plan a move."""
        return shipping.plan(actor, data)

    @get("/depots/{depot_id:int}/transfers", sync_to_thread=True, operation_id="listTransfers")
    def transfers(
        self, shipping: NamedDependency[Shipping], actor: NamedDependency[Actor], depot_id: RowId
    ) -> list[TransferView]:
        """What leaves or reaches a depot."""
        return shipping.transfers(actor, depot_id)

    @post(
        "/transfers/{transfer_id:int}/readiness",
        sync_to_thread=True,
        operation_id="markTransferReady",
        status_code=200,
        responses=REFUSED,
    )
    def mark_ready(
        self, shipping: NamedDependency[Shipping], actor: NamedDependency[Actor], transfer_id: RowId
    ) -> TransferView:
        """The copy is packed."""
        return shipping.mark_ready(actor, transfer_id)

    @post(
        "/transfers/{transfer_id:int}/departure",
        sync_to_thread=True,
        operation_id="sendTransfer",
        status_code=200,
        responses=REFUSED,
    )
    def send(
        self, shipping: NamedDependency[Shipping], actor: NamedDependency[Actor], transfer_id: RowId
    ) -> TransferView:
        """The copy leaves."""
        return shipping.send(actor, transfer_id)

    @post(
        "/transfers/{transfer_id:int}/cancellation",
        sync_to_thread=True,
        operation_id="cancelTransfer",
        status_code=200,
        responses=REFUSED,
    )
    def cancel(
        self, shipping: NamedDependency[Shipping], actor: NamedDependency[Actor], transfer_id: RowId
    ) -> TransferView:
        """Do not move it; what left already comes back."""
        return shipping.cancel(actor, transfer_id)

    @post(
        "/transfers/{transfer_id:int}/loss",
        sync_to_thread=True,
        operation_id="loseTransfer",
        status_code=200,
        responses=REFUSED,
    )
    def lose(
        self, shipping: NamedDependency[Shipping], actor: NamedDependency[Actor], transfer_id: RowId
    ) -> TransferView:
        """It never arrived."""
        return shipping.lose(actor, transfer_id)

    @post(
        "/transfers/{transfer_id:int}/destination",
        sync_to_thread=True,
        operation_id="redirectTransfer",
        status_code=200,
        responses=REFUSED,
    )
    def redirect(
        self,
        shipping: NamedDependency[Shipping],
        actor: NamedDependency[Actor],
        transfer_id: RowId,
        data: JSONBody[Redirection],
    ) -> TransferView:
        """Another destination for a copy on its way."""
        return shipping.redirect(actor, transfer_id, data.to_depot_id)

    @post("/arrivals", sync_to_thread=True, operation_id="arrive", status_code=200, responses=REFUSED)
    def arrive(
        self, shipping: NamedDependency[Shipping], actor: NamedDependency[Actor], data: JSONBody[ArrivalScan]
    ) -> ArrivalResult:
        """A copy came in at a depot: receive it, note a hop, or plan its way home."""
        return shipping.arrive(actor, data)

    @post("/arrivals/batch", sync_to_thread=True, operation_id="arriveAll", status_code=200)
    def arrive_all(
        self, shipping: NamedDependency[Shipping], actor: NamedDependency[Actor], data: JSONBody[Batch]
    ) -> list[BatchLine]:
        """Many came in together; a foreign one is told line by line and stops nobody."""
        return shipping.arrive_all(actor, data.depot_id, data.codes)

    @get("/copies/{copy_id:int}/custody", sync_to_thread=True, operation_id="getCustody")
    def custody(
        self, shipping: NamedDependency[Shipping], actor: NamedDependency[Actor], copy_id: RowId
    ) -> list[TransferStep]:
        """Every hand that a copy went through between depots."""
        return shipping.custody(actor, copy_id)


ROUTES = [TransfersController]
