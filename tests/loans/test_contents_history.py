"""What happened to the blue dice: across three loans, in the database."""

import pytest
from sqlalchemy.exc import IntegrityError

from lending.catalog.errors import BadFoundCount, DamagedNotLendable, UnknownContentLine
from lending.catalog.rules import Status
from lending.catalog.tables import ContentLine, ContentsCheck
from lending.core.actor import Role
from lending.core.database import Database
from lending.core.errors import Forbidden, NotFound
from lending.core.idempotency import KeyUsedForAnotherRequest
from lending.loans.rules.desk_errors import CopyIsOnLoan
from lending.loans.schemas import DeskDecision, DeskScan, FoundLine, Reservation
from lending.loans.schemas.contents import ContentsHistory, NewCheck
from lending.loans.service.contents import Contents
from tests.kit.catalog import create_copies
from tests.kit.clock import FixedClock
from tests.kit.loans import World, create_world
from tests.kit.network import create_association, create_person


@pytest.fixture
def trunk(database: Database, clock: FixedClock) -> World:
    return create_world(database, clock, copies=1, with_contents=True)


@pytest.fixture
def contents(trunk: World) -> Contents:
    return Contents(trunk.db, trunk.clock)


def line(world: World) -> ContentLine:
    with world.db.read() as session:
        return session.get_one(ContentLine, world.lines[0].id)


def counted(world: World, fewer: int) -> list[FoundLine]:
    one = line(world)
    return [FoundLine(one.id, one.quantity - fewer)]


def lend_and_take_back(world: World, clock: FixedClock, fewer: int = 0) -> Reservation:
    """A loan of two days; at its return so many pieces are missing."""
    loan = world.hand_over(world.reserve(0, 3))
    clock.advance(days=2)
    found = counted(world, fewer)
    decision = DeskDecision(action="take_back", found=found, lendable_though_incomplete=True, note_seen=True)
    world.loans.desk(world.staff, DeskScan(code=world.copies[0].code, depot_id=world.depot.id, decision=decision))
    clock.advance(days=5)
    return loan


def history(contents: Contents, world: World) -> ContentsHistory:
    return contents.history(world.staff, world.copies[0].code)


def test_it_went_missing_in_the_second_of_three_loans(trunk: World, clock: FixedClock, contents: Contents) -> None:
    lend_and_take_back(trunk, clock)
    second = lend_and_take_back(trunk, clock, fewer=1)
    lend_and_take_back(trunk, clock, fewer=1)
    found = history(contents, trunk)
    (turn,) = found.turns
    assert (turn.line_name, turn.change, turn.count) == (line(trunk).name, "missing", 1)
    assert [(one.reference, one.school_name, one.person_name) for one in turn.had_by] == [
        (second.reference, second.school_name, second.person_name)
    ]
    assert turn.before is not None
    assert turn.before.checked_at < turn.had_by[0].handed_over_at < turn.after.checked_at
    assert [one.leaves for one in found.checks] == ["lendable", "lendable", "complete"]


def test_a_checklist_that_grew_meanwhile_blames_nobody(trunk: World, clock: FixedClock, contents: Contents) -> None:
    lend_and_take_back(trunk, clock, fewer=1)
    with trunk.db.write() as session:
        session.get_one(ContentLine, line(trunk).id).quantity += 3
    lend_and_take_back(trunk, clock, fewer=4)
    assert len(history(contents, trunk).turns) == 1


def test_a_look_in_the_depot_puts_a_copy_aside_and_another_gives_it_back(trunk: World, contents: Contents) -> None:
    code, copy = trunk.copies[0].code, trunk.copies[0]
    aside = contents.record(trunk.staff, code, NewCheck(reason="stocktake", found=counted(trunk, 1), note="Tiroir"))
    assert aside.copy.status == Status.BLOCKED
    assert aside.checks[0].leaves == "blocked"
    assert aside.turns[0].before is None
    lent = contents.record(trunk.staff, code, NewCheck(reason="repair", found=counted(trunk, 1), then="lend"))
    assert (lent.copy.status, lent.checks[0].leaves) == (Status.LENDABLE, "lendable")
    back = contents.record(trunk.staff, code, NewCheck(reason="repair"))
    assert [one.change for one in back.turns] == ["back", "missing"]
    assert trunk.copy_status(copy) == Status.LENDABLE


