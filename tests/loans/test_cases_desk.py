"""Cases of the desk that ask for a word of whoever stands there."""

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select

from lending.catalog.errors import TitleCodeScanned
from lending.catalog.tables import ContentsCheck
from lending.core.database import Database
from lending.loans.rules import desk_errors
from lending.loans.rules import incidents as errors
from lending.loans.rules.states import State
from lending.loans.schemas import DeskDecision, DeskScan, FoundLine, NewLoan, ScanResult
from lending.loans.service.incidents import Incidents
from lending.loans.tables import BookingEvent
from tests.kit.clock import FixedClock
from tests.kit.loans import DAY, World, create_world


@pytest.fixture
def trunk(database: Database, clock: FixedClock) -> World:
    return create_world(database, clock, copies=1, with_contents=True)


def decide(world: World, action: str, **words: Any) -> ScanResult:
    decision = DeskDecision(action=action, **words)
    scan = DeskScan(code=world.copies[0].code, depot_id=world.depot.id, decision=decision)
    return world.loans.desk(world.staff, scan)


def test_c009_a_withdrawn_copy_is_never_silently_shelved(trunk: World) -> None:
    booking = trunk.hand_over(trunk.reserve(0, 7))
    trunk.set_copy(trunk.copies[0], status="withdrawn")
    with pytest.raises(errors.WithdrawnCopyReturned):
        decide(trunk, "take_back")
    assert trunk.booking(booking.id).state == State.OUT
    decide(trunk, "take_back", accept_withdrawn=True)
    assert trunk.booking(booking.id).state == State.DONE
    assert trunk.copy_status(trunk.copies[0]) == "withdrawn"


def test_c010_a_copy_that_the_school_has_already_leads_to_its_loan(world: World) -> None:
    out = world.hand_over(world.reserve(0, 7))
    copy = next(one for one in world.copies if one.id == out.copy_id)
    again = world.reserve(0, 7)
    with pytest.raises(errors.AlreadyLentToThisSchool) as refusal:
        world.loans.check_out(world.staff, world.depot.id, copy.code, again.id)
    assert (refusal.value.booking_id, refusal.value.reference) == (out.id, out.reference)
    assert "prolongez" in str(refusal.value)
    assert world.booking(again.id).state == State.PLANNED


def test_c010_over_the_counter_too(world: World) -> None:
    out = world.hand_over(world.reserve(0, 7))
    wanted = NewLoan(
        code=out.copy_code or "",
        depot_id=world.depot.id,
        school_id=world.school.id,
        due_on=world.today + 3 * DAY,
    )
    with pytest.raises(errors.AlreadyLentToThisSchool):
        world.loans.lend_now(world.staff, wanted)


def test_c011_a_copy_that_somebody_else_has_names_its_holder_and_nothing_else(world: World) -> None:
    out = world.hand_over(world.reserve(0, 7))
    copy = next(one for one in world.copies if one.id == out.copy_id)
    school, teacher = world.school_with_teacher()
    other = world.reserve(0, 7, teacher, school_id=school.id)
    with pytest.raises(desk_errors.CopyAlreadyOut) as refusal:
        world.loans.check_out(world.staff, world.depot.id, copy.code, other.id)
    assert refusal.value.slug == "copy-already-out"
    assert (refusal.value.school_name, refusal.value.due_on) == (world.school.name, out.due_on)


def test_c020_a_return_dated_back_counts_from_that_day_and_the_record_keeps_the_clock(trunk: World) -> None:
    booking = trunk.hand_over(trunk.reserve(0, 7))
    trunk.clock.advance(days=10)
    came_on = booking.due_on + DAY
    result = decide(trunk, "take_back", returned_on=came_on)
    assert result.booking is not None
    assert result.booking.days_late == 1
    returned_at = trunk.booking(booking.id).returned_at
    assert returned_at is not None
    assert returned_at.date() == came_on
    with trunk.db.read() as session:
        event = session.scalars(select(BookingEvent).where(BookingEvent.act == "returned")).one()
        check = session.scalars(select(ContentsCheck)).one()
    assert event.happened_at == check.checked_at == trunk.clock.now()


def test_c020_without_a_day_a_late_return_is_late_until_today(trunk: World) -> None:
    trunk.hand_over(trunk.reserve(0, 7))
    trunk.clock.advance(days=10)
    result = decide(trunk, "take_back")
    assert result.booking is not None
    assert result.booking.days_late == 4


@pytest.mark.parametrize(("days", "reason"), [(-1, errors.ReturnedBeforeLent), (6, errors.ReturnedInFuture)])
def test_c021_a_return_before_the_loan_or_after_today_is_refused(
    trunk: World, days: int, reason: type[Exception]
) -> None:
    first = trunk.today
    booking = trunk.hand_over(trunk.reserve(0, 7))
    trunk.clock.advance(days=5)
    with pytest.raises(reason):
        decide(trunk, "take_back", returned_on=first + days * DAY)
    assert trunk.booking(booking.id).state == State.OUT


