"""What search takes and gives."""

import datetime as dt
from typing import Literal

import msgspec

from lending.catalog.schemas import TitleSummary

Sort = Literal["relevance", "newest", "most_lent", "nearest"]
Facet = Literal["kind", "level", "theme", "association"]
# Facets are counted; choices narrow without being counted for each search.
FACETS: tuple[str, ...] = ("kind", "level", "theme", "association")
CHOICES: tuple[str, ...] = (*FACETS, "region", "language", "owner")
MAX_PER_PAGE = 50
MAX_PAGE = 200


class Place(msgspec.Struct, frozen=True):
    """A point on the map, in degrees."""

    latitude: float
    longitude: float


class SearchQuery(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked for. Several values of a choice mean any of them; different choices must all hold.

    In `text`, words in quotation marks stand as they are and a word behind a minus must not be there. `association`
    holds department codes of who lends, `region` ids of regional unions of who lends, `owner` ids of the organisations
    whose titles they are. `age` and `players` are meant for, `minutes` is at most. With `starts_on` and `due_on` (the
    last day to bring it back), only what is free on all these days remains. `near` is where distances to depots
    count from, `school_id` names a school instead; with `within_km` only what lies so near remains.
    """

    text: str = ""
    kind: tuple[str, ...] = ()
    level: tuple[str, ...] = ()
    theme: tuple[str, ...] = ()
    association: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    owner: tuple[str, ...] = ()
    age: int | None = None
    players: int | None = None
    minutes: int | None = None
    starts_on: dt.date | None = None
    due_on: dt.date | None = None
    near: Place | None = None
    school_id: int | None = None
    within_km: int | None = None
    sort: Sort = "relevance"
    page: int = 1
    per_page: int = 24

    def chosen(self, facet: str) -> tuple[str, ...]:
        """The values chosen of a facet or another choice."""
        values: tuple[str, ...] = getattr(self, facet)
        return values

    @property
    def has_dates(self) -> bool:
        """Whether only what is free matters."""
        return self.starts_on is not None and self.due_on is not None


class IndexDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A title as the index holds it. `busy_days` are day ordinals on which no copy is free.

    `synonyms` are other words for what the texts speak of; `file_text` is what stands in its documents. Bounds that
    nobody gave are None and stop nobody. `loans` counts what was lent so far; `places` are its depots.
    """

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
    file_text: str = ""
    synonyms: str = ""
    region: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    owner: tuple[str, ...] = ()
    min_age: int | None = None
    max_age: int | None = None
    min_players: int | None = None
    max_players: int | None = None
    minutes: int | None = None
    loans: int = 0
    places: tuple[Place, ...] = ()

    def facet(self, name: str) -> tuple[str, ...]:
        """The values of a facet or another choice."""
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


class LineHit(msgspec.Struct, frozen=True):
    """A line of a trunk's contents, with highlight marks in `name`."""

    line_id: int
    section: str
    name: str


class FileHit(msgspec.Struct, frozen=True):
    """A document of a title, with a piece of its text around what was found, and highlight marks in it."""

    document_id: int
    name: str
    excerpt: str


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """A title found. `name`, `excerpt`, `line` and `file` carry highlight marks (see `highlight.py`).

    `is_free` answers for the dates asked for, from the database; None without dates. `line` is the line of the
    contents that holds what was looked for, when name and summary do not; `file` the document that holds what the
    contents do not either. `distance_km` leads to the nearest depot.
    """

    title: TitleSummary
    name: str
    excerpt: str
    is_free: bool | None
    line: LineHit | None = None
    file: FileHit | None = None
    distance_km: float | None = None


class Relaxation(msgspec.Struct, frozen=True, kw_only=True):
    """A search near one that found nothing: what was changed, and how many titles it finds.

    `starts_on` and `due_on` are the other dates to try; None when the search goes without dates or keeps its own.
    """

    without: str
    total: int
    starts_on: dt.date | None = None
    due_on: dt.date | None = None


class SearchResults(msgspec.Struct, frozen=True, kw_only=True):
    """A page of hits with facets. `is_degraded` = the index does not answer; the list is plain.

    `suggestion` is the text that was probably meant; `direct_title_id` is the one thing that a number names.
    `relaxations` tell what nearly the same search finds, when this one finds nothing.
    """

    hits: list[Hit]
    total: int
    page: int
    pages: int
    facets: dict[str, list[FacetValue]]
    is_degraded: bool = False
    suggestion: str | None = None
    direct_title_id: int | None = None
    relaxations: list[Relaxation] = []


class Offers(msgspec.Struct, frozen=True, kw_only=True):
    """What can be chosen without being counted: ids with names of regional unions, codes of languages."""

    regions: dict[str, str]
    languages: list[str]


class Freshness(msgspec.Struct, frozen=True, kw_only=True):
    """How the index stands beside the database."""

    documents: int
    published: int
    waiting: int
    parked: int
    oldest_waiting_at: dt.datetime | None
