"""The life of a round, and what belongs to a week."""

import datetime as dt
from enum import StrEnum

from lending.shipping.rounds.rules.errors import (
    BadRoundHours,
    RoundAlreadyStarted,
    RoundInThePast,
    RoundIsOver,
    RoundNotStarted,
)
from lending.shipping.rounds.rules.timetable import Load

DAY = dt.timedelta(days=1)
WEEK = 7 * DAY
# What a copy weighs when nobody has weighed it, its box included.
USUAL_GRAMS = {"trunk": 12_000, "game": 2_000, "book": 500, "sheet": 200}
USUAL_PARCEL_GRAMS = 10_000
STAY_SECONDS, STAY_SECONDS_PER_PARCEL = 5 * 60, 60
LONGEST_DRIVER, LONGEST_NOTE = 120, 1000
MOST_PARCELS, MOST_KG, MOST_ERRANDS = 200, 3500, 200
GRAMS = 1000
# The literals stand in the index that keeps a loan and a shipment on one round; see `tables`.
KEPT_ERRANDS = "state <> 'missed'"


class RoundState(StrEnum):
    """Where a round stands."""

    PLANNED = "planned"
    UNDER_WAY = "under_way"
    DONE = "done"
    CANCELLED = "cancelled"


class What(StrEnum):
    """What the van does for a loan or a shipment."""

    DELIVERY = "delivery"
    COLLECTION = "collection"


class ErrandState(StrEnum):
    """What became of it; what was missed may go on another round."""

    WAITING = "waiting"
    DONE = "done"
    MISSED = "missed"


def reference_of(round_id: int) -> str:
    """What people call a round."""
    return f"T{round_id:05d}"


def monday_of(day: dt.date) -> dt.date:
    """The first day of the week in which a day lies."""
    return day - day.weekday() * DAY


def is_to_bring(state: str, starts_on: dt.date, monday: dt.date) -> bool:
    """Whether a loan is brought in the week from `monday` on: it begins then, and is not there yet."""
    return state == "planned" and monday <= starts_on < monday + WEEK


def is_to_collect(state: str, due_on: dt.date, monday: dt.date) -> bool:
    """Whether a loan is collected in that week: it is there, and due then or late already."""
    return state == "out" and due_on < monday + WEEK


def load_of_copy(kind: str) -> Load:
    """What one copy takes in the van."""
    return Load(1, USUAL_GRAMS.get(kind, USUAL_PARCEL_GRAMS))


def load_of_parcels(weights: list[int | None]) -> Load:
    """What a shipment takes in the van; parcels that nobody weighed count as usual ones."""
    return Load(len(weights), sum(weight or USUAL_PARCEL_GRAMS for weight in weights))


def stay_of(load: Load) -> int:
    """Seconds at a stop: to park and to find somebody, and for each parcel carried."""
    return STAY_SECONDS + STAY_SECONDS_PER_PARCEL * load.parcels


def check_hours(held_on: dt.date, departs_at: dt.time, returns_by: dt.time, today: dt.date) -> None:
    """Raise RoundInThePast or BadRoundHours."""
    if held_on < today:
        raise RoundInThePast(today=today)
    if departs_at >= returns_by:
        raise BadRoundHours


def moment_on_way(at: dt.datetime, started_at: dt.datetime, now: dt.datetime) -> dt.datetime:
    """When something was done at a stop: after the van left and before now, whatever the clock of a phone says."""
    return min(max(at, started_at), now)


def check_planned(state: str, reference: str) -> None:
    """Raise RoundAlreadyStarted or RoundIsOver unless its plan may still change."""
    if state == RoundState.UNDER_WAY:
        raise RoundAlreadyStarted(reference=reference)
    if state != RoundState.PLANNED:
        raise RoundIsOver(reference=reference)


def check_under_way(state: str, reference: str) -> None:
    """Raise RoundNotStarted or RoundIsOver unless the van is on its way."""
    if state == RoundState.PLANNED:
        raise RoundNotStarted(reference=reference)
    if state != RoundState.UNDER_WAY:
        raise RoundIsOver(reference=reference)
