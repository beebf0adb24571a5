"""The planner against brute force: exact where it answers, and it displaces no more than it must."""

import datetime as dt
import itertools
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from lending.loans.rules.packing import peak, place, replan
from lending.loans.rules.periods import Period
from lending.loans.rules.repack import Job, NodeLimitError, repack

DAY_ONE = dt.date(2027, 1, 4)


def days(start: int, end: int) -> Period:
    return Period(DAY_ONE + dt.timedelta(days=start), DAY_ONE + dt.timedelta(days=end))


periods = st.builds(lambda start, length: days(start, start + length), st.integers(0, 12), st.integers(1, 6))


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[Job], list[int]]:
    """A few jobs, some fixed, on a few copies; fixed ones do not collide."""
    copies = list(range(1, draw(st.integers(1, 3)) + 1))
    jobs: list[Job] = []
    for number, period in enumerate(draw(st.lists(periods, min_size=1, max_size=6)), start=1):
        copy = draw(st.none() | st.sampled_from(copies))
        taken = any(j.copy == copy and j.is_fixed and j.period.overlaps(period) for j in jobs)
        jobs.append(Job(number, period, None if taken else copy, is_fixed=copy is not None and not taken))
    return jobs, copies


def fits(jobs: Sequence[Job], plan: dict[int, int]) -> bool:
    pairs = itertools.combinations(jobs, 2)
    return not any(plan[a.id] == plan[b.id] and a.period.overlaps(b.period) for a, b in pairs)


def brute_force(jobs: Sequence[Job], copies: Sequence[int]) -> bool:
    choices = [[job.copy] if job.is_fixed else copies for job in jobs]
    plans = (dict(zip((j.id for j in jobs), c, strict=True)) for c in itertools.product(*choices))
    return any(fits(jobs, plan) for plan in plans)


@given(cases())
@settings(max_examples=400, deadline=None)
def test_repack_finds_a_plan_exactly_when_one_exists(case: tuple[list[Job], list[int]]) -> None:
    jobs, copies = case
    plan = repack(jobs, copies)
    assert (plan is not None) == brute_force(jobs, copies)


@given(cases())
@settings(max_examples=200, deadline=None)
def test_a_plan_serves_every_job_without_overlap_and_leaves_fixed_ones(
    case: tuple[list[Job], list[int]],
) -> None:
    jobs, copies = case
    plan = repack(jobs, copies)
    if plan is None:
        return
    assert set(plan) == {job.id for job in jobs}
    assert fits(jobs, plan)
    assert all(plan[job.id] == job.copy for job in jobs if job.is_fixed)


@given(st.lists(periods, max_size=8), st.integers(1, 4))
@settings(max_examples=200, deadline=None)
def test_without_fixed_jobs_the_peak_alone_decides(wanted: list[Period], count: int) -> None:
    jobs = [Job(number, period) for number, period in enumerate(wanted)]
    assert (repack(jobs, range(count)) is not None) == (peak(wanted) <= count)


@given(st.lists(periods, max_size=8))
def test_the_peak_is_the_busiest_day(wanted: list[Period]) -> None:
    by_day = [sum(one.holds(day) for one in wanted) for day in days(0, 20).days()]
    assert peak(wanted) == max(by_day)


@given(cases(), periods)
@settings(max_examples=300, deadline=None)
def test_placing_succeeds_exactly_when_a_new_arrangement_exists(
    case: tuple[list[Job], list[int]], period: Period
) -> None:
    jobs, copies = case
    standing = repack(jobs, copies)
    if standing is None:
        return
    served = [Job(j.id, j.period, standing[j.id], j.is_fixed) for j in jobs]
    new = Job(0, period)
    plan = place(new, served, copies)
    assert (plan is not None) == brute_force([*served, new], copies)
    if plan is not None:
        assert fits([*served, new], standing | plan)
        assert all(standing[job] != copy for job, copy in plan.items() if job), "names only what moves"


def test_a_free_copy_displaces_nobody() -> None:
    served = [Job(1, days(0, 5), 1), Job(2, days(6, 9), 2)]
    assert place(Job(0, days(5, 8)), served, [1, 2]) == {0: 1}


def test_among_free_copies_the_tightest_gap_is_chosen() -> None:
    served = [Job(1, days(0, 2), 1), Job(2, days(0, 5), 2)]
    assert place(Job(0, days(5, 8)), served, [1, 2, 3]) == {0: 2}


def test_c050_a_free_copy_each_day_but_none_throughout_is_rearranged() -> None:
    served = [Job(1, days(0, 3), 1), Job(2, days(5, 8), 2)]
    plan = place(Job(0, days(2, 6)), served, [1, 2])
    assert plan is not None
    assert len(plan) == 2


def test_c050_with_both_pinned_it_is_refused() -> None:
    served = [Job(1, days(0, 3), 1, is_fixed=True), Job(2, days(5, 8), 2, is_fixed=True)]
    assert place(Job(0, days(2, 6)), served, [1, 2]) is None


def test_a_pinned_newcomer_sends_movable_plans_elsewhere() -> None:
    plan = place(Job(0, days(0, 5), 1, is_fixed=True), [Job(1, days(2, 4), 1)], [1, 2])
    assert plan == {0: 1, 1: 2}


def test_a_pinned_newcomer_never_displaces_a_loan() -> None:
    loan = Job(1, days(2, 4), 1, is_fixed=True)
    assert place(Job(0, days(0, 5), 1, is_fixed=True), [loan], [1, 2]) is None


def test_a_newcomer_pinned_to_a_copy_that_is_not_lendable_has_no_place() -> None:
    assert place(Job(0, days(0, 5), 9, is_fixed=True), [], [1, 2]) is None


def test_only_what_collides_moves() -> None:
    far = [Job(10 + n, days(20 * n, 20 * n + 5), n % 2 + 1) for n in range(2, 9)]
    near = [Job(1, days(0, 3), 1), Job(2, days(5, 8), 2)]
    plan = place(Job(0, days(2, 6)), [*near, *far], [1, 2])
    assert plan is not None
    assert set(plan) <= {0, 1, 2}


def test_a_hundred_movable_jobs_need_no_turning_back() -> None:
    jobs = [Job(n, days(n, n + 5)) for n in range(100)]
    assert repack(jobs, range(5), node_limit=101) is not None


def test_a_search_that_takes_too_long_says_so() -> None:
    jobs = [Job(n, days(0, 2)) for n in range(4)]
    try:
        repack(jobs, [1, 2, 3, 4], node_limit=2)
    except NodeLimitError:
        return
    raise AssertionError


def test_a_search_given_up_refuses() -> None:
    served = [Job(1, days(0, 3), 1), Job(2, days(5, 8), 2)]
    assert place(Job(0, days(2, 6)), served, [1, 2], node_limit=1) is None


def test_without_copies_there_is_no_place() -> None:
    assert place(Job(0, days(0, 1)), [], []) is None


def test_c073_c075_unserved_bookings_are_placed_nearest_start_first() -> None:
    unserved = [Job(2, days(4, 9)), Job(3, days(0, 5)), Job(1, days(4, 8))]
    assert replan([], unserved, [1]) == {3: 1}


def test_replanning_moves_others_to_serve_one_more() -> None:
    served = [Job(1, days(0, 3), 1), Job(2, days(5, 8), 2)]
    plan = replan(served, [Job(3, days(2, 6))], [1, 2])
    assert fits([Job(1, days(0, 3)), Job(2, days(5, 8)), Job(3, days(2, 6))], {1: 1, 2: 2} | plan)
