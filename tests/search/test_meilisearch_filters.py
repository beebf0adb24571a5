"""What is sent to Meilisearch as a filter is built from checked values only."""

import datetime as dt

import pytest

from lending.search.meili.questions import filters
from lending.search.schemas import SearchQuery


def test_facets_and_dates_become_clauses() -> None:
    query = SearchQuery(
        kind=("trunk", "game"), level=("ce1",), starts_on=dt.date(2027, 3, 1), due_on=dt.date(2027, 3, 5)
    )
    assert filters(query) == ['kind IN ["trunk", "game"]', 'level IN ["ce1"]', "NOT busy_days 740041 TO 740045"]


def test_a_facets_own_choice_can_be_left_out() -> None:
    assert filters(SearchQuery(kind=("trunk",), level=("ce1",)), without="kind") == ['level IN ["ce1"]']


@pytest.mark.parametrize("value", ['x"] OR kind IN ["y', "a b", "", "é", "x" * 61, "a]", "a OR b"])
def test_a_value_that_no_code_can_be_finds_nothing(value: str) -> None:
    assert filters(SearchQuery(theme=(value,))) == ['theme IN ["-"]']
