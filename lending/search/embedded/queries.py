"""From a search query to tantivy's query objects. No text of a visitor ever becomes query syntax."""

from itertools import pairwise

import tantivy
from tantivy import FieldType, Occur, Query

from lending.core.barcodes import parse_scan
from lending.search.embedded.fields import WEIGHTS
from lending.search.french import STOP_WORDS, query_words, stem, typo_budget, words
from lending.search.schemas import FACETS, SearchQuery

Clause = tuple[Occur, Query]
FUZZY_FIELDS = (("name", 1.0), ("themes", 0.9), ("authors", 0.8), ("all", 0.1))


class QueryBuilder:
    """Builds queries on one schema."""

    def __init__(self, schema: tantivy.Schema) -> None:
        """Takes the schema of the index."""
        self._schema = schema

    def whole(self, query: SearchQuery, *, word_count: int | None = None, typos: bool, without: str = "") -> Query:
        """Text and filters. Only the first `word_count` words must be there; a facet can be left out for its counts."""
        clauses = self._filters(query, without)
        must = (Occur.Must, self._text(query.text, word_count, typos=typos))
        return Query.boolean_query([must, *clauses])

    def _filters(self, query: SearchQuery, without: str) -> list[Clause]:
        chosen = {facet: query.chosen(facet) for facet in FACETS if facet != without and query.chosen(facet)}
        clauses: list[Clause] = [
            (Occur.Must, self._weightless(self._any(f"facet_{facet}", values))) for facet, values in chosen.items()
        ]
        if query.starts_on is not None and query.due_on is not None:
            days = (query.starts_on.toordinal(), query.due_on.toordinal())
            busy = Query.range_query(self._schema, "busy_days", FieldType.Integer, days[0], days[1])
            clauses.append((Occur.MustNot, busy))
        return clauses

    def _any(self, field: str, values: tuple[str, ...]) -> Query:
        return Query.boolean_query([(Occur.Should, Query.term_query(self._schema, field, one)) for one in values])

    def _text(self, text: str, word_count: int | None, *, typos: bool) -> Query:
        kept = query_words(text)
        if not kept:
            return self._weightless(Query.all_query())
        count = len(kept) if word_count is None else word_count
        per_word = [self._word(word, is_last=place == len(kept) - 1, typos=typos) for place, word in enumerate(kept)]
        must: list[Clause] = [(Occur.Must, one) for one in per_word[:count]]
        should: list[Clause] = [(Occur.Should, one) for one in per_word[count:]]
        ways = [Query.boolean_query(must + should), self._constant("codes", parse_scan(text), 500.0)]
        if count == len(kept):
            ways += self._joined(words(text), typos=typos)
        return Query.disjunction_max_query(ways)

    def _joined(self, typed: list[str], *, typos: bool) -> list[Query]:
        """Two neighbouring words typed apart may be one: « arc en ciel », « porte monnaie »."""
        ways = []
        for place, (first, second) in enumerate(pairwise(typed)):
            rest = [one for one in typed[:place] + typed[place + 2 :] if one not in STOP_WORDS]
            one = self._best([("glued", 90.0), ("name", 95.0), ("all", 8.0)], first + second)
            others = [(Occur.Must, self._word(word, is_last=False, typos=typos)) for word in rest]
            ways.append(Query.boolean_query([(Occur.Must, one), *others]))
        return ways

    def _word(self, word: str, *, is_last: bool, typos: bool) -> Query:
        exact = [self._constant(field, word, 8.0 * weight) for field, weight in WEIGHTS.items()]
        stemmed = stem(word)
        ways = [
            *exact,
            self._constant("glued", word, 50.0),
            self._constant("name_stems", stemmed, 70.0),
            self._constant("all_stems", stemmed, 5.0),
        ]
        if is_last:
            ways += [self._fuzzy("name", word, 0, 60.0, prefix=True), self._fuzzy("all", word, 0, 4.0, prefix=True)]
        if typos:
            ways += self._with_typos(word, is_last=is_last)
        return Query.disjunction_max_query(ways)

    def _with_typos(self, word: str, *, is_last: bool) -> list[Query]:
        return [
            self._fuzzy(field, word, distance, (30.0 if distance == 1 else 15.0) * weight, prefix=is_last)
            for field, weight in FUZZY_FIELDS
            for distance in range(1, typo_budget(word) + 1)
        ]

    def _best(self, fields: list[tuple[str, float]], word: str) -> Query:
        return Query.disjunction_max_query([self._constant(field, word, weight) for field, weight in fields])

    def _constant(self, field: str, word: str, weight: float) -> Query:
        return Query.const_score_query(Query.term_query(self._schema, field, word), weight)

    def _fuzzy(self, field: str, word: str, distance: int, weight: float, *, prefix: bool) -> Query:
        found = Query.fuzzy_term_query(self._schema, field, word, distance=distance, prefix=prefix)
        return Query.boost_query(found, weight)

    @staticmethod
    def _weightless(query: Query) -> Query:
        return Query.const_score_query(query, 0.0)
