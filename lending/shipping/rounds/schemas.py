"""Rounds as people see them. Weights are grams, ways are metres, times are local to the depot, instants are UTC."""

import datetime as dt
from typing import Annotated, Literal

import msgspec

from lending.loans.schemas.offline import DECADE_MS
from lending.shipping.rounds.rules.states import (
    LONGEST_DRIVER,
    LONGEST_NOTE,
    MOST_ERRANDS,
    MOST_KG,
    MOST_PARCELS,
    ErrandState,
    RoundState,
    What,
)
from lending.shipping.schemas import Code, RowId

Version = Annotated[int, msgspec.Meta(ge=1)]


class ErrandChoice(msgspec.Struct, frozen=True, kw_only=True):
    """One of the week's deliveries or collections: of a loan, or of a shipment."""

    what: What
    booking_id: RowId | None = None
    shipment_id: RowId | None = None


class NewRound(msgspec.Struct, frozen=True, kw_only=True):
    """A round to plan: when, with what van, for what."""

    depot_id: RowId
    held_on: dt.date
    departs_at: dt.time
    returns_by: dt.time
    most_parcels: Annotated[int, msgspec.Meta(ge=1, le=MOST_PARCELS)]
    most_kg: Annotated[int, msgspec.Meta(ge=1, le=MOST_KG)]
    errands: Annotated[list[ErrandChoice], msgspec.Meta(max_length=MOST_ERRANDS)]
    driver: Annotated[str, msgspec.Meta(max_length=LONGEST_DRIVER)] = ""


class StopOrder(msgspec.Struct, frozen=True, kw_only=True):
    """The stops in an order made by hand; those left out do not go. `version` is the round's when it was read."""

    stop_ids: Annotated[list[RowId], msgspec.Meta(max_length=MOST_ERRANDS)]
    version: Version


class Replanning(msgspec.Struct, frozen=True, kw_only=True):
    """Order the stops anew; `version` is the round's when it was read."""

    version: Version


class StopHours(msgspec.Struct, frozen=True, kw_only=True):
    """When somebody is at a stop, as they told; null for the usual hours of the place."""

    version: Version
    opens_at: dt.time | None = None
    closes_at: dt.time | None = None


class StopScan(msgspec.Struct, frozen=True, kw_only=True):
    """A copy or a parcel is scanned at a stop."""

    code: Code


class StopVisit(msgspec.Struct, frozen=True, kw_only=True):
    """The van leaves a stop."""

    note: Annotated[str, msgspec.Meta(max_length=LONGEST_NOTE)] = ""


class StopAct(msgspec.Struct, frozen=True, kw_only=True):
    """What a phone did at a stop without network: a scan of `code`, or leaving it with `note`.

    `device_at` is the phone's own clock and `offset_ms` the server's clock minus the phone's. The key is the phone's,
    one for each act: what is sent twice is done once.
    """

    key: Annotated[str, msgspec.Meta(min_length=8, max_length=100)]
    action: Literal["scan", "leave"]
    stop_id: RowId
    device_at: Annotated[dt.datetime, msgspec.Meta(tz=True)]
    offset_ms: Annotated[int, msgspec.Meta(ge=-DECADE_MS, le=DECADE_MS)] = 0
    code: Annotated[str, msgspec.Meta(max_length=200)] = ""
    note: Annotated[str, msgspec.Meta(max_length=LONGEST_NOTE)] = ""


class StopActs(msgspec.Struct, frozen=True):
    """What a phone kept while it had no network, the first act first."""

    acts: list[StopAct]


class StopLine(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an act of a phone. `happened_at` is when it was done, by the server's clock.

    `done`: `what` is delivered, collected, again or left; `known`: done by an earlier sending; `conflict`: done, and
    the reservations in `displaced` lost the copy; `refused`: `slug` and `detail` say why, and nothing was written.
    """

    key: str
    happened_at: dt.datetime
    status: Literal["done", "known", "conflict", "refused"]
    what: str = ""
    label: str = ""
    displaced: list[str] = []
    slug: str = ""
    detail: str = ""


class CarriedView(msgspec.Struct, frozen=True, kw_only=True):
    """What could be brought or collected in a week. `on` is the day it begins or is due; null for shipments."""

    what: What
    booking_id: int | None
    shipment_id: int | None
    label: str
    copy_code: str
    school_id: int | None
    depot_id: int | None
    place_name: str
    commune: str
    on: dt.date | None
    parcels: int
    grams: int


class ErrandView(msgspec.Struct, frozen=True, kw_only=True):
    """What is done at a stop. `noted_at` is when a phone without network told it; a shipment has its parcels' codes."""

    id: int
    what: What
    booking_id: int | None
    shipment_id: int | None
    label: str
    copy_code: str
    parcels: int
    grams: int
    parcel_codes: list[str]
    state: ErrandState
    done_at: dt.datetime | None
    noted_at: dt.datetime | None


class StopHoursView(msgspec.Struct, frozen=True):
    """A stretch of hours in which the van may come."""

    opens_at: dt.time
    closes_at: dt.time


class StopView(msgspec.Struct, frozen=True, kw_only=True):
    """A stop. Without `number` it does not fit: `hours` is empty where nobody is there that day.

    `late_minutes` is by how much a round ordered by hand misses the last hour. The van left at `visited_at`; `noted_at`
    is when a phone without network told it.
    """

    id: int
    number: int | None
    school_id: int | None
    depot_id: int | None
    name: str
    address: str
    phone: str
    latitude: float | None
    longitude: float | None
    hours: list[StopHoursView]
    has_own_hours: bool
    arrives_at: dt.time | None
    begins_at: dt.time | None
    late_minutes: int
    metres: int
    note: str
    visited_at: dt.datetime | None
    noted_at: dt.datetime | None
    errands: list[ErrandView]


class RoundSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A round in a list."""

    id: int
    reference: str
    depot_id: int
    depot_name: str
    held_on: dt.date
    departs_at: dt.time
    returns_by: dt.time
    back_at: dt.time | None
    driver: str
    most_parcels: int
    most_kg: int
    state: RoundState
    stops: int
    metres: int
    version: int


class RoundView(msgspec.Struct, frozen=True, kw_only=True):
    """A round whole: `stops` in their order, `outside` those that do not fit.

    `heaviest_parcels` and `heaviest_grams` are the most that is in the van at once; `is_kept` is whether it carries
    that, nobody is missed and it is back in time.
    """

    summary: RoundSummary
    stops: list[StopView]
    outside: list[StopView]
    heaviest_parcels: int
    heaviest_grams: int
    is_kept: bool


class StopScanned(msgspec.Struct, frozen=True, kw_only=True):
    """What a scan at a stop meant: `what` is delivered, collected, or again."""

    what: str
    label: str
    round: RoundView


class OfflineRound(msgspec.Struct, frozen=True, kw_only=True):
    """What a phone keeps of a round, so that it is driven without network: no driver's name. Made at an instant."""

    made_at: dt.datetime
    round: RoundView