def test_who_waits_for_a_copy_is_at_risk_while_it_is_put_aside(trunk: World, contents: Contents) -> None:
    booking = trunk.reserve(2, 5)
    contents.record(trunk.staff, trunk.copies[0].code, NewCheck(reason="stocktake", found=counted(trunk, 1)))
    assert trunk.booking(booking.id).copy_id is None
    contents.record(trunk.staff, trunk.copies[0].code, NewCheck(reason="repair"))
    assert trunk.booking(booking.id).copy_id == trunk.copies[0].id


def test_a_look_sent_twice_is_written_once(trunk: World, contents: Contents) -> None:
    for _ in range(2):
        contents.record(trunk.staff, trunk.copies[0].code, NewCheck(reason="purchase"), key="one")
    assert len(history(contents, trunk).checks) == 1


def test_what_is_out_cannot_be_looked_into(trunk: World, contents: Contents) -> None:
    trunk.hand_over(trunk.reserve(0, 3))
    with pytest.raises(CopyIsOnLoan):
        contents.record(trunk.staff, trunk.copies[0].code, NewCheck(reason="stocktake"))


def test_counts_that_cannot_be_are_refused_and_nothing_is_written(trunk: World, contents: Contents) -> None:
    code = trunk.copies[0].code
    with pytest.raises(UnknownContentLine):
        contents.record(trunk.staff, code, NewCheck(reason="stocktake", found=[FoundLine(999_999, 1)]))
    with pytest.raises(BadFoundCount):
        contents.record(trunk.staff, code, NewCheck(reason="stocktake", found=[FoundLine(line(trunk).id, -1)]))
    trunk.set_copy(trunk.copies[0], condition="damaged", status="blocked")
    with pytest.raises(DamagedNotLendable):
        contents.record(trunk.staff, code, NewCheck(reason="stocktake"))
    assert history(contents, trunk).checks == []


def test_only_the_owners_people_see_it_and_only_its_staff_counts(trunk: World, contents: Contents) -> None:
    code = trunk.copies[0].code
    with trunk.db.write() as session:
        stranger = create_person(session, Role.STAFF, create_association(session, trunk.union, code="44"))
    for nobody in (trunk.teacher, stranger):
        with pytest.raises(Forbidden):
            contents.history(nobody, code)
        with pytest.raises(Forbidden):
            contents.record(nobody, code, NewCheck(reason="stocktake"))
    with pytest.raises(NotFound):
        contents.history(trunk.staff, "NIX-1")


def test_the_database_refuses_a_complete_copy_that_is_lent_though_incomplete(trunk: World, clock: FixedClock) -> None:
    wrong = {"outcome": "complete", "lendable_though_incomplete": True, "checked_at": clock.now()}
    with pytest.raises(IntegrityError), trunk.db.write() as session:
        session.add(ContentsCheck(copy_id=trunk.copies[0].id, reason="stocktake", **wrong))


def test_a_piece_that_was_never_there_is_not_lost(trunk: World, clock: FixedClock, contents: Contents) -> None:
    lend_and_take_back(trunk, clock)
    with trunk.db.write() as session:
        session.get_one(ContentLine, line(trunk).id).quantity += 1
    lend_and_take_back(trunk, clock, fewer=1)
    found = history(contents, trunk)
    assert found.turns == []
    assert found.checks[0].missing[0].missing == 1


def test_the_same_key_for_another_copy_is_refused(trunk: World, contents: Contents) -> None:
    with trunk.db.write() as session:
        (other,) = create_copies(session, trunk.title, trunk.depot, 1)
    contents.record(trunk.staff, trunk.copies[0].code, NewCheck(reason="purchase"), key="one")
    with pytest.raises(KeyUsedForAnotherRequest):
        contents.record(trunk.staff, other.code, NewCheck(reason="purchase"), key="one")
