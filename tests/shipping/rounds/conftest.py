"""A depot with a van, schools around it, and shipments for its neighbours."""

import datetime as dt
from dataclasses import dataclass

import pytest

from lending.core.database import Database
from lending.loans.schemas import Reservation
from lending.network.tables import Depot, Organisation, School
from lending.shipping.rounds.rules.places import Crow
from lending.shipping.rounds.rules.states import What
from lending.shipping.rounds.schemas import CarriedView, ErrandChoice, NewRound, RoundView, StopScan
from lending.shipping.rounds.service import Rounds
from tests.kit.clock import FixedClock
from tests.kit.loans import DAY
from tests.shipping.shipments.conftest import Road, road

RENNES = (48.11, -1.68)


@dataclass
class Driving:
    """The depot's rounds. `schools` reserve; each lies farther north than the one before. `day` is a Tuesday."""

    road: Road
    rounds: Rounds
    schools: list[Organisation]
    day: dt.date

    def reserved(self, number: int, start: int = 0) -> Reservation:
        """A loan of a school that begins on the day of the round."""
        world = self.road.world
        wait = (self.day - world.today).days + start
        return world.reserve(wait, 5, world.staff, school_id=self.schools[number].id)

    def carried(self) -> list[CarriedView]:
        return self.rounds.carried_in_week(self.road.world.staff, self.road.world.depot.id, self.day)

    def new(self, *errands: ErrandChoice, **words: object) -> NewRound:
        facts: dict[str, object] = {
            "depot_id": self.road.world.depot.id,
            "held_on": self.day,
            "departs_at": dt.time(8, 30),
            "returns_by": dt.time(17),
            "most_parcels": 10,
            "most_kg": 300,
            "driver": "Nolwenn",
            "errands": list(errands),
        }
        return NewRound(**facts | words)

    def planned(self, *loans: Reservation, **words: object) -> RoundView:
        errands = [ErrandChoice(what=What.DELIVERY, booking_id=one.id) for one in loans]
        return self.rounds.plan(self.road.world.staff, self.new(*errands, **words))

    def started(self, *loans: Reservation) -> RoundView:
        view = self.planned(*loans)
        self.to_day()
        return self.rounds.start(self.road.world.staff, view.summary.id)

    def to_day(self) -> None:
        """It is the morning of the round."""
        clock = self.road.world.clock
        clock.advance(minutes=(self.day - self.road.world.today).days * 24 * 60)

    def scan(self, view: RoundView, code: str, stop: int = 0) -> str:
        found = self.rounds.scan(self.road.world.staff, view.summary.id, view.stops[stop].id, StopScan(code=code))
        return found.what


@pytest.fixture
def driving(road: Road, database: Database, clock: FixedClock) -> Driving:
    world = road.world
    schools = [world.school, *(world.school_with_teacher()[0] for _ in range(2))]
    with world.db.write() as session:
        for number, one in enumerate(schools, start=1):
            row = session.get_one(School, one.id)
            row.latitude, row.longitude = RENNES[0] + number / 20, RENNES[1]
        for number, depot in enumerate((world.depot, road.third)):
            place = session.get_one(Depot, depot.id)
            place.latitude, place.longitude = RENNES[0], RENNES[1] + number / 20
    day = world.today + ((1 - world.today.weekday()) % 7 or 7) * DAY
    return Driving(road=road, rounds=Rounds(database, clock, Crow()), schools=schools, day=day)


__all__ = ["Driving", "driving", "road"]
