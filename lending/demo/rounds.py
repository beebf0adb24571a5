"""A round of the home depot, planned as its staff would."""

import datetime as dt

from sqlalchemy import select

from lending.core.actor import Actor
from lending.core.clock import local_day
from lending.core.database import Database
from lending.demo.towns import HOME
from lending.network.tables import Association, Depot
from lending.shipping.rounds.rules.states import DAY
from lending.shipping.rounds.schemas import ErrandChoice, NewRound
from lending.shipping.rounds.service import Rounds

WEDNESDAY, FRIDAY = 2, 4
MOST_STOPS = 5


def plan_round(db: Database, rounds: Rounds, now: dt.datetime) -> None:
    """On the next day on which schools teach until the afternoon, for some of that week's loans."""
    with db.read() as session:
        query = select(Depot.id, Association.time_zone).join(Association).where(Association.code == HOME)
        depot_id, zone = session.execute(query.order_by(Depot.id)).first() or (0, "")
    if not depot_id:
        return
    day = local_day(now, zone) + DAY
    while day.weekday() == WEDNESDAY or day.weekday() > FRIDAY:
        day += DAY
    actor = Actor(is_system=True)
    chosen = rounds.carried_in_week(actor, depot_id, day)[:MOST_STOPS]
    if not chosen:
        return
    errands = [ErrandChoice(what=one.what, booking_id=one.booking_id, shipment_id=one.shipment_id) for one in chosen]
    new = NewRound(
        depot_id=depot_id,
        held_on=day,
        departs_at=dt.time(8, 30),
        returns_by=dt.time(17),
        most_parcels=20,
        most_kg=400,
        driver="Nolwenn",
        errands=errands,
    )
    rounds.plan(actor, new)
