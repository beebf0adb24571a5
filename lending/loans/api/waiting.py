"""Waiting for titles, over JSON."""

import datetime as dt

import msgspec
from litestar import Controller, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import JSONBody

from lending.core.actor import Actor
from lending.loans.api.params import REFUSED, RowId
from lending.loans.schemas import Reservation
from lending.loans.schemas.waiting import NewWish, QueueOrder, WishView
from lending.loans.service.wishes import Wishes


class Suspension(msgspec.Struct, frozen=True):
    """Be passed over before a day; null goes on waiting."""

    until_on: dt.date | None = None


class WishesController(Controller):
    """Waiting for titles that are taken."""

    path = "/"
    tags = ("loans",)

    @post("/wishes", sync_to_thread=True, operation_id="joinQueue", responses=REFUSED)
    def join(self, wishes: NamedDependency[Wishes], actor: NamedDependency[Actor], data: JSONBody[NewWish]) -> WishView:
        """Wait for a title."""
        return wishes.join(actor, data)

    @get("/wishes", sync_to_thread=True, operation_id="listWishes")
    def mine(self, wishes: NamedDependency[Wishes], actor: NamedDependency[Actor]) -> list[WishView]:
        """What the person's schools wait for."""
        return wishes.mine(actor)

    @get("/associations/{association_id:int}/wishes", sync_to_thread=True, operation_id="listQueue")
    def of_association(
        self, wishes: NamedDependency[Wishes], actor: NamedDependency[Actor], association_id: RowId
    ) -> list[WishView]:
        """Who waits for what an association lends."""
        return wishes.of_association(actor, association_id)

    @post(
        "/wishes/{wish_id:int}/acceptance",
        sync_to_thread=True,
        operation_id="acceptOffer",
        responses=REFUSED,
    )
    def accept(self, wishes: NamedDependency[Wishes], actor: NamedDependency[Actor], wish_id: RowId) -> Reservation:
        """Take what is offered."""
        return wishes.accept(actor, wish_id)

    @post(
        "/wishes/{wish_id:int}/refusal",
        sync_to_thread=True,
        operation_id="declineOffer",
        status_code=200,
        responses=REFUSED,
    )
    def decline(self, wishes: NamedDependency[Wishes], actor: NamedDependency[Actor], wish_id: RowId) -> WishView:
        """Do not take what is offered, and wait no longer."""
        return wishes.decline(actor, wish_id)

    @delete(
        "/wishes/{wish_id:int}",
        sync_to_thread=True,
        operation_id="leaveQueue",
        status_code=200,
        responses=REFUSED,
    )
    def cancel(self, wishes: NamedDependency[Wishes], actor: NamedDependency[Actor], wish_id: RowId) -> WishView:
        """Wait no longer."""
        return wishes.cancel(actor, wish_id)

    @put("/wishes/{wish_id:int}/suspension", sync_to_thread=True, operation_id="suspendWish", responses=REFUSED)
    def suspend(
        self,
        wishes: NamedDependency[Wishes],
        actor: NamedDependency[Actor],
        wish_id: RowId,
        data: JSONBody[Suspension],
    ) -> WishView:
        """Keep the rank, but be passed over before a day."""
        return wishes.suspend(actor, wish_id, data.until_on)

    @put(
        "/titles/{title_id:int}/queues/{association_id:int}",
        sync_to_thread=True,
        operation_id="reorderQueue",
        responses=REFUSED,
    )
    def reorder(
        self,
        wishes: NamedDependency[Wishes],
        actor: NamedDependency[Actor],
        title_id: RowId,
        association_id: RowId,
        data: JSONBody[QueueOrder],
    ) -> list[WishView]:
        """Put a queue in another order; who is being served stays first."""
        return wishes.reorder(actor, title_id, association_id, data.wish_ids)


ROUTES = [WishesController]
