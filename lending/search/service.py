"""Use cases of search: find titles, narrow them, keep the index in step."""

import logging
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.orm import Session

from lending.catalog import queries as catalog
from lending.catalog.schemas import TitleSummary
from lending.core.clock import Clock
from lending.core.database import Database
from lending.core.errors import LendingError
from lending.core.i18n import N_, gettext
from lending.loans.service import Loans
from lending.network import queries as network
from lending.search import queries
from lending.search.embedded import EmbeddedIndex
from lending.search.highlight import excerpt, highlight
from lending.search.meilisearch import MeilisearchIndex
from lending.search.plain import plain_page
from lending.search.port import IndexDown, IndexRefused, SearchIndex
from lending.search.rules import check_query
from lending.search.schemas import (
    FACETS,
    FacetValue,
    Freshness,
    Hit,
    IndexPage,
    SearchQuery,
    SearchResults,
)
from lending.search.sync import IndexSync

log = logging.getLogger(__name__)
KIND_LABELS = {"trunk": N_("Malles"), "game": N_("Jeux"), "book": N_("Livres"), "sheet": N_("Fiches action")}


def open_index(url: str, key: str = "") -> SearchIndex:
    """The index that a setting names: `file:folder`, or the address of a Meilisearch server."""
    if url.startswith(("http://", "https://")):
        return MeilisearchIndex(url, key)
    return EmbeddedIndex(Path(url.removeprefix("file://").removeprefix("file:")))


class Search:
    """Finds titles."""

    def __init__(self, db: Database, clock: Clock, index: SearchIndex, loans: Loans) -> None:
        """`loans` answers what is really free: the index only guesses."""
        self._db = db
        self._index = index
        self._loans = loans
        self._sync = IndexSync(db, clock, index)

    def search(self, query: SearchQuery) -> SearchResults:
        """A page of published titles with facets: public. Raises what `check_query` raises.

        Without an index that answers, the list is plain and says so.
        """
        check_query(query)
        page, is_degraded = self._found(query)
        free = self._free(page.ids, query)
        with self._db.read() as session:
            visible = queries.still_published(session, page.ids)
            titles = catalog.title_summaries(session, [one for one in page.ids if one in visible])
            labels = _labels(session)
        hits = [_hit(title, query, free) for title in titles]
        facets = {facet: _values(facet, page, query, labels[facet]) for facet in FACETS}
        pages = max(1, -(-page.total // query.per_page))
        return SearchResults(
            hits=hits, total=page.total, page=query.page, pages=pages, facets=facets, is_degraded=is_degraded
        )

    def sync(self) -> int:
        """Bring changes into the index; for the worker."""
        return self._sync.sync()

    def reconcile(self) -> int:
        """Compare index and database, and send everything again for the new day; for the worker, at night."""
        return self._sync.reconcile() + self._sync.refresh()

    def reindex(self) -> int:
        """Build the index anew; returns how many titles it holds."""
        return self._sync.rebuild()

    def freshness(self) -> Freshness:
        """How the index stands. Raises IndexDown."""
        return self._sync.freshness()

    def document_count(self) -> int:
        """How many titles the index holds. Raises IndexDown."""
        return len(self._index.document_ids())

    def trouble(self) -> str | None:
        """Why search cannot serve now, or None."""
        try:
            self._index.document_ids()
        except LendingError as error:
            return error.slug
        return None

    def close(self) -> None:
        """Let go of the index."""
        self._index.close()

    def _found(self, query: SearchQuery) -> tuple[IndexPage, bool]:
        try:
            return self._index.search(query), False
        except (IndexDown, IndexRefused) as error:
            log.warning("search without the index: %s", error)
            with self._db.read() as session:
                return plain_page(session, query), True

    def _free(self, title_ids: Sequence[int], query: SearchQuery) -> set[int] | None:
        if query.starts_on is None or query.due_on is None:
            return None
        return self._loans.free_between(title_ids, query.starts_on, query.due_on)


def _labels(session: Session) -> dict[str, dict[str, str]]:
    """What people call each value of each facet, in the language in force and in the order to show."""
    return {
        "kind": {code: gettext(label) for code, label in KIND_LABELS.items()},
        "level": {term.code: term.label for term in catalog.terms(session, "level")},
        "theme": {term.code: term.label for term in catalog.terms(session, "theme")},
        "association": {one.code: f"{one.code} – {one.name}" for one in network.associations(session)},
    }


def _values(facet: str, page: IndexPage, query: SearchQuery, labels: dict[str, str]) -> list[FacetValue]:
    counts, chosen = page.facets.get(facet, {}), query.chosen(facet)
    known = [code for code in labels if code in counts or code in chosen]
    return [FacetValue(code, labels[code], counts.get(code, 0), code in chosen) for code in known]


def _hit(title: TitleSummary, query: SearchQuery, free: set[int] | None) -> Hit:
    # What nobody lends is downloaded: dates say nothing about it.
    is_free = None if free is None or not title.lenders else title.id in free
    summary = excerpt(title.summary, query.text)
    return Hit(title=title, name=highlight(title.name, query.text), excerpt=summary, is_free=is_free)
