"""At the desk: what a scan means, handing over, taking back, putting right."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lending.catalog.errors import DamagedBarcode, UnknownBarcode, UnknownContentLine
from lending.catalog.tables import ContentsCheck, ContentsCheckLine, Copy, Title
from lending.core.actor import ANONYMOUS, Role
from lending.core.database import Database
from lending.core.errors import Forbidden, NotFound, Unauthenticated
from lending.loans.rules import desk_errors, errors
from lending.loans.rules.incidents import WithdrawnCopyReturned
from lending.loans.rules.states import State
from lending.loans.schemas import Completion, DeskDecision, DeskScan, FoundLine, NewLoan
from lending.loans.schemas.desk import ComesBack
from lending.loans.tables import Booking, Declaration, LoanRule
from tests.kit.catalog import create_alias, create_copies, create_copy, create_title
from tests.kit.clock import FixedClock
from tests.kit.loans import DAY, World, create_rule, create_world
from tests.kit.network import create_association, create_depot, create_person


@pytest.fixture
def trunk(database: Database, clock: FixedClock) -> World:
    """One trunk with a checklist of three lines."""
    return create_world(database, clock, copies=1, with_contents=True)


@pytest.mark.parametrize(
    ("what", "is_unasked"), [("", True), ("note", False), ("claim", False), ("declaration", False), ("rule", False)]
)
def test_in_a_pile_a_scan_takes_back_what_nobody_has_to_say_anything_of(
    trunk: World, what: str, *, is_unasked: bool
) -> None:
    loan = trunk.hand_over(trunk.reserve(0, 5))
    with trunk.db.write() as session:
        if what == "note":
            session.get_one(Copy, loan.copy_id).note = "Le couvercle ferme mal."
        elif what == "claim":
            session.get_one(Booking, loan.id).claimed_at = trunk.clock.now()
        elif what == "rule":
            session.scalars(select(LoanRule)).one().returns_in_piles = False
        elif what == "declaration":
            facts = {"expected": 1, "missing": 1, "broken": 0, "note": "", "version": 1}
            session.add(Declaration(booking_id=loan.id, line_id=None, declared_at=trunk.clock.now(), **facts))
    found = trunk.loans.scan_in_pile(trunk.staff, trunk.depot.id, trunk.copies[0].code)
    if is_unasked:
        assert isinstance(found, ComesBack)
        assert len([line for section in found.checklist for line in section.lines]) == len(trunk.lines)
    else:
        assert found == trunk.loans.scan(trunk.staff, trunk.depot.id, trunk.copies[0].code)
    assert trunk.booking(loan.id).state == State.OUT


def test_c001_an_unknown_code_is_an_error_that_shows_it(world: World) -> None:
    with pytest.raises(UnknownBarcode) as refusal:
        world.loans.scan(world.staff, world.depot.id, "EAN-4711")
    assert refusal.value.barcode == "EAN-4711"


def test_a_damaged_code_is_told_from_an_unknown_one(small_world: World) -> None:
    code = small_world.copies[0].code
    misread = code[:-1] + str((int(code[-1]) + 1) % 10)
    with pytest.raises(DamagedBarcode):
        small_world.loans.scan(small_world.staff, small_world.depot.id, misread)


def test_c002_spaces_case_and_addresses_are_understood(world: World) -> None:
    copy = world.copies[0]
    with world.db.write() as session:
        create_alias(session, copy, "AB12")
    for raw in (f" {copy.code[:3]} {copy.code[3:]} ", f"HTTPS://HOST/E/{copy.code}", "ab12"):
        assert world.loans.scan(world.staff, world.depot.id, raw).copy.id == copy.id


def test_the_copy_of_another_association_is_named_as_such(small_world: World) -> None:
    with small_world.db.write() as session:
        elsewhere = create_association(session, small_world.union, code="22")
        foreign = create_copy(session, small_world.title, create_depot(session, elsewhere))
    with pytest.raises(desk_errors.ForeignBarcode) as refusal:
        small_world.loans.scan(small_world.staff, small_world.depot.id, foreign.code)
    assert refusal.value.association_name == elsewhere.name


def test_c012_c013_a_copy_of_another_depot_is_sent_where_it_belongs(world: World) -> None:
    with world.db.write() as session:
        annexe = create_depot(session, world.association, "Annexe")
    for code in (world.copies[0].code, world.hand_over(world.reserve(0, 5)).copy_code or ""):
        with pytest.raises(desk_errors.CopyNotHere) as refusal:
            world.loans.check_in(world.staff, annexe.id, code)
        assert refusal.value.depot_name == world.depot.name


def test_c024_without_a_desk_of_ones_own_nothing_is_done(world: World) -> None:
    booking, code = world.reserve(0, 7), world.copies[0].code
    decision = DeskDecision(action="hand_over", booking_id=booking.id)
    for actor, depot_id, refusal in (
        (world.teacher, world.depot.id, Forbidden),
        (ANONYMOUS, world.depot.id, Unauthenticated),
        (world.staff, 999_999, NotFound),
    ):
        with pytest.raises(refusal):
            world.loans.scan(actor, depot_id, code)
        with pytest.raises(refusal):
            world.loans.desk(actor, DeskScan(code=code, depot_id=depot_id, decision=decision))
    assert world.booking(booking.id).state == State.PLANNED


def test_a_scan_alone_changes_nothing(world: World) -> None:
    booking = world.reserve(0, 7)
    before = world.nudges()
    result = world.loans.scan(world.staff, world.depot.id, booking.copy_code or "")
    assert result.situation == "hand_over"
    assert [one.booking.id for one in result.candidates] == [booking.id]
    assert result.candidates[0].is_planned
    assert world.booking(booking.id).state == State.PLANNED
    assert world.nudges() == before


def test_a_copy_that_nobody_waits_for_is_on_the_shelf(small_world: World) -> None:
    later = small_world.reserve(30, 7)
    result = small_world.loans.scan(small_world.staff, small_world.depot.id, later.copy_code or "")
    assert result.situation == "on_shelf"
    assert result.promised is not None
    assert result.promised.id == later.id


def test_handing_over_starts_the_loan(world: World) -> None:
    booking = world.reserve(0, 7)
    handed = world.hand_over(booking)
    assert handed.state == State.OUT
    assert handed.checked_out_at == world.clock.now()
    assert f"handed-over:{booking.id}" in world.notices()


def test_without_naming_a_booking_the_one_meant_for_the_copy_is_served(world: World) -> None:
    first, second = world.reserve(0, 7), world.reserve(0, 7)
    result = world.loans.check_out(world.staff, world.depot.id, second.copy_code or "")
    assert result.done == "handed_over"
    assert result.booking is not None
    assert result.booking.id == second.id
    assert world.booking(first.id).state == State.PLANNED


def test_with_nobody_waiting_there_is_nothing_to_hand_over(small_world: World) -> None:
    with pytest.raises(desk_errors.NothingToHandOver):
        small_world.loans.check_out(small_world.staff, small_world.depot.id, small_world.copies[0].code)


def test_scanning_another_copy_than_the_planned_one_swaps_the_plans(world: World) -> None:
    first, second = world.reserve(0, 7), world.reserve(0, 7)
    other = next(copy for copy in world.copies if copy.id == second.copy_id)
    world.hand_over(first, other)
    assert world.booking(first.id).copy_id == second.copy_id
    assert world.booking(second.id).copy_id == first.copy_id


def test_c063_a_copy_promised_to_somebody_else_is_never_taken_silently(world: World) -> None:
    promised = world.reserve(0, 7, actor=world.staff, copy_id=world.copies[0].id)
    own = world.reserve(0, 7)
    with pytest.raises(desk_errors.CopyPromised) as refusal:
        world.hand_over(own, world.copies[0])
    assert refusal.value.starts_on == promised.starts_on
    assert world.booking(own.id).state == State.PLANNED
    assert world.booking(promised.id).copy_id == world.copies[0].id


def test_a_reservation_of_another_depot_is_not_served_from_here(small_world: World) -> None:
    with small_world.db.write() as session:
        annexe = create_depot(session, small_world.association, "Annexe", weekdays=(0, 1, 2, 3, 4, 5, 6))
        create_copies(session, small_world.title, annexe, 1)
    booking = small_world.reserve(0, 7, depot_id=annexe.id)
    with pytest.raises(desk_errors.CopyNotHere):
        small_world.hand_over(booking, small_world.copies[0])


def test_c052_a_copy_of_another_title_is_refused(world: World) -> None:
    booking = world.reserve(0, 7)
    with world.db.write() as session:
        other = create_copy(session, create_title(session, world.federation), world.depot)
    with pytest.raises(desk_errors.CopyOfAnotherTitle):
        world.hand_over(booking, other)


def test_a_copy_that_is_held_back_cannot_leave(small_world: World) -> None:
    booking = small_world.reserve(0, 7)
    other = next(copy for copy in small_world.copies if copy.id != booking.copy_id)
    small_world.set_copy(other, status="repair")
    with pytest.raises(desk_errors.CopyNotLendable):
        small_world.hand_over(booking, other)
    with pytest.raises(desk_errors.CopyNotLendable):
        small_world.loans.check_out(small_world.staff, small_world.depot.id, other.code)


def test_c004_a_hand_over_sent_twice_with_its_key_is_answered_twice_and_done_once(world: World) -> None:
    booking = world.reserve(0, 7)
    decision = DeskDecision(action="hand_over", booking_id=booking.id)
    wanted = DeskScan(code=booking.copy_code or "", depot_id=world.depot.id, decision=decision)
    first = world.loans.desk(world.staff, wanted, "scan-1")
    assert world.loans.desk(world.staff, wanted, "scan-1") == first
    assert world.notices("handed-over") == [f"handed-over:{booking.id}"]


def test_c010_c011_a_copy_already_out_is_refused_with_its_holder(world: World) -> None:
    world.hand_over(world.reserve(0, 7))
    later = world.reserve(0, 7)
    out = next(copy for copy in world.copies if copy.id != later.copy_id)
    for booking_id in (later.id, None):
        with pytest.raises(desk_errors.CopyAlreadyOut) as refusal:
            world.loans.check_out(world.staff, world.depot.id, out.code, booking_id)
        assert refusal.value.school_name == world.school.name


def test_a_booking_is_handed_over_once(small_world: World) -> None:
    booking = small_world.reserve(0, 7)
    small_world.hand_over(booking)
    other = next(copy for copy in small_world.copies if copy.id != booking.copy_id)
    with pytest.raises(desk_errors.BookingNotCollectable):
        small_world.hand_over(booking, other)


def test_c069_a_collected_booking_cannot_be_cancelled(world: World) -> None:
    booking = world.reserve(0, 7)
    world.hand_over(booking)
    with pytest.raises(desk_errors.BookingNotCancellable):
        world.loans.cancel(world.teacher, booking.id)


def test_c064_collected_early_the_loan_begins_today_if_there_is_room(world: World) -> None:
    booking = world.reserve(4, 7)
    handed = world.hand_over(booking)
    assert handed.starts_on == world.today
    assert handed.due_on == booking.due_on


def test_c064_collected_early_is_refused_when_somebody_else_has_the_days(world: World) -> None:
    world.set_copy(world.copies[1], status="lost")
    world.reserve(1, 2)
    later = world.reserve(6, 5)
    with pytest.raises(desk_errors.CollectionTooEarly):
        world.hand_over(later)


def test_c053_a_booking_never_stands_in_its_own_way(world: World) -> None:
    world.set_copy(world.copies[1], status="lost")
    booking = world.reserve(3, 7)
    assert world.hand_over(booking).copy_id == booking.copy_id


def test_c059_a_loan_counts_once_and_not_as_reservation_too(world: World) -> None:
    world.hand_over(world.reserve(0, 7))
    assert world.reserve(0, 7).state == State.PLANNED


def test_c006_when_anything_fails_nothing_is_written(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    booking = world.reserve(0, 7)

    def fail(*_: object) -> None:
        message = "the outbox is full"
        raise RuntimeError(message)

    monkeypatch.setattr("lending.loans.service.check_out.tell_search", fail)
    with pytest.raises(RuntimeError):
        world.hand_over(booking)
    assert world.booking(booking.id).state == State.PLANNED
    assert world.notices("handed-over") == []


def test_c074_a_copy_with_bookings_cannot_be_deleted(world: World) -> None:
    booking = world.reserve(5, 5)
    with pytest.raises(IntegrityError), world.db.write() as session:
        session.delete(session.get_one(Copy, booking.copy_id))


def test_c074_a_title_with_bookings_cannot_be_deleted_and_a_withdrawn_copy_leaves_its_bookings_to_be_seen(
    world: World,
) -> None:
    bookings = [world.reserve(1, 5), world.reserve(1, 5)]
    with pytest.raises(IntegrityError), world.db.write() as session:
        session.delete(session.get_one(Title, world.title.id))
    for copy in world.copies:
        world.set_copy(copy, status="withdrawn")
    assert [world.booking(one.id).state for one in bookings] == [State.PLANNED, State.PLANNED]
    listed = world.loans.loans(world.staff, world.association.id, "at_risk").items
    assert {one.id for one in listed} == {one.id for one in bookings}


def test_c065_collected_late_the_end_does_not_move(world: World) -> None:
    booking = world.reserve(0, 7)
    world.clock.advance(days=3)
    handed = world.hand_over(booking)
    assert (handed.starts_on, handed.due_on) == (booking.starts_on, booking.due_on)


def test_a_reservation_whose_days_are_over_is_not_handed_over(small_world: World) -> None:
    booking = small_world.reserve(0, 3)
    small_world.clock.advance(days=3)
    with pytest.raises(desk_errors.BookingIsOver):
        small_world.hand_over(booking)


def test_a_copy_on_loan_is_to_be_taken_back_with_its_checklist(trunk: World) -> None:
    booking = trunk.hand_over(trunk.reserve(0, 7))
    trunk.clock.advance(days=9)
    result = trunk.loans.scan(trunk.staff, trunk.depot.id, trunk.copies[0].code)
    assert result.situation == "take_back"
    assert result.booking is not None
    assert (result.booking.id, result.booking.days_late) == (booking.id, 3)
    assert [line.name for section in result.checklist for line in section.lines] == [line.name for line in trunk.lines]


def test_a_complete_return_closes_the_loan_and_the_copy_is_lendable(trunk: World) -> None:
    booking = trunk.hand_over(trunk.reserve(0, 7))
    result = trunk.loans.check_in(trunk.staff, trunk.depot.id, trunk.copies[0].code)
    assert (result.done, result.situation) == ("taken_back", "on_shelf")
    assert result.missing == []
    assert trunk.booking(booking.id).state == State.DONE
    assert trunk.booking(booking.id).returned_at == trunk.clock.now()
    assert f"returned-complete:{booking.id}" in trunk.notices()


def test_c102_an_incomplete_return_blocks_the_copy_and_says_what_is_missing(trunk: World) -> None:
    booking = trunk.hand_over(trunk.reserve(0, 7))
    found = [FoundLine(trunk.lines[0].id, 4)]
    result = trunk.loans.check_in(trunk.staff, trunk.depot.id, trunk.copies[0].code, found, "une page déchirée")
    assert result.situation == "held_back"
    assert [(line.name, line.missing) for line in result.missing] == [(trunk.lines[0].name, 1)]
    assert trunk.copy_status(trunk.copies[0]) == "blocked"
    assert f"returned-incomplete:{booking.id}" in trunk.notices()
    shown = trunk.loans.reservation(trunk.teacher, booking.id)
    assert shown.reservation.return_outcome == "incomplete"
    assert [line.missing for line in shown.missing] == [1]


def test_c102_the_dated_check_keeps_who_looked_and_what_was_found(trunk: World) -> None:
    trunk.hand_over(trunk.reserve(0, 7))
    trunk.loans.check_in(trunk.staff, trunk.depot.id, trunk.copies[0].code, [FoundLine(trunk.lines[0].id, 4)], "note")
    with trunk.db.read() as session:
        check = session.query(ContentsCheck).one()
        line = session.query(ContentsCheckLine).filter_by(line_id=trunk.lines[0].id).one()
    assert (check.reason, check.outcome, check.person_id) == ("return", "incomplete", trunk.staff.person_id)
    assert (line.expected, line.found) == (5, 4)


def test_c101_the_next_reservation_of_a_blocked_copy_is_at_risk_and_its_teacher_told(trunk: World) -> None:
    trunk.hand_over(trunk.reserve(0, 7))
    waiting = trunk.reserve(20, 7)
    result = trunk.loans.check_in(trunk.staff, trunk.depot.id, trunk.copies[0].code, [FoundLine(trunk.lines[0].id, 4)])
    assert [one.id for one in result.at_risk] == [waiting.id]
    assert trunk.notices("at-risk") == [f"at-risk:{waiting.id}:{waiting.starts_on}"]


def test_completing_the_copy_serves_who_was_at_risk(trunk: World) -> None:
    trunk.hand_over(trunk.reserve(0, 7))
    waiting = trunk.reserve(20, 7)
    trunk.loans.check_in(trunk.staff, trunk.depot.id, trunk.copies[0].code, [FoundLine(trunk.lines[0].id, 4)])
    completed = trunk.loans.complete_copy(trunk.staff, trunk.copies[0].id, Completion())
    assert completed.copy.status == "lendable"
    assert completed.at_risk == []
    assert trunk.booking(waiting.id).copy_id == trunk.copies[0].id


def test_only_a_blocked_copy_can_be_completed_and_only_by_its_staff(trunk: World) -> None:
    copy = trunk.copies[0]
    with pytest.raises(desk_errors.NothingToComplete):
        trunk.loans.complete_copy(trunk.staff, copy.id, Completion())
    with pytest.raises(Forbidden):
        trunk.loans.complete_copy(trunk.teacher, copy.id, Completion())
    trunk.hand_over(trunk.reserve(0, 7))
    with pytest.raises(desk_errors.CopyIsOnLoan):
        trunk.loans.complete_copy(trunk.staff, copy.id, Completion())


def test_completing_twice_with_one_key_is_done_once_but_not_for_another_copy(trunk: World) -> None:
    trunk.set_copy(trunk.copies[0], status="blocked")
    first = trunk.loans.complete_copy(trunk.staff, trunk.copies[0].id, Completion(), "key")
    assert trunk.loans.complete_copy(trunk.staff, trunk.copies[0].id, Completion(), "key") == first


def test_c003_the_same_return_twice_changes_nothing_the_second_time(trunk: World) -> None:
    trunk.hand_over(trunk.reserve(0, 7))
    trunk.loans.check_in(trunk.staff, trunk.depot.id, trunk.copies[0].code)
    before = trunk.notices()
    with pytest.raises(desk_errors.NothingToReturn):
        trunk.loans.check_in(trunk.staff, trunk.depot.id, trunk.copies[0].code)
    assert trunk.notices() == before


def test_c003_with_its_key_the_second_return_gets_the_first_answer(trunk: World) -> None:
    trunk.hand_over(trunk.reserve(0, 7))
    wanted = DeskScan(code=trunk.copies[0].code, depot_id=trunk.depot.id, decision=DeskDecision(action="take_back"))
    first = trunk.loans.desk(trunk.staff, wanted, "return-1")
    assert trunk.loans.desk(trunk.staff, wanted, "return-1") == first


def test_c008_a_copy_not_on_loan_is_seen_here_and_nothing_changes(world: World) -> None:
    result = world.loans.scan(world.staff, world.depot.id, world.copies[0].code)
    assert result.situation == "on_shelf"
    with pytest.raises(desk_errors.NothingToReturn):
        world.loans.check_in(world.staff, world.depot.id, world.copies[0].code)


def test_c009_a_withdrawn_copy_comes_back_and_stays_withdrawn(trunk: World) -> None:
    booking = trunk.hand_over(trunk.reserve(0, 7))
    trunk.set_copy(trunk.copies[0], status="withdrawn")
    with pytest.raises(WithdrawnCopyReturned):
        trunk.loans.check_in(trunk.staff, trunk.depot.id, trunk.copies[0].code)
    confirmed = DeskDecision(action="take_back", accept_withdrawn=True)
    scan = DeskScan(code=trunk.copies[0].code, depot_id=trunk.depot.id, decision=confirmed)
    result = trunk.loans.desk(trunk.staff, scan)
    assert trunk.booking(booking.id).state == State.DONE
    assert result.situation == "held_back"
    assert trunk.copy_status(trunk.copies[0]) == "withdrawn"


def test_c095_a_lost_copy_that_comes_back_complete_is_found(trunk: World) -> None:
    trunk.hand_over(trunk.reserve(0, 7))
    trunk.set_copy(trunk.copies[0], status="lost")
    trunk.loans.check_in(trunk.staff, trunk.depot.id, trunk.copies[0].code)
    assert trunk.copy_status(trunk.copies[0]) == "lendable"


def test_c103_a_return_is_accepted_whatever_became_of_the_affiliation(trunk: World) -> None:
    booking = trunk.hand_over(trunk.reserve(0, 7))
    trunk.clock.advance(days=400)
    trunk.loans.check_in(trunk.staff, trunk.depot.id, trunk.copies[0].code)
    assert trunk.booking(booking.id).state == State.DONE


def test_a_line_of_another_checklist_is_an_error_and_the_loan_stays_open(trunk: World) -> None:
    booking = trunk.hand_over(trunk.reserve(0, 7))
    with pytest.raises(UnknownContentLine):
        trunk.loans.check_in(trunk.staff, trunk.depot.id, trunk.copies[0].code, [FoundLine(999_999, 1)])
    assert trunk.booking(booking.id).state == State.OUT


def test_a_copy_moved_to_another_depot_while_out_comes_back_where_it_left(world: World) -> None:
    booking = world.hand_over(world.reserve(0, 7))
    copy = next(one for one in world.copies if one.id == booking.copy_id)
    with world.db.write() as session:
        annexe = create_depot(session, world.association, "Annexe", weekdays=(0, 1, 2, 3, 4, 5, 6))
    world.set_copy(copy, depot_id=annexe.id)
    ahead = world.reserve(20, 5, depot_id=annexe.id)
    world.clock.advance(days=18)
    world.loans.grow_overdue()
    assert world.booking(ahead.id).copy_id is None, "the loan that is still out needs the copy"
    world.loans.check_in(world.staff, world.depot.id, copy.code)
    assert world.booking(ahead.id).copy_id == copy.id


def walk_in(world: World, days: int, copy: int = 0) -> NewLoan:
    return NewLoan(
        code=world.copies[copy].code,
        depot_id=world.depot.id,
        school_id=world.school.id,
        due_on=world.today + days * DAY,
    )


def test_a_copy_is_lent_over_the_counter(world: World) -> None:
    booking = world.loans.lend_now(world.staff, walk_in(world, 14))
    assert booking.state == State.OUT
    assert booking.copy_id == world.copies[0].id
    assert booking.due_on == world.today + 14 * DAY
    assert booking.person_id == world.teacher.person_id
    assert world.notices() == [f"handed-over:{booking.id}"]


def test_c062_over_the_counter_the_loan_ends_before_the_next_one_begins(world: World) -> None:
    world.set_copy(world.copies[1], status="lost")
    world.reserve(10, 7)
    booking = world.loans.lend_now(world.staff, walk_in(world, 14))
    # One day of preparation and two of turnaround lie in between.
    assert booking.due_on == world.today + 6 * DAY


def test_c062_with_a_sibling_copy_the_other_reservation_moves_and_the_loan_is_whole(world: World) -> None:
    later = world.reserve(10, 7)
    copy = [one.id for one in world.copies].index(later.copy_id or 0)
    booking = world.loans.lend_now(world.staff, walk_in(world, 14, copy))
    assert booking.due_on == world.today + 14 * DAY
    assert world.booking(later.id).copy_id != booking.copy_id


def test_c062_c063_over_the_counter_without_a_day_left_it_is_refused(world: World) -> None:
    world.set_copy(world.copies[1], status="lost")
    promised = world.reserve(1, 7)
    with pytest.raises(desk_errors.CopyPromised) as refusal:
        world.loans.lend_now(world.staff, walk_in(world, 14))
    assert refusal.value.starts_on == promised.starts_on


@pytest.mark.parametrize(("days", "refusal"), [(-1, errors.PeriodReversed), (70, errors.TooLong)])
def test_over_the_counter_the_rules_hold_too(small_world: World, days: int, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        small_world.loans.lend_now(small_world.staff, walk_in(small_world, days))


def test_over_the_counter_the_limit_holds_too(small_world: World) -> None:
    with small_world.db.write() as session:
        create_rule(session, small_world.association.id, max_open_loans=1)
    small_world.reserve(20, 5)
    with pytest.raises(errors.TooManyOpenLoans):
        small_world.loans.lend_now(small_world.staff, walk_in(small_world, 5))


def test_over_the_counter_the_last_day_must_be_open(sqlite_url: str, clock: FixedClock) -> None:
    world = create_world(Database(sqlite_url), clock, weekdays=(0, 1, 2, 3, 4))
    with pytest.raises(errors.DueOnClosedDay):
        world.loans.lend_now(world.staff, walk_in(world, 5))


def test_pinning_keeps_the_planned_copy(world: World) -> None:
    booking = world.reserve(5, 5)
    assert world.loans.pin(world.staff, booking.id).is_pinned
    other = world.reserve(5, 5)
    with pytest.raises(desk_errors.CopyPromised):
        world.hand_over(other, next(c for c in world.copies if c.id == booking.copy_id))


def test_the_coordinator_may_not_act_at_a_desk(small_world: World) -> None:
    with small_world.db.write() as session:
        coordinator = create_person(session, Role.COORDINATOR, small_world.union)
        create_copies(session, small_world.title, small_world.depot, 1)
    with pytest.raises(Forbidden):
        small_world.loans.check_in(coordinator, small_world.depot.id, small_world.copies[0].code)
