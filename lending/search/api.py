"""Search over JSON."""

import datetime as dt
from typing import Annotated

import msgspec
from litestar import Controller, get, put
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from lending.core.actor import Actor
from lending.search.schemas import MAX_PAGE, MAX_PER_PAGE, Facet, FacetValue, Place, SearchQuery, SearchResults, Sort
from lending.search.service import Search
from lending.search.synonym_list import SynonymList
from lending.search.unmet.service import UnmetDemand

OptionalId = Annotated[int | None, QueryParameter(ge=1, le=2**31 - 1)]
Count = Annotated[int | None, QueryParameter(ge=1, le=2000)]


class SynonymLines(msgspec.Struct, frozen=True):
    """Groups of words that mean the same, one a line, words between commas."""

    lines: list[str]


def search_query(
    q: FromQuery[str] = "",
    kind: FromQuery[list[str] | None] = None,
    level: FromQuery[list[str] | None] = None,
    theme: FromQuery[list[str] | None] = None,
    association: FromQuery[list[str] | None] = None,
    region: FromQuery[list[str] | None] = None,
    language: FromQuery[list[str] | None] = None,
    owner: FromQuery[list[str] | None] = None,
    age: Annotated[int | None, QueryParameter(ge=0, le=120)] = None,
    players: Count = None,
    minutes: Count = None,
    starts_on: FromQuery[dt.date | None] = None,
    due_on: FromQuery[dt.date | None] = None,
    latitude: Annotated[float | None, QueryParameter(ge=-90, le=90)] = None,
    longitude: Annotated[float | None, QueryParameter(ge=-180, le=180)] = None,
    school_id: OptionalId = None,
    within_km: Count = None,
    sort: FromQuery[Sort] = "relevance",
    page: Annotated[int, QueryParameter(ge=1, le=MAX_PAGE)] = 1,
    per_page: Annotated[int, QueryParameter(ge=1, le=MAX_PER_PAGE)] = 24,
) -> SearchQuery:
    """What the address asks for."""
    return SearchQuery(
        text=q,
        kind=tuple(kind or ()),
        level=tuple(level or ()),
        theme=tuple(theme or ()),
        association=tuple(association or ()),
        region=tuple(region or ()),
        language=tuple(language or ()),
        owner=tuple(owner or ()),
        age=age,
        players=players,
        minutes=minutes,
        starts_on=starts_on,
        due_on=due_on,
        near=None if latitude is None or longitude is None else Place(latitude, longitude),
        school_id=school_id,
        within_km=within_km,
        sort=sort,
        page=page,
        per_page=per_page,
    )


class SearchController(Controller):
    """Finding titles."""

    path = "/search"
    tags = ("search",)

    @get(
        "/",
        sync_to_thread=True,
        operation_id="search",
        dependencies={"wanted": Provide(search_query, sync_to_thread=False)},
    )
    def search(
        self,
        search: NamedDependency[Search],
        unmet: NamedDependency[UnmetDemand],
        actor: NamedDependency[Actor],
        wanted: NamedDependency[SearchQuery],
    ) -> SearchResults:
        """Published titles by words, facets and dates on which a copy is free (`due_on` is the last day).

        In `name`, `excerpt`, `line` and `file` the characters U+E000 and U+E001 stand around what was found. A number
        that names one thing gives its title as `direct_title_id`.
        """
        found = search.search(wanted)
        if not (found.total or found.is_degraded):
            unmet.note_search(actor, wanted)
        return found

    @get(
        "/facets/{facet:str}",
        sync_to_thread=True,
        operation_id="searchFacet",
        dependencies={"wanted": Provide(search_query, sync_to_thread=False)},
    )
    def facet(
        self,
        search: NamedDependency[Search],
        wanted: NamedDependency[SearchQuery],
        facet: FromPath[Facet],
        label: FromQuery[str] = "",
    ) -> list[FacetValue]:
        """The values of a facet that a search leaves, those whose label holds the words of `label`."""
        return search.facet_values(facet, label[:100], wanted)

    @get("/synonyms", sync_to_thread=True, operation_id="listSynonyms")
    def synonyms(self, synonym_list: NamedDependency[SynonymList], actor: NamedDependency[Actor]) -> SynonymLines:
        """Words that mean the same; for administrators."""
        return SynonymLines(synonym_list.lines(actor))

    @put("/synonyms", sync_to_thread=True, operation_id="keepSynonyms")
    def keep_synonyms(
        self,
        synonym_list: NamedDependency[SynonymList],
        actor: NamedDependency[Actor],
        data: JSONBody[SynonymLines],
    ) -> SynonymLines:
        """Keep another list; every title goes to the index again."""
        return SynonymLines(synonym_list.keep(actor, data.lines))


ROUTES = [SearchController]