def test_c021_on_the_day_of_the_hand_over_it_came_back_after_it_left(trunk: World) -> None:
    trunk.clock.advance(hours=8)
    first, booking = trunk.today, trunk.hand_over(trunk.reserve(0, 7))
    trunk.clock.advance(days=5)
    decide(trunk, "take_back", returned_on=first)
    row = trunk.booking(booking.id)
    assert row.returned_at is not None
    assert row.checked_out_at is not None
    assert dt.timedelta() <= row.returned_at - row.checked_out_at < DAY


def test_c022_a_copy_thought_lost_leaves_once_somebody_says_that_it_is_in_hand(trunk: World) -> None:
    first = trunk.hand_over(trunk.reserve(0, 7))
    Incidents(trunk.db, trunk.clock).declare_lost(trunk.staff, first.id)
    wanted = NewLoan(
        code=trunk.copies[0].code,
        depot_id=trunk.depot.id,
        school_id=trunk.school.id,
        due_on=trunk.today + 3 * DAY,
    )
    with pytest.raises(errors.CopyWasLost):
        trunk.loans.lend_now(trunk.staff, wanted)
    confirmed = NewLoan(
        code=wanted.code,
        depot_id=wanted.depot_id,
        school_id=wanted.school_id,
        due_on=wanted.due_on,
        found_confirmed=True,
    )
    loan = trunk.loans.lend_now(trunk.staff, confirmed)
    assert loan.state == State.OUT
    assert trunk.booking(first.id).state == State.DONE
    assert trunk.copy_status(trunk.copies[0]) == "lendable"


def test_c022_at_the_desk_the_reservation_at_risk_is_served_by_the_found_copy(trunk: World) -> None:
    booking = trunk.reserve(0, 7)
    trunk.set_copy(trunk.copies[0], status="lost")
    with pytest.raises(errors.CopyWasLost):
        decide(trunk, "hand_over", booking_id=booking.id)
    decide(trunk, "hand_over", booking_id=booking.id, found_confirmed=True)
    assert trunk.booking(booking.id).state == State.OUT


def test_c023_a_note_is_shown_and_must_be_seen_in_both_directions(trunk: World) -> None:
    booking = trunk.reserve(0, 7)
    trunk.set_copy(trunk.copies[0], note="Vérifier la serrure")
    shown = trunk.loans.scan(trunk.staff, trunk.depot.id, trunk.copies[0].code)
    assert shown.copy.note == "Vérifier la serrure"
    with pytest.raises(errors.NoteNotSeen):
        decide(trunk, "hand_over", booking_id=booking.id)
    decide(trunk, "hand_over", booking_id=booking.id, note_seen=True)
    with pytest.raises(errors.NoteNotSeen):
        decide(trunk, "take_back")
    decide(trunk, "take_back", note_seen=True)
    assert trunk.booking(booking.id).state == State.DONE


def test_c025_the_code_of_a_title_names_its_copies_and_does_nothing(database: Database, clock: FixedClock) -> None:
    world = create_world(database, clock, kind="book")
    booking = world.reserve(0, 7)
    with world.db.write() as session:
        session.merge(world.title).isbn = "9782070612758"
    with pytest.raises(TitleCodeScanned) as refusal:
        world.loans.check_out(world.staff, world.depot.id, "9782070612758", booking.id)
    assert len(refusal.value.codes) == len(world.copies)
    assert world.booking(booking.id).state == State.PLANNED


def test_c075_what_nobody_can_serve_after_a_loss_is_reported_in_date_order(trunk: World) -> None:
    out = trunk.hand_over(trunk.reserve(0, 5))
    late, early = trunk.reserve(40, 5), trunk.reserve(20, 5)
    Incidents(trunk.db, trunk.clock).declare_lost(trunk.staff, out.id)
    day = trunk.loans.desk_day(trunk.staff, trunk.depot.id)
    trunk.clock.advance(days=15)
    assert trunk.booking(early.id).copy_id is trunk.booking(late.id).copy_id is None
    assert day.at_risk == []
    day = trunk.loans.desk_day(trunk.staff, trunk.depot.id)
    assert [one.id for one in day.at_risk] == [early.id]


def test_c102_a_copy_lent_incomplete_shows_what_is_missing_at_the_next_hand_over(trunk: World) -> None:
    trunk.hand_over(trunk.reserve(0, 7))
    decide(trunk, "take_back", found=[FoundLine(trunk.lines[0].id, 4)], lendable_though_incomplete=True)
    trunk.clock.advance(days=6)
    trunk.reserve(0, 5)
    result = trunk.loans.scan(trunk.staff, trunk.depot.id, trunk.copies[0].code)
    assert result.situation == "hand_over"
    assert [(line.name, line.missing) for line in result.missing] == [(trunk.lines[0].name, 1)]
