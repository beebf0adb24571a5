"""Reminders and time: whatever clocks, zones, closures and sleeping workers do, the right messages, none doubled.

Loans, jobs and senders are the real ones; only the post office keeps the letters.
"""

import datetime as dt
import threading
from collections import Counter
from collections.abc import Callable

import pytest
from sqlalchemy import select

from lending.core.actor import Role
from lending.core.clock import local_day
from lending.core.database import Database
from lending.loans import jobs
from lending.loans.notice_facts import BookingNoticeFacts
from lending.loans.schemas import NewLoan
from lending.loans.service import Loans
from lending.loans.service.closures import Closures
from lending.network.schemas import NewClosure
from lending.network.service import Network
from lending.network.tables import Affiliation
from lending.notices.facts import FactsBySubject
from lending.notices.service import Notices
from lending.notices.tables import Notice
from tests.kit.catalog import create_copies
from tests.kit.clock import FixedClock
from tests.kit.loans import DAY, EVERY_DAY, World, create_world
from tests.kit.mail import FakePost, create_notices
from tests.kit.network import create_association, create_depot, create_person, create_school

REMINDERS = ("due-soon", "due-tomorrow", "overdue")


def sender(world: World, post: FakePost) -> Notices:
    return create_notices(world.db, world.clock, post, FactsBySubject({"booking": BookingNoticeFacts(world.clock)}))


def work(world: World, notices: Notices) -> None:
    """A turn of each job."""
    jobs.announce_due_soon(world.loans)
    jobs.announce_overdue(world.loans)
    notices.send_waiting()


def work_until(world: World, notices: Notices, until: dt.datetime) -> None:
    """A turn every two hours."""
    while world.clock.instant <= until:
        work(world, notices)
        world.clock.advance(hours=2)


def told(world: World, zone: str = "Europe/Paris") -> list[tuple[str, dt.date]]:
    """The reminders that went out, and the local day on which each did."""
    with world.db.read() as session:
        sent = select(Notice).where(Notice.sent_at.is_not(None), Notice.kind.in_(REMINDERS)).order_by(Notice.id)
        return [(one.kind, local_day(one.sent_at, zone)) for one in session.scalars(sent) if one.sent_at]


def message_ids(post: FakePost) -> Counter[str]:
    return Counter(str(letter["Message-ID"]) for letter in post.letters)


def nothing_is_doubled(post: FakePost) -> bool:
    return set(message_ids(post).values()) <= {1}


@pytest.mark.parametrize(
    "due_on",
    [dt.date(2027, 3, 28), dt.date(2027, 10, 31), dt.date(2028, 2, 29)],
    ids=["spring forward", "fall back", "leap day"],
)
def test_around_a_day_that_is_odd_each_reminder_goes_out_on_its_local_day(
    sqlite_url: str, clock: FixedClock, due_on: dt.date
) -> None:
    clock.instant = dt.datetime.combine(due_on - 5 * DAY, dt.time(9), dt.UTC)
    world, post = create_world(Database(sqlite_url), clock, reminder_days=3), FakePost()
    with world.db.write() as session:
        session.add(Affiliation(school_id=world.school.id, school_year=2027, affiliated_on=dt.date(2027, 9, 10)))
    world.hand_over(world.reserve(0, 6))
    work_until(world, sender(world, post), dt.datetime.combine(due_on + 2 * DAY, dt.time(12), dt.UTC))
    assert told(world) == [
        ("due-soon", due_on - 3 * DAY),
        ("due-tomorrow", due_on - DAY),
        ("overdue", due_on + DAY),
    ]
    assert nothing_is_doubled(post)
    assert "en retard de 1 jour" in str(post.letters[-1]["Subject"])


@pytest.mark.parametrize("zone", ["Pacific/Noumea", "Indian/Reunion", "America/Martinique"])
def test_overseas_each_reminder_goes_out_on_the_day_of_the_depot(sqlite_url: str, clock: FixedClock, zone: str) -> None:
    due_on = dt.date(2027, 5, 14)
    clock.instant = dt.datetime(2027, 5, 9, 12, tzinfo=dt.UTC)
    world, post = create_world(Database(sqlite_url), clock, reminder_days=3), FakePost()
    with world.db.write() as session:
        there = create_association(session, world.union, code="974", time_zone=zone)
        depot, school = create_depot(session, there, weekdays=EVERY_DAY), create_school(session, there)
        create_person(session, Role.TEACHER, school)
        staff = create_person(session, Role.STAFF, there)
        copy = create_copies(session, world.title, depot, 1)[0]
    wish = NewLoan(code=copy.code, depot_id=depot.id, school_id=school.id, due_on=due_on)
    world.loans.lend_now(staff, wish)
    work_until(world, sender(world, post), dt.datetime(2027, 5, 16, 12, tzinfo=dt.UTC))
    assert told(world, zone) == [
        ("due-soon", due_on - 3 * DAY),
        ("due-tomorrow", due_on - DAY),
        ("overdue", due_on + DAY),
    ]
    assert nothing_is_doubled(post)


