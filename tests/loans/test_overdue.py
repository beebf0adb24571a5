"""What time alone does: late loans, reminders, reservations that nobody collects."""

import pytest
from sqlalchemy import event, select, text

from lending.core.actor import Role
from lending.loans import jobs
from lending.loans.queries.pools import IS_OPEN
from lending.loans.rules.errors import PeriodInPast
from lending.loans.rules.states import State
from lending.loans.tables import Booking
from tests.kit.catalog import create_copies, create_title
from tests.kit.loans import DAY, World, create_rule
from tests.kit.network import (
    create_association,
    create_closure,
    create_depot,
    create_person,
    create_school,
)


def test_c040_on_the_last_day_nothing_grows(world: World) -> None:
    booking = world.hand_over(world.reserve(0, 5))
    before = world.booking(booking.id).blocked_ends_on
    world.clock.advance(days=4)
    jobs.grow_overdue(world.loans)
    assert world.booking(booking.id).blocked_ends_on == before


def test_a_late_loan_keeps_its_copy_as_long_as_it_is_out(world: World) -> None:
    booking = world.hand_over(world.reserve(0, 5))
    world.clock.advance(days=10)
    jobs.grow_overdue(world.loans)
    # Back today at the earliest, then two days of turnaround.
    assert world.booking(booking.id).blocked_ends_on == world.today + 3 * DAY


def test_c061_the_plan_behind_a_late_loan_moves_to_a_sibling_copy(world: World) -> None:
    late = world.hand_over(world.reserve(0, 5))
    behind = world.reserve(9, 5, actor=world.staff, copy_id=late.copy_id)
    world.clock.advance(days=8)
    jobs.grow_overdue(world.loans)
    assert world.booking(behind.id).copy_id not in (None, late.copy_id)
    assert world.notices("at-risk") == []


def test_c061_without_a_sibling_it_is_at_risk_and_the_teacher_is_told_once(world: World) -> None:
    world.set_copy(world.copies[1], status="lost")
    world.hand_over(world.reserve(0, 5))
    behind = world.reserve(10, 5)
    world.clock.advance(days=8)
    for _ in range(2):
        jobs.grow_overdue(world.loans)
    assert world.booking(behind.id).copy_id is None
    assert world.notices("at-risk") == [f"at-risk:{behind.id}:{behind.starts_on}"]
    shown = world.loans.reservation(world.teacher, behind.id)
    assert shown.reservation.is_at_risk
    assert shown.nearest, "other dates are offered"


def test_a_return_serves_who_was_at_risk(small_world: World) -> None:
    small_world.set_copy(small_world.copies[1], status="lost")
    late = small_world.hand_over(small_world.reserve(0, 5))
    behind = small_world.reserve(10, 5)
    small_world.clock.advance(days=8)
    jobs.grow_overdue(small_world.loans)
    small_world.loans.check_in(small_world.staff, small_world.depot.id, late.copy_code or "")
    assert small_world.booking(behind.id).copy_id == late.copy_id


def test_a_reservation_made_before_the_nightly_job_sees_the_late_loan_all_the_same(small_world: World) -> None:
    small_world.set_copy(small_world.copies[1], status="lost")
    small_world.hand_over(small_world.reserve(0, 5))
    small_world.clock.advance(days=8)
    days = small_world.loans.availability(small_world.title.id, small_world.today, small_world.today + 4 * DAY)
    assert [day.free for day in days.depots[0].days] == [0, 0, 0, 1, 1]
    booking = small_world.reserve(4, 3)
    assert small_world.booking(booking.id).blocked_starts_on == small_world.today + 3 * DAY


def test_turnaround_counts_open_days(small_world: World) -> None:
    with small_world.db.write() as session:
        first = small_world.today + 5 * DAY
        create_closure(session, small_world.depot, first, first + 3 * DAY)
    booking = small_world.reserve(0, 5)
    assert small_world.booking(booking.id).blocked_ends_on == small_world.today + 10 * DAY


def test_overseas_the_local_day_decides(small_world: World) -> None:
    with small_world.db.write() as session:
        island = create_association(session, small_world.union, code="988", time_zone="Pacific/Noumea")
        depot = create_depot(session, island, weekdays=(0, 1, 2, 3, 4, 5, 6))
        school = create_school(session, island)
        title = create_title(session, small_world.federation)
        create_copies(session, title, depot, 1)
    # It is already tomorrow in Nouméa when it is 20:00 in Greenwich.
    small_world.clock.advance(hours=12)
    with small_world.db.write() as session:
        admin = create_person(session, Role.ADMIN, small_world.federation)
    wish = small_world.wish(0, 1, title_id=title.id, school_id=school.id, depot_id=depot.id)
    with pytest.raises(PeriodInPast):
        small_world.loans.reserve(admin, wish)


def test_the_reminder_is_announced_once_and_in_time(world: World) -> None:
    booking = world.hand_over(world.reserve(0, 20))
    assert jobs.announce_due_soon(world.loans) == 0
    world.clock.advance(days=12)
    assert [jobs.announce_due_soon(world.loans) for _ in range(2)] == [1, 0]
    assert world.notices("due-soon") == [f"due-soon:{booking.id}:{booking.due_on}"]


