"""Prices of carriers over JSON."""

from typing import Annotated

from litestar import Controller, get, put
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody, PathParameter

from lending.core.actor import Actor
from lending.shipping.carriers.schemas import PriceTableChange, PriceTableView, ProposedCosts
from lending.shipping.carriers.service import Carriers

RowId = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]


class CarriersController(Controller):
    """What carriers ask."""

    path = "/"
    tags = ("shipping",)

    @get("/organisations/{organisation_id:int}/carrier-prices", sync_to_thread=True, operation_id="getCarrierPrices")
    def prices(
        self, carriers: NamedDependency[Carriers], actor: NamedDependency[Actor], organisation_id: RowId
    ) -> PriceTableView:
        """The prices of carriers of an association, a union or the federation, and whose prices hold there."""
        return carriers.prices(actor, organisation_id)

    @put(
        "/organisations/{organisation_id:int}/carrier-prices",
        sync_to_thread=True,
        operation_id="setCarrierPrices",
        responses={
            409: ResponseSpec(data_container=dict, description="Two lines speak of the same."),
            412: ResponseSpec(data_container=dict, description="Somebody else changed it since it was read."),
        },
    )
    def set_prices(
        self,
        carriers: NamedDependency[Carriers],
        actor: NamedDependency[Actor],
        organisation_id: RowId,
        data: JSONBody[PriceTableChange],
    ) -> PriceTableView:
        """Keep another table of prices, whole; an empty one leaves it to the organisation above."""
        return carriers.set_prices(actor, organisation_id, data)

    @get("/shipments/{shipment_id:int}/costs", sync_to_thread=True, operation_id="listProposedCosts")
    def costs(
        self, carriers: NamedDependency[Carriers], actor: NamedDependency[Actor], shipment_id: RowId
    ) -> ProposedCosts:
        """What carriers ask for a shipment, the cheapest first, and what is missing to ask them."""
        return carriers.proposed(actor, shipment_id)


ROUTES = [CarriersController]
