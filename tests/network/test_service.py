"""Use cases of the network: schools, affiliation, calendars, the tree."""

import datetime as dt

import pytest
from msgspec import structs

from lending.core.actor import ANONYMOUS, Actor, Role
from lending.core.database import Database
from lending.core.errors import Forbidden, NotFound, Unauthenticated
from lending.network import rules
from lending.network.queries import path_of
from lending.network.schemas import DepotAddress, NewClosure, NewSchool, OpeningHours
from lending.network.service import Network
from tests.kit.clock import FixedClock
from tests.kit.network import (
    create_association,
    create_depot,
    create_federation,
    create_person,
    create_school,
    create_union,
)


class Tree:
    """A federation with two unions, two associations, a depot, a school and people."""

    def __init__(self, database: Database) -> None:
        with database.write() as session:
            federation = create_federation(session)
            self.bretagne = create_union(session, federation, "Bretagne").id
            centre = create_union(session, federation, "Centre")
            bretagne = session.get_one(type(centre), self.bretagne)
            ille, loire = (
                create_association(session, bretagne, code="35"),
                create_association(session, centre, code="37"),
            )
            self.ille, self.loire, self.centre = ille.id, loire.id, centre.id
            self.depot = create_depot(session, ille).id
            school = create_school(session, ille)
            self.school = school.id
            self.staff = create_person(session, Role.STAFF, ille)
            self.stranger = create_person(session, Role.STAFF, loire)
            self.teacher = create_person(session, Role.TEACHER, school)
            self.coordinator = create_person(session, Role.COORDINATOR, bretagne)
            self.admin = create_person(session, Role.ADMIN, federation)


@pytest.fixture
def tree(database: Database) -> Tree:
    return Tree(database)


@pytest.fixture
def network(database: Database, clock: FixedClock) -> Network:
    return Network(database, clock)


def new_school(association_id: int, uai: str = "0350122T") -> NewSchool:
    return NewSchool(association_id=association_id, uai=uai, name="École des Lucioles", commune="Baulon", pupils=143)


class TestSchools:
    def test_staff_register_a_school_of_their_association(self, network: Network, tree: Tree) -> None:
        school = network.register_school(tree.staff, new_school(tree.ille, "350122t"))
        assert (school.uai, school.association_id, school.affiliated_years) == ("0350122T", tree.ille, [])
        assert network.schools(tree.staff, tree.ille, "baul") == [school]

    def test_a_wrong_letter_is_refused_and_nothing_is_written(self, network: Network, tree: Tree) -> None:
        with pytest.raises(rules.BadUai):
            network.register_school(tree.staff, new_school(tree.ille, "0350122A"))
        assert network.schools(tree.staff, tree.ille, "Baulon") == []

    def test_the_same_code_twice_is_refused(self, network: Network, tree: Tree) -> None:
        network.register_school(tree.staff, new_school(tree.ille))
        with pytest.raises(rules.UaiTaken):
            network.register_school(tree.staff, new_school(tree.ille))

    def test_others_may_not(self, network: Network, tree: Tree) -> None:
        for actor in (tree.stranger, tree.teacher):
            with pytest.raises(Forbidden):
                network.register_school(actor, new_school(tree.ille))
        with pytest.raises(Unauthenticated):
            network.register_school(ANONYMOUS, new_school(tree.ille))

    @pytest.mark.parametrize("text", ["%", "_", "100%", "\\"])
    def test_signs_with_a_meaning_in_patterns_are_taken_literally(
        self, network: Network, tree: Tree, text: str
    ) -> None:
        network.register_school(tree.staff, new_school(tree.ille))
        assert network.schools(tree.staff, tree.ille, text) == []

    def test_affiliation_is_recorded_once(self, network: Network, tree: Tree) -> None:
        assert network.affiliate(tree.staff, tree.school, 2027).affiliated_years == [2026, 2027]
        assert network.affiliate(tree.staff, tree.school, 2027).affiliated_years == [2026, 2027]

    def test_a_teacher_sees_their_own_school(self, network: Network, tree: Tree) -> None:
        assert [school.id for school in network.my_schools(tree.teacher)] == [tree.school]
        assert network.my_schools(tree.staff) == []


