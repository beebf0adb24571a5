"""When a review may be written, and what the ratings amount to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lending.loans.rules.reviews import (
    LONGEST_TIP,
    MEAN_FROM,
    BadRating,
    ReviewTooEarly,
    TipTooLong,
    check_review,
    mean_of,
)
from lending.loans.rules.states import State


@given(state=st.sampled_from(State), rating=st.integers(-3, 9), length=st.integers(LONGEST_TIP - 2, LONGEST_TIP + 2))
def test_only_what_is_over_with_one_of_five_ratings_and_a_tip_that_fits(state: State, rating: int, length: int) -> None:
    expected = (
        ReviewTooEarly
        if state != State.DONE
        else BadRating
        if not 1 <= rating <= 5
        else TipTooLong
        if length > LONGEST_TIP
        else None
    )
    if expected is None:
        check_review(state, "R1", rating, "x" * length)
    else:
        with pytest.raises(expected):
            check_review(state, "R1", rating, "x" * length)


@given(st.lists(st.integers(1, 5), max_size=30))
def test_a_mean_lies_between_the_ratings_and_speaks_of_several_people(ratings: list[int]) -> None:
    mean = mean_of(ratings)
    assert (mean is None) is (len(ratings) < MEAN_FROM)
    if mean is not None:
        assert min(ratings) <= mean <= max(ratings)
