"""Copies that stand in a trunk: not lent alone, there and back, on both databases."""

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError

from lending.catalog.errors import UnknownContentLine
from lending.catalog.placing.errors import CopyInsideTrunk, NotATrunk, NotToBePlaced, OfAnotherOwner, TrunkInTrunk
from lending.catalog.placing.schemas import PlaceInTrunk
from lending.catalog.rules import Status
from lending.catalog.stocktakes.queries import known_copies
from lending.catalog.stocktakes.rules import Finding, Place, findings
from lending.catalog.tables import Copy
from lending.core.actor import Role
from lending.core.database import Database
from lending.core.errors import Forbidden
from lending.loans.queries.desk import held_back
from lending.loans.queries.whereabouts import whereabouts
from lending.loans.rules.desk_errors import CopyIsOnLoan
from lending.loans.schemas import Completion, DeskScan
from lending.loans.schemas.contents import NewCheck
from lending.loans.service.contents import Contents
from lending.loans.service.placing import Placing
from tests.kit.catalog import create_copies, create_title
from tests.kit.clock import FixedClock
from tests.kit.loans import World, create_world
from tests.kit.network import create_association, create_depot, create_person


@pytest.fixture
def world(database: Database, clock: FixedClock) -> World:
    return create_world(database, clock, copies=2, with_contents=True)


@pytest.fixture
def placing(world: World) -> Placing:
    return Placing(world.db, world.clock)


@pytest.fixture
def game(world: World) -> Copy:
    with world.db.write() as session:
        title = create_title(session, world.association, name="Jeu de l’oie", kind="game")
        return create_copies(session, title, world.depot, 1)[0]


def trunk(world: World, line_id: int | None = None) -> PlaceInTrunk:
    return PlaceInTrunk(trunk=world.copies[0].code, line_id=line_id)


def test_a_game_in_a_trunk_is_not_lent_alone_until_it_is_taken_out(world: World, placing: Placing, game: Copy) -> None:
    placed = placing.place(world.staff, game.code, trunk(world, world.lines[0].id))
    assert placed.stands_in is not None
    assert (placed.stands_in.code, placed.status) == (world.copies[0].code, Status.BLOCKED)
    assert placing.place(world.staff, game.code, trunk(world, world.lines[0].id)).version == placed.version
    with pytest.raises(CopyInsideTrunk) as refused:
        world.loans.desk(world.staff, DeskScan(code=game.code, depot_id=world.depot.id))
    assert refused.value.trunk_name == placed.stands_in.title_name
    (inside,) = Contents(world.db, world.clock).history(world.staff, world.copies[0].code).inside
    assert (inside.code, inside.line_name) == (game.code, world.lines[0].name)
    out = placing.take_out(world.staff, game.code)
    assert (out.stands_in, out.status) == (None, Status.LENDABLE)
    assert placing.take_out(world.staff, game.code).version == out.version


def test_nothing_else_makes_it_lendable(world: World, placing: Placing, game: Copy) -> None:
    placing.place(world.staff, game.code, trunk(world))
    with pytest.raises(CopyInsideTrunk):
        world.loans.complete_copy(world.staff, game.id, Completion())
    Contents(world.db, world.clock).record(world.staff, game.code, NewCheck(reason="stocktake"))
    assert world.copy_status(game) == Status.BLOCKED
    with pytest.raises(IntegrityError), world.db.write() as session:
        session.execute(update(Copy).where(Copy.id == game.id).values(status="lendable"))
    with pytest.raises(IntegrityError), world.db.write() as session:
        session.execute(text("update placed_copy set copy_status = 'lendable'"))


def test_who_counted_on_it_is_planned_anew(world: World, placing: Placing) -> None:
    with world.db.write() as session:
        title = create_title(session, world.association, name="Malle des émotions")
        other = create_copies(session, title, world.depot, 1)[0]
        world_title = session.get_one(type(title), world.title.id)
        world_title.kind = "game"
    booking = world.reserve(2, 5)
    planned = world.booking(booking.id).copy_id
    code = next(one.code for one in world.copies if one.id == planned)
    placing.place(world.staff, code, PlaceInTrunk(trunk=other.code))
    assert world.booking(booking.id).copy_id not in (None, planned)


def test_it_is_not_looked_for_on_the_shelf_and_not_listed_as_waiting(
    world: World, placing: Placing, game: Copy
) -> None:
    placing.place(world.staff, game.code, trunk(world))
    with world.db.read() as session:
        assert held_back(session, world.depot.id) == []
        place, opened_at = Place(world.depot.id), world.clock.now()
        where = whereabouts(session, world.depot.id, [], opened_at)
        known = known_copies(session, place, [game.id], where)
    assert game.id not in findings(known, place, {}, opened_at)
    assert findings(known, place, {game.id: opened_at}, opened_at)[game.id] == Finding.COUNTED


def test_what_does_not_go_in(world: World, placing: Placing, game: Copy) -> None:
    with world.db.write() as session:
        stranger = create_association(session, world.union, code="44")
        depot = create_depot(session, stranger)
        title = create_title(session, stranger, name="Jeu d’ailleurs", kind="game")
        foreign = create_copies(session, title, depot, 1)[0]
        both = create_person(session, Role.STAFF, world.union)
        lost = create_copies(session, session.get_one(type(title), game.title_id), world.depot, 1)[0]
        lost.status = "lost"
    with pytest.raises(TrunkInTrunk):
        placing.place(world.staff, world.copies[1].code, trunk(world))
    with pytest.raises(NotATrunk):
        placing.place(world.staff, world.copies[1].code, PlaceInTrunk(trunk=game.code))
    with pytest.raises(OfAnotherOwner):
        placing.place(both, foreign.code, trunk(world))
    with pytest.raises(NotToBePlaced):
        placing.place(world.staff, lost.code, trunk(world))
    with pytest.raises(UnknownContentLine):
        placing.place(world.staff, game.code, trunk(world, 10**6))
    with pytest.raises(Forbidden):
        placing.place(world.teacher, game.code, trunk(world))
    assert world.copy_status(game) == Status.LENDABLE


def test_a_trunk_that_is_out_is_neither_filled_nor_emptied(world: World, placing: Placing, game: Copy) -> None:
    loan = world.hand_over(world.reserve(0, 3))
    wanted = PlaceInTrunk(trunk=next(one.code for one in world.copies if one.id == world.booking(loan.id).copy_id))
    with pytest.raises(CopyIsOnLoan):
        placing.place(world.staff, game.code, wanted)
    assert world.copy_status(game) == Status.LENDABLE
