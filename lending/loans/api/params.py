"""What the routes of lending take beside their bodies."""

from typing import Annotated

from litestar.openapi.datastructures import ResponseSpec
from litestar.params import HeaderParameter, PathParameter, QueryParameter

from lending.core.paging import MAX_PAGE_SIZE
from lending.loans.schemas import LoanFilter

LARGEST_ID = 2**31 - 1
RowId = Annotated[int, PathParameter(ge=1, le=LARGEST_ID)]
OptionalId = Annotated[int | None, QueryParameter(ge=1, le=LARGEST_ID)]
WantedState = Annotated[LoanFilter, QueryParameter(name="state", description="Which of them.")]
PageSize = Annotated[int, QueryParameter(ge=1, le=MAX_PAGE_SIZE)]
IdempotencyKey = Annotated[
    str | None,
    HeaderParameter(
        name="Idempotency-Key", max_length=100, description="A repeated request with this key is done once."
    ),
]
REFUSED = {409: ResponseSpec(data_container=dict, description="A rule refuses; `type` says which, the facts say why.")}
