"""Reserving: what is accepted, what is refused and why, and what follows."""

import datetime as dt

import pytest

from lending.catalog.tables import Title
from lending.core.actor import ANONYMOUS, Role
from lending.core.errors import Forbidden, LendingError, NotFound, Unauthenticated
from lending.core.idempotency import KeyUsedForAnotherRequest
from lending.loans.rules import errors
from lending.loans.rules.states import State
from lending.loans.schemas import NewReservation
from lending.loans.tables import Booking
from tests.kit.catalog import create_copies, create_title
from tests.kit.loans import DAY, EVERY_DAY, World, create_rule
from tests.kit.network import (
    create_association,
    create_closure,
    create_depot,
    create_person,
    create_school,
)


def test_a_teacher_reserves_for_the_own_school(world: World) -> None:
    booking = world.reserve(7, 14)
    assert booking.state == State.PLANNED
    assert booking.copy_id in [copy.id for copy in world.copies]
    assert (booking.starts_on, booking.due_on) == (world.today + 7 * DAY, world.today + 20 * DAY)
    assert booking.person_id == world.teacher.person_id
    assert not booking.is_at_risk
    assert booking.can_cancel


def test_the_confirmation_and_the_nudge_to_search_are_written_with_it(world: World) -> None:
    booking = world.reserve(7, 14)
    assert world.notices() == [f"booking-confirmed:{booking.id}"]
    assert f"title:{world.title.id}" in world.nudges()


def test_staff_reserve_on_behalf_of_a_school_and_its_teacher_is_told(world: World) -> None:
    booking = world.reserve(7, 14, actor=world.staff)
    assert booking.person_id == world.teacher.person_id


def test_staff_may_ask_for_one_particular_copy(world: World) -> None:
    wanted = world.copies[1].id
    booking = world.reserve(7, 14, actor=world.staff, copy_id=wanted)
    assert (booking.copy_id, booking.is_pinned) == (wanted, True)


def test_a_teacher_cannot_pin_a_copy(small_world: World) -> None:
    booking = small_world.reserve(7, 14, copy_id=small_world.copies[1].id)
    assert not booking.is_pinned


def test_staff_cannot_name_somebody_who_does_not_borrow_for_the_school(small_world: World) -> None:
    with pytest.raises(errors.NotATeacherThere):
        small_world.reserve(7, 14, actor=small_world.staff, person_id=small_world.staff.person_id)


def test_c103_a_teacher_cannot_reserve_for_another_school(world: World) -> None:
    other, _ = world.school_with_teacher()
    with pytest.raises(Forbidden):
        world.reserve(7, 14, school_id=other.id)
    assert world.count_bookings() == 0


def test_a_visitor_is_asked_to_sign_in(small_world: World) -> None:
    with pytest.raises(Unauthenticated):
        small_world.reserve(7, 14, actor=ANONYMOUS)


def test_staff_of_another_association_cannot_reserve(small_world: World) -> None:
    with small_world.db.write() as session:
        stranger = create_person(session, Role.STAFF, create_association(session, small_world.union, code="22"))
    with pytest.raises(Forbidden):
        small_world.reserve(7, 14, actor=stranger)


@pytest.mark.parametrize("what", ["title_id", "school_id", "depot_id"])
def test_what_does_not_exist_is_not_found(small_world: World, what: str) -> None:
    with pytest.raises(NotFound):
        small_world.reserve(7, 14, **{what: 999_999})


def test_an_unpublished_title_is_not_found(small_world: World) -> None:
    with small_world.db.write() as session:
        session.get_one(Title, small_world.title.id).visibility = "draft"
    with pytest.raises(NotFound):
        small_world.reserve(7, 14)


@pytest.mark.parametrize(
    ("start", "length", "refusal"),
    [
        (-1, 5, errors.PeriodInPast),
        (7, 0, errors.PeriodReversed),
        (7, 64, errors.TooLong),
        (401, 5, errors.BeyondHorizon),
    ],
)
def test_bad_periods_are_refused_and_nothing_changes(
    small_world: World, start: int, length: int, refusal: type[LendingError]
) -> None:
    with pytest.raises(refusal):
        small_world.reserve(start, length)
    assert small_world.count_bookings() == 0
    assert small_world.notices() == []


