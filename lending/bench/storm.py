"""Many clients at once on one title: how fast, and never the same copy twice."""

import datetime as dt
import random
import statistics
import threading
import time
from dataclasses import dataclass, field

import click
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
from lending.loans.queries import reservations
from lending.loans.rules.errors import NoCopyFree
from lending.loans.schemas import NewReservation, Reservation
from lending.loans.service import Loans, reserve
from lending.loans.tables import LoanRule, rule_scope
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
    """What the clients saw, and what stands in the database afterwards."""

    accepted: int = 0
    refused: int = 0
    failed: int = 0
    doubles: int = 0
    seconds: float = 0
    milliseconds: list[float] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """Answers a second, refusals too."""
        return len(self.milliseconds) / self.seconds

    @property
    def p95(self) -> float:
        """Nineteen of twenty clients waited no longer (milliseconds)."""
        return statistics.quantiles(self.milliseconds, n=20)[18]


@dataclass(frozen=True)
class Scene:
    """One title, and a teacher who wants it."""

    title_id: int
    school_id: int
    teacher: Actor


class SlowToRefuse(Loans):
    """For comparison: looks for alternatives while it still holds the title's lock."""

    def reserve(self, actor: Actor, wanted: NewReservation, key: str | None = None) -> Reservation:
        """As `Loans.reserve`, all in one transaction."""

        def work(session: Session, now: dt.datetime) -> Reservation:
            try:
                return reservations.one(session, reserve.reserve(session, actor, wanted, now).id, now)
            except NoCopyFree as refusal:
                reserve.add_alternatives(session, refusal, wanted.school_id, now)
                raise

        return self._once(actor, key, wanted, Reservation, work)


def storm(database: Database, service: type[Loans], clients: int, requests: int) -> Tally:
    """Let the clients ask for the title of a new scene."""
    with database.write() as session:
        scene = create_scene(session)
    loans, tally, lock = service(database, SystemClock()), Tally(), threading.Lock()

    def client(seed: int) -> None:
        chance = random.Random(seed)  # noqa: S311 - a load to repeat, no secret
        for _ in range(requests):
            _ask(loans, scene, _wish(scene, chance), tally, lock)

    threads = [threading.Thread(target=client, args=(seed,)) for seed in range(clients)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    tally.seconds = time.perf_counter() - started
    with database.connect() as connection:
        tally.doubles = connection.execute(DOUBLES).scalar_one()
    return tally


def create_scene(session: Session) -> Scene:
    """An empty database's only title, with its copies."""
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
    return Scene(title.id, school.id, actor_of(session, person.id))


def _wish(scene: Scene, chance: random.Random) -> NewReservation:
    starts_on = SystemClock().now().date() + dt.timedelta(days=chance.randint(10, LENT_DAYS))
    due_on = starts_on + dt.timedelta(days=chance.randint(6, 20))
    return NewReservation(title_id=scene.title_id, school_id=scene.school_id, starts_on=starts_on, due_on=due_on)


def _ask(loans: Loans, scene: Scene, wish: NewReservation, tally: Tally, lock: threading.Lock) -> None:
    started, outcome = time.perf_counter(), "accepted"
    try:
        loans.reserve(scene.teacher, wish)
    except Conflict:
        outcome = "refused"
    except Exception as error:  # noqa: BLE001 - the tally shows it; the other clients go on
        outcome = "failed"
        click.echo(f"failed: {error!r}", err=True)
    with lock:
        setattr(tally, outcome, getattr(tally, outcome) + 1)
        tally.milliseconds.append((time.perf_counter() - started) * 1000)
