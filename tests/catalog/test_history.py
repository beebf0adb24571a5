"""Who changed what of titles and copies."""

import pytest

from lending.catalog.history.schemas import ChangeView
from lending.catalog.history.service import History
from lending.catalog.number_errors import LocalTitle
from lending.catalog.requests import EditCopy, EditTitle, LineInput, NewCopies, NewTitle, SectionInput
from lending.catalog.rules import Kind, Status
from lending.catalog.service import Catalog
from lending.core.actor import Role
from lending.core.database import Database
from lending.core.errors import Forbidden, NotFound
from tests.kit.clock import FixedClock
from tests.kit.loans import World, create_world
from tests.kit.network import create_association, create_depot, create_person


@pytest.fixture
def world(database: Database, clock: FixedClock) -> World:
    made = create_world(database, clock, copies=1, with_contents=True)
    with database.write() as session:
        session.merge(made.title).owner_id = made.association.id
    return made


@pytest.fixture
def catalog(world: World) -> Catalog:
    return Catalog(world.db, world.clock, None, world.loans.replan_title)  # type: ignore[arg-type]  # no pictures here


def told(changes: list[ChangeView]) -> list[tuple[str, str, str]]:
    return [(one.field, one.before, one.after) for one in changes]


def test_each_field_is_told_before_and_after_with_who_did_it(world: World, catalog: Catalog) -> None:
    catalog.edit_title(world.staff, world.title.id, EditTitle(name="Autre nom", min_age=6, publisher=""), None)
    changes = History(world.db).of_title(world.staff, world.title.id)
    assert sorted(told(changes)) == [("min_age", "", "6"), ("name", world.title.name, "Autre nom")]
    assert {one.changed_by for one in changes} == {world.staff.name}


def test_contents_levels_and_the_adding_are_told(world: World, catalog: Catalog) -> None:
    new = NewTitle(owner_id=world.association.id, kind=Kind.TRUNK, name="Neuve")
    added = catalog.add_title(world.staff, new).id
    contents = [SectionInput(name="Livres", lines=[LineInput(name="Album", quantity=5)])]
    catalog.edit_title(world.staff, added, EditTitle(contents=contents), None)
    assert told(History(world.db).of_title(world.staff, added)) == [
        ("contents", "", "Livres : 5 × Album"),
        ("added", "", "Neuve"),
    ]


def test_a_copys_changes_stand_with_its_title_and_alone(world: World, catalog: Catalog) -> None:
    copy = world.copies[0]
    catalog.edit_copy(world.staff, copy.id, EditCopy(shelf="B2", status=Status.BLOCKED), None)
    history = History(world.db)
    alone = history.of_copy(world.staff, copy.code)
    assert sorted(told(alone)) == [("shelf", "", "B2"), ("status", "lendable", "blocked")]
    assert history.of_title(world.staff, world.title.id) == alone


def test_a_refused_change_is_not_told(world: World, catalog: Catalog) -> None:
    with pytest.raises(NotFound):
        catalog.edit_title(world.staff, 999_999, EditTitle(name="x"), None)
    with pytest.raises(Forbidden):
        catalog.edit_title(world.teacher, world.title.id, EditTitle(name="x"), None)
    assert History(world.db).of_title(world.staff, world.title.id) == []


def test_only_the_owners_people_read_it(world: World) -> None:
    with world.db.write() as session:
        stranger = create_person(session, Role.STAFF, create_association(session, world.union, code="44"))
    for nobody in (world.teacher, stranger):
        with pytest.raises(Forbidden):
            History(world.db).of_title(nobody, world.title.id)
        with pytest.raises(Forbidden):
            History(world.db).of_copy(nobody, world.copies[0].code)
    with pytest.raises(NotFound):
        History(world.db).of_title(world.staff, 999_999)


def test_others_have_no_copies_of_a_title_kept_to_its_owner(world: World, catalog: Catalog) -> None:
    catalog.edit_title(world.staff, world.title.id, EditTitle(is_local=True), None)
    with world.db.write() as session:
        other = create_association(session, world.union, code="44")
        depot, staff = create_depot(session, other), create_person(session, Role.STAFF, other)
    with pytest.raises(LocalTitle):
        catalog.add_copies(staff, world.title.id, NewCopies(depot_id=depot.id))
    assert len(catalog.add_copies(world.staff, world.title.id, NewCopies(depot_id=world.depot.id)).copies) == 1
