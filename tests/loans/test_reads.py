"""What people see: availability, lists, the desk's day, and who may see it."""

import datetime as dt

import pytest

from lending.core.actor import ANONYMOUS, Role
from lending.core.errors import Forbidden, NotFound, Unauthenticated
from lending.core.paging import BadCursor
from lending.loans.rules.errors import NoCopyFree
from lending.loans.schemas import LoanFilter
from lending.loans.tables import Booking
from tests.kit.catalog import create_copies, create_title
from tests.kit.loans import DAY, World, create_rule
from tests.kit.network import create_association, create_depot, create_person


def free_days(world: World, days: int = 30) -> list[int]:
    found = world.loans.availability(world.title.id, world.today, world.today + (days - 1) * DAY)
    return [day.free for day in found.depots[0].days]


def test_availability_counts_the_free_copies_day_by_day(world: World) -> None:
    world.reserve(5, 3)
    assert free_days(world, 12) == [2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 2, 2]


def test_availability_names_the_days_on_which_a_usual_loan_can_start(small_world: World) -> None:
    with small_world.db.write() as session:
        create_rule(session, small_world.association.id, loan_days=3, lead_days=2)
    small_world.reserve(8, 3, actor=small_world.staff)
    small_world.reserve(8, 3, actor=small_world.staff)
    found = small_world.loans.availability(small_world.title.id, small_world.today, small_world.today + 16 * DAY)
    starts = [n for n, day in enumerate(found.depots[0].days) if day.can_start]
    assert starts == [2, 14, 15, 16]


@pytest.mark.parametrize("start", range(2, 17))
def test_a_day_that_can_start_is_one_on_which_a_reservation_is_accepted(small_world: World, start: int) -> None:
    with small_world.db.write() as session:
        create_rule(session, small_world.association.id, loan_days=3)
    for _ in range(2):
        small_world.reserve(8, 3)
    day = (
        small_world.loans.availability(
            small_world.title.id, small_world.today + start * DAY, small_world.today + start * DAY
        )
        .depots[0]
        .days[0]
    )
    try:
        small_world.reserve(start, 3)
        accepted = True
    except NoCopyFree:
        accepted = False
    assert day.can_start is accepted


def test_availability_is_public_for_published_titles_only(small_world: World) -> None:
    with small_world.db.write() as session:
        draft = create_title(session, small_world.federation, visibility="draft")
    for title_id in (draft.id, 999_999):
        with pytest.raises(NotFound):
            small_world.loans.availability(title_id, small_world.today, small_world.today)


def test_past_days_are_shown_as_gone(small_world: World) -> None:
    found = small_world.loans.availability(small_world.title.id, small_world.today - DAY, small_world.today)
    assert [(day.free, day.is_open) for day in found.depots[0].days] == [(0, False), (2, True)]


def test_a_window_of_years_is_cut_short(small_world: World) -> None:
    found = small_world.loans.availability(
        small_world.title.id, small_world.today, small_world.today + dt.timedelta(days=4000)
    )
    assert (found.until_on - found.starts_on).days == 369


def test_free_between_answers_for_many_titles_as_a_reservation_would(world: World) -> None:
    with world.db.write() as session:
        other = create_title(session, world.federation)
        create_copies(session, other, world.depot, 1)
        bare = create_title(session, world.federation)
    for _ in world.copies:
        world.reserve(10, 5)
    first, last = world.today + 12 * DAY, world.today + 14 * DAY
    ids = [world.title.id, other.id, bare.id]
    assert world.loans.free_between(ids, first, last) == {other.id}
    assert world.loans.free_between(ids, first, last, world.association.id) == {other.id}
    assert world.loans.free_between(ids, first, last, 999_999) == set()
    assert world.loans.free_between(ids, world.today, world.today) == {world.title.id, other.id}


def test_the_nearest_free_periods_lie_before_and_after(small_world: World) -> None:
    for _ in range(2):
        small_world.reserve(20, 10)
    first = small_world.today + 20 * DAY
    found = small_world.loans.nearest_free_periods(
        small_world.title.id, first, first + 4 * DAY, small_world.association.id
    )
    assert [(one.starts_on - small_world.today).days for one in found] == [12, 33]


def test_a_teacher_sees_the_reservations_of_the_own_schools_only(small_world: World) -> None:
    mine = small_world.reserve(5, 5)
    other, colleague = small_world.school_with_teacher()
    small_world.reserve(5, 5, actor=colleague, school_id=other.id)
    found = small_world.loans.reservations(small_world.teacher)
    assert [one.id for one in found.items] == [mine.id]
    with pytest.raises(Forbidden):
        small_world.loans.reservations(small_world.teacher, school_id=other.id)
    with pytest.raises(Unauthenticated):
        small_world.loans.reservations(ANONYMOUS)
    assert small_world.loans.reservations(small_world.staff).items == []
    assert len(small_world.loans.reservations(small_world.staff, school_id=other.id).items) == 1


def test_one_reservation_is_for_its_school_and_the_lender(small_world: World) -> None:
    booking = small_world.reserve(5, 5)
    _, stranger = small_world.school_with_teacher()
    assert small_world.loans.reservation(small_world.teacher, booking.id).reservation.id == booking.id
    assert small_world.loans.reservation(small_world.staff, booking.id).reservation.id == booking.id
    with pytest.raises(Forbidden):
        small_world.loans.reservation(stranger, booking.id)
    with pytest.raises(NotFound):
        small_world.loans.reservation(small_world.staff, 999_999)


