"""A region with idle copies here and schools that ask for them there."""

from dataclasses import dataclass

import pytest

from lending.core.actor import Actor, Role
from lending.core.database import Database
from lending.network.tables import Depot, Organisation
from lending.search.french import words
from lending.shipping.rebalancing.queries.facts import UnmetSource
from lending.shipping.rebalancing.schemas import NewPlan, PlanDetail, UnmetFact
from lending.shipping.rebalancing.service import Rebalancing
from lending.shipping.schemas import ArrivalScan
from lending.shipping.service import Shipping
from tests.kit.clock import FixedClock
from tests.kit.loans import DAY, EVERY_DAY, World, create_world
from tests.kit.network import create_association, create_depot, create_person, create_school


@dataclass
class Region:
    """Rennes has four idle copies; Saint-Brieuc has none, and schools that ask for them."""

    world: World
    rebalancing: Rebalancing
    shipping: Shipping
    coordinator: Actor
    staff_there: Actor
    there: Depot
    other: Organisation
    schools: list[Organisation]
    unmet: list[UnmetFact]

    def question(self, **more: object) -> NewPlan:
        usual = {
            "organisation_id": self.world.union.id,
            "name": "Printemps",
            "school_year": 2026,
            "first_period": 1,
            "last_period": 5,
            "leaves_on": self.world.today + 7 * DAY,
            "km_cents": 5,
        }
        return NewPlan(**usual | more)  # type: ignore[arg-type]

    def solved(self, **more: object) -> PlanDetail:
        plan = self.rebalancing.ask(self.coordinator, self.question(**more))
        assert self.rebalancing.solve_next(seconds=5.0) == 1
        return self.rebalancing.plan(self.coordinator, plan.id)

    def refuse(self, times: int, words_: str = "malle coopération") -> None:
        text = " ".join(words(words_))
        self.unmet.append(UnmetFact("reservation", "22", text, (), self.world.today - 20 * DAY, times))

    def arrive(self) -> None:
        """Send and receive every planned transfer."""
        for one in self.shipping.transfers(self.world.staff, self.world.depot.id):
            self.shipping.send(self.world.staff, one.id)
            scan = ArrivalScan(code=one.copy_code, depot_id=self.there.id)
            assert self.shipping.arrive(self.staff_there, scan).what == "received"


@pytest.fixture
def region(database: Database, clock: FixedClock) -> Region:
    world = create_world(database, clock, copies=4, preparation_days=0, turnaround_days=0)
    unmet: list[UnmetFact] = []
    with world.db.write() as session:
        other = create_association(session, world.union, code="22")
        there = create_depot(session, other, "Dépôt de Saint-Brieuc", EVERY_DAY)
        schools = [create_school(session, other) for _ in range(4)]
        coordinator = create_person(session, Role.COORDINATOR, world.union, "Claude Martin")
        staff_there = create_person(session, Role.STAFF, other)
    source = UnmetSource(lambda *_: unmet, words)
    return Region(
        world,
        Rebalancing(database, clock, source),
        Shipping(database, clock),
        coordinator,
        staff_there,
        there,
        other,
        schools,
        unmet,
    )
