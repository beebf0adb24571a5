"""Cases of days, time zones and borrowers: one right outcome each."""

import datetime as dt

import msgspec
import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from lending.accounts.tables import Person, RoleGrant
from lending.core.actor import Role
from lending.core.clock import local_day
from lending.core.database import Database
from lending.core.errors import Forbidden
from lending.loans import jobs
from lending.loans.rules import errors
from lending.loans.rules.calendar import OpeningCalendar
from lending.loans.rules.closing import moved_dates
from lending.loans.rules.periods import Period
from lending.loans.schemas import NewLoan, NewReservation
from lending.loans.schemas.rules import NewBlackout
from lending.loans.service.closures import Closures
from lending.loans.service.rulebook import RuleBook
from lending.network.schemas import NewClosure
from lending.network.service import Network
from lending.network.tables import Affiliation, Organisation
from tests.kit.catalog import create_copies
from tests.kit.clock import FixedClock
from tests.kit.loans import DAY, EVERY_DAY, World, create_world
from tests.kit.network import create_association, create_depot, create_person, create_school

WEEK = frozenset(range(5))


@pytest.fixture
def world(database: Database, clock: FixedClock) -> World:
    return create_world(database, clock, copies=1, preparation_days=0, turnaround_days=0)


def closures_of(world: World) -> Closures:
    return Closures(world.db, world.clock, Network(world.db, world.clock))


def summer(world: World, start: int, length: int) -> NewClosure:
    first = world.today + start * DAY
    return NewClosure(starts_on=first, ends_on=first + length * DAY, reason="Congés")


def lend(world: World, days: int) -> NewLoan:
    code = world.copies[0].code
    return NewLoan(code=code, depot_id=world.depot.id, school_id=world.school.id, due_on=world.today + days * DAY)


def test_c027_a_long_closure_calls_back_before_it_rather_than_weeks_after() -> None:
    calendar = OpeningCalendar(WEEK, (Period(dt.date(2027, 7, 10), dt.date(2027, 8, 30)),))
    loan = Period.through(dt.date(2027, 6, 21), dt.date(2027, 7, 12))
    found = moved_dates(loan, calendar, dt.date(2027, 6, 1), is_out=True)
    assert [one.due_on for one in found] == [dt.date(2027, 7, 9), dt.date(2027, 8, 30)]


def test_c027_the_preview_says_where_the_dates_would_go_before_anything_moves(world: World) -> None:
    booking = world.hand_over(world.reserve(0, 10))
    impact = closures_of(world).preview(world.staff, [world.depot.id], summer(world, 8, 40))
    assert [(hit.reservation.id, hit.new_due_on) for hit in impact.hits] == [(booking.id, world.today + 7 * DAY)]
    assert not impact.is_announced
    assert world.booking(booking.id).ends_on == booking.due_on + DAY


def test_c034_a_closure_moves_what_it_hits_keeps_what_was_agreed_and_tells_once(world: World) -> None:
    out, later = world.hand_over(world.reserve(0, 5)), world.reserve(12, 5)
    closure = summer(world, 3, 4)
    impact = closures_of(world).announce(world.staff, [world.depot.id], closure)
    row = world.booking(out.id)
    assert row.ends_on == closure.ends_on + DAY
    assert row.agreed_ends_on == out.due_on + DAY
    assert [hit.reservation.id for hit in impact.hits] == [out.id]
    assert world.booking(later.id).starts_on == later.starts_on
    ahead = Period(world.today, world.today + 30 * DAY)
    assert closures_of(world).move_from_closed_days(world.staff, [world.depot.id], ahead) == 0
    assert len(world.notices("due-moved")) == 1


def test_c034_without_room_after_the_closure_the_loan_is_called_back_before_it(world: World) -> None:
    out = world.hand_over(world.reserve(0, 5))
    closure = summer(world, 3, 4)
    world.reserve(7, 5)
    closures_of(world).announce(world.staff, [world.depot.id], closure)
    assert world.booking(out.id).ends_on == closure.starts_on


