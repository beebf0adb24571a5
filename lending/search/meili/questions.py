"""From a search query to what the server is asked. Filters are built from checked values only."""

import re
from collections.abc import Iterator

from meilisearch_python_sdk.models.search import SearchParams

from lending.core.barcodes import parse_scan
from lending.search.schemas import FACETS, SearchQuery

CODE_SHAPE = re.compile(r"[A-Za-z0-9_-]{1,60}")
NUMBER_SHAPE = re.compile(r"[\d\s-]{8,}[Xx]?")
PIECE = re.compile(r'-?"[^"]*"?|\S+')
LONGEST = 12


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


def asked(uid: str, query: SearchQuery, text: str, without: str = "") -> SearchParams:
    """One question: a page with all facets, or only the counts of the facet `without`, its own choice left out."""
    is_listing = query.sort == "newest" or not text
    return SearchParams(
        index_uid=uid,
        q=text,
        filter=filters(query, without) or None,
        facets=[without] if without else list(FACETS),
        page=1 if without else query.page,
        hits_per_page=1 if without else query.per_page,
        sort=["added_at:desc"] if is_listing else None,
        attributes_to_retrieve=["id"],
        matching_strategy="all",
    )


def filters(query: SearchQuery, without: str = "") -> list[str | list[str]]:
    """Filter clauses, all of which must hold. A value that no code can be is never sent: it finds nothing."""
    clauses: list[str | list[str]] = []
    for facet in FACETS:
        if facet != without and (chosen := query.chosen(facet)):
            codes = [one for one in chosen if CODE_SHAPE.fullmatch(one)] or ["-"]
            clauses.append(f"{facet} IN [{', '.join(map(_quoted, codes))}]")
    if query.starts_on is not None and query.due_on is not None:
        clauses.append(f"NOT busy_days {query.starts_on.toordinal()} TO {query.due_on.toordinal()}")
    return clauses


def _quoted(code: str) -> str:
    return f'"{code}"'
