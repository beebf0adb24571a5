"""A basket: several titles and depots, held for a quarter of an hour, confirmed together."""

import threading

import pytest

from lending.catalog.tables import Title
from lending.core.actor import ANONYMOUS, Actor, Role
from lending.core.database import Database
from lending.core.errors import NotFound, Unauthenticated
from lending.loans.rules import errors
from lending.loans.rules.basket import BasketEmpty, BasketRefused, FewerFree
from lending.loans.schemas.basket import NewLine
from lending.loans.service.baskets import Baskets
from lending.network.tables import Depot
from tests.kit.catalog import create_copies, create_title
from tests.kit.clock import FixedClock
from tests.kit.loans import DAY, World, create_rule, create_world
from tests.kit.network import create_association, create_depot, create_person, create_school


@pytest.fixture
def world(database: Database, clock: FixedClock) -> World:
    return create_world(database, clock, copies=2, preparation_days=0, turnaround_days=0)


@pytest.fixture
def baskets(world: World) -> Baskets:
    return Baskets(world.db, world.clock)


@pytest.fixture
def game(world: World) -> Title:
    with world.db.write() as session:
        made = create_title(session, world.federation, name="Jeu des émotions", kind="game")
        create_copies(session, made, world.depot, 1)
        return made


def line(world: World, start: int = 2, length: int = 5, **more: int) -> NewLine:
    first = world.today + start * DAY
    place = {"title_id": world.title.id, "school_id": world.school.id}
    return NewLine(**place | more, starts_on=first, due_on=first + (length - 1) * DAY)


def neighbours_depot(world: World) -> Depot:
    """A depot of the region that lends to the school."""
    with world.db.write() as session:
        there = create_association(session, world.union, code="22")
        depot = create_depot(session, there, "Dépôt de Saint-Brieuc", weekdays=(0, 1, 2, 3, 4, 5, 6))
        create_copies(session, world.title, depot, 1)
        create_rule(session, there.id, borrowers="region", is_lendable=True, lead_days=0)
        return depot


def test_lines_are_held_for_a_quarter_of_an_hour_after_the_last_change(
    world: World, baskets: Baskets, game: Title
) -> None:
    baskets.add(world.teacher, line(world))
    world.clock.advance(minutes=14)
    held = baskets.add(world.teacher, line(world, title_id=game.id))
    assert len(held.lines) == 2
    world.clock.advance(minutes=14)
    assert len(baskets.show(world.teacher).lines) == 2
    world.clock.advance(minutes=1)
    assert baskets.show(world.teacher).lines == []


def test_what_is_in_a_basket_is_free_for_nobody_else_until_it_ends(world: World, baskets: Baskets) -> None:
    baskets.add(world.teacher, line(world, quantity=2))
    with pytest.raises(errors.NoCopyFree):
        world.reserve(2, 5)
    world.clock.advance(minutes=15)
    assert world.reserve(2, 5).state == "planned"


def test_one_confirmation_makes_one_order_split_by_depot(world: World, baskets: Baskets, game: Title) -> None:
    depot = neighbours_depot(world)
    baskets.add(world.teacher, line(world))
    baskets.add(world.teacher, line(world, title_id=game.id, start=3))
    baskets.add(world.teacher, line(world, depot_id=depot.id))
    confirmed = baskets.confirm(world.teacher, wants_all=True)
    assert [(one.depot_name, len(one.reservations)) for one in confirmed.depots] == [
        ("Dépôt de Saint-Brieuc", 1),
        (world.depot.name, 2),
    ]
    loans = [loan for one in confirmed.depots for loan in one.reservations]
    assert {(one.cause.value, one.state.value, one.order_reference) for one in loans} == {
        ("loan", "planned", confirmed.order_reference)
    }
    assert len(world.notices("booking-confirmed")) == 3
    assert baskets.show(world.teacher).lines == []


def test_all_or_nothing_reserves_nothing_when_a_limit_stands_in_the_way(database: Database, clock: FixedClock) -> None:
    world = create_world(database, clock, copies=3, max_open_loans=2)
    baskets = Baskets(world.db, world.clock)
    held = baskets.add(world.teacher, line(world, quantity=3))
    with pytest.raises(BasketRefused) as refused:
        baskets.confirm(world.teacher, wants_all=True)
    assert [one.type for one in refused.value.refused] == ["too-many-open-loans"]
    assert baskets.show(world.teacher).lines == held.lines
    confirmed = baskets.confirm(world.teacher, wants_all=False)
    assert sum(len(one.reservations) for one in confirmed.depots) == 2
    assert [one.type for one in confirmed.refused] == ["too-many-open-loans"]
    assert len(baskets.show(world.teacher).lines) == 1


def test_c076_a_line_whose_time_is_over_is_refused_with_what_is_free(world: World, baskets: Baskets) -> None:
    held = baskets.add(world.teacher, line(world))
    seen = [one.id for one in held.lines]
    world.clock.advance(minutes=15)
    _, other = world.school_with_teacher()
    for _ in range(2):
        world.reserve(2, 5, other, school_id=other.grants[0].organisation_id)
    with pytest.raises(BasketRefused) as refused:
        baskets.confirm(world.teacher, wants_all=False, seen=seen)
    assert [(one.booking_id, one.type) for one in refused.value.refused] == [(seen[0], "hold-ended")]
    assert refused.value.refused[0].nearest


def test_c077_fewer_copies_than_wished_refuses_all_and_says_how_many(world: World, baskets: Baskets) -> None:
    with pytest.raises(FewerFree) as refused:
        baskets.add(world.teacher, line(world, quantity=3))
    assert (refused.value.asked, refused.value.free) == (3, 2)
    assert baskets.show(world.teacher).lines == []
    assert len(baskets.add(world.teacher, line(world, quantity=2)).lines) == 2


def test_a_line_is_given_back_and_only_by_who_holds_it(world: World, baskets: Baskets) -> None:
    held = baskets.add(world.teacher, line(world))
    _, stranger = world.school_with_teacher()
    with pytest.raises(NotFound):
        baskets.remove(stranger, held.lines[0].id)
    assert baskets.remove(world.teacher, held.lines[0].id).lines == []
    with pytest.raises(BasketEmpty):
        baskets.confirm(world.teacher, wants_all=True)


def test_a_visitor_has_no_basket(baskets: Baskets) -> None:
    with pytest.raises(Unauthenticated):
        baskets.show(ANONYMOUS)


def test_staff_fill_a_basket_for_a_school_and_the_teacher_is_told(world: World, baskets: Baskets) -> None:
    baskets.add(world.staff, line(world))
    confirmed = baskets.confirm(world.staff, wants_all=True)
    loan = confirmed.depots[0].reservations[0]
    assert loan.person_id == world.teacher.person_id
    assert world.notices() == [f"booking-confirmed:{loan.id}"]


def test_baskets_filled_at_once_hold_no_copy_twice(world: World, baskets: Baskets) -> None:
    with world.db.write() as session:
        people = [create_person(session, Role.TEACHER, create_school(session, world.association)) for _ in range(6)]
    held: list[Actor] = []

    def fill(actor: Actor) -> None:
        try:
            baskets.add(actor, line(world, school_id=actor.grants[0].organisation_id))
            baskets.confirm(actor, wants_all=True)
            held.append(actor)
        except errors.NoCopyFree:
            pass

    threads = [threading.Thread(target=fill, args=(actor,)) for actor in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(held) == 2
    assert len(world.loans.loans(world.staff, world.association.id, "planned").items) == 2