def test_c035_a_closure_that_is_taken_back_pulls_no_dates_back(world: World) -> None:
    out = world.hand_over(world.reserve(0, 5))
    closures_of(world).announce(world.staff, [world.depot.id], summer(world, 3, 4))
    moved = world.booking(out.id).ends_on
    network = Network(world.db, world.clock)
    network.reopen_depot(world.staff, world.depot.id, network.depot(world.depot.id).closures[0].id)
    jobs.grow_overdue(world.loans)
    assert world.booking(out.id).ends_on == moved


def test_c028_what_must_end_earlier_ends_on_an_open_day_before(database: Database, clock: FixedClock) -> None:
    # The next reservation begins on Monday: the loan over the counter ends on Friday, not on Sunday.
    world = create_world(database, clock, copies=1, weekdays=(0, 1, 2, 3, 4), preparation_days=0, turnaround_days=0)
    world.reserve(7, 5)
    assert world.loans.lend_now(world.staff, lend(world, 9)).due_on == world.today + 4 * DAY


def test_c028_a_loan_ends_on_the_last_open_day_of_the_affiliation(database: Database, clock: FixedClock) -> None:
    # Last year's affiliation counts until 30 November, which is a Tuesday; the desk opens on Mondays and Fridays.
    world = create_world(database, clock, copies=1, weekdays=(0, 4), preparation_days=0, turnaround_days=0)
    world.clock.instant = dt.datetime(2027, 11, 15, 9, tzinfo=dt.UTC)
    assert world.loans.lend_now(world.staff, lend(world, 25)).due_on == dt.date(2027, 11, 29)


def test_c029_an_affiliation_that_ends_today_lets_nothing_go_until_tomorrow(world: World) -> None:
    world.clock.instant = dt.datetime(2027, 11, 30, 9, tzinfo=dt.UTC)
    with pytest.raises(errors.SchoolNotAffiliated):
        world.loans.lend_now(world.staff, lend(world, 5))
    assert world.loans.lend_now(world.staff, lend(world, 0)).due_on == world.today


def test_c029_an_affiliation_that_is_over_serves_nobody_any_more(world: World) -> None:
    with world.db.write() as session:
        session.execute(delete(Affiliation).where(Affiliation.school_id == world.school.id))
        session.add(Affiliation(school_id=world.school.id, school_year=2025, affiliated_on=dt.date(2025, 9, 9)))
    with pytest.raises(errors.SchoolNotAffiliated):
        world.loans.lend_now(world.staff, lend(world, 5))


@pytest.mark.parametrize("turn", [dt.date(2027, 3, 28), dt.date(2027, 10, 31)])
def test_c036_c037_a_last_day_ends_at_local_midnight_whatever_the_clocks_do(world: World, turn: dt.date) -> None:
    # 21:30 in UTC is the evening of the day in Paris, before and after both changes of the clocks.
    evening = dt.datetime.combine(turn, dt.time(21, 30), dt.UTC)
    after = evening + dt.timedelta(hours=2)
    world.clock.instant = dt.datetime.combine(turn - 3 * DAY, dt.time(9), dt.UTC)
    booking = world.hand_over(world.reserve(0, 4))
    assert booking.due_on == turn
    days_late = []
    for instant in (evening, after):
        world.clock.instant = instant
        days_late.append(world.loans.reservation(world.staff, booking.id).reservation.days_late)
    assert days_late == [0, 1]
    assert local_day(dt.datetime.combine(turn, dt.time(1, 30), dt.UTC), "Europe/Paris") == turn


@pytest.mark.parametrize("typed", ["2027-05-12T00:00:00Z", "2027-05-12T23:00:00-10:00"])
def test_c038_a_day_is_a_day_and_an_instant_in_its_place_is_refused(typed: str) -> None:
    wish = {"title_id": 1, "school_id": 1, "starts_on": "2027-05-12", "due_on": "2027-05-19"}
    assert msgspec.convert(wish, NewReservation).starts_on == dt.date(2027, 5, 12)
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(wish | {"starts_on": typed}, NewReservation)


