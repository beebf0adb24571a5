"""Who may leave a school; a name fits or is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lending.loans.rules.members import (
    LONGEST_NAME,
    InvitedNameTooLong,
    NotAMember,
    SuccessorMissing,
    check_leaves,
    check_name,
)

PEOPLE = st.integers(1, 5)


@given(leaver=PEOPLE, members=st.frozensets(PEOPLE), successor=st.none() | PEOPLE, running=st.integers(0, 3))
def test_who_leaves_is_there_and_what_runs_goes_to_a_colleague(
    leaver: int, members: frozenset[int], successor: int | None, running: int
) -> None:
    is_colleague = successor in members - {leaver}
    if leaver not in members or (successor is not None and not is_colleague):
        with pytest.raises(NotAMember):
            check_leaves(leaver, members, successor, running, "École")
    elif running and successor is None:
        with pytest.raises(SuccessorMissing) as refused:
            check_leaves(leaver, members, successor, running, "École")
        assert refused.value.running == running
    else:
        check_leaves(leaver, members, successor, running, "École")


@given(st.text(max_size=2 * LONGEST_NAME))
def test_a_name_is_kept_whole_or_refused(name: str) -> None:
    if len(name) <= LONGEST_NAME:
        check_name(name)
    else:
        with pytest.raises(InvitedNameTooLong):
            check_name(name)
