"""The search page: words, facets, dates."""

import datetime as dt
from typing import Any
from urllib.parse import parse_qsl, urlencode

from litestar import Request, Response, get
from litestar.di import NamedDependency

from lending.core.actor import Actor
from lending.core.errors import LendingError
from lending.search.schemas import FACETS, MAX_PAGE, SearchQuery, SearchResults
from lending.search.service import Search
from lending.search.unmet.service import UnmetDemand
from lending.web import forms
from lending.web.rendering import page, refused

PER_PAGE = 24
TYPING = "x-typing"


@get("/search", sync_to_thread=True, include_in_schema=False)
def search_page(
    request: Request[Any, Any, Any],
    search: NamedDependency[Search],
    unmet: NamedDependency[UnmetDemand],
    actor: NamedDependency[Actor],
) -> Response[str]:
    """What was found, and what it can be narrowed by."""
    try:
        query = query_of(request)
        results = search.search(query)
    except LendingError as error:
        typed = SearchQuery(text=request.query_params.get("q", "")[:200])
        return refused(request, "search.html", error, query=typed, results=None, wider=[], link=_Links(request))
    # Half a word finds nothing either: while somebody types, nothing is counted.
    if not (results.total or results.is_degraded or request.headers.get(TYPING)):
        unmet.note_search(actor, query)
    wider = [] if results.total else widened(search, query)
    return page(request, "search.html", query=query, results=results, wider=wider, link=_Links(request))


def query_of(request: Request[Any, Any, Any]) -> SearchQuery:
    """What the address asks for. Raises BadDay beside the date that cannot be read."""
    given = request.query_params
    chosen = {facet: tuple(given.getall(facet, [])) for facet in FACETS}
    number = given.get("page", "1")
    return SearchQuery(
        text=given.get("q", "").strip(),
        starts_on=_day(given, "starts_on"),
        due_on=_day(given, "due_on"),
        sort="newest" if given.get("sort") == "newest" else "relevance",
        page=int(number) if number.isascii() and number.isdecimal() and len(number) < len(str(MAX_PAGE)) + 2 else 1,
        per_page=PER_PAGE,
        **chosen,
    )


def widened(search: Search, query: SearchQuery) -> list[tuple[str, SearchResults]]:
    """Nothing found: what a search with one wish less would find. Each with the name of that wish."""
    wishes = [name for name in ("starts_on", *FACETS) if getattr(query, name)]
    found = []
    for name in wishes:
        gone: dict[str, Any] = {"starts_on": None, "due_on": None} if name == "starts_on" else {name: ()}
        one = search.search(_replaced(query, gone))
        if one.total:
            found.append((name, one))
    return found


def _replaced(query: SearchQuery, values: dict[str, Any]) -> SearchQuery:
    return SearchQuery(**({name: getattr(query, name) for name in query.__struct_fields__} | values))


def _day(given: Any, name: str) -> dt.date | None:
    return forms.day(given, name) if given.get(name, "").strip() else None


class _Links:
    """Addresses of this search with something changed."""

    def __init__(self, request: Request[Any, Any, Any]) -> None:
        # Read from the address itself: the framework's own list keeps no order.
        self._pairs = [(name, value) for name, value in parse_qsl(request.url.query) if name != "page"]

    def page(self, number: int) -> str:
        """The same search, another page."""
        return f"/search?{urlencode([*self._pairs, ('page', str(number))])}"

    def without(self, *names: str) -> str:
        """The same search without some wishes."""
        return f"/search?{urlencode([(name, value) for name, value in self._pairs if name not in names])}"

    def without_value(self, name: str, value: str) -> str:
        """The same search without one value of a facet."""
        return f"/search?{urlencode([pair for pair in self._pairs if pair != (name, value)])}"


ROUTES = [search_page]
