"""What must be settled before a copy leaves, and whom a depot lends to."""

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from lending.core.actor import Role
from lending.core.database import Database
from lending.core.errors import Forbidden
from lending.loans.rules import errors
from lending.loans.rules.period_errors import (
    AgreementMissing,
    ApprovalMissing,
    DepositMissing,
    LendsNothingThen,
    NothingToDecide,
)
from lending.loans.schemas.rules import NewBlackout
from lending.loans.service.conditions import Conditions
from lending.loans.service.rulebook import RuleBook
from lending.loans.tables import Booking, BookingEvent
from lending.network.tables import School
from tests.kit.clock import FixedClock
from tests.kit.loans import DAY, World, create_rule, create_world
from tests.kit.network import create_association, create_depot, create_person, create_school


def acts(world: World, booking_id: int) -> list[str]:
    with world.db.read() as session:
        query = select(BookingEvent.act).where(BookingEvent.booking_id == booking_id).order_by(BookingEvent.id)
        return list(session.scalars(query))


@pytest.fixture
def strict(database: Database, clock: FixedClock) -> World:
    terms = {"needs_approval": True, "agreement": "year", "deposit_form": "cheque", "deposit_cents": 8000}
    return create_world(database, clock, copies=2, **terms)


@pytest.fixture
def conditions(strict: World) -> Conditions:
    return Conditions(strict.db, strict.clock)


def test_nothing_leaves_before_the_association_agreed_the_paper_came_back_and_the_deposit_is_there(
    strict: World, conditions: Conditions
) -> None:
    booking = strict.reserve(0, 7)
    assert strict.notices() == [f"booking-received:{booking.id}"]
    with pytest.raises(ApprovalMissing):
        strict.hand_over(booking)
    conditions.approve(strict.staff, booking.id)
    with pytest.raises(AgreementMissing):
        strict.hand_over(booking)
    conditions.sign(strict.staff, booking.id, for_the_year=True)
    with pytest.raises(DepositMissing):
        strict.hand_over(booking)
    conditions.move_deposit(strict.staff, booking.id, "received")
    assert strict.hand_over(booking).state == "out"
    assert acts(strict, booking.id) == ["reserved", "approved", "signed", "deposit", "handed-over"]
    assert f"booking-confirmed:{booking.id}" in strict.notices()


def test_an_agreement_for_the_year_frees_every_booking_of_the_school_in_that_year(
    strict: World, conditions: Conditions
) -> None:
    first, second = strict.reserve(0, 7), strict.reserve(10, 7)
    conditions.sign(strict.staff, first.id, for_the_year=True)
    assert not strict.booking(second.id).awaits_agreement
    assert not strict.reserve(20, 7).awaits_agreement


def test_a_refusal_frees_the_copy_and_is_told(strict: World, conditions: Conditions) -> None:
    booking = strict.reserve(0, 7)
    refused = conditions.refuse(strict.staff, booking.id, "Trop loin")
    assert (refused.state, refused.cancelled_because) == ("cancelled", "refused")
    assert f"booking-refused:{booking.id}" in strict.notices()
    with pytest.raises(NothingToDecide):
        conditions.approve(strict.staff, booking.id)


def test_a_deposit_is_received_then_given_back_or_cashed_and_never_twice(strict: World, conditions: Conditions) -> None:
    booking = strict.reserve(0, 7)
    with pytest.raises(NothingToDecide):
        conditions.move_deposit(strict.staff, booking.id, "returned")
    conditions.move_deposit(strict.staff, booking.id, "received")
    assert conditions.move_deposit(strict.staff, booking.id, "cashed").deposit_state == "cashed"
    with pytest.raises(NothingToDecide):
        conditions.move_deposit(strict.staff, booking.id, "returned")


def test_a_teacher_does_not_agree_to_their_own_request(strict: World, conditions: Conditions) -> None:
    booking = strict.reserve(0, 7)
    with pytest.raises(Forbidden):
        conditions.approve(strict.teacher, booking.id)


