"""Use cases of search: find titles, narrow them, keep the index in step."""

import logging
import re
from collections.abc import Iterable
from pathlib import Path

from msgspec import structs
from sqlalchemy.orm import Session

from lending.catalog import queries as catalog
from lending.catalog.rules import Visibility
from lending.catalog.schemas import TitleSummary
from lending.core.actor import Actor
from lending.core.clock import Clock
from lending.core.database import Database
from lending.core.errors import LendingError
from lending.core.i18n import N_, gettext
from lending.loans.queries.alternatives import free_titles
from lending.loans.rules.periods import Period
from lending.network import queries as network
from lending.search import finds
from lending.search.asked import take_apart
from lending.search.embedded import EmbeddedIndex
from lending.search.french import fold
from lending.search.hydrate import hits_of, meant_instead
from lending.search.meilisearch import MeilisearchIndex
from lending.search.plain import plain_page
from lending.search.port import IndexDown, IndexRefused, SearchIndex
from lending.search.relaxing import other_dates, without_each
from lending.search.remembering import Remembered
from lending.search.rules import check_query
from lending.search.schemas import (
    FACETS,
    Facet,
    FacetValue,
    Freshness,
    IndexPage,
    Offers,
    Relaxation,
    SearchQuery,
    SearchResults,
)
from lending.search.sync import IndexSync

log = logging.getLogger(__name__)
OFFERS_KEPT_SECONDS = 60.0
HAS_DIGIT = re.compile(r"\d")
# As `new_reference` makes them.
REFERENCE = re.compile(r"[B-Z2-9]{4}-[B-Z2-9]{4}")
KIND_LABELS = {"trunk": N_("Malles"), "game": N_("Jeux"), "book": N_("Livres"), "sheet": N_("Fiches action")}


def open_index(url: str, key: str = "") -> SearchIndex:
    """The index that a setting names: `file:folder`, or the address of a Meilisearch server."""
    if url.startswith(("http://", "https://")):
        return MeilisearchIndex(url, key)
    return EmbeddedIndex(Path(url.removeprefix("file://").removeprefix("file:")))


class Search:
    """Finds titles."""

    def __init__(self, db: Database, clock: Clock, index: SearchIndex) -> None:
        """The index finds; the database says what is published and really free."""
        self._db = db
        self._clock = clock
        self._index = index
        self._sync = IndexSync(db, clock, index)
        self._labels = Remembered(self._read_labels)
        # Reads the language of every title, for a list to choose from.
        self._offers = Remembered(self._read_offers, kept_seconds=OFFERS_KEPT_SECONDS)

    def search(self, query: SearchQuery) -> SearchResults:
        """A page of published titles with facets: public. Raises what `check_query` raises.

        Without an index that answers, the list is plain and says so.
        """
        check_query(query)
        query = self._placed(query)
        page, is_degraded = self._found(query)
        with self._db.read() as session:
            found = catalog.title_summaries(session, page.ids)
            titles = [one for one in found if one.visibility == Visibility.PUBLISHED]
            free = self._free(session, titles, query)
            hits = hits_of(session, titles, query, free)
            instead = meant_instead(session, hits, query.text)
            code = take_apart(query.text).code
            direct = finds.named_by(session, code, page.ids) if HAS_DIGIT.search(code) else None
        labels = self._labels.value()
        return SearchResults(
            hits=hits,
            total=page.total,
            page=query.page,
            pages=max(1, -(-page.total // query.per_page)),
            facets={facet: _values(facet, page, query, labels[facet]) for facet in FACETS},
            is_degraded=is_degraded,
            suggestion=instead,
            direct_title_id=direct,
            relaxations=[] if page.total or is_degraded else self._relaxations(query),
        )

    def facet_values(self, facet: Facet, text: str, query: SearchQuery) -> list[FacetValue]:
        """The values of a facet that a search leaves, by a part of what people call them. Public."""
        check_query(query)
        page, _ = self._found(self._placed(structs.replace(query, page=1, per_page=1)))
        labels = self._labels.value()[facet]
        wanted = fold(text).split()
        named = {code: label for code, label in labels.items() if all(word in fold(label) for word in wanted)}
        return _values(facet, page, query, named)

    def offers(self) -> Offers:
        """What the choices that are not counted offer: regional unions and languages of published titles. Public."""
        return self._offers.value()

    def booking_named(self, actor: Actor, text: str) -> int | None:
        """The reservation whose reference somebody signed in typed; its page decides who sees it."""
        reference = text.strip().upper()
        if not (actor.is_signed_in and REFERENCE.fullmatch(reference)):
            return None
        with self._db.read() as session:
            return finds.booking_named(session, reference)

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
            self._index.search(SearchQuery(per_page=1))
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

    def _read_labels(self) -> dict[str, dict[str, str]]:
        with self._db.read() as session:
            return _labels(session)

    def _read_offers(self) -> Offers:
        with self._db.read() as session:
            return finds.offers(session)

    def _placed(self, query: SearchQuery) -> SearchQuery:
        """A school stands for its place; one that nobody knows leaves the order to relevance."""
        if query.near is not None or query.school_id is None:
            return query
        with self._db.read() as session:
            near = finds.place_of_school(session, query.school_id)
        if near is None and query.sort == "nearest":
            query = structs.replace(query, sort="relevance")
        return structs.replace(query, near=near)

    def _relaxations(self, query: SearchQuery) -> list[Relaxation]:
        """What nearly the same search finds: the nearest other dates first, then one wish less at a time."""
        found = []
        for moved in other_dates(query, self._clock.now().date()):
            if total := self._found(moved)[0].total:
                found.append(
                    Relaxation(without="", total=total, starts_on=moved.starts_on, due_on=moved.due_on),
                )
                break
        for name, fewer in without_each(query):
            if total := self._found(fewer)[0].total:
                found.append(Relaxation(without=name, total=total))
        return found

    def _free(self, session: Session, titles: Iterable[TitleSummary], query: SearchQuery) -> set[int] | None:
        """Those with a free copy: the index only guessed."""
        if query.starts_on is None or query.due_on is None:
            return None
        kinds = {title.id: title.kind.value for title in titles}
        return free_titles(session, kinds, Period.through(query.starts_on, query.due_on), self._clock.now())


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