@pytest.mark.parametrize(("zone", "hours", "days_late"), [("Indian/Reunion", 20, 1), ("America/Martinique", 23, 0)])
def test_c039_overseas_the_day_is_that_of_the_depot(world: World, zone: str, hours: int, days_late: int) -> None:
    # At 20 h UTC it is still 12 May in Paris and 13 May in Réunion; at 23 h it is 13 May in Paris, 12 in Martinique.
    world.clock.instant = dt.datetime(2027, 5, 10, 14, tzinfo=dt.UTC)
    with world.db.write() as session:
        there = create_association(session, world.union, code="974", time_zone=zone)
        depot, school = create_depot(session, there, weekdays=EVERY_DAY), create_school(session, there)
        create_person(session, Role.TEACHER, school)
        staff = create_person(session, Role.STAFF, there)
        copy = create_copies(session, world.title, depot, 1)[0]
    due_on = dt.date(2027, 5, 12)
    loan = world.loans.lend_now(staff, NewLoan(code=copy.code, depot_id=depot.id, school_id=school.id, due_on=due_on))
    world.clock.instant = dt.datetime(2027, 5, 12, hours, tzinfo=dt.UTC)
    assert world.loans.reservation(staff, loan.id).reservation.days_late == days_late
    assert jobs.announce_overdue(world.loans) == days_late


def test_c045_loans_count_days_so_that_no_hour_crosses_a_closing_time(world: World) -> None:
    # Only days are lent: the last one is open, and the copy may come back until the desk closes on it.
    booking = world.loans.lend_now(world.staff, lend(world, 1))
    assert booking.due_on == world.today + DAY
    world.clock.advance(days=1, hours=12)
    assert world.loans.reservation(world.staff, booking.id).reservation.days_late == 0


def test_c060_no_date_alone_says_that_something_is_ready(world: World) -> None:
    booking = world.reserve(2, 5)
    for _ in range(3):
        jobs.grow_overdue(world.loans)
        jobs.announce_due_soon(world.loans)
        world.clock.advance(days=1)
    assert world.notices() == [f"booking-confirmed:{booking.id}"]


def test_c071_a_depot_without_its_copies_keeps_the_booking_for_a_person_to_see(world: World) -> None:
    booking = world.reserve(5, 5)
    with world.db.write() as session:
        elsewhere = create_depot(session, world.association, "Ailleurs")
    world.set_copy(world.copies[0], depot_id=elsewhere.id)
    shown = world.loans.reservation(world.staff, booking.id).reservation
    assert (shown.state, shown.is_at_risk) == ("planned", True)
    assert [one.id for one in world.loans.loans(world.staff, world.association.id, "at_risk").items] == [booking.id]


def test_c104_what_blocked_until_yesterday_blocks_nothing_today(world: World) -> None:
    quiet = NewBlackout(starts_on=world.today - 9 * DAY, until_on=world.today - DAY, reason="Inventaire")
    RuleBook(world.db, world.clock).add_blackout(world.staff, world.association.id, quiet)
    assert world.reserve(0, 5).state == "planned"


def test_c105_whoever_borrows_for_a_school_must_still_belong_to_it(world: World) -> None:
    _, stranger = world.school_with_teacher()
    with pytest.raises(errors.NotATeacherThere):
        world.reserve(0, 5, world.staff, person_id=stranger.person_id)
    with pytest.raises(Forbidden):
        world.reserve(0, 5, stranger)
    with world.db.write() as session:
        session.execute(delete(RoleGrant).where(RoleGrant.person_id == world.teacher.person_id))
    with pytest.raises(errors.NotATeacherThere):
        world.reserve(0, 5, world.staff, person_id=world.teacher.person_id)


def test_c106_a_borrower_whom_no_rule_serves_is_refused_and_told_by_whom(world: World) -> None:
    with world.db.write() as session:
        far = create_association(session, world.union, code="22")
        school = create_school(session, far)
        teacher = create_person(session, Role.TEACHER, school)
    with pytest.raises(errors.SchoolOfAnotherAssociation) as refused:
        world.reserve(0, 5, teacher, school_id=school.id)
    assert refused.value.association_name == world.association.name


@pytest.mark.parametrize("table", [Person, Organisation])
def test_c107_neither_a_person_nor_a_school_with_loans_can_vanish(world: World, table: type) -> None:
    booking = world.hand_over(world.reserve(0, 5))
    gone = booking.person_id if table is Person else booking.school_id
    with world.db.write() as session:
        session.execute(delete(RoleGrant))
    with pytest.raises(IntegrityError), world.db.write() as session:
        session.execute(delete(table).where(table.id == gone))
    with world.db.read() as session:
        assert session.scalar(select(table.id).where(table.id == gone)) == gone
