"""Booking under load: many clients on one title, on a fresh database. Measures; asserts nothing but honesty.

The last line is one JSON object with the figures, their units and the goal each is held against.
"""

import datetime as dt
import random
import statistics
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import click
import msgspec
from sqlalchemy import text
from sqlalchemy.orm import Session

from lending.accounts.queries import actor_of
from lending.accounts.tables import Person, RoleGrant
from lending.catalog.tables import Copy, Title
from lending.core.actor import Actor
from lending.core.barcodes import make_code
from lending.core.clock import SystemClock
from lending.core.database import Database
from lending.core.errors import Conflict
from lending.demo.network import organisation
from lending.loans.schemas import NewReservation
from lending.loans.service import Loans
from lending.loans.tables import LoanRule, rule_scope
from lending.migrations.run import upgrade
from lending.network.rules import school_year_of, uai_letter
from lending.network.tables import Affiliation, Association, Depot, School

COPIES = 20
LENT_DAYS = 300
DOUBLES = text("""
select count(*) from booking a join booking b on a.copy_id = b.copy_id and a.id < b.id
where a.state in ('planned', 'out') and b.state in ('planned', 'out')
  and a.blocked_starts_on < b.blocked_ends_on and b.blocked_starts_on < a.blocked_ends_on
""")


@dataclass
class Tally:
    """What the clients saw."""

    accepted: int = 0
    refused: int = 0
    failed: int = 0
    milliseconds: list[float] = field(default_factory=list)


def bench_bookings(url: str | None, clients: int, requests: int) -> None:
    """Run on a temporary SQLite file, or on `url` (an empty database of its own)."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(url or f"sqlite:///{Path(folder) / 'bench.db'}")
        upgrade(database)
        with database.write() as session:
            title_id, school_id, teacher = _scene(session)
        started, tally = time.perf_counter(), Tally()
        _storm(Loans(database, SystemClock()), teacher, title_id, school_id, clients, requests, tally)
        _report(database, tally, time.perf_counter() - started, clients)
        database.dispose()


def _scene(session: Session) -> tuple[int, int, Actor]:
    federation = organisation(session, "federation", None, "federation")
    association = organisation(
        session, "association", organisation(session, "union", federation, "union"), "association"
    )
    school = organisation(session, "school", association, "school")
    place = {"holiday_zone": "B", "time_zone": "Europe/Paris"}
    session.add(Association(organisation_id=association.id, code="35", number=35, **place))
    session.add(School(organisation_id=school.id, uai=f"0350000{uai_letter('0350000')}", commune="Rennes"))
    session.flush()
    year = school_year_of(SystemClock().now().date())
    for one in (year, year + 1):
        session.add(Affiliation(school_id=school.id, school_year=one, affiliated_on=dt.date(one, 9, 1)))
    depot = Depot(association_id=association.id, name="Dépôt")
    rule = LoanRule(scope=rule_scope(None, None), max_open_loans=100_000, horizon_days=2 * LENT_DAYS)
    now = SystemClock().now()
    title = Title(
        kind="game", owner_id=association.id, name="Jeu", visibility="published", created_at=now, updated_at=now
    )
    person = Person(email="teacher@bench.example.org", name="Teacher", created_at=now)
    session.add_all([depot, rule, title, person])
    session.flush()
    codes = [make_code(35, serial) for serial in range(1, COPIES + 1)]
    session.add_all(Copy(title_id=title.id, code=code, owner_id=association.id, depot_id=depot.id) for code in codes)
    session.add(RoleGrant(person_id=person.id, role="teacher", organisation_id=school.id))
    session.flush()
    return title.id, school.id, actor_of(session, person.id)


def _storm(
    loans: Loans, teacher: Actor, title_id: int, school_id: int, clients: int, requests: int, tally: Tally
) -> None:
    lock, today = threading.Lock(), SystemClock().now().date()

    def client(seed: int) -> None:
        chance = random.Random(seed)  # noqa: S311 - a load to repeat, no secret
        for _ in range(requests):
            starts_on = today + dt.timedelta(days=chance.randint(10, LENT_DAYS))
            due_on = starts_on + dt.timedelta(days=chance.randint(6, 20))
            wish = NewReservation(title_id=title_id, school_id=school_id, starts_on=starts_on, due_on=due_on)
            _ask(loans, teacher, wish, tally, lock)

    threads = [threading.Thread(target=client, args=(seed,)) for seed in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _ask(loans: Loans, teacher: Actor, wish: NewReservation, tally: Tally, lock: threading.Lock) -> None:
    started, outcome = time.perf_counter(), "accepted"
    try:
        loans.reserve(teacher, wish)
    except Conflict:
        outcome = "refused"
    except Exception as error:  # noqa: BLE001 - the tally shows it; the other clients go on
        outcome = "failed"
        click.echo(f"failed: {error!r}", err=True)
    with lock:
        setattr(tally, outcome, getattr(tally, outcome) + 1)
        tally.milliseconds.append((time.perf_counter() - started) * 1000)


def _report(database: Database, tally: Tally, seconds: float, clients: int) -> None:
    with database.connect() as connection:
        doubles = connection.execute(DOUBLES).scalar_one()
    places = statistics.quantiles(tally.milliseconds, n=20)
    figures = {
        "database": database.engine.dialect.name,
        "clients": clients,
        "copies": COPIES,
        "accepted": tally.accepted,
        "refused": tally.refused,
        "failed": {"count": tally.failed, "goal": 0},
        "doubles": {"count": doubles, "goal": 0},
        "requests_per_second": round(len(tally.milliseconds) / seconds, 1),
        "p50_milliseconds": round(statistics.median(tally.milliseconds), 1),
        "p95_milliseconds": round(places[18], 1),
    }
    for name, figure in figures.items():
        click.echo(f"{name:>22}  {figure}")
    click.echo(msgspec.json.encode(figures).decode())