class TestDepots:
    def test_hours_are_replaced_whole(self, network: Network, tree: Tree) -> None:
        wednesday = OpeningHours(2, dt.time(14), dt.time(18))
        assert network.set_openings(tree.staff, tree.depot, [wednesday]).openings == [wednesday]

    def test_hours_that_run_backwards_change_nothing(self, network: Network, tree: Tree) -> None:
        before = network.depot(tree.depot)
        with pytest.raises(rules.BadOpening):
            network.set_openings(tree.staff, tree.depot, [OpeningHours(2, dt.time(18), dt.time(14))])
        assert network.depot(tree.depot) == before

    def test_a_closure_is_announced_and_taken_back(self, network: Network, tree: Tree) -> None:
        new = NewClosure(starts_on=dt.date(2027, 2, 6), ends_on=dt.date(2027, 2, 22), reason="Vacances d’hiver")
        (closure,) = network.close_depot(tree.staff, tree.depot, new).closures
        assert closure.last_on == dt.date(2027, 2, 21)
        assert network.reopen_depot(tree.staff, tree.depot, closure.id).closures == []
        with pytest.raises(NotFound):
            network.reopen_depot(tree.staff, tree.depot, closure.id)

    def test_a_closure_that_ends_before_it_begins_is_refused(self, network: Network, tree: Tree) -> None:
        with pytest.raises(rules.BadClosure):
            network.close_depot(
                tree.staff, tree.depot, NewClosure(starts_on=dt.date(2027, 2, 6), ends_on=dt.date(2027, 2, 6))
            )

    def test_only_the_associations_staff_may_change_its_calendar(self, network: Network, tree: Tree) -> None:
        for actor in (tree.stranger, tree.teacher, tree.coordinator):
            with pytest.raises(Forbidden):
                network.set_openings(actor, tree.depot, [])

    def test_a_person_serves_the_desks_of_their_association(self, network: Network, tree: Tree) -> None:
        assert [desk.id for desk in network.desks(tree.staff)] == [tree.depot]
        assert network.desks(tree.stranger) == []

    def test_an_unknown_depot_is_not_found(self, network: Network, tree: Tree) -> None:
        with pytest.raises(NotFound):
            network.depot(tree.depot + 1000)


class TestTree:
    def test_a_moved_association_takes_its_schools_along(
        self, network: Network, tree: Tree, database: Database
    ) -> None:
        moved = network.move_association(tree.admin, tree.ille, tree.centre)
        assert moved.union_id == tree.centre
        with database.read() as session:
            assert path_of(session, tree.school).startswith(moved.path)

    def test_the_coordinator_loses_what_moved_away(self, network: Network, tree: Tree) -> None:
        assert network.schools(tree.coordinator, tree.ille, "")
        network.move_association(tree.admin, tree.ille, tree.centre)
        with pytest.raises(Forbidden):
            network.schools(tree.coordinator, tree.ille, "")

    @pytest.mark.parametrize("who", ["staff", "coordinator", "teacher"])
    def test_only_the_federation_moves_associations(self, network: Network, tree: Tree, who: str) -> None:
        actor: Actor = getattr(tree, who)
        with pytest.raises(Forbidden):
            network.move_association(actor, tree.ille, tree.centre)

    def test_only_an_association_moves_and_only_under_a_union(self, network: Network, tree: Tree) -> None:
        for moved, target in ((tree.school, tree.centre), (tree.ille, tree.loire), (999_999, tree.centre)):
            with pytest.raises(NotFound):
                network.move_association(tree.admin, moved, target)

    def test_unions_list_their_associations(self, network: Network, tree: Tree) -> None:
        found = {union.name: [one.code for one in union.associations] for union in network.unions()}
        assert found == {"Bretagne": ["35"], "Centre": ["37"]}
        assert network.association(tree.ille).union_name == "Bretagne"

    def test_today_is_where_the_association_is(self, network: Network, tree: Tree, clock: FixedClock) -> None:
        assert network.today(tree.ille) == clock.now().date()


def test_a_depot_says_where_it_is(tree: Tree, network: Network) -> None:
    new = DepotAddress(address="  45 rue du  Capitaine-Maignan ", postcode="35 000", commune="Rennes", phone="")
    moved = network.set_address(tree.staff, tree.depot, new)
    assert (moved.address, moved.postcode, moved.commune) == ("45 rue du Capitaine-Maignan", "35000", "Rennes")
    assert moved.phone is None
    for postcode in ("3500", "99000", "2A004", "350000", "٣٥٠٠٠"):
        with pytest.raises(rules.BadPostcode):
            network.set_address(tree.staff, tree.depot, DepotAddress(postcode=postcode, commune="Rennes"))
    for actor in (tree.stranger, tree.teacher):
        with pytest.raises(Forbidden):
            network.set_address(actor, tree.depot, DepotAddress(commune="Tours"))
    with pytest.raises(NotFound):
        network.set_address(tree.staff, 999_999, DepotAddress(commune="Tours"))
    assert network.depot(tree.depot) == moved
    assert network.set_address(tree.staff, tree.depot, DepotAddress(commune="Rennes")).postcode == ""


def test_a_school_has_a_french_postcode_or_none(tree: Tree, network: Network) -> None:
    with pytest.raises(rules.BadPostcode):
        network.register_school(tree.staff, structs.replace(new_school(tree.ille), postcode="350000"))
    added = network.register_school(tree.staff, structs.replace(new_school(tree.ille), postcode="35 580"))
    assert added.postcode == "35580"
