"""Deliveries over JSON."""

from typing import Annotated

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody, PathParameter

from lending.catalog.printing.api import pdf
from lending.core.actor import Actor
from lending.shipping.deliveries.labels import DeliveryLabels
from lending.shipping.deliveries.schemas import Arrival, DeliveriesView, NewDelivery, NewReturn
from lending.shipping.deliveries.service import Deliveries

RowId = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
REFUSED = {409: ResponseSpec(data_container=dict, description="A rule refuses; `type` says which, the facts say why.")}


class DeliveriesController(Controller):
    """Loans on their way to schools and back."""

    path = "/reservations/{booking_id:int}/deliveries"
    tags = ("shipping",)

    @get("/", sync_to_thread=True, operation_id="getDeliveries")
    def of_booking(
        self, deliveries: NamedDependency[Deliveries], actor: NamedDependency[Actor], booking_id: RowId
    ) -> DeliveriesView:
        """How a loan travels to its school and back."""
        return deliveries.of_booking(actor, booking_id)

    @post("/", sync_to_thread=True, operation_id="sendDelivery", status_code=200, responses=REFUSED)
    def send(
        self,
        deliveries: NamedDependency[Deliveries],
        actor: NamedDependency[Actor],
        booking_id: RowId,
        data: JSONBody[NewDelivery],
    ) -> DeliveriesView:
        """The copy leaves for the school: it is handed over, and travels."""
        return deliveries.send(actor, booking_id, data)

    @post("/arrival", sync_to_thread=True, operation_id="confirmDelivery", status_code=200, responses=REFUSED)
    def confirm(
        self,
        deliveries: NamedDependency[Deliveries],
        actor: NamedDependency[Actor],
        booking_id: RowId,
        data: JSONBody[Arrival],
    ) -> DeliveriesView:
        """The school says that it came, and what was missing or broken in it."""
        return deliveries.confirm(actor, booking_id, data)

    @post("/way-back", sync_to_thread=True, operation_id="sendBack", status_code=200, responses=REFUSED)
    def send_back(
        self,
        deliveries: NamedDependency[Deliveries],
        actor: NamedDependency[Actor],
        booking_id: RowId,
        data: JSONBody[NewReturn],
    ) -> DeliveriesView:
        """The copy leaves the school; the desk's return ends it."""
        return deliveries.send_back(actor, booking_id, data)

    @get("/labels.pdf", sync_to_thread=True, operation_id="printDeliveryLabels", media_type="application/pdf")
    def labels(
        self, delivery_labels: NamedDependency[DeliveryLabels], actor: NamedDependency[Actor], booking_id: RowId
    ) -> Response[bytes]:
        """The label to the school, once it was sent, and the one for the way back."""
        return pdf(delivery_labels.of_booking(actor, booking_id), f"delivery-{booking_id}")


ROUTES = [DeliveriesController]
