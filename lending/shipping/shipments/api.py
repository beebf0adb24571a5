"""Shipments and custody over JSON."""

from typing import Annotated

from litestar import Controller, delete, get, post, put
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody, PathParameter

from lending.core.actor import Actor
from lending.shipping.custody.schemas import CustodyView
from lending.shipping.custody.service import Custody
from lending.shipping.shipments.schemas import (
    ArrivalView,
    Departure,
    Handover,
    NewShipment,
    PackScan,
    ParcelFacts,
    ParcelScan,
    ShipmentSummary,
    ShipmentView,
)
from lending.shipping.shipments.service import Shipments

RowId = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
Number = Annotated[int, PathParameter(ge=1, le=99)]
REFUSED = {409: ResponseSpec(data_container=dict, description="A rule refuses; `type` says which, the facts say why.")}


class ShipmentsController(Controller):
    """Copies in parcels, between depots."""

    path = "/"
    tags = ("shipping",)

    @get("/depots/{depot_id:int}/shipments", sync_to_thread=True, operation_id="listShipments")
    def of_depot(
        self, shipments: NamedDependency[Shipments], actor: NamedDependency[Actor], depot_id: RowId
    ) -> list[ShipmentSummary]:
        """Shipments that leave or reach a depot."""
        return shipments.at_depot(actor, depot_id)

    @post("/shipments", sync_to_thread=True, operation_id="prepareShipment", responses=REFUSED)
    def prepare(
        self, shipments: NamedDependency[Shipments], actor: NamedDependency[Actor], data: JSONBody[NewShipment]
    ) -> ShipmentView:
        """Begin to pack for another depot."""
        return shipments.prepare(actor, data)

    @get("/shipments/{shipment_id:int}", sync_to_thread=True, operation_id="getShipment")
    def one(
        self, shipments: NamedDependency[Shipments], actor: NamedDependency[Actor], shipment_id: RowId
    ) -> ShipmentView:
        """A shipment with its parcels, its copies and all that happened to it."""
        return shipments.shipment(actor, shipment_id)

    @post(
        "/shipments/{shipment_id:int}/lines",
        sync_to_thread=True,
        operation_id="packCopy",
        status_code=200,
        responses=REFUSED,
    )
    def pack(
        self,
        shipments: NamedDependency[Shipments],
        actor: NamedDependency[Actor],
        shipment_id: RowId,
        data: JSONBody[PackScan],
    ) -> ShipmentView:
        """Put a copy into a parcel."""
        return shipments.pack(actor, shipment_id, data)

    @delete(
        "/shipments/{shipment_id:int}/lines/{copy_id:int}",
        sync_to_thread=True,
        operation_id="unpackCopy",
        status_code=200,
        responses=REFUSED,
    )
    def unpack(
        self,
        shipments: NamedDependency[Shipments],
        actor: NamedDependency[Actor],
        shipment_id: RowId,
        copy_id: RowId,
    ) -> ShipmentView:
        """Take a copy out of its parcel again."""
        return shipments.unpack(actor, shipment_id, copy_id)

    @put(
        "/shipments/{shipment_id:int}/parcels/{number:int}",
        sync_to_thread=True,
        operation_id="describeParcel",
        responses=REFUSED,
    )
    def describe_parcel(
        self,
        shipments: NamedDependency[Shipments],
        actor: NamedDependency[Actor],
        shipment_id: RowId,
        number: Number,
        data: JSONBody[ParcelFacts],
    ) -> ShipmentView:
        """Say what a parcel weighs and is worth."""
        return shipments.describe_parcel(actor, shipment_id, number, data)

    @delete(
        "/shipments/{shipment_id:int}/parcels/{number:int}",
        sync_to_thread=True,
        operation_id="removeParcel",
        status_code=200,
        responses=REFUSED,
    )
    def remove_parcel(
        self,
        shipments: NamedDependency[Shipments],
        actor: NamedDependency[Actor],
        shipment_id: RowId,
        number: Number,
    ) -> ShipmentView:
        """Take an empty parcel away."""
        return shipments.remove_parcel(actor, shipment_id, number)

    @post(
        "/shipments/{shipment_id:int}/departure",
        sync_to_thread=True,
        operation_id="sendShipment",
        status_code=200,
        responses=REFUSED,
    )
    def send(
        self,
        shipments: NamedDependency[Shipments],
        actor: NamedDependency[Actor],
        shipment_id: RowId,
        data: JSONBody[Departure],
    ) -> ShipmentView:
        """It leaves with all that is in it, or not at all."""
        return shipments.send(actor, shipment_id, data)

    @post(
        "/shipments/{shipment_id:int}/handovers",
        sync_to_thread=True,
        operation_id="handShipmentOn",
        status_code=200,
        responses=REFUSED,
    )
    def hand_on(
        self,
        shipments: NamedDependency[Shipments],
        actor: NamedDependency[Actor],
        shipment_id: RowId,
        data: JSONBody[Handover],
    ) -> ShipmentView:
        """Somebody took over a parcel, or all of them."""
        return shipments.hand_on(actor, shipment_id, data)

    @post(
        "/shipments/{shipment_id:int}/arrivals",
        sync_to_thread=True,
        operation_id="receiveFromShipment",
        status_code=200,
        responses=REFUSED,
    )
    def receive(
        self,
        shipments: NamedDependency[Shipments],
        actor: NamedDependency[Actor],
        shipment_id: RowId,
        data: JSONBody[ParcelScan],
    ) -> ArrivalView:
        """A copy, or a parcel with all in it, arrived; what nobody had packed is noted as extra."""
        return shipments.receive(actor, shipment_id, data)

    @post(
        "/shipments/{shipment_id:int}/closing",
        sync_to_thread=True,
        operation_id="closeShipment",
        status_code=200,
        responses=REFUSED,
    )
    def close(
        self, shipments: NamedDependency[Shipments], actor: NamedDependency[Actor], shipment_id: RowId
    ) -> ShipmentView:
        """All is scanned: what was not is missing."""
        return shipments.close(actor, shipment_id)

    @post(
        "/shipments/{shipment_id:int}/cancellation",
        sync_to_thread=True,
        operation_id="cancelShipment",
        status_code=200,
        responses=REFUSED,
    )
    def cancel(
        self, shipments: NamedDependency[Shipments], actor: NamedDependency[Actor], shipment_id: RowId
    ) -> ShipmentView:
        """Send nothing; what left already turns round and comes back."""
        return shipments.cancel(actor, shipment_id)

    @get("/copies/{copy_id:int}/holders", sync_to_thread=True, operation_id="listHolders")
    def holders(self, custody: NamedDependency[Custody], actor: NamedDependency[Actor], copy_id: RowId) -> CustodyView:
        """Who has a copy, since when, and who had it before."""
        return custody.of_copy(actor, copy_id)


ROUTES = [ShipmentsController]
