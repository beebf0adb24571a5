"""A copy goes on to the next school without coming home: agreed, given, taken, each side counting."""

import datetime as dt

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from lending.catalog.errors import UnknownContentLine
from lending.core.actor import Actor
from lending.core.database import Database
from lending.core.errors import Forbidden, NotFound, Unauthenticated
from lending.loans.rules.changes import RenewalRefused
from lending.loans.rules.declarations import DeclarationNotSeen, DeclaredTooMany
from lending.loans.rules.incidents import LoanNotOut
from lending.loans.schemas.changes import NewDates, RenewalWish
from lending.loans.service.changes import Changes
from lending.loans.tables import Declaration, DeskAct, Relay, RelayGap
from lending.shipping.deliveries.rules import SameLineTwice
from lending.shipping.deliveries.schemas import GapIn
from lending.shipping.relays.rules import (
    NoRelay,
    RelayAlreadyAgreed,
    RelayElsewhere,
    RelayGiven,
    RelayInDoubt,
    RelayNoRoom,
    RelayNotGiven,
    RelayOver,
    RelayReservationNotPlanned,
    RelaySameSchool,
    RelayTaken,
    RelayTooEarly,
    RelayTooFar,
)
from lending.shipping.relays.schemas import Count, NewRelay
from lending.shipping.shipments.rules import Mode
from tests.kit.catalog import create_copies, create_title
from tests.kit.clock import FixedClock
from tests.kit.loans import DAY
from tests.kit.together import together
from tests.shipping.relays.conftest import Line, create_line


def test_a_copy_goes_on_without_coming_home_and_each_hand_is_known(line: Line) -> None:
    world, piece = line.world, line.world.lines[0]
    assert [one.booking_id for one in line.relays.of_booking(world.staff, line.loan.id).candidates] == [line.next.id]
    assert [one.booking_id for one in line.relays.of_booking(world.staff, line.next.id).candidates] == [line.loan.id]
    agreed = line.agree()
    assert agreed.onwards is not None
    assert (agreed.onwards.state, agreed.onwards.carrier, agreed.may_cancel) == ("agreed", "Nolwenn", True)
    assert line.relays.of_booking(world.teacher, line.loan.id).may_give
    line.wait(9)
    given = line.give(GapIn(line_id=piece.id, missing=1))
    assert given.onwards is not None
    assert (given.onwards.state, given.may_give) == ("given", False)
    assert world.booking(line.loan.id).state == "out"
    assert line.relays.of_booking(line.other_teacher, line.next.id).may_take
    taken = line.take(GapIn(line_id=piece.id, missing=1), GapIn(broken=1))
    assert taken.before is not None
    assert (taken.before.state, taken.may_take) == ("taken", False)
    assert [(one.line_id, one.missing, one.broken) for one in taken.before.given_gaps] == [(piece.id, 1, 0)]
    assert {(one.line_id, one.missing, one.broken) for one in taken.before.taken_gaps} == {
        (piece.id, 1, 0),
        (None, 0, 1),
    }
    first, second = world.booking(line.loan.id), world.booking(line.next.id)
    assert (first.state, second.state, second.copy_id) == ("done", "out", first.copy_id)
    assert world.copy_status(world.copies[0]) == "lendable"
    line.wait(3)
    # What was missing when it came is read before the desk takes the second loan back.
    with pytest.raises(DeclarationNotSeen):
        line.take_back(line.next, declaration_seen=False)
    line.take_back(line.next)
    depot = ("depot", world.depot.name)
    schools = [("school", world.school.name), ("road", "Nolwenn"), ("school", line.other_school.name)]
    assert line.holders() == [depot, *schools, depot]


def test_it_is_agreed_from_either_side_and_the_days_between_are_the_reservations(line: Line) -> None:
    line.agree(line.next.id, line.loan.id)
    first, second = line.world.booking(line.loan.id), line.world.booking(line.next.id)
    assert (second.copy_id, second.pinned) == (first.copy_id, True)
    assert first.blocked_ends_on == first.ends_on == second.blocked_starts_on


