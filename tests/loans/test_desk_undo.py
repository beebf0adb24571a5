"""The last act at a desk is taken back: for a minute, once, and only while nothing else happened."""

import datetime as dt
import threading

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from lending.catalog.tables import ContentsCheck
from lending.core.actor import Role
from lending.core.database import Database
from lending.core.errors import Forbidden, LendingError, NotFound
from lending.loans.rules.undoing import AlreadyUndone, ChangedSinceAct, UndoTooLate
from lending.loans.schemas import Completion, DeskDecision, DeskScan, FoundLine, NewLoan, Reservation
from lending.loans.service.desk_acts import DeskActs
from lending.loans.tables import DeskAct, Incident
from tests.kit.clock import FixedClock
from tests.kit.loans import DAY, World, create_world
from tests.kit.network import create_association, create_depot, create_person

FACTS = ("state", "copy_id", "pinned", "starts_on", "ends_on", "blocked_starts_on", "blocked_ends_on")


@pytest.fixture
def world(database: Database, clock: FixedClock) -> World:
    return create_world(database, clock, copies=2, with_contents=True)


@pytest.fixture
def acts(world: World) -> DeskActs:
    return DeskActs(world.db, world.clock)


def last(world: World, acts: DeskActs) -> int:
    found = acts.last_act(world.staff, world.depot.id)
    assert found is not None
    return found.id


def facts(world: World, booking: Reservation) -> dict[str, object]:
    row = world.booking(booking.id)
    return {name: getattr(row, name) for name in FACTS}


def take_back(world: World, booking: Reservation, *found: FoundLine) -> None:
    world.loans.check_in(world.staff, world.depot.id, booking.copy_code or "", found)


def counted(world: World, table: type[ContentsCheck | Incident]) -> int:
    with world.db.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.parametrize("start", [0, 1])
def test_a_hand_over_taken_back_leaves_the_reservation_as_it_was(world: World, acts: DeskActs, start: int) -> None:
    booking = world.reserve(start, 7)
    before = facts(world, booking)
    world.hand_over(booking)
    acts.undo(world.staff, last(world, acts))
    assert facts(world, booking) == before
    assert world.booking(booking.id).checked_out_at is None
    world.hand_over(booking)
    assert world.booking(booking.id).state == "out"


def test_a_return_taken_back_leaves_no_check_and_no_incident(world: World, acts: DeskActs) -> None:
    booking = world.hand_over(world.reserve(0, 7))
    before, copy = facts(world, booking), next(one for one in world.copies if one.id == booking.copy_id)
    take_back(world, booking, FoundLine(world.lines[0].id, 0))
    assert (world.copy_status(copy), counted(world, Incident), counted(world, ContentsCheck)) == ("blocked", 1, 1)
    acts.undo(world.staff, last(world, acts))
    assert facts(world, booking) == before
    assert world.booking(booking.id).returned_at is None
    assert (world.copy_status(copy), counted(world, Incident), counted(world, ContentsCheck)) == ("lendable", 0, 0)


def test_a_loan_over_the_counter_taken_back_is_cancelled(world: World, acts: DeskActs) -> None:
    wanted = NewLoan(
        code=world.copies[0].code, depot_id=world.depot.id, school_id=world.school.id, due_on=world.today + 5 * DAY
    )
    loan = world.loans.lend_now(world.staff, wanted)
    acts.undo(world.staff, last(world, acts))
    row = world.booking(loan.id)
    assert (row.state, row.cancelled_because, row.checked_out_at) == ("cancelled", "staff", None)
    assert world.loans.lend_now(world.staff, wanted).state == "out"


def test_who_got_the_copy_promised_meanwhile_gets_another_or_is_at_risk(world: World, acts: DeskActs) -> None:
    loans = [world.hand_over(world.reserve(0, 30)) for _ in world.copies]
    take_back(world, loans[0])
    act = last(world, acts)
    with world.db.write() as session:
        moved = session.get_one(DeskAct, act)
        assert moved.event_id > 0
    acts.undo(world.staff, act)
    assert [world.booking(one.id).state for one in loans] == ["out", "out"]


def test_after_a_minute_it_is_too_late(world: World, acts: DeskActs) -> None:
    booking = world.hand_over(world.reserve(0, 7))
    act = last(world, acts)
    world.clock.advance(minutes=2)
    assert acts.last_act(world.staff, world.depot.id) is None
    with pytest.raises(UndoTooLate):
        acts.undo(world.staff, act)
    assert world.booking(booking.id).state == "out"


def test_it_is_undone_once(world: World, acts: DeskActs) -> None:
    world.hand_over(world.reserve(0, 7))
    act = last(world, acts)
    first = acts.undo(world.staff, act, "a-key-of-the-desk")
    assert acts.undo(world.staff, act, "a-key-of-the-desk") == first
    with pytest.raises(AlreadyUndone):
        acts.undo(world.staff, act)


