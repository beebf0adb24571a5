"""What can be done for a reservation that lost its copy."""

import pytest
from sqlalchemy import select

from lending.catalog.tables import Title
from lending.core.actor import Role
from lending.core.database import Database
from lending.core.errors import Forbidden, NotFound
from lending.loans.rules.cures import CureGone, NothingToCure
from lending.loans.rules.errors import SchoolOfAnotherAssociation
from lending.loans.schemas import Reservation
from lending.loans.schemas.cures import Cure
from lending.loans.service.cures import Cures
from lending.loans.tables import BookingEvent
from lending.network.tables import Depot
from tests.kit.catalog import create_copies, create_title
from tests.kit.clock import FixedClock
from tests.kit.loans import DAY, EVERY_DAY, World, create_rule, create_world
from tests.kit.network import create_association, create_depot, create_person


@pytest.fixture
def world(database: Database, clock: FixedClock) -> World:
    return create_world(database, clock, copies=1)


@pytest.fixture
def cures(world: World) -> Cures:
    return Cures(world.db, world.clock)


def at_risk(world: World, start: int = 10, length: int = 7) -> Reservation:
    booking = world.reserve(start, length)
    world.set_copy(world.copies[0], status="repair")
    assert world.booking(booking.id).copy_id is None
    return booking


def annexe(world: World, title: Title | None = None) -> Depot:
    """Another depot of the association that has one copy."""
    with world.db.write() as session:
        depot = create_depot(session, world.association, "Annexe", weekdays=EVERY_DAY)
        create_copies(session, title or world.title, depot, 1)
        return depot


def neighbour(world: World, *, lends: bool) -> Depot:
    """A depot of another association of the region."""
    with world.db.write() as session:
        association = create_association(session, world.union, code="22")
        depot = create_depot(session, association, "Voisin", weekdays=EVERY_DAY)
        create_copies(session, world.title, depot, 1)
        if lends:
            words = {"deposit_form": "cheque", "deposit_cents": 5000, "needs_approval": True}
            create_rule(session, association.id, borrowers="region", is_lendable=True, **words)
        return depot


def of_kind(found: list[Cure], kind: str) -> list[Cure]:
    return [one for one in found if one.kind == kind]


def test_a_sibling_copy_takes_over_without_anybodys_word(world: World, cures: Cures) -> None:
    with world.db.write() as session:
        create_copies(session, world.title, world.depot, 1)
    booking = world.reserve(10, 7)
    world.set_copy(next(one for one in world.copies if one.id == booking.copy_id), status="repair")
    assert world.booking(booking.id).copy_id is not None
    assert cures.cures(world.teacher, booking.id) == []


def test_another_depot_of_the_association_is_proposed_and_accepted(world: World, cures: Cures) -> None:
    booking, depot = at_risk(world), annexe(world)
    proposed = of_kind(cures.cures(world.teacher, booking.id), "depot")
    assert [(one.depot_id, one.starts_on, one.due_on) for one in proposed] == [
        (depot.id, booking.starts_on, booking.due_on)
    ]
    cured = cures.accept_cure(world.teacher, booking.id, proposed[0].id)
    assert (cured.depot_id, cured.is_at_risk, cured.starts_on) == (depot.id, False, booking.starts_on)
    assert f"changed:{booking.id}:{cured.version}" in world.notices("changed")
    with world.db.read() as session:
        acts = list(session.scalars(select(BookingEvent.act).where(BookingEvent.booking_id == booking.id)))
    assert acts == ["reserved", "cured"]


def test_other_dates_near_are_proposed_and_accepted(world: World, cures: Cures) -> None:
    world.hand_over(world.reserve(0, 9))
    booking = world.reserve(14, 7)
    world.clock.advance(days=11)
    world.loans.grow_overdue()
    assert world.booking(booking.id).copy_id is None
    dates = of_kind(cures.cures(world.staff, booking.id), "dates")
    assert dates
    cured = cures.accept_cure(world.staff, booking.id, dates[0].id)
    assert (cured.starts_on, cured.due_on) == (dates[0].starts_on, dates[0].due_on)
    assert not cured.is_at_risk


