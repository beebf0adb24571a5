"""The stock of an association, over JSON."""

from typing import Annotated

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, JSONBody, PathParameter, QueryParameter

from lending.catalog.schemas import CopyDetail
from lending.catalog.states import Condition, Kind, Status
from lending.catalog.stock.schemas import StockChange, StockChanged, StockFilter
from lending.catalog.stock.service import Stock
from lending.core.actor import Actor
from lending.core.paging import MAX_PAGE_SIZE, Page

RowId = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
Limit = Annotated[int, QueryParameter(ge=1, le=MAX_PAGE_SIZE)]


class CopiesOfAssociationController(Controller):
    """The copies that an association owns, for its staff."""

    path = "/associations/{association_id:int}/copies"
    tags = ("catalog",)

    @get("/", sync_to_thread=True, operation_id="listCopiesOfAssociation")
    def copies(
        self,
        stock: NamedDependency[Stock],
        actor: NamedDependency[Actor],
        association_id: RowId,
        kind: FromQuery[Kind | None] = None,
        depot_id: Annotated[int | None, QueryParameter(ge=1, le=2**31 - 1)] = None,
        shelf: Annotated[str, QueryParameter(max_length=40)] = "",
        status: FromQuery[Status | None] = None,
        condition: FromQuery[Condition | None] = None,
        text: Annotated[str, QueryParameter(max_length=100, description="Part of a title's name or of a code.")] = "",
        cursor: FromQuery[str | None] = None,
        limit: Limit = 50,
    ) -> Page[CopyDetail]:
        """The copies that an association owns, by title, narrowed as one likes."""
        wanted = StockFilter(kind=kind, depot_id=depot_id, shelf=shelf, status=status, condition=condition, text=text)
        return stock.copies(actor, association_id, wanted, cursor, limit)

    @post("/changes", sync_to_thread=True, operation_id="changeCopies", status_code=200)
    def change(
        self,
        stock: NamedDependency[Stock],
        actor: NamedDependency[Actor],
        association_id: RowId,
        data: JSONBody[StockChange],
    ) -> StockChanged:
        """The same done to many copies: another shelf or depot, put aside, back, or withdrawn."""
        return stock.change(actor, association_id, data)


ROUTES = [CopiesOfAssociationController]