def test_what_happened_since_keeps_it(world: World, acts: DeskActs) -> None:
    booking = world.hand_over(world.reserve(0, 7))
    act = last(world, acts)
    take_back(world, booking)
    with pytest.raises(ChangedSinceAct):
        acts.undo(world.staff, act)
    assert world.booking(booking.id).state == "done"


def test_a_completed_copy_keeps_its_return(world: World, acts: DeskActs) -> None:
    booking = world.hand_over(world.reserve(0, 7))
    take_back(world, booking, FoundLine(world.lines[0].id, 0))
    act = last(world, acts)
    world.loans.complete_copy(world.staff, booking.copy_id or 0, Completion())
    with pytest.raises(ChangedSinceAct):
        acts.undo(world.staff, act)


def test_a_disputed_return_offers_no_undo(world: World, acts: DeskActs) -> None:
    booking = world.hand_over(world.reserve(0, 7))
    world.clock.advance(minutes=5)
    with world.db.write() as session:
        session.get_one(type(world.booking(booking.id)), booking.id).claimed_at = world.clock.now()
    decision = DeskDecision(action="take_back", claim="found")
    world.loans.desk(world.staff, DeskScan(code=booking.copy_code or "", depot_id=world.depot.id, decision=decision))
    assert acts.last_act(world.staff, world.depot.id) is None


def test_a_tap_on_another_part_corrects_the_return_in_one_go(world: World, acts: DeskActs) -> None:
    booking = world.hand_over(world.reserve(0, 7))
    take_back(world, booking)
    decision = DeskDecision(action="take_back", found=[FoundLine(world.lines[0].id, 0)])
    result = acts.correct(world.staff, last(world, acts), decision)
    assert (result.done, [one.line_id for one in result.missing]) == ("taken_back", [world.lines[0].id])
    assert counted(world, ContentsCheck) == 1


def test_a_correction_that_is_refused_changes_nothing(world: World, acts: DeskActs) -> None:
    booking = world.hand_over(world.reserve(0, 7))
    take_back(world, booking)
    decision = DeskDecision(action="take_back", found=[FoundLine(10**6, 0)])
    with pytest.raises(LendingError):
        acts.correct(world.staff, last(world, acts), decision)
    assert world.booking(booking.id).state == "done"


def test_only_the_depots_staff_undo(world: World, acts: DeskActs) -> None:
    world.hand_over(world.reserve(0, 7))
    with pytest.raises(Forbidden):
        acts.undo(world.teacher, last(world, acts))
    with pytest.raises(NotFound):
        acts.undo(world.staff, 10**6)


def test_the_database_refuses_an_undoing_after_the_minute(world: World, acts: DeskActs) -> None:
    world.hand_over(world.reserve(0, 7))
    act = last(world, acts)
    with pytest.raises(IntegrityError), world.db.write() as session:
        session.get_one(DeskAct, act).undone_at = world.clock.now() + dt.timedelta(seconds=61)


def test_two_who_undo_at_once_undo_once(world: World, acts: DeskActs) -> None:
    booking = world.hand_over(world.reserve(0, 7))
    act, ready = last(world, acts), threading.Barrier(4)
    said: list[str] = []

    def try_it() -> None:
        ready.wait()
        try:
            said.append(acts.undo(world.staff, act).state)
        except LendingError as error:
            said.append(error.slug)

    threads = [threading.Thread(target=try_it) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(said) == ["already-undone"] * 3 + ["planned"]
    assert world.booking(booking.id).state == "planned"


def test_old_acts_are_forgotten(world: World, acts: DeskActs) -> None:
    world.hand_over(world.reserve(0, 7))
    assert acts.forget_old() == 0
    world.clock.advance(days=8)
    assert acts.forget_old() == 1


def test_the_latest_of_a_desk_are_its_own_lenders_in_the_order_asked_for(world: World, acts: DeskActs) -> None:
    first, second = (world.hand_over(world.reserve(0, 5)) for _ in world.copies[:2])
    with world.db.write() as session:
        other = create_association(session, world.union, code="56")
        elsewhere = create_depot(session, other)
        foreign = create_person(session, Role.STAFF, other)
    asked = [second.id, first.id, 999_999]
    last, handled = acts.so_far(world.staff, world.depot.id, asked)
    assert [one.id for one in handled] == [second.id, first.id]
    assert last == acts.last_act(world.staff, world.depot.id)
    assert acts.so_far(foreign, elsewhere.id, asked) == (None, [])
    with pytest.raises(Forbidden):
        acts.so_far(foreign, world.depot.id, asked)