def test_a_date_at_the_end_of_time_is_refused_and_not_a_crash(small_world: World) -> None:
    wish = NewReservation(
        title_id=small_world.title.id,
        school_id=small_world.school.id,
        starts_on=small_world.today,
        due_on=dt.date.max,
    )
    with pytest.raises(errors.DateOutOfRange):
        small_world.loans.reserve(small_world.teacher, wish)


def test_c054_the_lead_time_holds_for_teachers_and_not_for_staff(world: World) -> None:
    with world.db.write() as session:
        create_rule(session, world.association.id, lead_days=3)
    with pytest.raises(errors.TooSoon):
        world.reserve(2, 5)
    assert world.reserve(2, 5, actor=world.staff).state == State.PLANNED


def test_c057_a_start_in_a_closure_is_refused_and_one_across_it_is_fine(world: World) -> None:
    closed_on = world.today + 10 * DAY
    with world.db.write() as session:
        create_closure(session, world.depot, closed_on, closed_on + 2 * DAY)
    with pytest.raises(errors.StartsOnClosedDay) as refusal:
        world.reserve(10, 5)
    assert refusal.value.next_open_on == closed_on + 2 * DAY
    assert world.reserve(8, 10).state == State.PLANNED


def test_c026_a_last_day_in_a_closure_is_refused_and_the_next_open_day_offered(world: World) -> None:
    closed_on = world.today + 10 * DAY
    with world.db.write() as session:
        create_closure(session, world.depot, closed_on, closed_on + 2 * DAY)
    with pytest.raises(errors.DueOnClosedDay) as refusal:
        world.reserve(6, 5)
    assert refusal.value.next_open_on == closed_on + 2 * DAY


def test_c103_a_school_without_affiliation_cannot_reserve(world: World) -> None:
    with world.db.write() as session:
        school = create_school(session, world.association, years=(2024,))
        teacher = create_person(session, Role.TEACHER, school)
    with pytest.raises(errors.SchoolNotAffiliated):
        world.reserve(7, 14, actor=teacher, school_id=school.id)


def test_a_school_of_another_association_cannot_reserve_here(small_world: World) -> None:
    with small_world.db.write() as session:
        elsewhere = create_association(session, small_world.union, code="22")
        school = create_school(session, elsewhere)
        teacher = create_person(session, Role.TEACHER, school)
    with pytest.raises(errors.SchoolOfAnotherAssociation):
        small_world.reserve(7, 14, actor=teacher, school_id=school.id)


def test_a_title_without_copies_says_so(small_world: World) -> None:
    with small_world.db.write() as session:
        bare = create_title(session, small_world.federation)
    with pytest.raises(errors.NoCopies):
        small_world.reserve(7, 14, title_id=bare.id)
    with pytest.raises(errors.NoCopies):
        small_world.reserve(7, 14, title_id=bare.id, depot_id=None)


def test_c051_copies_that_are_not_lendable_do_not_count(world: World) -> None:
    world.set_copy(world.copies[0], status="repair")
    world.set_copy(world.copies[1], status="withdrawn")
    with pytest.raises(errors.NoCopies):
        world.reserve(7, 14)


def test_c007_the_limit_of_open_loans_holds(world: World) -> None:
    with world.db.write() as session:
        create_rule(session, world.association.id, max_open_loans=2)
    first = world.reserve(7, 5)
    world.reserve(7, 5)
    with pytest.raises(errors.TooManyOpenLoans):
        world.reserve(40, 5)
    world.loans.cancel(world.teacher, first.id)
    assert world.reserve(40, 5).state == State.PLANNED


@pytest.mark.parametrize(("start", "length"), [(5, 6), (12, 6), (3, 20), (9, 2), (8, 4)])
def test_c047_overlaps_of_every_shape_clash_on_the_only_copy(world: World, start: int, length: int) -> None:
    world.set_copy(world.copies[0], status="lost")
    world.reserve(8, 6)
    with pytest.raises(errors.NoCopyFree):
        world.reserve(start, length)