def test_a_rule_that_changes_later_does_not_change_what_was_agreed(strict: World) -> None:
    booking = strict.reserve(0, 7)
    with strict.db.write() as session:
        create_rule(session, strict.association.id, deposit_form="none", deposit_cents=0)
    row = strict.booking(booking.id)
    assert (row.deposit_form, row.deposit_cents, row.deposit_state) == ("cheque", 8000, "due")


@pytest.mark.parametrize(
    ("mode", "cents", "pupils", "fees"),
    [
        ("none", 500, 100, [0, 0]),
        ("loan", 500, 100, [500, 500]),
        ("year", 500, 100, [500, 0]),
        ("pupils", 5, 80, [400, 400]),
    ],
)
def test_a_loan_costs_what_the_rule_says(
    database: Database, clock: FixedClock, mode: str, cents: int, pupils: int, fees: list[int]
) -> None:
    world = create_world(database, clock, fee_mode=mode, fee_cents=cents)
    with world.db.write() as session:
        session.get_one(School, world.school.id).pupils = pupils
    assert [world.reserve(start, 3).fee_cents for start in (0, 10)] == fees


def test_a_limit_per_kind_leaves_other_kinds_alone(database: Database, clock: FixedClock) -> None:
    world = create_world(database, clock, max_of_kind=1)
    world.reserve(0, 7)
    with pytest.raises(errors.TooManyOfKind):
        world.reserve(20, 7)


def test_days_without_loans_refuse_new_ones_and_leave_what_stands(database: Database, clock: FixedClock) -> None:
    world = create_world(database, clock)
    booking = world.reserve(0, 7)
    quiet = NewBlackout(starts_on=world.today + 5 * DAY, until_on=world.today + 6 * DAY, reason="Inventaire")
    RuleBook(world.db, world.clock).add_blackout(world.staff, world.association.id, quiet)
    with pytest.raises(LendsNothingThen):
        world.reserve(6, 3)
    assert world.booking(booking.id).state == "planned"


def test_a_school_of_another_association_borrows_where_the_rule_opens_the_door(
    database: Database, clock: FixedClock
) -> None:
    world = create_world(database, clock)
    with world.db.write() as session:
        neighbour = create_association(session, world.union, code="22")
        create_depot(session, neighbour)
        school = create_school(session, neighbour)
        teacher = create_person(session, Role.TEACHER, school)
    wish = {"school_id": school.id, "depot_id": world.depot.id}
    with pytest.raises(errors.SchoolOfAnotherAssociation):
        world.reserve(0, 7, teacher, **wish)
    with world.db.write() as session:
        create_rule(session, world.association.id, borrowers="region", is_lendable=True, max_loan_days=10)
    assert world.reserve(0, 7, teacher, **wish).state == "planned"
    with pytest.raises(errors.TooLong):
        world.reserve(20, 12, teacher, **wish)


def test_what_is_said_of_everybody_does_not_open_the_door_to_other_associations(
    database: Database, clock: FixedClock
) -> None:
    world = create_world(database, clock, is_lendable=True)
    with world.db.write() as session:
        neighbour = create_association(session, world.union, code="22")
        school = create_school(session, neighbour)
        teacher = create_person(session, Role.TEACHER, school)
    with pytest.raises(errors.SchoolOfAnotherAssociation):
        world.reserve(0, 7, teacher, school_id=school.id, depot_id=world.depot.id)


@pytest.mark.parametrize(
    "wrong",
    [{"deposit_state": "none"}, {"deposit_form": "gold"}, {"fee_cents": -1}, {"cancelled_because": "refused"}],
)
def test_the_database_keeps_the_conditions_too(strict: World, wrong: dict[str, object]) -> None:
    booking = strict.reserve(0, 7)
    with pytest.raises(IntegrityError), strict.db.write() as session:
        session.execute(update(Booking).where(Booking.id == booking.id).values(**wrong))