@pytest.mark.parametrize("end", ["called off", "reservation cancelled"])
def test_the_days_of_turnaround_give_way_to_a_relay_and_come_back_with_its_end(
    database: Database, clock: FixedClock, end: str
) -> None:
    line = create_line(database, clock, copies=2, turnaround_days=2)
    world = line.world
    # Too near for the copy of the loan, were it to come home first.
    assert line.next.copy_id != line.loan.copy_id
    line.agree()
    assert world.booking(line.next.id).copy_id == line.loan.copy_id
    if end == "called off":
        line.cancel()
        after = world.booking(line.next.id)
        assert (after.copy_id, after.pinned) == (line.next.copy_id, False)
        assert after.blocked_starts_on == after.starts_on - DAY
    else:
        world.loans.cancel(line.other_teacher, line.next.id)
    loan = world.booking(line.loan.id)
    assert loan.blocked_ends_on == loan.ends_on + 2 * DAY
    with pytest.raises(RelayOver):
        line.give()
    line.take_back(line.loan)


def test_steps_come_in_their_order_and_once(line: Line) -> None:
    for act in (line.give, line.take, line.cancel):
        with pytest.raises(NoRelay):
            act()
    line.agree()
    with pytest.raises(RelayAlreadyAgreed):
        line.agree()
    with pytest.raises(RelayNotGiven):
        line.take()
    line.give()
    with pytest.raises(RelayGiven):
        line.give()
    line.take()
    for act in (line.give, line.take, line.cancel):
        with pytest.raises(RelayTaken):
            act()
    with line.world.db.read() as session:
        # No desk takes back what was done between two schools.
        actions = session.scalars(select(DeskAct.action)).all()
    assert actions == ["hand_over"]


def test_what_does_not_fit_is_refused_and_nothing_is_written(database: Database, clock: FixedClock) -> None:
    line = create_line(database, clock, copies=2)
    world, teacher = line.world, line.other_teacher
    with world.db.write() as session:
        other_title = create_title(session, world.federation, name="Autre")
        create_copies(session, other_title, world.depot, 1)
    school_id = line.other_school.id
    elsewhere = world.reserve(12, 3, teacher, school_id=school_id, title_id=other_title.id)
    early = world.reserve(5, 3, teacher, school_id=school_id)
    far = world.reserve(40, 3, teacher, school_id=school_id)
    own = world.reserve(50, 3)
    wrong = (
        (elsewhere.id, RelayElsewhere),
        (early.id, RelayTooEarly),
        (far.id, RelayTooFar),
        (own.id, RelaySameSchool),
        (line.loan.id, RelaySameSchool),
    )
    for other_id, error in wrong:
        with pytest.raises(error):
            line.agree(other_id=other_id)
    third = world.reserve(30, 3)
    with pytest.raises(LoanNotOut):
        line.agree(line.next.id, third.id)
    world.loans.cancel(teacher, line.next.id)
    with pytest.raises(RelayReservationNotPlanned):
        line.agree()
    with pytest.raises(NotFound):
        line.agree(other_id=999_999)
    with world.db.read() as session:
        assert session.scalar(select(func.count(Relay.id))) == 0


def test_a_copy_that_is_promised_between_comes_home(line: Line) -> None:
    world = line.world
    school, teacher = world.school_with_teacher()
    world.loans.cancel(line.other_teacher, line.next.id)
    between = world.reserve(12, 3, teacher, school_id=school.id)
    line.next = world.reserve(20, 3, line.other_teacher, school_id=line.other_school.id)
    with pytest.raises(RelayNoRoom) as refused:
        line.agree()
    assert (refused.value.school_name, refused.value.starts_on) == (school.name, between.starts_on)
    assert world.booking(line.next.id).copy_id == line.loan.copy_id


def test_plans_of_others_move_to_another_copy_where_there_is_one(database: Database, clock: FixedClock) -> None:
    line = create_line(database, clock, copies=2)
    world = line.world
    between = world.reserve(13, 3)
    line.agree()
    assert world.booking(between.id).copy_id not in (None, line.loan.copy_id)


def test_a_copy_in_doubt_comes_home(line: Line) -> None:
    world = line.world
    world.set_copy(world.copies[0], status="repair")
    with pytest.raises(RelayInDoubt):
        line.agree()


