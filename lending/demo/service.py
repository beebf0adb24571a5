"""Fills an empty database with the demonstration, the same for the same seed and day."""

import datetime as dt
import random

from sqlalchemy import select
from sqlalchemy.orm import Session

from lending.catalog.service.load_vocabularies import load_vocabularies
from lending.core.clock import local_day
from lending.core.database import Database
from lending.demo.appointments import load_appointments
from lending.demo.bookings import load_bookings
from lending.demo.carriers import load_prices
from lending.demo.checks import check_returns
from lending.demo.network import load_network
from lending.demo.region import load_region
from lending.demo.rounds import plan_round
from lending.demo.scenes import set_scenes
from lending.demo.stock import load_stock
from lending.network.tables import Organisation
from lending.wiring import Services

PARIS = "Europe/Paris"


def is_empty(db: Database) -> bool:
    """Whether nobody has begun to use the database."""
    with db.read() as session:
        return session.scalar(select(Organisation.id).limit(1)) is None


def load_demo(services: Services, seed: int) -> None:
    """Write everything in one transaction, then plan a round.

    The search index is built by the caller, or by the worker's first turn.
    """
    now = services.clock.now().replace(microsecond=0)
    services.school_calendars.load_published()
    with services.db.write() as session:
        _load(session, services, random.Random(seed), now)
    plan_round(services.db, services.rounds, now)


def _load(session: Session, services: Services, chance: random.Random, now: dt.datetime) -> None:
    load_vocabularies(session)
    today = local_day(now, PARIS)
    network = load_network(session, chance, today, now)
    pools = load_stock(session, chance, network, services.settings.media_dir, now)
    session.flush()
    load_bookings(session, chance, network, pools, now)
    set_scenes(session, network, today, now)
    load_region(session, network, today)
    load_appointments(session, network, now)
    check_returns(session, network)
    load_prices(session, network)
