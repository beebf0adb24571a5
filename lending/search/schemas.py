"""What search takes and gives."""

import datetime as dt
from typing import Literal

import msgspec

from lending.catalog.schemas import TitleSummary

Sort = Literal["relevance", "newest"]
FACETS = ("kind", "level", "theme", "association")
MAX_PER_PAGE = 50
MAX_PAGE = 200


class SearchQuery(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked for. Several values of a facet mean any of them; different facets must all hold.

    `association` holds department codes. With `starts_on` and `due_on` (the last day to bring it back), only what
    is free on all these days remains.
    """

    text: str = ""
    kind: tuple[str, ...] = ()
    level: tuple[str, ...] = ()
    theme: tuple[str, ...] = ()
    association: tuple[str, ...] = ()
    starts_on: dt.date | None = None
    due_on: dt.date | None = None
    sort: Sort = "relevance"
    page: int = 1
    per_page: int = 24

    def chosen(self, facet: str) -> tuple[str, ...]:
        """The values chosen of a facet."""
        values: tuple[str, ...] = getattr(self, facet)
        return values

    @property
    def has_dates(self) -> bool:
        """Whether only what is free matters."""
        return self.starts_on is not None and self.due_on is not None


class IndexDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A title as the index holds it. `busy_days` are day ordinals on which no copy is free."""

    id: int
    kind: str
    name: str
    summary: str
    authors: str
    contents: str
    themes: str
    codes: tuple[str, ...]
    level: tuple[str, ...]
    theme: tuple[str, ...]
    association: tuple[str, ...]
    busy_days: tuple[int, ...]
    added_at: int

    def facet(self, name: str) -> tuple[str, ...]:
        """The values of a facet."""
        if name == "kind":
            return (self.kind,)
        values: tuple[str, ...] = getattr(self, name)
        return values


class IndexPage(msgspec.Struct, frozen=True, kw_only=True):
    """What an index answers: ids in order, the total, and per facet how many titles each value would leave."""

    ids: list[int]
    total: int
    facets: dict[str, dict[str, int]]


class FacetValue(msgspec.Struct, frozen=True):
    """A value to narrow by, with the number of titles it leaves."""

    code: str
    label: str
    count: int
    is_chosen: bool


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """A title found. `name` and `excerpt` carry highlight marks (see `highlight.py`).

    `is_free` answers for the dates asked for, from the database; None without dates.
    """

    title: TitleSummary
    name: str
    excerpt: str
    is_free: bool | None


class SearchResults(msgspec.Struct, frozen=True, kw_only=True):
    """A page of hits with facets. `is_degraded` = the index does not answer; the list is plain."""

    hits: list[Hit]
    total: int
    page: int
    pages: int
    facets: dict[str, list[FacetValue]]
    is_degraded: bool = False


class Freshness(msgspec.Struct, frozen=True, kw_only=True):
    """How the index stands beside the database."""

    documents: int
    published: int
    waiting: int
    parked: int
    oldest_waiting_at: dt.datetime | None
