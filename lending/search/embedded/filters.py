"""What narrows a search, as tantivy's queries. No text of a visitor ever becomes query syntax."""

from collections.abc import Collection, Iterable

import tantivy
from tantivy import FieldType, Occur, Query

from lending.search.distances import kilometres
from lending.search.embedded.fields import place_of
from lending.search.schemas import CHOICES, Place, SearchQuery

Clause = tuple[Occur, Query]
# Nearer is more; whoever is on the other side of the Earth still gets something.
MOST_KM = 20_100.0
LONGEST_BOUND = 10_000


def filters(schema: tantivy.Schema, query: SearchQuery, places: Iterable[str], without: str = "") -> list[Clause]:
    """All that must hold; a facet can be left out for its counts. `places` are those that the index knows."""
    clauses = [
        (Occur.Must, _silent(_any(schema, f"facet_{name}", query.chosen(name))))
        for name in CHOICES
        if name != without and query.chosen(name)
    ]
    clauses += _bounds(schema, query)
    if query.starts_on is not None and query.due_on is not None:
        days = range(query.starts_on.toordinal(), query.due_on.toordinal() + 1)
        clauses.append((Occur.MustNot, _busy(schema, days)))
    if query.near is not None and query.within_km is not None:
        near = [term for term in places if kilometres(query.near, place_of(term)) <= query.within_km]
        clauses.append((Occur.Must, _silent(_any(schema, "facet_place", near))))
    return clauses


def by_distance(schema: tantivy.Schema, near: Place, places: Iterable[str]) -> Query:
    """A score that is the higher the nearer a title's nearest place is; what has no place comes last."""
    ways = [
        Query.const_score_query(
            Query.term_query(schema, "facet_place", term), MOST_KM - kilometres(near, place_of(term))
        )
        for term in places
    ]
    return Query.disjunction_max_query(ways)


def _bounds(schema: tantivy.Schema, query: SearchQuery) -> list[Clause]:
    """What is out of bounds must not be there; a bound that nobody gave is out of none."""
    found = []
    for name, asked in (("age", query.age), ("players", query.players)):
        if asked is not None:
            found += [_above(schema, f"min_{name}", asked), _below(schema, f"max_{name}", asked)]
    if query.minutes is not None:
        found.append(_above(schema, "minutes", query.minutes))
    return found


def _above(schema: tantivy.Schema, field: str, highest: int) -> Clause:
    return _outside(schema, field, highest + 1, max(LONGEST_BOUND, highest + 1))


def _below(schema: tantivy.Schema, field: str, lowest: int) -> Clause:
    return _outside(schema, field, min(-1, lowest - 1), lowest - 1)


def _outside(schema: tantivy.Schema, field: str, first: int, last: int) -> Clause:
    return Occur.MustNot, Query.range_query(schema, field, FieldType.Integer, first, last)


def _busy(schema: tantivy.Schema, days: Collection[int]) -> Query:
    return Query.term_set_query(schema, "busy_days", list(days))


def _any(schema: tantivy.Schema, field: str, values: Iterable[str]) -> Query:
    return Query.boolean_query([(Occur.Should, Query.term_query(schema, field, one)) for one in values])


def _silent(query: Query) -> Query:
    return Query.const_score_query(query, 0.0)
