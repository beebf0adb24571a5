"""The stock of an association on one list, and many copies changed at once, on both databases."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lending.catalog.errors import UnknownDepot
from lending.catalog.states import Condition, Kind, Status
from lending.catalog.stock.errors import NoCopyChosen
from lending.catalog.stock.schemas import StockChange, StockFilter
from lending.catalog.stock.service import Stock
from lending.catalog.tables import Copy
from lending.core.actor import Role
from lending.core.barcodes import shown
from lending.core.database import Database
from lending.core.errors import Forbidden, NotFound
from lending.core.paging import BadCursor
from lending.loans.service import Loans
from tests.kit.catalog import create_alias, create_copies, create_title
from tests.kit.clock import FixedClock
from tests.kit.loans import World, create_world
from tests.kit.network import create_association, create_depot, create_person


@pytest.fixture
def world(database: Database, clock: FixedClock) -> World:
    return create_world(database, clock, copies=3)


@pytest.fixture
def stock(world: World) -> Stock:
    return Stock(world.db, world.clock, Loans(world.db, world.clock).replan_title)


def ids(world: World) -> list[int]:
    return [one.id for one in world.copies]


def listed(stock: Stock, world: World, **wanted: object) -> list[int]:
    return [one.id for one in stock.copies(world.staff, world.association.id, StockFilter(**wanted)).items]  # type: ignore[arg-type]  # each test names fields of the filter


def change(stock: Stock, world: World, action: str, copies: list[int] | None = None, **place: object) -> list[str]:
    """Do it to all copies; the reasons of those that refuse."""
    asked = StockChange(copies=ids(world) if copies is None else copies, action=action, **place)  # type: ignore[arg-type]  # as above
    return [one.reason for one in stock.change(world.staff, world.association.id, asked).refused]


def test_each_filter_narrows_the_list(stock: Stock, world: World) -> None:
    first, second, third = ids(world)
    world.set_copy(world.copies[0], shelf="A1", condition="worn")
    world.set_copy(world.copies[1], status="blocked")
    assert sorted(listed(stock, world)) == [first, second, third]
    assert listed(stock, world, shelf="A1") == [first]
    assert listed(stock, world, condition=Condition.WORN) == [first]
    assert listed(stock, world, status=Status.BLOCKED) == [second]
    assert listed(stock, world, kind=Kind.SHEET) == []
    assert len(listed(stock, world, depot_id=world.depot.id)) == 3
    assert listed(stock, world, text=world.copies[2].code) == [third]
    assert listed(stock, world, text="100%") == []


def test_a_copy_is_found_by_its_code_in_groups_by_an_old_number_and_by_a_name_with_accents(
    stock: Stock, world: World
) -> None:
    first, second, third = ids(world)
    with world.db.write() as session:
        create_alias(session, world.copies[1], "INV-77")
        school = create_title(session, world.association, name="École du loup", kind="book")
        (book,) = create_copies(session, school, world.depot, 1)
    assert listed(stock, world, text=shown(world.copies[0].code)) == [first]
    assert listed(stock, world, text=f"https://malles.example.org/E/{world.copies[2].code}") == [third]
    assert listed(stock, world, text="INV-77") == listed(stock, world, text="inv-77") == [second]
    assert listed(stock, world, text="école") == listed(stock, world, text="LOUP") == [book.id]


def test_pages_follow_each_other_without_gap(stock: Stock, world: World) -> None:
    with world.db.write() as session:
        other = create_title(session, world.association, name=world.title.name)
        create_copies(session, other, world.depot, 4)
    seen, cursor = [], None
    while True:
        part = stock.copies(world.staff, world.association.id, StockFilter(), cursor, limit=2)
        seen += [one.id for one in part.items]
        if (cursor := part.next_cursor) is None:
            break
    assert len(seen) == len(set(seen)) == 7
    with pytest.raises(BadCursor):
        stock.copies(world.staff, world.association.id, StockFilter(), "nonsense")


def test_many_copies_move_to_a_shelf_and_to_a_depot(stock: Stock, world: World) -> None:
    with world.db.write() as session:
        depot = create_depot(session, world.association, name="Réserve")
    assert change(stock, world, "shelf", shelf=" B  2 ") == []
    assert change(stock, world, "depot", depot_id=depot.id) == []
    with world.db.read() as session:
        found = [session.get_one(Copy, one) for one in ids(world)]
    assert {(one.shelf, one.depot_id) for one in found} == {("B 2", depot.id)}


def test_what_cannot_be_changed_is_told_and_the_others_are(stock: Stock, world: World) -> None:
    assert change(stock, world, "block") == []
    world.set_copy(world.copies[1], condition="damaged")
    (reason,) = change(stock, world, "unblock")
    assert reason
    assert [world.copy_status(one) for one in world.copies] == ["lendable", "blocked", "lendable"]
    assert change(stock, world, "withdraw") == []
    assert {world.copy_status(one) for one in world.copies} == {"withdrawn"}


def test_who_waits_for_a_withdrawn_copy_gets_another_or_is_told(stock: Stock, world: World) -> None:
    booking = world.reserve(2, 5)
    planned = world.booking(booking.id).copy_id
    assert planned is not None
    assert change(stock, world, "withdraw", [planned]) == []
    assert world.booking(booking.id).copy_id not in (None, planned)
    assert change(stock, world, "withdraw", [one for one in ids(world) if one != planned]) == []
    assert world.booking(booking.id).copy_id is None


def test_nothing_is_done_to_foreign_copies_or_by_strangers(stock: Stock, world: World) -> None:
    with world.db.write() as session:
        elsewhere = create_association(session, world.union, code="44")
        (foreign,) = create_copies(session, world.title, create_depot(session, elsewhere), 1)
        stranger = create_person(session, Role.STAFF, elsewhere)
    mixed = [*ids(world), foreign.id]
    with pytest.raises(NotFound):
        change(stock, world, "withdraw", mixed)
    with pytest.raises(UnknownDepot):
        change(stock, world, "depot", depot_id=foreign.depot_id)
    with pytest.raises(NoCopyChosen):
        change(stock, world, "withdraw", [])
    for nobody in (world.teacher, stranger):
        with pytest.raises(Forbidden):
            stock.copies(nobody, world.association.id, StockFilter())
        with pytest.raises(Forbidden):
            stock.change(nobody, world.association.id, StockChange(copies=ids(world), action="withdraw"))
    assert {world.copy_status(one) for one in world.copies} == {"lendable"}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["block", "unblock", "withdraw"]), st.sets(st.integers(0, 2), min_size=1))))
def test_refusals_and_changes_make_up_the_whole(stock: Stock, world: World, steps: list[tuple[str, set[int]]]) -> None:
    for action, chosen in steps:
        asked = StockChange(copies=[ids(world)[one] for one in chosen], action=action)  # type: ignore[arg-type]  # drawn from the actions
        done = stock.change(world.staff, world.association.id, asked)
        assert done.changed + len(done.refused) == len(chosen)