def test_loans_are_listed_page_by_page_without_gap_or_repetition(world: World) -> None:
    ids = [world.reserve(1 + 9 * n, 5).id for n in range(7)]
    seen: list[int] = []
    cursor = None
    while True:
        page = world.loans.loans(world.staff, world.association.id, cursor=cursor, limit=3)
        seen += [one.id for one in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == ids
    newest = world.loans.loans(world.staff, world.association.id, "all", limit=3)
    assert [one.id for one in newest.items] == ids[:-4:-1]


def test_a_cursor_that_was_not_made_here_is_refused(small_world: World) -> None:
    for cursor in ("x", "WyJub3QgYSBkYXkiLDFd"):
        with pytest.raises(BadCursor):
            small_world.loans.loans(small_world.staff, small_world.association.id, cursor=cursor)


def test_the_filters_tell_loans_apart(world: World) -> None:
    late = world.hand_over(world.reserve(0, 3))
    due = world.hand_over(world.reserve(0, 6))
    world.clock.advance(days=5)
    planned = world.reserve(20, 5)
    cancelled = world.reserve(40, 5)
    world.loans.cancel(world.staff, cancelled.id)

    def ids(wanted: LoanFilter) -> list[int]:
        return [one.id for one in world.loans.loans(world.staff, world.association.id, wanted).items]

    assert ids("open") == [late.id, due.id, planned.id]
    assert ids("out") == [late.id, due.id]
    assert ids("late") == [late.id]
    assert ids("due_today") == [due.id]
    assert ids("planned") == [planned.id]
    assert ids("cancelled") == [cancelled.id]
    assert ids("at_risk") == ids("done") == []
    assert len(ids("all")) == 4


def test_loans_are_for_the_staff_and_the_coordinator_above(small_world: World) -> None:
    small_world.reserve(5, 5)
    with small_world.db.write() as session:
        coordinator = create_person(session, Role.COORDINATOR, small_world.union)
        stranger = create_person(session, Role.STAFF, create_association(session, small_world.union, code="22"))
    for actor in (small_world.staff, coordinator):
        assert len(small_world.loans.loans(actor, small_world.association.id).items) == 1
        assert len(small_world.loans.loans(actor).items) == 1
    assert small_world.loans.loans(stranger).items == []
    for actor in (stranger, small_world.teacher):
        with pytest.raises(Forbidden):
            small_world.loans.loans(actor, small_world.association.id)
    with pytest.raises(Forbidden):
        small_world.loans.loans(small_world.teacher)
    with pytest.raises(Unauthenticated):
        small_world.loans.loans(ANONYMOUS)


def test_the_desks_day_sorts_the_work(world: World) -> None:
    with world.db.write() as session:
        create_copies(session, world.title, world.depot, 4)
    late = world.hand_over(world.reserve(0, 2))
    due = world.hand_over(world.reserve(0, 4))
    world.clock.advance(days=3)
    now = world.reserve(0, 5)
    tomorrow = world.reserve(1, 5)
    at_risk = world.reserve(2, 5)
    with world.db.write() as session:
        session.get_one(Booking, at_risk.id).copy_id = None
    day = world.loans.desk_day(world.staff, world.depot.id)
    assert day.is_open
    assert [one.id for one in day.late] == [late.id]
    assert [one.id for one in day.expected_back] == [due.id]
    assert [one.id for one in day.to_hand_over] == [now.id]
    assert [one.id for one in day.to_prepare] == [tomorrow.id]
    assert [one.id for one in day.at_risk] == [at_risk.id]
    with pytest.raises(Forbidden):
        world.loans.desk_day(world.teacher, world.depot.id)


def test_the_desks_day_lists_the_copies_that_are_held_back(small_world: World) -> None:
    small_world.set_copy(small_world.copies[0], status="blocked")
    day = small_world.loans.desk_day(small_world.staff, small_world.depot.id)
    assert [copy.id for copy in day.held_back] == [small_world.copies[0].id]


def test_counts_tell_the_state_of_an_association(world: World) -> None:
    world.hand_over(world.reserve(0, 2))
    world.hand_over(world.reserve(0, 4))
    world.clock.advance(days=3)
    world.reserve(20, 5)
    counts = world.loans.counts(world.staff, world.association.id)
    assert (counts.planned, counts.out, counts.late, counts.due_today) == (1, 2, 1, 1)
    assert (counts.starting_today, counts.at_risk, counts.held_back) == (0, 0, 0)
    with pytest.raises(Forbidden):
        world.loans.counts(world.teacher, world.association.id)


def test_the_history_of_a_copy_is_for_its_staff(small_world: World) -> None:
    booking = small_world.hand_over(small_world.reserve(0, 2))
    found = small_world.loans.copy_history(small_world.staff, booking.copy_id or 0)
    assert [one.id for one in found] == [booking.id]
    with pytest.raises(Forbidden):
        small_world.loans.copy_history(small_world.teacher, booking.copy_id or 0)


def test_the_rule_in_force_is_public(small_world: World) -> None:
    with small_world.db.write() as session:
        create_rule(session, small_world.association.id, "game", loan_days=10)
        create_depot(session, small_world.association, "Annexe")
    assert small_world.loans.rule(small_world.association.id, "game").loan_days == 10
    assert small_world.loans.rule(small_world.association.id, "trunk").loan_days == 28
    with pytest.raises(NotFound):
        small_world.loans.rule(999_999, "trunk")
