"""The search page: words, facets, dates."""

import datetime as dt
from typing import Any, cast, get_args
from urllib.parse import parse_qsl, urlencode

from babel import Locale
from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.response import Redirect

from lending.core.actor import Actor, Role
from lending.core.errors import LendingError
from lending.core.i18n import language
from lending.search.schemas import CHOICES, MAX_PAGE, SearchQuery, SearchResults, Sort
from lending.search.service import Search
from lending.search.unmet.service import UnmetDemand
from lending.web import forms
from lending.web.rendering import page, refused

# Divides evenly into rows of two, three and four cards; a phone on a slow line gets its answer sooner.
PER_PAGE = 12
TYPING = "x-typing"
SORTS = get_args(Sort)
BOUNDS = ("age", "players", "minutes")
OTHERS = ("region", "language", "owner", *BOUNDS, "within_km")
LARGEST_BOUND = 2000


@get("/search", sync_to_thread=True, include_in_schema=False)
def search_page(
    request: Request[Any, Any, Any],
    search: NamedDependency[Search],
    unmet: NamedDependency[UnmetDemand],
    actor: NamedDependency[Actor],
) -> Response[str] | Redirect:
    """What was found, and what it can be narrowed by; a number that names one thing leads there."""
    offers = search.offers()
    always: dict[str, Any] = {
        "offers": offers,
        "language_names": _named(offers.languages),
        "link": _Links(request),
        "own_school": _own_school(actor),
    }
    try:
        query = query_of(request)
        results = search.search(query)
    except LendingError as error:
        typed = SearchQuery(text=request.query_params.get("q", "")[:200])
        return refused(request, "search.html", error, query=typed, results=None, direct=None, others=[], **always)
    is_typing = TYPING in request.headers
    direct = _direct(search, actor, query, results)
    if direct and not is_typing:
        return Redirect(direct, status_code=303)
    # Half a word finds nothing either: while somebody types, nothing is counted.
    if not (results.total or results.is_degraded or is_typing):
        unmet.note_search(actor, query)
    others = [name for name in OTHERS if getattr(query, name)]
    return page(request, "search.html", query=query, results=results, direct=direct, others=others, **always)


def query_of(request: Request[Any, Any, Any]) -> SearchQuery:
    """What the address asks for. Raises BadDay beside the date that cannot be read."""
    given = request.query_params
    school_id = _number(given, "school_id", forms.LARGEST_ID)
    sort = given.get("sort", "")
    return SearchQuery(
        text=given.get("q", "").strip(),
        **{name: tuple(one for one in given.getall(name, []) if one) for name in CHOICES},  # type: ignore[arg-type]  # the choices are its fields
        **{name: _number(given, name, LARGEST_BOUND) for name in BOUNDS},  # type: ignore[arg-type]  # as above
        starts_on=_day(given, "starts_on"),
        due_on=_day(given, "due_on"),
        school_id=school_id,
        within_km=_number(given, "within_km", LARGEST_BOUND) if school_id else None,
        sort=cast("Sort", sort) if sort in SORTS and (school_id or sort != "nearest") else "relevance",
        page=_number(given, "page", MAX_PAGE) or 1,
        per_page=PER_PAGE,
    )


def _direct(search: Search, actor: Actor, query: SearchQuery, results: SearchResults) -> str | None:
    if results.direct_title_id is not None:
        return f"/titles/{results.direct_title_id}"
    booking_id = search.booking_named(actor, query.text)
    return None if booking_id is None else f"/reservations/{booking_id}"


def _named(codes: list[str]) -> list[tuple[str, str]]:
    """Languages as people call them."""
    names = Locale.parse(language.get()).languages
    return [(code, names.get(code, code)) for code in codes]


def _own_school(actor: Actor) -> int | None:
    """The school that somebody teaches at."""
    grants = actor.grants_of(Role.TEACHER)
    return grants[0].organisation_id if grants else None


def _number(given: Any, name: str, most: int) -> int | None:
    """A whole number of the address from 1 on; None for what is none or too large."""
    text = given.get(name, "").strip()
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(most))):
        return None
    number = int(text)
    return number if 1 <= number <= most else None


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

    def text(self, typed: str) -> str:
        """The same search for other words."""
        return f"/search?{urlencode([('q', typed), *((name, value) for name, value in self._pairs if name != 'q')])}"

    def dates(self, starts_on: dt.date, due_on: dt.date) -> str:
        """The same search on other dates."""
        kept = [pair for pair in self._pairs if pair[0] not in {"starts_on", "due_on"}]
        return f"/search?{urlencode([*kept, ('starts_on', str(starts_on)), ('due_on', str(due_on))])}"

    def without_value(self, name: str, value: str) -> str:
        """The same search without one value of a facet."""
        return f"/search?{urlencode([pair for pair in self._pairs if pair != (name, value)])}"


ROUTES = [search_page]
