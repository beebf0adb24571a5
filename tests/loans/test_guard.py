"""The database itself keeps two promises, whatever the code above believes."""

import datetime as dt

import pytest
from sqlalchemy.exc import IntegrityError

from lending.loans.tables import Booking
from tests.kit.loans import DAY, World


def insert(world: World, copy: int, first: dt.date, last: dt.date, state: str = "planned", number: int = 1) -> None:
    out_at = world.clock.now() if state == "out" else None
    with world.db.write() as session:
        session.add(
            Booking(
                reference=f"R{number}",
                title_id=world.title.id,
                copy_id=world.copies[copy].id,
                association_id=world.association.id,
                depot_id=world.depot.id,
                school_id=world.school.id,
                state=state,
                starts_on=first,
                ends_on=last,
                blocked_starts_on=first,
                blocked_ends_on=last,
                created_at=world.clock.now(),
                checked_out_at=out_at,
            )
        )


@pytest.mark.parametrize(("start", "end"), [(5, 10), (4, 6), (9, 11), (1, 20), (6, 7)])
def test_c047_the_database_refuses_overlaps_of_every_shape(world: World, start: int, end: int) -> None:
    insert(world, 0, world.today + 5 * DAY, world.today + 10 * DAY)
    with pytest.raises(IntegrityError, match="booking_no_double"):
        insert(world, 0, world.today + start * DAY, world.today + end * DAY, number=2)


def test_c042_c048_neighbours_and_siblings_are_no_overlap_to_the_database(world: World) -> None:
    insert(world, 0, world.today + 5 * DAY, world.today + 10 * DAY)
    insert(world, 0, world.today + 10 * DAY, world.today + 12 * DAY, number=2)
    insert(world, 1, world.today + 5 * DAY, world.today + 10 * DAY, number=3)


def test_c005_the_database_refuses_two_possessions_of_one_copy(world: World) -> None:
    insert(world, 0, world.today, world.today + 5 * DAY, "out")
    with pytest.raises(IntegrityError):
        insert(world, 0, world.today + 5 * DAY, world.today + 6 * DAY, "out", number=2)


def test_moving_a_plan_onto_a_taken_copy_is_refused(world: World) -> None:
    insert(world, 0, world.today, world.today + 5 * DAY)
    insert(world, 1, world.today, world.today + 5 * DAY, number=2)
    with pytest.raises(IntegrityError, match="booking_no_double"), world.db.write() as session:
        for row in session.query(Booking):
            row.copy_id = world.copies[0].id
