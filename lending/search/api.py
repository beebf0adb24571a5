"""Search over JSON."""

import datetime as dt
from typing import Annotated

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter

from lending.core.actor import Actor
from lending.search.schemas import MAX_PAGE, MAX_PER_PAGE, SearchQuery, SearchResults, Sort
from lending.search.service import Search
from lending.search.unmet.service import UnmetDemand


class SearchController(Controller):
    """Finding titles."""

    path = "/search"
    tags = ("search",)

    @get("/", sync_to_thread=True, operation_id="search")
    def search(
        self,
        search: NamedDependency[Search],
        unmet: NamedDependency[UnmetDemand],
        actor: NamedDependency[Actor],
        q: FromQuery[str] = "",
        kind: FromQuery[list[str] | None] = None,
        level: FromQuery[list[str] | None] = None,
        theme: FromQuery[list[str] | None] = None,
        association: FromQuery[list[str] | None] = None,
        starts_on: FromQuery[dt.date | None] = None,
        due_on: FromQuery[dt.date | None] = None,
        sort: FromQuery[Sort] = "relevance",
        page: Annotated[int, QueryParameter(ge=1, le=MAX_PAGE)] = 1,
        per_page: Annotated[int, QueryParameter(ge=1, le=MAX_PER_PAGE)] = 24,
    ) -> SearchResults:
        """Published titles by words, facets and dates on which a copy is free (`due_on` is the last day).

        In `name` and `excerpt` the characters U+E000 and U+E001 stand around what was found.
        """
        query = SearchQuery(
            text=q,
            kind=tuple(kind or ()),
            level=tuple(level or ()),
            theme=tuple(theme or ()),
            association=tuple(association or ()),
            starts_on=starts_on,
            due_on=due_on,
            sort=sort,
            page=page,
            per_page=per_page,
        )
        found = search.search(query)
        if not (found.total or found.is_degraded):
            unmet.note_search(actor, query)
        return found


ROUTES = [SearchController]
