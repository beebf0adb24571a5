"""Many people at once, over real connections: no double booking, and no error but a clean refusal.

Four databases objects stand for four processes: on SQLite they share no lock but the file's own.
"""

import itertools
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import select, text

from lending.catalog.tables import Title
from lending.core.actor import Actor
from lending.core.database import Database
from lending.core.errors import Conflict
from lending.loans.rules.desk_errors import CopyAlreadyOut, CopyPromised
from lending.loans.rules.errors import NoCopyFree, TooManyOpenLoans
from lending.loans.rules.periods import Period
from lending.loans.rules.states import State
from lending.loans.service import Loans
from lending.loans.tables import Booking
from tests.kit.catalog import create_copies, create_title
from tests.kit.clock import FixedClock
from tests.kit.loans import World, create_rule, create_world

CLIENTS = 32
PROCESSES = 4
COPIES = 6


@pytest.fixture
def crowd(database: Database, clock: FixedClock) -> World:
    return create_world(database, clock, copies=COPIES)


@contextmanager
def processes(world: World) -> Iterator[list[Loans]]:
    """The same database seen from several processes."""
    url = world.db.engine.url.render_as_string(hide_password=False)
    databases = [Database(url) for _ in range(PROCESSES)]
    try:
        yield [Loans(database, world.clock) for database in databases]
    finally:
        for database in databases:
            database.dispose()


def all_at_once(world: World, act: Callable[[Loans, int], object]) -> list[str]:
    """What each of the clients got: the name of the refusal, or `done`. Anything else fails the test."""
    connected, start = threading.Barrier(CLIENTS), threading.Barrier(CLIENTS)

    def client(number: int, loans: Loans) -> str:
        # Each has its own connection open before any of them begins.
        with loans._db.read() as session:
            session.execute(text("select 1"))
            connected.wait(30)
        start.wait(30)
        try:
            act(loans, number)
        except Conflict as refusal:
            return type(refusal).__name__
        return "done"

    with processes(world) as several, ThreadPoolExecutor(CLIENTS) as pool:
        jobs = [pool.submit(client, n, several[n % PROCESSES]) for n in range(CLIENTS)]
        return [job.result(120) for job in jobs]


def open_bookings(world: World) -> list[Booking]:
    with world.db.read() as session:
        found = session.scalars(select(Booking).where(Booking.state.in_(("planned", "out"))))
        return list(found)


def doubles(bookings: list[Booking]) -> list[tuple[int, int]]:
    periods = {one.id: Period(one.blocked_starts_on, one.blocked_ends_on) for one in bookings}
    return [
        (one.id, other.id)
        for one, other in itertools.combinations(bookings, 2)
        if one.copy_id == other.copy_id and one.copy_id and periods[one.id].overlaps(periods[other.id])
    ]


def borrowers(world: World, count: int) -> list[tuple[int, Actor]]:
    return [(school.id, teacher) for school, teacher in (world.school_with_teacher() for _ in range(count))]


def test_c005_the_last_copies_go_to_exactly_as_many_as_there_are(crowd: World) -> None:
    people = borrowers(crowd, CLIENTS)

    def reserve(loans: Loans, number: int) -> None:
        school_id, teacher = people[number]
        loans.reserve(teacher, crowd.wish(10, 7, school_id=school_id))

    outcomes = Counter(all_at_once(crowd, reserve))
    assert outcomes == {"done": COPIES, NoCopyFree.__name__: CLIENTS - COPIES}
    bookings = open_bookings(crowd)
    assert len(bookings) == COPIES
    assert len({one.copy_id for one in bookings}) == COPIES
    assert doubles(bookings) == []


def test_a_storm_of_wishes_cancellations_and_plans_moving_leaves_no_double(crowd: World) -> None:
    people = borrowers(crowd, 8)

    def storm(loans: Loans, number: int) -> None:
        dice = random.Random(number)
        school_id, teacher = people[number % 8]
        for _ in range(4):
            pinned = {"copy_id": dice.choice(crowd.copies).id} if dice.random() < 0.2 else {}
            actor = crowd.staff if pinned else teacher
            wish = crowd.wish(dice.randint(0, 30), dice.randint(1, 12), school_id=school_id, **pinned)
            try:
                booking = loans.reserve(actor, wish)
            except NoCopyFree:
                continue
            if dice.random() < 0.3:
                loans.cancel(teacher, booking.id)

    assert Counter(all_at_once(crowd, storm)) == {"done": CLIENTS}
    bookings = open_bookings(crowd)
    assert doubles(bookings) == []
    assert all(one.copy_id is not None for one in bookings)


def test_c005_two_desks_hand_the_same_copy_over_once(crowd: World) -> None:
    bookings = [crowd.reserve(0, 5) for _ in range(COPIES)]
    copy = crowd.copies[0]

    def hand_over(loans: Loans, number: int) -> None:
        loans.check_out(crowd.staff, crowd.depot.id, copy.code, bookings[number % COPIES].id)

    outcomes = Counter(all_at_once(crowd, hand_over))
    assert outcomes["done"] == 1
    refused = {CopyAlreadyOut.__name__, CopyPromised.__name__, "BookingNotCollectable", "AlreadyLentToThisSchool"}
    assert set(outcomes) <= {"done"} | refused
    assert sum(one.state == State.OUT for one in open_bookings(crowd)) == 1
    assert doubles(open_bookings(crowd)) == []


def test_c007_the_limit_of_a_school_holds_when_it_clicks_everywhere_at_once(
    database: Database, clock: FixedClock
) -> None:
    world = create_world(database, clock, copies=1)
    with database.write() as session:
        create_rule(session, world.association.id, max_open_loans=3)
        # A title for each: nothing but the school's own lock makes them take turns.
        titles = [create_title(session, world.federation).id for _ in range(CLIENTS)]
        for title_id in titles:
            create_copies(session, session.get_one(Title, title_id), world.depot, 1)

    def reserve(loans: Loans, number: int) -> None:
        loans.reserve(world.teacher, world.wish(5, 3, title_id=titles[number]))

    outcomes = Counter(all_at_once(world, reserve))
    assert outcomes == {"done": 3, TooManyOpenLoans.__name__: CLIENTS - 3}


def test_a_double_click_over_two_connections_reserves_once(crowd: World) -> None:
    wish = crowd.wish(5, 5)
    all_at_once(crowd, lambda loans, _: loans.reserve(crowd.teacher, wish, "one-key"))
    assert len(open_bookings(crowd)) == 1
