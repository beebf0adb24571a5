"""A night on which many loans are due or late at once: every reminder decided and written down, each once."""

import datetime as dt
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import func, select

from lending.bench.country import DAY, LOAN_DAYS, REMINDER_DAYS, Country, booking_of, fill
from lending.core.clock import StandingClock
from lending.core.database import Database
from lending.core.tables import OutboxRow
from lending.loans import jobs
from lending.loans.rules.reminders import DEFAULT_STEPS
from lending.loans.service import Loans
from lending.notices.announce import TOPIC
from lending.notices.tables import Notice

LATEST_DAYS = 40
# Of a copy four bookings are made up, and the titles are spread over all associations: enough copies for the loans.
BOOKINGS_OF_A_LOAN = 5


@dataclass(frozen=True, kw_only=True)
class Night:
    """What a night did. `missing` and `needless` are counted against loans looked at one by one, without the jobs."""

    seconds: float
    announced: int
    waiting: int
    missing: int
    needless: int
    again_seconds: float
    again: int


def a_night(database: Database, loans: int) -> Night:
    """Let the jobs of reminders run twice over so many loans, half of them due within days and half of them late."""
    now = dt.datetime.combine(dt.datetime.now(dt.UTC).date(), dt.time(12), dt.UTC)
    country = Country(loans * BOOKINGS_OF_A_LOAN, now)
    with database.connect(writes=True) as connection:
        fill(connection, country, _loans(country, loans))
        connection.exec_driver_sql("analyze")
    service = Loans(database, StandingClock(now))
    announced, seconds = _remind(service)
    again, again_seconds = _remind(service)
    told, wanted = _told(database), _wanted(database, now.date())
    return Night(
        seconds=seconds,
        announced=announced,
        waiting=_waiting(database),
        missing=len(wanted - told),
        needless=len(told - wanted),
        again_seconds=again_seconds,
        again=again,
    )


def _remind(loans: Loans) -> tuple[int, float]:
    started = time.perf_counter()
    count = jobs.announce_due_soon(loans) + jobs.announce_overdue(loans)
    return count, time.perf_counter() - started


def _loans(country: Country, count: int) -> Iterator[tuple[object, ...]]:
    """One after the other due soon and late: the first day after the period is at most `REMINDER_DAYS` + 1 ahead."""
    chance = random.Random(count)  # noqa: S311 - the same night each time, no secret
    for copy_id in range(1, count + 1):
        ends_in = chance.randint(1, REMINDER_DAYS + 1) if copy_id % 2 else chance.randint(1 - LATEST_DAYS, 0)
        yield booking_of(country, copy_id, "out", ends_in - LOAN_DAYS, chance)


def _wanted(database: Database, today: dt.date) -> set[str]:
    """The key of each loan's message, from its last day alone."""
    query = "select id, ends_on from booking where state = 'out'"
    with database.connect() as connection:
        rows = connection.exec_driver_sql(query).all()
    return {_key(number, dt.date.fromisoformat(str(ends_on)) - DAY, today) for number, ends_on in rows}


def _key(booking_id: int, due_on: dt.date, today: dt.date) -> str:
    if due_on >= today:
        return f"{'due-tomorrow' if due_on - today == DAY else 'due-soon'}:{booking_id}:{due_on}"
    number = sum((today - due_on).days >= step.after_days for step in DEFAULT_STEPS)
    return f"overdue:{booking_id}:{due_on}:{number}"


def _told(database: Database) -> set[str]:
    with database.read() as session:
        return set(session.scalars(select(Notice.key)))


def _waiting(database: Database) -> int:
    waiting = select(func.count()).where(OutboxRow.topic == TOPIC, OutboxRow.state == "waiting")
    with database.read() as session:
        return session.scalar(waiting) or 0