def test_a_wrong_line_or_count_changes_nothing(line: Line) -> None:
    world, piece = line.world, line.world.lines[0]
    wrong = (
        ([GapIn(line_id=999_999, missing=1)], UnknownContentLine),
        ([GapIn(line_id=piece.id, missing=piece.quantity + 1)], DeclaredTooMany),
        ([GapIn(missing=1), GapIn(broken=1)], SameLineTwice),
        ([GapIn(broken=1), GapIn(line_id=piece.id, missing=9999)], DeclaredTooMany),
    )
    line.agree()
    for gaps, error in wrong:
        with pytest.raises(error):
            line.give(*gaps)
    line.give()
    for gaps, error in wrong:
        with pytest.raises(error):
            line.take(*gaps)
    assert (world.booking(line.loan.id).state, world.booking(line.next.id).state) == ("out", "planned")
    with world.db.read() as session:
        assert session.scalar(select(func.count(Declaration.id))) == 0
        assert session.scalar(select(func.count(RelayGap.id))) == 0


def test_what_was_given_and_is_called_off_is_on_its_way_home(line: Line) -> None:
    line.agree()
    line.give()
    line.world.clock.advance(minutes=5)
    line.cancel()
    with pytest.raises(RelayOver):
        line.take()
    assert line.holders()[-1] == ("road", "Nolwenn")
    line.world.clock.advance(minutes=5)
    line.take_back(line.loan)
    assert line.holders()[-1] == ("depot", line.world.depot.name)
    # The reservation has the copy from the desk, as if nothing had been agreed.
    line.wait(11)
    assert line.world.hand_over(line.world.loans.reservation(line.world.staff, line.next.id).reservation)


def test_a_loan_that_comes_back_at_the_desk_takes_its_relay_with_it(line: Line) -> None:
    line.agree()
    line.take_back(line.loan)
    with pytest.raises(RelayOver):
        line.give()
    onwards = line.relays.of_booking(line.world.staff, line.loan.id).onwards
    assert onwards is not None
    assert onwards.state == "over"


def test_what_counts_for_nothing_makes_room_for_another_relay(line: Line) -> None:
    world = line.world
    line.agree()
    world.loans.cancel(line.other_teacher, line.next.id)
    line.next = world.reserve(12, 5, line.other_teacher, school_id=line.other_school.id)
    line.agree()
    line.give()
    line.take()
    assert world.booking(line.next.id).state == "out"


def test_what_came_from_one_school_goes_on_to_a_third(line: Line) -> None:
    world = line.world
    school, teacher = world.school_with_teacher()
    third = world.reserve(22, 3, teacher, school_id=school.id)
    line.agree()
    line.give()
    line.take()
    line.agree(line.next.id, third.id)
    world.clock.advance(minutes=60)
    line.relays.give(line.other_teacher, line.next.id, Count())
    world.clock.advance(minutes=60)
    line.relays.take(teacher, third.id, Count())
    schools = [name for kind, name in line.holders() if kind == "school"]
    assert schools == [world.school.name, line.other_school.name, school.name]
    # What is done stays as it was, whatever is said of it later.
    with pytest.raises(RelayTaken):
        line.cancel()


def test_a_reservation_that_follows_a_loan_keeps_its_copy_when_its_days_change(line: Line) -> None:
    world = line.world
    changes = Changes(world.db, world.clock)
    line.agree()
    starts_on, version = line.next.starts_on + 4 * DAY, world.booking(line.next.id).version
    later = NewDates(starts_on=starts_on, due_on=line.next.due_on + 4 * DAY, version=version)
    changes.change_dates(line.other_teacher, line.next.id, later)
    first, after = world.booking(line.loan.id), world.booking(line.next.id)
    assert (after.starts_on, after.copy_id) == (later.starts_on, first.copy_id)
    assert after.blocked_starts_on == first.ends_on
    assert line.relays.of_booking(world.teacher, line.loan.id).may_give


def test_a_late_loan_keeps_its_relay_and_the_next_school_its_copy(line: Line) -> None:
    line.agree()
    line.wait(13)
    line.world.loans.grow_overdue()
    after = line.world.booking(line.next.id)
    assert (after.copy_id, after.pinned) == (line.loan.copy_id, True)
    line.give()
    line.take()
    assert line.world.booking(line.next.id).state == "out"


def test_nobody_comes_to_a_desk_for_what_another_school_brings(line: Line) -> None:
    line.agree()
    line.wait(19)
    assert line.world.loans.lapse_uncollected() == 0
    line.wait(2)
    assert line.world.loans.lapse_uncollected() == 1
    assert line.world.booking(line.next.id).state == "cancelled"


