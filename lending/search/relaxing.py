"""Searches near one that found nothing: with one wish less, or on other dates."""

import datetime as dt
from collections.abc import Iterator

from msgspec import structs

from lending.search.schemas import CHOICES, SearchQuery

# Weeks after the one wished, and before it.
OTHER_WEEKS = (1, -1, 2, -2, 3, 4, 6, 8)
BOUNDS = ("age", "players", "minutes", "within_km")


def other_dates(query: SearchQuery, today: dt.date) -> Iterator[SearchQuery]:
    """The same search some weeks later or earlier, the nearest first."""
    if query.starts_on is None or query.due_on is None:
        return
    for weeks in OTHER_WEEKS:
        moved = dt.timedelta(weeks=weeks)
        if query.starts_on + moved >= today:
            yield _first_page(query, starts_on=query.starts_on + moved, due_on=query.due_on + moved)


def without_each(query: SearchQuery) -> Iterator[tuple[str, SearchQuery]]:
    """The same search without one wish, each with the wish's name; `dates` are both days."""
    if query.has_dates:
        yield "dates", _first_page(query, starts_on=None, due_on=None)
    for name in CHOICES:
        if query.chosen(name):
            yield name, _first_page(query, **{name: ()})
    for name in BOUNDS:
        if getattr(query, name) is not None:
            yield name, _first_page(query, **{name: None})


def _first_page(query: SearchQuery, **changes: object) -> SearchQuery:
    return structs.replace(query, page=1, per_page=1, **changes)
