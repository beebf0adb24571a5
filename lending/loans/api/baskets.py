"""Baskets over JSON."""

from litestar import Controller, delete, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from lending.core.actor import Actor
from lending.loans.api.params import REFUSED, RowId
from lending.loans.schemas.basket import Basket, Confirmation, ConfirmedBasket, NewLine
from lending.loans.service.baskets import Baskets


class BasketController(Controller):
    """The person's basket: titles held for a quarter of an hour, confirmed together."""

    path = "/basket"
    tags = ("loans",)

    @get("/", sync_to_thread=True, operation_id="getBasket")
    def show(self, baskets: NamedDependency[Baskets], actor: NamedDependency[Actor]) -> Basket:
        """What is held, and until when."""
        return baskets.show(actor)

    @post("/lines", sync_to_thread=True, operation_id="addToBasket", responses=REFUSED)
    def add(self, baskets: NamedDependency[Baskets], actor: NamedDependency[Actor], data: JSONBody[NewLine]) -> Basket:
        """Hold copies of a title."""
        return baskets.add(actor, data)

    @delete("/lines/{booking_id:int}", sync_to_thread=True, operation_id="removeFromBasket", status_code=200)
    def remove(self, baskets: NamedDependency[Baskets], actor: NamedDependency[Actor], booking_id: RowId) -> Basket:
        """Give a line back."""
        return baskets.remove(actor, booking_id)

    @post("/confirmation", sync_to_thread=True, operation_id="confirmBasket", responses=REFUSED)
    def confirm(
        self, baskets: NamedDependency[Baskets], actor: NamedDependency[Actor], data: JSONBody[Confirmation]
    ) -> ConfirmedBasket:
        """Make reservations of the lines: all or none, or whatever is possible."""
        return baskets.confirm(actor, wants_all=data.want == "all", seen=data.line_ids)


ROUTES = [BasketController]
