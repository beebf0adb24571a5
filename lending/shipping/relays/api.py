"""Relays over JSON."""

from typing import Annotated

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody, PathParameter

from lending.core.actor import Actor
from lending.shipping.relays.schemas import Count, NewRelay, RelaysView
from lending.shipping.relays.service import Relays

RowId = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
REFUSED = {409: ResponseSpec(data_container=dict, description="A rule refuses; `type` says which, the facts say why.")}


class RelaysController(Controller):
    """Loans that go on to another school."""

    path = "/reservations/{booking_id:int}/relay"
    tags = ("shipping",)

    @get("/", sync_to_thread=True, operation_id="getRelays")
    def of_booking(
        self, relays: NamedDependency[Relays], actor: NamedDependency[Actor], booking_id: RowId
    ) -> RelaysView:
        """Where a loan goes on to, where it came from, and what it could go on to."""
        return relays.of_booking(actor, booking_id)

    @post("/", sync_to_thread=True, operation_id="agreeRelay", status_code=200, responses=REFUSED)
    def agree(
        self,
        relays: NamedDependency[Relays],
        actor: NamedDependency[Actor],
        booking_id: RowId,
        data: JSONBody[NewRelay],
    ) -> RelaysView:
        """The copy of a loan will go on to a reservation; said of either of them."""
        return relays.agree(actor, booking_id, data)

    @post("/giving", sync_to_thread=True, operation_id="giveRelay", status_code=200, responses=REFUSED)
    def give(
        self,
        relays: NamedDependency[Relays],
        actor: NamedDependency[Actor],
        booking_id: RowId,
        data: JSONBody[Count],
    ) -> RelaysView:
        """The first school says that it left, and what was missing or broken in it."""
        return relays.give(actor, booking_id, data)

    @post("/taking", sync_to_thread=True, operation_id="takeRelay", status_code=200, responses=REFUSED)
    def take(
        self,
        relays: NamedDependency[Relays],
        actor: NamedDependency[Actor],
        booking_id: RowId,
        data: JSONBody[Count],
    ) -> RelaysView:
        """The second school says that it came: the first loan ends, the second begins."""
        return relays.take(actor, booking_id, data)

    @post("/cancellation", sync_to_thread=True, operation_id="cancelRelay", status_code=200, responses=REFUSED)
    def cancel(self, relays: NamedDependency[Relays], actor: NamedDependency[Actor], booking_id: RowId) -> RelaysView:
        """The copy comes home after all."""
        return relays.cancel(actor, booking_id)


ROUTES = [RelaysController]