def test_a_copy_may_be_taken_before_its_first_day(line: Line) -> None:
    line.agree()
    line.wait(2)
    line.give()
    line.take()
    assert line.world.booking(line.next.id).starts_on == line.world.today


def test_neither_end_moves_into_the_other(line: Line) -> None:
    world = line.world
    changes = Changes(world.db, world.clock)
    line.agree()
    with pytest.raises(RenewalRefused):
        changes.renew(world.teacher, line.loan.id, RenewalWish())
    first = world.booking(line.loan.id)
    assert first.blocked_ends_on == first.ends_on


def test_who_may_do_what(line: Line) -> None:
    world, relays = line.world, line.relays
    new = NewRelay(other_id=line.next.id, mode=Mode.MEETING)
    for actor in (world.teacher, line.other_teacher, line.stranger):
        with pytest.raises(Forbidden):
            relays.agree(actor, line.loan.id, new)
    line.agree()
    for actor in (line.other_teacher, world.staff, line.stranger):
        with pytest.raises(Forbidden):
            relays.give(actor, line.loan.id, Count())
    for actor in (world.teacher, world.staff, line.stranger):
        with pytest.raises(Forbidden):
            relays.take(actor, line.next.id, Count())
    for actor in (world.teacher, line.other_teacher, line.stranger):
        with pytest.raises(Forbidden):
            relays.cancel(actor, line.loan.id)
    for actor, booking_id in ((line.stranger, line.loan.id), (line.other_teacher, line.loan.id)):
        with pytest.raises(Forbidden):
            relays.of_booking(actor, booking_id)
    nobody = Actor()
    for act in (relays.give, relays.take):
        with pytest.raises(Unauthenticated):
            act(nobody, line.loan.id, Count())
    with pytest.raises(NotFound):
        relays.of_booking(world.staff, 999_999)


def test_two_who_take_at_once_take_once(line: Line) -> None:
    line.agree()
    line.give()
    take = [lambda: line.relays.take(line.other_teacher, line.next.id, Count([GapIn(broken=1)]))] * 3
    assert [type(error) for error in together(*take)] == [RelayTaken, RelayTaken]
    assert (line.world.booking(line.loan.id).state, line.world.booking(line.next.id).state) == ("done", "out")


def test_what_is_taken_while_it_is_called_off_is_taken_or_comes_home(line: Line) -> None:
    line.agree()
    line.give()
    wrong = together(
        lambda: line.relays.take(line.other_teacher, line.next.id, Count()),
        lambda: line.relays.cancel(line.world.staff, line.loan.id),
    )
    states = (line.world.booking(line.loan.id).state, line.world.booking(line.next.id).state)
    is_taken = states == ("done", "out")
    assert is_taken or states == ("out", "planned")
    assert [type(error) for error in wrong] == [RelayTaken if is_taken else RelayOver]


@pytest.mark.parametrize(
    "facts",
    [
        {"to_booking_id": "loan"},
        {"mode": "pigeon"},
        {"given_at": -1},
        {"taken_at": 1},
        {"given_at": 2, "taken_at": 1},
        {"given_at": 1, "taken_at": 1, "cancelled_at": 1},
        {"cancelled_at": -1},
        {"given_at": 2, "cancelled_at": 1},
        {"given_by": "teacher"},
        {"taken_by": "teacher"},
        {"cancelled_by": "teacher"},
        {},
    ],
)
def test_the_database_keeps_the_order_of_steps_and_one_relay_an_end(line: Line, facts: dict[str, object]) -> None:
    if not facts:
        line.agree()
    now = line.world.clock.now()
    said = {"loan": line.loan.id, "teacher": line.world.teacher.person_id}
    wrong = {
        name: now + dt.timedelta(minutes=fact) if isinstance(fact, int) else said.get(str(fact), fact)
        for name, fact in facts.items()
    }
    plain = {"from_booking_id": line.loan.id, "to_booking_id": line.next.id, "mode": "meeting", "agreed_at": now}
    with pytest.raises(IntegrityError), line.world.db.write() as session:
        session.add(Relay(carrier="", tracking_number="", **plain | wrong))