def test_an_equivalent_title_is_proposed_and_accepted(world: World, cures: Cures) -> None:
    with world.db.write() as session:
        alike = create_title(session, world.federation, name="Tout pareil", levels=["CE1"], themes=["cooperation"])
        create_copies(session, alike, world.depot, 1)
    booking = at_risk(world)
    proposed = of_kind(cures.cures(world.teacher, booking.id), "title")
    assert [(one.title_name, one.depot_id) for one in proposed] == [("Tout pareil", world.depot.id)]
    cured = cures.accept_cure(world.teacher, booking.id, proposed[0].id)
    assert (cured.title_id, cured.is_at_risk) == (alike.id, False)


def test_a_neighbour_is_proposed_only_where_its_rule_lends(world: World, cures: Cures) -> None:
    booking = at_risk(world)
    closed = neighbour(world, lends=False)
    assert of_kind(cures.cures(world.teacher, booking.id), "depot") == []
    crafted = f"depot.{world.title.id}.{closed.id}.{booking.starts_on}.{booking.due_on}"
    with pytest.raises(SchoolOfAnotherAssociation):
        cures.accept_cure(world.teacher, booking.id, crafted)


def test_a_neighbour_lends_on_its_own_conditions(world: World, cures: Cures) -> None:
    booking, depot = at_risk(world), neighbour(world, lends=True)
    proposed = of_kind(cures.cures(world.teacher, booking.id), "depot")
    assert [one.depot_id for one in proposed] == [depot.id]
    cured = cures.accept_cure(world.teacher, booking.id, proposed[0].id)
    assert (cured.association_id, cured.deposit_cents, cured.awaits_approval) == (depot.association_id, 5000, True)


def test_what_is_taken_meanwhile_is_refused(world: World, cures: Cures) -> None:
    booking, depot = at_risk(world), annexe(world)
    proposed = of_kind(cures.cures(world.teacher, booking.id), "depot")[0]
    world.reserve(10, 7, depot_id=depot.id)
    with pytest.raises(CureGone):
        cures.accept_cure(world.teacher, booking.id, proposed.id)
    assert world.booking(booking.id).depot_id == world.depot.id


def test_a_cure_is_accepted_once(world: World, cures: Cures) -> None:
    booking = at_risk(world)
    annexe(world)
    proposed = of_kind(cures.cures(world.teacher, booking.id), "depot")[0]
    cures.accept_cure(world.teacher, booking.id, proposed.id)
    with pytest.raises(NothingToCure):
        cures.accept_cure(world.teacher, booking.id, proposed.id)


def test_a_cure_is_no_way_around_the_rules_of_a_reservation(world: World, cures: Cures) -> None:
    booking, depot = at_risk(world), annexe(world)
    other_days = f"{booking.starts_on + DAY}.{booking.due_on + DAY}"
    days = f"{booking.starts_on}.{booking.due_on}"
    crafted = [
        "",
        "depot.1",
        f"depot.{world.title.id}.{depot.id}.2026-02-30.2026-03-01",
        f"depot.{world.title.id}.{depot.id}.{other_days}",
        f"title.{world.title.id}.{depot.id}.{days}",
        f"depot.{world.title.id}.999999.{days}",
        f"title.999999.{depot.id}.{days}",
    ]
    for one in crafted:
        with pytest.raises(NotFound):
            cures.accept_cure(world.teacher, booking.id, one)


def test_only_the_school_and_the_lender_may_cure(world: World, cures: Cures) -> None:
    booking = at_risk(world)
    annexe(world)
    proposed = of_kind(cures.cures(world.staff, booking.id), "depot")[0]
    _, stranger = world.school_with_teacher()
    with world.db.write() as session:
        other_staff = create_person(session, Role.STAFF, create_association(session, world.union, code="29"))
    for actor in (stranger, other_staff):
        with pytest.raises(Forbidden):
            cures.cures(actor, booking.id)
        with pytest.raises(Forbidden):
            cures.accept_cure(actor, booking.id, proposed.id)


def test_the_depots_day_lists_what_could_be_done(world: World, cures: Cures) -> None:
    booking = at_risk(world)
    annexe(world)
    found = cures.cures_at(world.staff, world.depot.id)
    assert {one.kind for one in found[booking.id]} == {"depot", "dates"}
    with pytest.raises(Forbidden):
        cures.cures_at(world.teacher, world.depot.id)
