"""What people ask most, of a country's worth of bookings, through the same services as the pages."""

import datetime as dt
import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import text

from lending.accounts.queries import actor_of
from lending.bench.country import ASSOCIATIONS, FIRST_ASSOCIATION, IN_DEMAND, Country, fill
from lending.core.actor import Actor
from lending.core.database import Database
from lending.loans.service import Loans
from lending.loans.service.overdue import due_soon

# Long enough that every depot's calendar was asked for before, as on any day but the first.
WARM_UP, SAMPLES = 400, 400
YEAR = dt.timedelta(days=365)


@dataclass(frozen=True)
class Still:
    """A clock that stands still, so that the made-up country does not age while it is filled."""

    instant: dt.datetime

    def now(self) -> dt.datetime:
        """The same instant for ever."""
        return self.instant


@dataclass
class Asked:
    """How long the answers took, by question, and how long the country took to write down."""

    fill_seconds: float
    milliseconds: dict[str, list[float]]
    own_milliseconds: dict[str, list[float]]

    def p95(self, question: str) -> float:
        """Nineteen of twenty answers came no later (milliseconds)."""
        return statistics.quantiles(self.milliseconds[question], n=20)[18]

    def own_p95(self, question: str) -> float:
        """As much of the processor's time did nineteen of twenty answers take here: on a busy machine the fairer one.

        On SQLite the database's work is in it, on PostgreSQL it is not.
        """
        return statistics.quantiles(self.own_milliseconds[question], n=20)[18]


def ask_country(database: Database, country: Country) -> Asked:
    """Fill an empty, migrated database, then ask each question many times, about something else each time."""
    started = time.perf_counter()
    with database.write() as session:
        if database.is_sqlite:
            # Two million references in no order: their index must fit into the cache while it grows.
            session.connection().exec_driver_sql("pragma cache_size = -400000")
        fill(session.connection(), country)
    with database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("analyze"))
    asked = Asked(time.perf_counter() - started, {}, {})
    for name, question in questions(database, country).items():
        asked.milliseconds[name], asked.own_milliseconds[name] = _times(question)
    return asked


def questions(database: Database, country: Country) -> dict[str, Callable[[random.Random], object]]:
    """Each takes its dice: what it asks about."""
    loans, today = Loans(database, Still(country.now)), country.now.date()
    staff = _staff(database, country)

    def availability(title_id: int) -> object:
        return loans.availability(title_id, today, today + YEAR)

    def overdue(chance: random.Random) -> object:
        association = FIRST_ASSOCIATION + chance.randrange(ASSOCIATIONS)
        return loans.loans(staff[association], association, "late")

    def due_in_days(chance: random.Random) -> object:
        with database.read() as session:
            return due_soon(session, country.now, FIRST_ASSOCIATION + chance.randrange(ASSOCIATIONS))

    def scan(chance: random.Random) -> object:
        copy_id = chance.randint(1, country.copies)
        association = country.association_of(country.title_of(copy_id))
        return loans.scan(staff[association], country.depot_of(copy_id), country.code_of(copy_id))

    return {
        "a year of a title": lambda chance: availability(chance.randint(1, country.titles)),
        "a year of a title in demand": lambda chance: availability(
            IN_DEMAND * chance.randint(1, country.titles // IN_DEMAND)
        ),
        "overdue list of an association, first page": overdue,
        "loans due in 3 days, of an association": due_in_days,
        "a scan at the desk": scan,
    }


def _staff(database: Database, country: Country) -> dict[int, Actor]:
    ids = range(FIRST_ASSOCIATION, FIRST_ASSOCIATION + ASSOCIATIONS)
    with database.read() as session:
        return {id_: actor_of(session, country.staff_of(id_)) for id_ in ids}


def _times(question: Callable[[random.Random], object]) -> tuple[list[float], list[float]]:
    chance = random.Random(1)  # noqa: S311 - the same questions each time, no secret
    found, own = [], []
    for _ in range(WARM_UP + SAMPLES):
        started, own_started = time.perf_counter(), time.thread_time()
        question(chance)
        own.append((time.thread_time() - own_started) * 1000)
        found.append((time.perf_counter() - started) * 1000)
    return found[WARM_UP:], own[WARM_UP:]
