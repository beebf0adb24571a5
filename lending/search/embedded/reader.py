"""Searches in one state of the index. A change of the index makes a new reader: what it remembers is never stale."""

import threading
from collections import OrderedDict
from functools import cached_property

import tantivy
from tantivy import Occur, Order, Query

from lending.search.embedded.fields import MAX_PLACES
from lending.search.embedded.filters import Clause, by_distance, filters
from lending.search.embedded.plan import Plan, plan
from lending.search.embedded.queries import QueryBuilder
from lending.search.embedded.vocabulary import Vocabulary
from lending.search.schemas import FACETS, IndexPage, SearchQuery

MAX_FACET_VALUES = 200
MOST_PLANS = 500
SORTED_BY = {"newest": "added_at", "most_lent": "loans"}


class Reader:
    """What can be asked of one state of the index."""

    def __init__(self, index: tantivy.Index, vocabulary: Vocabulary | None = None) -> None:
        """Takes an index that was just reloaded, and the words that it had before."""
        self._searcher = index.searcher()
        self._schema = index.schema
        self._builder = QueryBuilder(index.schema)
        self.vocabulary = vocabulary or Vocabulary(self._searcher)
        self._plans: OrderedDict[str, Plan] = OrderedDict()
        self._lock = threading.Lock()

    def search(self, query: SearchQuery) -> IndexPage:
        """Ids in order, total and facet counts."""
        chosen = self._plan(query.text)
        matching = self._builder.matching(chosen)
        found = self._found(query, chosen, [(Occur.Must, matching), *self._filters(query)])
        ids = self._ids_at([address for _, address in found.hits])
        return IndexPage(ids=ids, total=_total(found), facets=self._facets(query, matching))

    def ids(self) -> set[int]:
        """Every title."""
        found = self._searcher.search(Query.all_query(), limit=max(1, self._searcher.num_docs))
        return set(self._ids_at([address for _, address in found.hits]))

    def _plan(self, text: str) -> Plan:
        with self._lock:
            known = self._plans.get(text)
        if known is None:
            known = plan(text, self.vocabulary, self._count)
            with self._lock:
                self._plans[text] = known
                while len(self._plans) > MOST_PLANS:
                    self._plans.popitem(last=False)
        return known

    def _count(self, one: Plan) -> int:
        return _total(self._searcher.search(self._builder.matching(one), limit=1))

    def _found(self, query: SearchQuery, chosen: Plan, must: list[Clause]) -> tantivy.SearchResult:
        offset, limit = (query.page - 1) * query.per_page, query.per_page
        order = SORTED_BY.get(query.sort) or (None if query.sort == "nearest" or chosen.has_text else "added_at")
        if order is not None:
            whole = Query.boolean_query(must)
            return self._searcher.search(whole, limit=limit, offset=offset, order_by_field=order, order=Order.Desc)
        return self._searcher.search(Query.boolean_query([*must, *self._order(query, chosen)]), limit, offset=offset)

    def _order(self, query: SearchQuery, chosen: Plan) -> list[Clause]:
        if query.sort == "nearest" and query.near is not None:
            return [(Occur.Should, by_distance(self._schema, query.near, self._places))]
        return self._builder.ranking(chosen)

    def _filters(self, query: SearchQuery, without: str = "") -> list[Clause]:
        places = self._places if query.near is not None else []
        return filters(self._schema, query, places, without)

    def _facets(self, query: SearchQuery, matching: Query) -> dict[str, dict[str, int]]:
        """What each value would leave: a facet’s own choice is left out, the others hold."""
        free = [facet for facet in FACETS if not query.chosen(facet)]
        counts = self._counts(query, matching, free) if free else {}
        for facet in FACETS:
            if facet not in counts:
                counts |= self._counts(query, matching, [facet], facet)
        return {facet: counts[facet] for facet in FACETS}

    def _counts(
        self, query: SearchQuery, matching: Query, facets: list[str], without: str = ""
    ) -> dict[str, dict[str, int]]:
        whole = Query.boolean_query([(Occur.Must, matching), *self._filters(query, without)])
        asked = {facet: {"terms": {"field": f"facet_{facet}", "size": MAX_FACET_VALUES}} for facet in facets}
        answer = self._searcher.aggregate(whole, asked)
        return {
            facet: {bucket["key"]: int(bucket["doc_count"]) for bucket in answer[facet]["buckets"]} for facet in facets
        }

    @cached_property
    def _places(self) -> list[str]:
        terms = self._searcher.terms_with_prefix("facet_place", "", limit=MAX_PLACES)
        return [term for term, _ in terms]

    def _ids_at(self, addresses: list[tantivy.DocAddress]) -> list[int]:
        found = self._searcher.fast_field_values("id", addresses) if addresses else []
        return [one for one in found if isinstance(one, int)]


def _total(found: tantivy.SearchResult) -> int:
    # The library’s type stub forgets the attribute.
    return int(getattr(found, "count", 0) or 0)