def test_c048_the_same_dates_take_the_other_copy(world: World) -> None:
    first, second = world.reserve(7, 14), world.reserve(7, 14)
    assert first.copy_id != second.copy_id


def test_c049_when_every_copy_is_taken_it_is_refused_with_the_nearest_free_dates(world: World) -> None:
    world.reserve(20, 10)
    world.reserve(20, 10)
    with pytest.raises(errors.NoCopyFree) as refusal:
        world.reserve(22, 10)
    starts = [one.starts_on - world.today for one in refusal.value.nearest]
    # Three days lie between two loans: turnaround of the first, preparation of the second.
    assert [days.days for days in starts] == [7, 33]
    assert all((one.due_on - one.starts_on).days == 9 for one in refusal.value.nearest)


def test_a_refusal_names_titles_alike_that_are_free(small_world: World) -> None:
    with small_world.db.write() as session:
        alike = create_title(session, small_world.federation, themes=["cooperation"], levels=["CE1"])
        create_copies(session, alike, small_world.depot, 1)
        other_theme = create_title(session, small_world.federation, themes=["sea"], levels=["CE1"])
        create_copies(session, other_theme, small_world.depot, 1)
        create_title(session, small_world.federation, themes=["cooperation"], levels=["CE1"])
    small_world.reserve(20, 10)
    small_world.reserve(20, 10)
    with pytest.raises(errors.NoCopyFree) as refusal:
        small_world.reserve(20, 10)
    assert refusal.value.equivalent_title_ids == (alike.id,)


def test_a_refusal_names_a_neighbours_title_only_where_the_neighbour_lends_to_the_school(world: World) -> None:
    with world.db.write() as session:
        neighbour = create_association(session, world.union, code="22")
        alike = create_title(session, world.federation, themes=["cooperation"], levels=["CE1"])
        create_copies(session, alike, create_depot(session, neighbour, weekdays=EVERY_DAY), 1)
    world.reserve(20, 10)
    world.reserve(20, 10)
    with pytest.raises(errors.NoCopyFree) as refusal:
        world.reserve(20, 10)
    assert refusal.value.equivalent_title_ids == ()
    with world.db.write() as session:
        create_rule(session, neighbour.id, borrowers="region", is_lendable=True)
    with pytest.raises(errors.NoCopyFree) as refusal:
        world.reserve(20, 10)
    assert refusal.value.equivalent_title_ids == (alike.id,)


def test_a_refusal_at_a_neighbours_depot_offers_days_there(world: World) -> None:
    with world.db.write() as session:
        neighbour = create_association(session, world.union, code="22")
        depot = create_depot(session, neighbour, weekdays=EVERY_DAY)
        create_copies(session, world.title, depot, 1)
        create_rule(session, neighbour.id, borrowers="region", is_lendable=True)
    world.reserve(20, 10, depot_id=depot.id)
    with pytest.raises(errors.NoCopyFree) as refusal:
        world.reserve(20, 10, depot_id=depot.id)
    assert {one.depot_id for one in refusal.value.nearest} == {depot.id}


def test_c050_with_the_plans_pinned_it_is_refused(world: World) -> None:
    world.reserve(10, 3, actor=world.staff, copy_id=world.copies[0].id)
    world.reserve(20, 3, actor=world.staff, copy_id=world.copies[1].id)
    with pytest.raises(errors.NoCopyFree):
        world.reserve(11, 11)


def test_c050_with_the_plans_free_the_same_wish_is_served(world: World) -> None:
    one = world.reserve(10, 3, actor=world.staff, copy_id=world.copies[0].id)
    two = world.reserve(20, 3, actor=world.staff, copy_id=world.copies[1].id)
    with world.db.write() as session:
        for booking in (one, two):
            session.get_one(Booking, booking.id).pinned = False
    assert world.reserve(11, 11).state == State.PLANNED
    assert world.booking(one.id).copy_id == world.booking(two.id).copy_id