def test_c117_after_days_without_a_job_a_reminder_that_is_too_late_is_left_out(world: World) -> None:
    world.hand_over(world.reserve(0, 20))
    world.clock.advance(days=20)
    assert jobs.announce_due_soon(world.loans) == 0


def test_the_association_decides_when_to_remind(small_world: World) -> None:
    with small_world.db.write() as session:
        create_rule(session, small_world.association.id, reminder_days=2)
    small_world.hand_over(small_world.reserve(0, 20))
    small_world.clock.advance(days=16)
    assert jobs.announce_due_soon(small_world.loans) == 0
    small_world.clock.advance(days=1)
    assert jobs.announce_due_soon(small_world.loans) == 1


def test_c116_c117_lateness_is_told_step_by_step_each_once(world: World) -> None:
    booking = world.hand_over(world.reserve(0, 5))
    announced = []
    for _ in range(30):
        world.clock.advance(days=1)
        announced.append(jobs.announce_overdue(world.loans) + jobs.announce_overdue(world.loans))
    assert [day for day, told in enumerate(announced, start=1) if told] == [5, 11, 18]
    assert [key.rsplit(":", 1)[1] for key in world.notices("overdue")] == ["1", "2", "3"]
    assert all(f":{booking.id}:{booking.due_on}:" in key for key in world.notices("overdue"))


def test_c117_after_weeks_without_a_job_one_notice_goes_out_and_not_three(world: World) -> None:
    world.hand_over(world.reserve(0, 5))
    world.clock.advance(days=40)
    assert jobs.announce_overdue(world.loans) == 1


def test_what_came_back_is_not_reminded_of(small_world: World) -> None:
    booking = small_world.hand_over(small_world.reserve(0, 5))
    small_world.loans.check_in(small_world.staff, small_world.depot.id, booking.copy_code or "")
    small_world.clock.advance(days=10)
    assert jobs.announce_overdue(small_world.loans) == 0


def test_c066_a_reservation_that_nobody_collected_lapses_after_its_last_day(world: World) -> None:
    booking = world.reserve(0, 5)
    world.clock.advance(days=4)
    jobs.grow_overdue(world.loans)
    assert world.booking(booking.id).state == State.PLANNED
    world.clock.advance(days=1)
    jobs.grow_overdue(world.loans)
    assert world.booking(booking.id).state == State.CANCELLED


def test_c075_a_copy_changed_behind_the_back_of_loans_is_found_by_the_job(world: World) -> None:
    booking = world.reserve(5, 5)
    with world.db.write() as session:
        session.execute(text("update copy set status = 'lost' where id = :id"), {"id": booking.copy_id})
    jobs.grow_overdue(world.loans)
    assert world.booking(booking.id).copy_id not in (None, booking.copy_id)


def test_c075_damage_re_checks_the_reservations_in_date_order(world: World) -> None:
    copy, spare = world.copies
    nearest = world.reserve(5, 5, actor=world.staff, copy_id=copy.id)
    later = world.reserve(20, 5, actor=world.staff, copy_id=copy.id)
    world.reserve(18, 5, actor=world.staff, copy_id=spare.id)
    world.set_copy(copy, status="repair")
    assert world.booking(nearest.id).copy_id == spare.id
    assert world.booking(later.id).copy_id is None
    assert world.notices("at-risk") == [f"at-risk:{later.id}:{later.starts_on}"]


def test_a_new_copy_serves_who_was_at_risk(world: World) -> None:
    bookings = [world.reserve(5, 5), world.reserve(5, 5)]
    world.set_copy(world.copies[0], status="lost")
    assert [world.booking(one.id).copy_id is None for one in bookings].count(True) == 1
    with world.db.write() as session:
        create_copies(session, world.title, world.depot, 1)
        world.loans.replan_title(session, world.title.id, world.clock.now())
    assert all(world.booking(one.id).copy_id is not None for one in bookings)


def test_the_open_states_reach_the_database_as_literals(small_world: World) -> None:
    seen: list[str] = []
    event.listen(small_world.db.engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    with small_world.db.read() as session:
        session.scalars(select(Booking).where(Booking.title_id == 1, IS_OPEN)).all()
        plan = session.connection().exec_driver_sql(f"explain query plan {seen[-1]}", (1,)).all()
    assert "ix_booking_title_open" in str(plan)


def test_c073_one_copy_back_serves_the_nearest_start_then_the_first_request(world: World) -> None:
    later, first, second = world.reserve(16, 5), world.reserve(6, 5), world.reserve(6, 5)
    for copy in world.copies:
        world.set_copy(copy, status="repair")
    assert [world.booking(one.id).copy_id for one in (later, first, second)] == [None, None, None]
    with world.db.write() as session:
        session.get_one(Booking, later.id).starts_on -= 8 * DAY
        session.get_one(Booking, later.id).blocked_starts_on -= 8 * DAY
    world.set_copy(world.copies[1], status="lendable")
    assert [world.booking(one.id).copy_id for one in (first, second, later)] == [world.copies[1].id, None, None]
