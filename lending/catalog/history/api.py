"""Who changed what, over JSON."""

from typing import Annotated

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromPath, PathParameter

from lending.catalog.history.schemas import ChangeView
from lending.catalog.history.service import History
from lending.core.actor import Actor

RowId = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]


class HistoryController(Controller):
    """Changes of titles and copies, for the staff of the owner."""

    path = "/"
    tags = ("catalog",)

    @get("/titles/{title_id:int}/history", sync_to_thread=True, operation_id="getTitleHistory")
    def of_title(
        self, history: NamedDependency[History], actor: NamedDependency[Actor], title_id: RowId
    ) -> list[ChangeView]:
        """Who changed which fact of a title and of its copies, the latest first."""
        return history.of_title(actor, title_id)

    @get("/copies/{code:str}/history", sync_to_thread=True, operation_id="getCopyHistory")
    def of_copy(
        self, history: NamedDependency[History], actor: NamedDependency[Actor], code: FromPath[str]
    ) -> list[ChangeView]:
        """Who changed which fact of a copy, the latest first."""
        return history.of_copy(actor, code)


ROUTES = [HistoryController]
