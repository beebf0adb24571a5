"""From a search query to what the server is asked. Filters are built from checked values only."""

import re
from collections.abc import Iterator, Sequence
from math import asin, cos, inf, radians, sin, sqrt
from typing import Any

from meilisearch_python_sdk.models.search import SearchParams

from lending.core.barcodes import parse_scan
from lending.search.meili.documents import place_of
from lending.search.schemas import CHOICES, FACETS, Place, SearchQuery

CODE_SHAPE = re.compile(r"[A-Za-z0-9_-]{1,60}")
NUMBER_SHAPE = re.compile(r"[\d\s-]{8,}[Xx]?")
PIECE = re.compile(r'-?"[^"]*"?|\S+')
LONGEST = 12
EARTH_KM = 6371.0
# The server sorts by one point of a document only, and a title may lie in several depots: we sort this many.
MOST_SORTED = 5000


def text_of(query: SearchQuery) -> str:
    """What is looked for: a number in one piece, without the space at the end that would close the last word."""
    text = " ".join(query.text.split())
    if NUMBER_SHAPE.fullmatch(text):
        return parse_scan(text).replace("-", "")
    return " ".join(PIECE.findall(text)[:LONGEST])


def shorter(text: str) -> Iterator[str]:
    """The text with ever fewer words: the last ones go, the first one never; phrases and minus stay."""
    pieces = PIECE.findall(text)
    plain = [place for place, piece in enumerate(pieces) if not piece.startswith(('"', "-"))]
    for kept in range(len(plain) - 1, 0, -1):
        gone = set(plain[kept:])
        yield " ".join(piece for place, piece in enumerate(pieces) if place not in gone)


def asked(uid: str, query: SearchQuery, text: str, places: Sequence[str] = (), without: str = "") -> SearchParams:
    """One question: a page with all facets, or only the counts of the facet `without`, its own choice left out.

    `places` are those that the index knows. What is to be sorted by distance comes in one large page.
    """
    is_nearest = query.sort == "nearest" and query.near is not None
    return SearchParams(
        index_uid=uid,
        q=text,
        filter=filters(query, places, without) or None,
        facets=[without] if without else list(FACETS),
        page=1 if without or is_nearest else query.page,
        hits_per_page=1 if without else MOST_SORTED if is_nearest else query.per_page,
        sort=_sort(query, text),
        attributes_to_retrieve=["id", "place"] if is_nearest else ["id"],
        matching_strategy="all",
    )


def nearest(query: SearchQuery, near: Place, hits: Sequence[dict[str, Any]]) -> list[int]:
    """The page's ids in the order of their nearest place; what has no place comes last."""

    def far(hit: dict[str, Any]) -> float:
        return min((kilometres(near, place_of(one)) for one in hit["place"]), default=inf)

    ordered = [int(hit["id"]) for hit in sorted(hits, key=far)]
    return ordered[(query.page - 1) * query.per_page : query.page * query.per_page]


def _sort(query: SearchQuery, text: str) -> list[str] | None:
    if query.sort == "most_lent":
        return ["loans:desc", "added_at:desc"]
    return ["added_at:desc"] if query.sort == "newest" or not text else None


def filters(query: SearchQuery, places: Sequence[str] = (), without: str = "") -> list[str | list[str]]:
    """Filter clauses, all of which must hold. A value that no code can be is never sent: it finds nothing."""
    clauses: list[str | list[str]] = [
        _any(name, [one for one in query.chosen(name) if CODE_SHAPE.fullmatch(one)])
        for name in CHOICES
        if name != without and query.chosen(name)
    ]
    clauses += _bounds(query)
    if query.near is not None and query.within_km is not None:
        near, most = query.near, query.within_km
        clauses.append(_any("place", [one for one in places if kilometres(near, place_of(one)) <= most]))
    if query.starts_on is not None and query.due_on is not None:
        clauses.append(f"NOT busy_days {query.starts_on.toordinal()} TO {query.due_on.toordinal()}")
    return clauses


def _bounds(query: SearchQuery) -> list[str | list[str]]:
    """Bounds that nobody gave stop nobody."""
    asked_for = [
        ("min_age", "<=", query.age),
        ("max_age", ">=", query.age),
        ("min_players", "<=", query.players),
        ("max_players", ">=", query.players),
        ("minutes", "<=", query.minutes),
    ]
    return [[f"{name} IS NULL", f"{name} {sign} {int(bound)}"] for name, sign, bound in asked_for if bound is not None]


def kilometres(one: Place, other: Place) -> float:
    """The way as the crow flies."""
    north, east = radians(other.latitude - one.latitude), radians(other.longitude - one.longitude)
    across = cos(radians(one.latitude)) * cos(radians(other.latitude)) * sin(east / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(sin(north / 2) ** 2 + across)))


def _any(name: str, codes: Sequence[str]) -> str:
    return f"{name} IN [{', '.join(map(_quoted, codes or ['-']))}]"


def _quoted(code: str) -> str:
    return f'"{code}"'
