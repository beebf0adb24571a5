"""Live through a year, day by day: the worker's turn, the teachers, the depots, the worker again."""

import datetime as dt
import logging
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import event, func, select

from lending.core.tables import OutboxRow
from lending.loans.tables import Booking
from lending.migrations.run import upgrade
from lending.notices.announce import TOPIC
from lending.settings import Settings
from lending.simulating.borrowing import Borrowing
from lending.simulating.clock import MovedClock
from lending.simulating.desks import Desks
from lending.simulating.diary import Diary
from lending.simulating.expecting import Wish
from lending.simulating.habits import Habits
from lending.simulating.journal import Journal
from lending.simulating.mailbox import Letter, Mailbox
from lending.simulating.peopling import people_world
from lending.simulating.stage import DAY, Stage
from lending.simulating.world import Size, World, id_of
from lending.wiring import Services, build
from lending.worker.scheduler import Job, run_job
from lending.worker.table import jobs_of

FIRST_DAY = dt.date(2026, 9, 1)
# In UTC: wherever an association lends, these lie on the same local day.
NIGHT, MORNING, LESSONS, DESK, EVENING = (dt.time(0, 30), dt.time(5, 30), dt.time(8), dt.time(12), dt.time(17, 30))
# A database that is thrown away need not survive a power cut.
PRAGMA = "pragma synchronous=off"
# The worker's own mail job takes its turn every few seconds; here one call stands for all of them until the next turn.
ALL_OF_A_TURN = 1_000_000
# The index tells nobody anything, and no rule asks it: it is left out.
LEFT_OUT = ("sync-search", "reconcile-search")
JobsOf = Callable[[Services], Sequence[Job]]


@dataclass(frozen=True, kw_only=True)
class Lived:
    """A year that is over. `bookings` counts them by state; `late` are the loans that came back after their last day.

    `unsent` are messages that are due and did not go, `parked` those that a person must look at.
    """

    world: World
    size: Size
    diary: Diary
    letters: Sequence[Letter]
    wishes: Mapping[int, Sequence[Wish]]
    journal: Journal
    bookings: Mapping[str, int]
    returned: int
    late: int
    unsent: int
    parked: int
    seconds: float


def live(size: Size, seed: int, jobs: JobsOf = jobs_of) -> Lived:
    """Simulate a year in a temporary folder, which is gone afterwards. `jobs` are what the worker does."""
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="lending-year-") as folder, _quietly():
        clock = MovedClock(_at(FIRST_DAY, NIGHT))
        mailbox = Mailbox(clock)
        services = build(_settings(Path(folder)), clock, mailbox)
        try:
            stage, diary = _Simulation(services, clock, size, seed, jobs).run()
            return _lived(stage, diary, mailbox, size, started)
        finally:
            services.close()


class _Simulation:
    """One year as it goes on."""

    def __init__(self, services: Services, clock: MovedClock, size: Size, seed: int, jobs: JobsOf) -> None:
        chance = random.Random(seed)  # noqa: S311 - the same year each time, no secret
        event.listen(services.db.engine, "connect", _do_not_wait_for_the_disk)
        upgrade(services.db)
        world = people_world(services, size, chance)
        self._clock = clock
        self._stage = Stage(services, clock, world, chance, Habits(chance), FIRST_DAY.year)
        self._stage.learn_calendars()
        self._note_gathering(world)
        self._jobs = [job for job in jobs(services) if job.name not in LEFT_OUT]
        self._days = size.days
        self._diary = Diary()
        self._borrowing, self._desks = Borrowing(self._stage), Desks(self._stage)

    def run(self) -> tuple[Stage, Diary]:
        """Every day, one after the other."""
        for number in range(self._days):
            self._live(FIRST_DAY + number * DAY, number)
        return self._stage, self._diary

    def _live(self, day: dt.date, number: int) -> None:
        self._work(_at(day, MORNING), is_first_of_day=True)
        self._clock.move_to(_at(day, LESSONS))
        self._borrowing.live(day)
        self._desks.affiliate(FIRST_DAY.year)
        self._clock.move_to(_at(day, DESK))
        self._desks.work(day, number)
        self._work(_at(day, EVENING), is_first_of_day=False)

    def _work(self, at: dt.datetime, *, is_first_of_day: bool) -> None:
        """A turn of every job, the daily ones once a day, and of the mail until nothing is due."""
        self._clock.move_to(at)
        services = self._stage.services
        self._diary.look(services.db, at, is_first_of_day=is_first_of_day)
        for job in self._jobs:
            if (job.at is None or is_first_of_day) and run_job(job).error:
                self._stage.journal.failed_jobs += 1
        services.notices.send_waiting(limit=ALL_OF_A_TURN)

    def _note_gathering(self, world: World) -> None:
        """What coordinators chose before the year began."""
        for one in world.coordinators.values():
            if one.gathers:
                said = Wish("overdue-copy", "digest", self._clock.now())
                self._stage.wishes[id_of(one.actor)] = [said]


def _lived(stage: Stage, diary: Diary, mailbox: Mailbox, size: Size, started: float) -> Lived:
    states = select(Booking.state, func.count()).where(Booking.cause == "loan").group_by(Booking.state)
    is_done = (Booking.cause == "loan", Booking.state == "done")
    waiting = select(func.count()).where(OutboxRow.topic == TOPIC)
    with stage.services.db.read() as session:
        ends = session.execute(select(Booking.returned_at, Booking.ends_on).where(*is_done)).all()
        return Lived(
            world=stage.world,
            size=size,
            diary=diary,
            letters=mailbox.letters,
            wishes=stage.wishes,
            journal=stage.journal,
            bookings=dict(iter(session.execute(states))),
            returned=len(ends),
            late=sum(at is not None and at.date() >= ends_on for at, ends_on in ends),
            unsent=session.scalar(waiting.where(OutboxRow.state == "waiting", OutboxRow.next_at <= stage.clock.now()))
            or 0,
            parked=session.scalar(waiting.where(OutboxRow.state == "parked")) or 0,
            seconds=time.perf_counter() - started,
        )


def _settings(folder: Path) -> Settings:
    """Nothing of what the environment says: the real database, index and mailbox stay untouched."""
    return Settings(
        database_url=f"sqlite:///{folder / 'year.db'}",
        search_url=f"file:{folder / 'search'}",
        media_dir=folder / "media",
        mail_url=f"file:{folder / 'mails'}",
        mails_per_minute=0,
        base_url="https://malles.example.org",
    )


def _do_not_wait_for_the_disk(connection: Any, _record: object) -> None:
    connection.execute(PRAGMA)


def _at(day: dt.date, time_of_day: dt.time) -> dt.datetime:
    return dt.datetime.combine(day, time_of_day, dt.UTC)


@contextmanager
def _quietly() -> Iterator[None]:
    """A year of warnings about addresses that nobody has would hide the report."""
    log = logging.getLogger("lending")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(level)
