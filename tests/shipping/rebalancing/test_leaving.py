"""Which copies may leave: the owner's word, promises, moves made already."""

from hypothesis import given
from hypothesis import strategies as st

from lending.shipping.rebalancing.rules.leaving import Stocked, Words, may_leave

PLACE, OTHER = 1, 2
copies = st.builds(
    Stocked,
    copy_id=st.integers(1, 10**6),
    owner_id=st.sampled_from([PLACE, OTHER]),
    place_id=st.just(PLACE),
    is_promised=st.booleans(),
    moves_this_year=st.integers(0, 2),
    idle_weeks=st.integers(0, 52),
)


@given(st.lists(copies, max_size=12), st.integers(0, 4), st.booleans(), st.integers(1, 2))
def test_an_owner_keeps_what_it_asked_for_and_nothing_promised_leaves(
    some: list[Stocked], kept: int, consents: bool, most_moves: int
) -> None:
    words = {PLACE: Words(consents=consents, kept_at_home=kept), OTHER: Words(consents=True, kept_at_home=9)}
    leaving = may_leave(some, words, most_moves)
    own = [one for one in some if one.owner_id == PLACE]
    own_leaving = [one for one in leaving if one.owner_id == PLACE]
    assert len(own) - len(own_leaving) >= min(kept, len(own))
    assert all(not one.is_promised and one.moves_this_year < most_moves for one in leaving)
    assert consents or not own_leaving
    assert [one.idle_weeks for one in leaving] == sorted((one.idle_weeks for one in leaving), reverse=True)
    assert len(leaving) <= len(some)


def test_an_owner_that_said_nothing_consents_and_keeps_one() -> None:
    two = [Stocked(number, PLACE, PLACE, is_promised=False, moves_this_year=0, idle_weeks=number) for number in (1, 2)]
    assert [one.copy_id for one in may_leave(two, {}, 1)] == [2]


def test_copies_of_others_need_no_minimum_here() -> None:
    guest = Stocked(7, OTHER, PLACE, is_promised=False, moves_this_year=0, idle_weeks=3)
    assert may_leave([guest], {}, 1) == [guest]
