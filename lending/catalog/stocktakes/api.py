"""Counting over JSON."""

import hashlib
from typing import Annotated

import msgspec
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import HeaderParameter, JSONBody, PathParameter
from litestar.status_codes import HTTP_304_NOT_MODIFIED

from lending.catalog.stocktakes.schemas import (
    Closing,
    NewStocktake,
    ScanInputs,
    Scanned,
    StocktakeSummary,
    StocktakeView,
)
from lending.catalog.stocktakes.service import Stocktakes
from lending.core.actor import Actor

RowId = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
IfNoneMatch = Annotated[
    str | None,
    HeaderParameter(name="If-None-Match", description="The ETag already held: unchanged answers 304."),
]
REFUSED = {409: ResponseSpec(data_container=dict, description="A rule refuses; `type` says which, the facts say why.")}
NOT_MODIFIED = {304: ResponseSpec(data_container=None, description="The ETag still holds; no body.")}


class StocktakesController(Controller):
    """Counts of what stands in a depot."""

    path = "/"
    tags = ("catalog",)

    @get("/depots/{depot_id:int}/stocktakes", sync_to_thread=True, operation_id="listStocktakes")
    def stocktakes_of(
        self, stocktakes: NamedDependency[Stocktakes], actor: NamedDependency[Actor], depot_id: RowId
    ) -> list[StocktakeSummary]:
        """A depot's counts, the latest first, fifty at most."""
        return stocktakes.stocktakes(actor, depot_id)

    @post("/depots/{depot_id:int}/stocktakes", sync_to_thread=True, operation_id="openStocktake", responses=REFUSED)
    def open(
        self,
        stocktakes: NamedDependency[Stocktakes],
        actor: NamedDependency[Actor],
        depot_id: RowId,
        data: JSONBody[NewStocktake],
    ) -> StocktakeView:
        """Begin to count a depot, or one of its shelves."""
        return stocktakes.open(actor, depot_id, data)

    @get("/stocktakes/{stocktake_id:int}", sync_to_thread=True, operation_id="getStocktake", responses=NOT_MODIFIED)
    def stocktake(
        self,
        stocktakes: NamedDependency[Stocktakes],
        actor: NamedDependency[Actor],
        stocktake_id: RowId,
        if_none_match: IfNoneMatch = None,
    ) -> Response[StocktakeView]:
        """How a count stands: numbers, and every copy that is not simply counted; its report once it is closed."""
        view = stocktakes.view(actor, stocktake_id)
        etag = f'"{hashlib.sha256(msgspec.json.encode(view)).hexdigest()[:16]}"'
        headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
        if if_none_match == etag:
            return Response(None, status_code=HTTP_304_NOT_MODIFIED, headers=headers)  # type: ignore[arg-type]  # a 304 has no body
        return Response(view, headers=headers)

    @post(
        "/stocktakes/{stocktake_id:int}/scans",
        sync_to_thread=True,
        operation_id="scanForStocktake",
        status_code=200,
        responses=REFUSED,
    )
    def scan(
        self,
        stocktakes: NamedDependency[Stocktakes],
        actor: NamedDependency[Actor],
        stocktake_id: RowId,
        data: JSONBody[ScanInputs],
    ) -> Scanned:
        """Send what was read; a device that had no network sends all of it later. Each key counts once."""
        return stocktakes.scan(actor, stocktake_id, data.scans)

    @post(
        "/stocktakes/{stocktake_id:int}/close",
        sync_to_thread=True,
        operation_id="closeStocktake",
        status_code=200,
        responses=REFUSED,
    )
    def close(
        self,
        stocktakes: NamedDependency[Stocktakes],
        actor: NamedDependency[Actor],
        stocktake_id: RowId,
        data: JSONBody[Closing],
    ) -> StocktakeView:
        """End a count and keep its report."""
        return stocktakes.close(actor, stocktake_id, data)


ROUTES = [StocktakesController]
