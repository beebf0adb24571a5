"""Extensions, other days, another copy, recalls, lapses, and a year later."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lending.catalog.errors import VersionChanged
from lending.core.database import Database
from lending.core.errors import Forbidden
from lending.loans import jobs
from lending.loans.rules import errors
from lending.loans.rules.calendar import OpeningCalendar
from lending.loans.rules.changes import (
    NotOut,
    RenewalRefused,
    a_year_later,
    lapses_on,
    recalled_due_on,
    shorter_renewals,
)
from lending.loans.rules.desk_errors import BookingNotCollectable, CopyPromised
from lending.loans.rules.incidents import AGED_DAYS
from lending.loans.rules.loan_rules import LoanRule
from lending.loans.rules.periods import Period
from lending.loans.schemas.changes import NewDates, RenewalWish
from lending.loans.service.changes import Changes
from lending.loans.service.incidents import Incidents
from lending.loans.tables import Wish
from lending.network.service.school_calendars import SchoolCalendars
from tests.kit.clock import FixedClock
from tests.kit.loans import DAY, World, create_world
from tests.kit.network import create_closure

USUAL = RenewalWish()


@pytest.fixture
def world(database: Database, clock: FixedClock) -> World:
    terms = {"renewals": 1, "renewal_days": 7, "preparation_days": 0, "turnaround_days": 0, "recall_days": 3}
    return create_world(database, clock, copies=1, **terms)


@pytest.fixture
def changes(world: World) -> Changes:
    return Changes(world.db, world.clock)


def until(world: World, days: int) -> RenewalWish:
    return RenewalWish(due_on=world.today + days * DAY)


def dates(world: World, booking_id: int, start: int, length: int) -> NewDates:
    first = world.today + start * DAY
    version = world.booking(booking_id).version
    return NewDates(starts_on=first, due_on=first + (length - 1) * DAY, version=version)


def wait_for(world: World, start: int, length: int) -> None:
    school, _ = world.school_with_teacher()
    first = world.today + start * DAY
    with world.db.write() as session:
        session.add(
            Wish(
                reference="WISH-0001",
                title_id=world.title.id,
                association_id=world.association.id,
                school_id=school.id,
                starts_on=first,
                ends_on=first + length * DAY,
                length_days=length - 2,
                state="waiting",
                rank=1,
                created_at=world.clock.now(),
            )
        )


def test_a_teacher_keeps_a_loan_as_long_as_is_usual_and_is_told(world: World, changes: Changes) -> None:
    booking = world.hand_over(world.reserve(0, 5))
    renewed = changes.renew(world.teacher, booking.id, USUAL)
    assert renewed.due_on == booking.due_on + 7 * DAY
    assert (renewed.renewals, renewed.agreed_due_on) == (1, booking.due_on)
    assert world.notices("renewed") == [f"renewed:{booking.id}:1"]


@pytest.mark.parametrize("days", [-1, 0])
def test_c043_an_extension_that_extends_nothing_is_refused(world: World, changes: Changes, days: int) -> None:
    booking = world.hand_over(world.reserve(0, 5))
    with pytest.raises(RenewalRefused) as refused:
        changes.renew(world.teacher, booking.id, until(world, 4 + days))
    assert refused.value.reasons == ("not-later",)
    assert world.booking(booking.id).ends_on == booking.due_on + DAY


def test_c044_unused_days_are_kept_and_a_late_loan_is_extended_from_today(world: World, changes: Changes) -> None:
    early, late = world.hand_over(world.reserve(0, 5)), 9
    assert changes.renewal_offer(world.teacher, early.id).usual_due_on == early.due_on + 7 * DAY
    world.clock.advance(days=late)
    assert changes.renewal_offer(world.teacher, early.id).usual_due_on == world.today + 7 * DAY


def test_c089_what_is_promised_is_not_taken_and_the_longest_extension_is_offered(
    world: World, changes: Changes
) -> None:
    booking = world.hand_over(world.reserve(0, 5))
    _, other = world.school_with_teacher()
    world.reserve(8, 5, other, school_id=other.grants[0].organisation_id)
    with pytest.raises(RenewalRefused) as refused:
        changes.renew(world.teacher, booking.id, USUAL)
    assert refused.value.reasons == ("promised",)
    assert refused.value.longest_due_on == world.today + 7 * DAY
    assert changes.renew(world.teacher, booking.id, until(world, 7)).due_on == world.today + 7 * DAY


def test_c089_nor_is_it_taken_from_who_waits(world: World, changes: Changes) -> None:
    booking = world.hand_over(world.reserve(0, 5))
    wait_for(world, 2, 7)
    with pytest.raises(RenewalRefused) as refused:
        changes.renew(world.teacher, booking.id, USUAL)
    assert refused.value.reasons == ("awaited",)


def test_c090_a_booking_on_another_copy_does_not_block_while_there_is_room(
    database: Database, clock: FixedClock
) -> None:
    world = create_world(database, clock, copies=2, renewal_days=7, preparation_days=0, turnaround_days=0)
    booking = world.hand_over(world.reserve(0, 5))
    world.reserve(6, 5)
    assert Changes(world.db, clock).renew(world.teacher, booking.id, USUAL).due_on == booking.due_on + 7 * DAY


def test_c091_c092_every_reason_is_named_at_once(world: World, changes: Changes) -> None:
    booking = world.hand_over(world.reserve(0, 10))
    changes.renew(world.teacher, booking.id, USUAL)
    changes.recall(world.staff, booking.id)
    with world.db.write() as session:
        row = session.get_one(type(world.booking(booking.id)), booking.id)
        row.claimed_at = world.clock.now()
    with pytest.raises(RenewalRefused) as refused:
        changes.renew(world.teacher, booking.id, until(world, 40))
    assert set(refused.value.reasons) == {"recalled", "claimed", "none-left", "too-long"}
    assert refused.value.longest_due_on is None


def test_c091_what_is_lost_or_thought_lost_is_not_extended(world: World, changes: Changes) -> None:
    booking, incidents = world.hand_over(world.reserve(0, 5)), Incidents(world.db, world.clock)
    world.clock.advance(days=5 + AGED_DAYS)
    assert incidents.age_overdue() == 1
    for wish in (USUAL, RenewalWish(due_on=world.today + 5 * DAY, reason="Parce que")):
        with pytest.raises(RenewalRefused) as refused:
            changes.renew(world.staff, booking.id, wish)
        assert refused.value.reasons == ("thought-lost",)
    incidents.declare_lost(world.staff, booking.id)
    with pytest.raises(NotOut):
        changes.renew(world.staff, booking.id, USUAL)


def test_c103_a_school_that_is_no_longer_affiliated_extends_nothing(world: World, changes: Changes) -> None:
    booking = world.hand_over(world.reserve(0, 5))
    world.clock.advance(days=400)
    with pytest.raises(RenewalRefused) as refused:
        changes.renew(world.staff, booking.id, RenewalWish(due_on=world.today + DAY, reason="Parce que"))
    assert "not-affiliated" in refused.value.reasons


def test_c058_a_loan_lasts_as_long_as_its_longest_and_its_extensions_allow(
    database: Database, clock: FixedClock
) -> None:
    world = create_world(database, clock, copies=1, max_loan_days=10, renewals=2, renewal_days=7)
    with pytest.raises(errors.TooLong):
        world.reserve(0, 11)
    changes, booking = Changes(world.db, clock), world.hand_over(world.reserve(0, 10))
    for _ in range(2):
        changes.renew(world.teacher, booking.id, USUAL)
    assert world.booking(booking.id).ends_on - world.booking(booking.id).starts_on == (10 + 2 * 7) * DAY
    with pytest.raises(RenewalRefused) as refused:
        changes.renew(world.teacher, booking.id, USUAL)
    assert refused.value.reasons == ("none-left",)


def test_c108_staff_set_a_rule_aside_with_a_reason_that_is_written_down(world: World, changes: Changes) -> None:
    booking = world.hand_over(world.reserve(0, 5))
    changes.renew(world.teacher, booking.id, USUAL)
    wish = RenewalWish(due_on=world.today + 30 * DAY, reason="Projet de fin d’année")
    with pytest.raises(Forbidden):
        changes.renew(world.teacher, booking.id, wish)
    assert changes.renew(world.staff, booking.id, wish).due_on == world.today + 30 * DAY
    told = [(one.act, one.note) for one in changes.history(world.staff, booking.id)]
    assert ("overridden", "Projet de fin d’année") in told


def test_c108_no_reason_takes_what_is_promised_or_makes_a_date_valid(world: World, changes: Changes) -> None:
    booking = world.hand_over(world.reserve(0, 5))
    world.reserve(8, 5)
    with pytest.raises(RenewalRefused) as promised:
        changes.renew(world.staff, booking.id, RenewalWish(due_on=world.today + 11 * DAY, reason="Parce que"))
    assert promised.value.reasons == ("promised",)
    with pytest.raises(RenewalRefused) as past:
        changes.renew(world.staff, booking.id, RenewalWish(due_on=world.today - DAY, reason="Parce que"))
    assert past.value.reasons == ("not-later",)


def test_only_what_is_out_is_extended_or_called_back(world: World, changes: Changes) -> None:
    booking = world.reserve(2, 5)
    with pytest.raises(NotOut):
        changes.renew(world.teacher, booking.id, USUAL)
    with pytest.raises(NotOut):
        changes.recall(world.staff, booking.id)


def test_a_stranger_extends_nothing(world: World, changes: Changes) -> None:
    booking = world.hand_over(world.reserve(0, 5))
    _, stranger = world.school_with_teacher()
    with pytest.raises(Forbidden):
        changes.renew(stranger, booking.id, USUAL)


def test_a_loan_is_kept_over_the_holidays_until_the_depot_opens_in_the_next_period(
    database: Database, clock: FixedClock
) -> None:
    world = create_world(database, clock, copies=1, weekdays=(2,), max_loan_days=80)
    SchoolCalendars(world.db, clock).load_published()
    booking = world.hand_over(world.reserve(2, 29))
    kept = Changes(world.db, clock).renew(world.teacher, booking.id, RenewalWish(over_holidays=True))
    # Zone B: holidays from 20 February, school again on Monday 8 March; the desk opens on Wednesday.
    assert kept.due_on == dt.date(2027, 3, 10)


def test_c053_other_days_may_overlap_those_that_are_given_up(world: World, changes: Changes) -> None:
    booking = world.reserve(2, 5)
    moved = changes.change_dates(world.teacher, booking.id, dates(world, booking.id, 4, 5))
    assert (moved.starts_on, moved.due_on) == (world.today + 4 * DAY, world.today + 8 * DAY)
    assert moved.reference == booking.reference
    assert world.notices("changed") == [f"changed:{booking.id}:{moved.version}"]


def test_other_days_that_are_taken_are_refused_with_what_is_free_and_nothing_changes(
    world: World, changes: Changes
) -> None:
    booking = world.reserve(2, 5)
    world.reserve(10, 5)
    with pytest.raises(errors.NoCopyFree) as refused:
        changes.change_dates(world.teacher, booking.id, dates(world, booking.id, 9, 5))
    assert refused.value.nearest
    row = world.booking(booking.id)
    assert (row.starts_on, row.copy_id) == (booking.starts_on, booking.copy_id)


def test_two_people_changing_dates_the_second_is_told(world: World, changes: Changes) -> None:
    booking = world.reserve(2, 5)
    wanted = dates(world, booking.id, 4, 5)
    changes.change_dates(world.teacher, booking.id, wanted)
    with pytest.raises(VersionChanged):
        changes.change_dates(world.staff, booking.id, wanted)


def test_what_was_collected_gets_no_other_days(world: World, changes: Changes) -> None:
    booking = world.hand_over(world.reserve(0, 5))
    with pytest.raises(BookingNotCollectable):
        changes.change_dates(world.teacher, booking.id, dates(world, booking.id, 4, 5))


def test_staff_choose_the_copy_and_the_plans_swap(database: Database, clock: FixedClock) -> None:
    world = create_world(database, clock, copies=2)
    one, two = world.reserve(2, 5), world.reserve(2, 5)
    swapped = Changes(world.db, clock).change_copy(world.staff, one.id, two.copy_id or 0)
    assert (swapped.copy_id, swapped.is_pinned) == (two.copy_id, True)
    assert world.booking(two.id).copy_id == one.copy_id
    with pytest.raises(CopyPromised):
        Changes(world.db, clock).change_copy(world.staff, two.id, two.copy_id or 0)


def test_c093_a_recall_keeps_some_days_to_the_borrower_and_is_told_once(world: World, changes: Changes) -> None:
    booking = world.hand_over(world.reserve(0, 20))
    recalled = changes.recall(world.staff, booking.id, "Une classe attend")
    assert (recalled.due_on, recalled.agreed_due_on) == (world.today + 3 * DAY, booking.due_on)
    world.clock.advance(days=1)
    assert changes.recall(world.staff, booking.id).due_on == recalled.due_on
    assert world.notices("recalled") == [f"recalled:{booking.id}"]


def test_c093_a_recall_never_lengthens_and_is_told_all_the_same(world: World, changes: Changes) -> None:
    booking = world.hand_over(world.reserve(0, 2))
    assert changes.recall(world.staff, booking.id).due_on == booking.due_on
    assert world.notices("recalled") == [f"recalled:{booking.id}"]


def test_what_is_called_back_serves_who_had_no_copy(database: Database, clock: FixedClock) -> None:
    terms = {"preparation_days": 0, "turnaround_days": 0, "recall_days": 3}
    world = create_world(database, clock, copies=2, **terms)
    out, later = world.hand_over(world.reserve(0, 20)), world.reserve(10, 5)
    spare = next(copy for copy in world.copies if copy.id == world.booking(later.id).copy_id)
    world.set_copy(spare, status="withdrawn")
    assert world.booking(later.id).copy_id is None
    Changes(world.db, clock).recall(world.staff, out.id)
    assert world.booking(later.id).copy_id == out.copy_id


def test_c066_c067_an_uncollected_reservation_lapses_after_open_days_only(
    database: Database, clock: FixedClock
) -> None:
    world = create_world(database, clock, copies=1, weekdays=(0, 2), lapse_days=2)
    booking = world.reserve(2, 15)
    with world.db.write() as session:
        create_closure(session, world.depot, world.today + 7 * DAY, world.today + 8 * DAY)
    # Open on Wednesday; closed on the next Monday; open on the Wednesday after.
    lapsed = []
    for _ in range(11):
        jobs.grow_overdue(world.loans)
        lapsed.append(world.booking(booking.id).state)
        world.clock.advance(days=1)
    assert lapsed == ["planned"] * 10 + ["cancelled"]
    row = world.booking(booking.id)
    assert row.cancelled_because == "lapsed"


def test_c094_the_night_may_run_twice(world: World) -> None:
    world.hand_over(world.reserve(0, 3))
    world.clock.advance(days=9)
    for _ in range(2):
        jobs.grow_overdue(world.loans)
        jobs.announce_overdue(world.loans)
    assert len(world.notices("overdue")) == 1


def test_last_years_loan_is_proposed_again_on_the_same_weekdays(world: World, changes: Changes) -> None:
    booking = world.hand_over(world.reserve(0, 5))
    again = changes.repetition(world.teacher, booking.id)
    assert (again.starts_on, again.due_on) == (booking.starts_on + 364 * DAY, booking.due_on + 364 * DAY)
    assert again.is_free


@given(st.dates(dt.date(2027, 1, 1), dt.date(2027, 6, 1)), st.integers(1, 60), st.sets(st.integers(0, 6), min_size=1))
def test_changed_days_stay_open_days_and_in_order(first: dt.date, length: int, weekdays: set[int]) -> None:
    calendar, rule = OpeningCalendar(frozenset(weekdays)), LoanRule()
    loan = Period(first, first + length * DAY)
    assert recalled_due_on(loan, rule, calendar, first) <= loan.due_on
    days = list(shorter_renewals(loan, loan.due_on + 20 * DAY, calendar, first))
    assert days == sorted(days, reverse=True)
    assert all(calendar.is_open(day) and day > loan.due_on for day in days)
    lapsed = lapses_on(first, rule, calendar)
    assert calendar.count_open_days(Period(first, lapsed)) == rule.lapse_days
    later = a_year_later(loan, calendar, first)
    assert later is not None
    assert calendar.is_open(later.starts_on)
    assert calendar.is_open(later.due_on)
