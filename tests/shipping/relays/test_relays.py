"""A copy goes on to the next school without coming home: agreed, given, taken, each side counting."""


import pytest
from sqlalchemy import func, select

from lending.core.database import Database
from lending.loans.rules.declarations import DeclarationNotSeen
from lending.loans.tables import Relay
from lending.shipping.deliveries.schemas import GapIn
from lending.shipping.relays.rules import (
    NoRelay,
    RelayAlreadyAgreed,
    RelayGiven,
    RelayNotGiven,
    RelayOver,
    RelayReservationNotPlanned,
    RelaySameSchool,
    RelayTaken,
    RelayTooEarly,
    RelayTooFar,
)
from tests.kit.catalog import create_title
from tests.kit.clock import FixedClock
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


def test_the_turnaround_goes_where_a_relay_needs_its_days_and_comes_back_with_its_end(
    database: Database, clock: FixedClock
) -> None:
    line = create_line(database, clock)
    line.world.loans.cancel(line.other_teacher, line.next.id)
    line.next = line.world.reserve(11, 5, line.other_teacher, school_id=line.other_school.id)
    # The day after, too near for a copy that comes home first; on a second copy it could be promised.
    assert line.world.booking(line.next.id).copy_id is not None
    line.agree()
    line.world.loans.cancel(line.other_teacher, line.next.id)
    assert line.relays.of_booking(line.world.staff, line.loan.id).onwards is not None
    with pytest.raises(RelayOver):
        line.give()
    line.take_back(line.loan)


def test_steps_come_in_their_order_and_once(line: Line) -> None:
    for act in (line.give, line.take, line.cancel):
        with pytest.raises(NoRelay):
            act()
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


def test_what_is_given_twice_over_is_refused_for_both_ends(line: Line) -> None:
    line.agree()
    with pytest.raises(RelayAlreadyAgreed):
        line.agree()


def test_what_does_not_fit_is_refused_and_nothing_is_written(database: Database, clock: FixedClock) -> None:
    line = create_line(database, clock, copies=2)
    world = line.world
    teacher, school_id = line.other_teacher, line.other_school.id
    with world.db.write() as session:
        other_title = create_title(session, world.federation, name="Autre")
    early = world.reserve(5, 3, teacher, school_id=school_id)
    far = world.reserve(40, 3, teacher, school_id=school_id)
    own = world.reserve(30, 3)
    assert other_title.id != world.title.id
    for other, error in ((early, RelayTooEarly), (far, RelayTooFar), (own, RelaySameSchool)):
        with pytest.raises(error):
            line.agree(other_id=other.id)
    with pytest.raises(RelaySameSchool):
        line.agree(other_id=line.loan.id)
    world.loans.cancel(teacher, line.next.id)
    with pytest.raises(RelayReservationNotPlanned):
        line.agree()
    with world.db.read() as session:
        assert session.scalar(select(func.count(Relay.id))) == 0
