"""What everybody in the simulated year stands on: the services, the day's open bookings, what was tried."""

import datetime as dt
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BindParameter, bindparam, select

from lending.catalog.tables import Copy
from lending.core.database import ask, table_of
from lending.loans.queries.terms import TermsBook
from lending.loans.rules.calendar import OpeningCalendar
from lending.loans.tables import Booking
from lending.simulating.clock import MovedClock
from lending.simulating.expecting import Wish
from lending.simulating.habits import Habits
from lending.simulating.journal import Journal
from lending.simulating.world import Lender, World
from lending.wiring import Services

DAY = dt.timedelta(days=1)
_booking, _copy = table_of(Booking), table_of(Copy)
SHOWN = ("id", "state", "school_id", "starts_on", "ends_on", "claimed_at", "pinned")
# Rendered as literals: SQLite reads a partial index only where the statement spells its condition out.
STATES: BindParameter[Any] = bindparam("states", ["planned", "out"], expanding=True, literal_execute=True)
OPEN = (
    select(*(_booking.c[name] for name in SHOWN), _copy.c.code)
    .outerjoin_from(_booking, _copy, _copy.c.id == _booking.c.copy_id)
    .where(_booking.c.state.in_(STATES), _booking.c.cause == "loan")
    .where(_booking.c.association_id == bindparam("association_id"))
    .order_by(_booking.c.id)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenBooking:
    """A reservation or a loan as its people know it. `code` is on the label of its copy, if it has one."""

    id: int
    state: str
    school_id: int
    code: str | None
    starts_on: dt.date
    due_on: dt.date
    is_claimed: bool
    is_pinned: bool


@dataclass
class Stage:
    """The simulation as it stands. `wishes` notes what people said about their mail, and since when."""

    services: Services
    clock: MovedClock
    world: World
    chance: random.Random
    habits: Habits
    first_year: int
    journal: Journal = field(default_factory=Journal)
    wishes: dict[int, list[Wish]] = field(default_factory=dict)
    calendars: Mapping[int, OpeningCalendar] = field(default_factory=dict)

    def learn_calendars(self) -> None:
        """Read when the depots are open; again after a closure."""
        ids = [lender.depot_id for lender in self.world.lenders]
        with self.services.db.read() as session:
            book = TermsBook(session, ids)
            self.calendars = {depot_id: book.of(depot_id, "trunk").calendar for depot_id in ids}

    def calendar_of(self, lender: Lender) -> OpeningCalendar:
        """When its depot is open."""
        return self.calendars[lender.depot_id]

    def open_bookings(self, lender: Lender) -> list[OpenBooking]:
        """Its reservations and loans that are not over, by number."""
        with self.services.db.read() as session:
            return [
                OpenBooking(
                    id=row.id,
                    state=row.state,
                    school_id=row.school_id or 0,
                    code=row.code,
                    starts_on=row.starts_on,
                    due_on=row.ends_on - DAY,
                    is_claimed=row.claimed_at is not None,
                    is_pinned=row.pinned,
                )
                for row in ask(session, OPEN, association_id=lender.id)
            ]