def test_a_due_date_moved_by_a_closure_after_the_reminder_went(database: Database, clock: FixedClock) -> None:
    world, post = create_world(database, clock, reminder_days=3), FakePost()
    notices = sender(world, post)
    loan = world.hand_over(world.reserve(0, 6))
    clock.advance(days=3)
    work(world, notices)
    assert [kind for kind, _ in told(world)] == ["due-soon"]
    closure = NewClosure(starts_on=world.today + DAY, ends_on=world.today + 8 * DAY, reason="Travaux")
    Closures(database, clock, Network(database, clock)).announce(world.staff, [world.depot.id], closure)
    moved_to = world.booking(loan.id).ends_on - DAY
    assert moved_to > loan.due_on
    for _ in range((moved_to - world.today).days + 2):
        work(world, notices)
        clock.advance(days=1)
    keys = {
        f"due-soon:{loan.id}:{loan.due_on}",
        f"due-soon:{loan.id}:{moved_to}",
        f"due-tomorrow:{loan.id}:{moved_to}",
        f"overdue:{loan.id}:{moved_to}:1",
    }
    assert {key for kind in REMINDERS for key in world.notices(kind)} == keys
    assert len(world.notices("due-moved")) == 1
    assert nothing_is_doubled(post)
    assert any("Dates déplacées" in str(letter["Subject"]) for letter in post.letters)


def test_a_loan_returned_between_decision_and_sending(database: Database, clock: FixedClock) -> None:
    world, post = create_world(database, clock, reminder_days=3), FakePost()
    notices = sender(world, post)
    loan = world.hand_over(world.reserve(0, 5))
    clock.advance(days=5)
    assert jobs.announce_overdue(world.loans) == 1
    world.loans.check_in(world.staff, world.depot.id, loan.copy_code or "")
    work(world, notices)
    assert told(world) == []
    assert world.notices("overdue") == [f"overdue:{loan.id}:{loan.due_on}:1"]
    subjects = [str(letter["Subject"]) for letter in post.letters]
    assert [one for one in subjects if one.startswith("Retour enregistré")]
    assert not [one for one in subjects if "rappel" in one or "À rapporter" in one]


def test_two_workers_at_once(database: Database, clock: FixedClock) -> None:
    world, posts = create_world(database, clock, copies=12, reminder_days=3), [FakePost(), FakePost()]
    loans = [world.hand_over(world.reserve(0, 3)) for _ in range(10)]
    sender(world, FakePost()).send_waiting()
    start = threading.Barrier(2)

    def job(post: FakePost) -> Callable[[], None]:
        def turns() -> None:
            own, notices = Loans(database, clock), sender(world, post)
            start.wait()
            for _ in range(2):
                jobs.announce_due_soon(own)
                notices.send_waiting()

        return turns

    workers = [threading.Thread(target=job(post)) for post in posts]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    together = message_ids(posts[0]) + message_ids(posts[1])
    assert set(together.values()) == {1}
    assert len(together) == len(loans)
    assert sorted(world.notices("due-soon")) == sorted(f"due-soon:{one.id}:{one.due_on}" for one in loans)


def test_a_worker_asleep_for_three_days(database: Database, clock: FixedClock) -> None:
    world, post = create_world(database, clock, copies=4, reminder_days=3), FakePost()
    notices = sender(world, post)
    soon, late, today = (world.hand_over(world.reserve(0, length)) for length in (7, 3, 4))
    notices.send_waiting()
    # In the evening it decides for two of them, and falls asleep before it sends.
    assert jobs.announce_due_soon(world.loans) == 2
    clock.advance(days=3)
    post.letters.clear()
    work(world, notices)
    work(world, notices)
    assert {key for kind, key in sent(world) if kind in REMINDERS} == {
        f"due-soon:{soon.id}:{soon.due_on}",
        f"overdue:{late.id}:{late.due_on}:1",
        f"due-soon:{today.id}:{today.due_on}",
    }
    assert len(post.letters) == 3
    assert nothing_is_doubled(post)


def sent(world: World) -> list[tuple[str, str]]:
    with world.db.read() as session:
        return [(one.kind, one.key) for one in session.scalars(select(Notice).where(Notice.sent_at.is_not(None)))]
