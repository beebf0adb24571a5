"""The made-up network that lives through the year: who lends what, who borrows, who wants which mail."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from lending.core.actor import Actor
from lending.network.school_years import ZONES, published_periods
from lending.simulating.expecting import Policy, Reader, StepSaid, Wish
from lending.simulating.mailbox import GONE
from lending.simulating.places import Place

KINDS = ("trunk", "game", "book")
USUAL_DAYS_BEFORE = 7


@dataclass(frozen=True)
class Size:
    """How much is simulated; `days` from the first day of school on."""

    associations: int = 5
    schools: int = 200
    copies: int = 400
    days: int = 365


@dataclass(frozen=True)
class Borrower:
    """A school and the teacher who borrows for it. `is_affiliated`: its affiliation was there when the year began."""

    school_id: int
    actor: Actor
    is_affiliated: bool


@dataclass(frozen=True, kw_only=True)
class Lender:
    """An association with its desk, its titles by number and its schools."""

    id: int
    place: Place
    depot_id: int
    staff: Actor
    titles: Sequence[int]
    borrowers: Sequence[Borrower]


@dataclass(frozen=True)
class Coordinator:
    """Who coordinates a union, and whether copies of reminders wait for the weekly digest."""

    actor: Actor
    gathers: bool


@dataclass(frozen=True)
class World:
    """All of it. Coordinators are by the name of their union."""

    lenders: Sequence[Lender]
    coordinators: Mapping[str, Coordinator]


def policies(world: World) -> dict[int, Policy]:
    """How each association reminds, as its rules and steps were set up."""
    return {
        lender.id: Policy(
            time_zone=lender.place.time_zone,
            steps=[StepSaid(step.after_days, step.copy_to == "union") for step in lender.place.steps_in_force],
            days_before={kind: _days_before(lender.place, kind) for kind in KINDS},
            coordinators=[id_of(world.coordinators[lender.place.union].actor)],
        )
        for lender in world.lenders
    }


def readers(world: World, wishes: Mapping[int, Sequence[Wish]], first_year: int) -> dict[int, Reader]:
    """Everybody who is written to, by person."""
    found: dict[int, Reader] = {}
    for lender in world.lenders:
        taught = _taught(lender.place.holiday_zone, first_year)
        for actor in (lender.staff, *(one.actor for one in lender.borrowers)):
            found[id_of(actor)] = Reader(
                email=actor.email,
                time_zone=lender.place.time_zone,
                is_reachable=not actor.email.endswith(GONE),
                taught=taught,
                wishes=wishes.get(id_of(actor), ()),
            )
    for one in world.coordinators.values():
        # A union lies in several zones: its coordinator has no holidays.
        found[id_of(one.actor)] = Reader(
            email=one.actor.email,
            time_zone="Europe/Paris",
            is_reachable=True,
            wishes=wishes.get(id_of(one.actor), ()),
        )
    return found


def id_of(actor: Actor) -> int:
    """The person's number: everybody here is signed in. Raises ValueError."""
    if actor.person_id is None:
        message = "somebody without a number acts"
        raise ValueError(message)
    return actor.person_id


def teaches(place: Place, day: dt.date, first_year: int) -> bool:
    """Whether teachers are at school: no weekend, no holidays; where no calendar is published, not in summer."""
    if day.weekday() >= 5:  # noqa: PLR2004 - Saturday and Sunday
        return False
    taught = _taught(place.holiday_zone, first_year)
    return any(first <= day < end for first, end in taught) if taught else day.month not in (7, 8)


def _days_before(place: Place, kind: str) -> int:
    return place.days_before.get(kind, place.days_before.get(None, USUAL_DAYS_BEFORE))


@cache
def _taught(zone: str, first_year: int) -> Sequence[tuple[dt.date, dt.date]]:
    """Asked on every day for every association."""
    if zone not in ZONES:
        return ()
    years = (first_year - 1, first_year, first_year + 1)
    found = [one for year in years for one in published_periods(zone, year) or ()]
    return tuple((one.starts_on, one.ends_on) for one in found)
