"""The papers of shipments, over HTTP."""

from typing import Annotated

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery, PathParameter

from lending.catalog.printing.api import pdf
from lending.core.actor import Actor
from lending.shipping.papers.service import ShipmentPaper, ShipmentPapers

RowId = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]


class ShipmentPapersController(Controller):
    """Dispatch notes and labels as PDF."""

    path = "/"
    tags = ("shipping",)

    @get(
        "/shipments/{shipment_id:int}/papers.pdf",
        sync_to_thread=True,
        operation_id="printShipmentPapers",
        media_type="application/pdf",
    )
    def of_shipment(
        self,
        shipment_papers: NamedDependency[ShipmentPapers],
        actor: NamedDependency[Actor],
        shipment_id: RowId,
        which: FromQuery[ShipmentPaper | None] = None,
    ) -> Response[bytes]:
        """The papers of a shipment (`note`, `labels` or `return_labels`; without a word all of them)."""
        return pdf(shipment_papers.of_shipment(actor, shipment_id, which), f"shipment-{shipment_id}")


ROUTES = [ShipmentPapersController]