def test_c042_adjacent_bookings_are_both_allowed(world: World) -> None:
    world.set_copy(world.copies[0], status="lost")
    with world.db.write() as session:
        create_rule(session, world.association.id, preparation_days=0, turnaround_days=0)
    first, second = world.reserve(1, 5), world.reserve(6, 4)
    assert first.copy_id == second.copy_id


def test_c055_c056_a_gap_shorter_than_turnaround_and_preparation_is_refused(world: World) -> None:
    world.set_copy(world.copies[0], status="lost")
    world.reserve(10, 5)
    for start in (15, 16, 17):
        with pytest.raises(errors.NoCopyFree):
            world.reserve(start, 5)
    assert world.reserve(18, 5).state == State.PLANNED


def test_without_a_depot_the_first_with_room_serves(small_world: World) -> None:
    with small_world.db.write() as session:
        second = create_depot(session, small_world.association, "Annexe", weekdays=(0, 1, 2, 3, 4, 5, 6))
        create_copies(session, small_world.title, second, 1)
    depots = [small_world.reserve(7, 5, depot_id=None).depot_id for _ in range(3)]
    assert depots == [small_world.depot.id, small_world.depot.id, second.id]
    with pytest.raises(errors.NoCopyFree):
        small_world.reserve(7, 5, depot_id=None)


def test_a_double_click_reserves_once(world: World) -> None:
    wish = world.wish(7, 14)
    first = world.loans.reserve(world.teacher, wish, "key-1")
    again = world.loans.reserve(world.teacher, wish, "key-1")
    assert again == first
    assert world.count_bookings() == 1
    assert len(world.notices()) == 1


def test_a_key_used_for_another_wish_is_refused(small_world: World) -> None:
    small_world.loans.reserve(small_world.teacher, small_world.wish(7, 14), "key-1")
    with pytest.raises(KeyUsedForAnotherRequest):
        small_world.loans.reserve(small_world.teacher, small_world.wish(8, 14), "key-1")


def test_c030_a_depot_that_tells_no_hours_lends_every_day(world: World) -> None:
    with world.db.write() as session:
        silent = create_depot(session, world.association, "Muet", weekdays=())
        create_copies(session, world.title, silent, 1)
    assert world.reserve(6, 1, depot_id=silent.id).state == State.PLANNED
    found = world.loans.availability(world.title.id, world.today, world.today + DAY, world.association.id)
    assert [one.hours_known for one in found.depots] == [True, False]


def test_a_planned_booking_is_cancelled_by_its_school(world: World) -> None:
    booking = world.reserve(7, 14)
    cancelled = world.loans.cancel(world.teacher, booking.id)
    assert cancelled.state == State.CANCELLED
    assert f"booking-cancelled:{booking.id}" in world.notices()


def test_a_planned_booking_is_cancelled_by_the_staff_and_by_nobody_else(small_world: World) -> None:
    booking = small_world.reserve(7, 14)
    _, stranger = small_world.school_with_teacher()
    with pytest.raises(Forbidden):
        small_world.loans.cancel(stranger, booking.id)
    assert small_world.loans.cancel(small_world.staff, booking.id).state == State.CANCELLED


def test_cancelling_frees_the_copy_for_somebody_at_risk(world: World) -> None:
    kept, lost = world.reserve(7, 14), world.reserve(7, 14)
    world.set_copy(next(c for c in world.copies if c.id == lost.copy_id), status="repair")
    assert world.booking(lost.id).copy_id is None
    world.loans.cancel(world.teacher, kept.id)
    assert world.booking(lost.id).copy_id == kept.copy_id


def test_a_wish_for_one_particular_copy_never_displaces_its_loan(small_world: World) -> None:
    loan = small_world.hand_over(small_world.reserve(0, 10))
    with pytest.raises(errors.NoCopyFree):
        small_world.reserve(5, 5, actor=small_world.staff, copy_id=loan.copy_id)
    assert small_world.booking(loan.id).copy_id == loan.copy_id
