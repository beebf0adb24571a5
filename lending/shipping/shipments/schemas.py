"""Shipments as people see them. Weights are grams, money is cents, instants are UTC, days are local to the receiver."""

import datetime as dt
from typing import Annotated

import msgspec

from lending.shipping.schemas import Code, RowId
from lending.shipping.shipments.rules import (
    LONGEST_NAME,
    MOST_CENTS,
    LineState,
    Mode,
    ShipmentAct,
    ShipmentState,
)

Name = Annotated[str, msgspec.Meta(max_length=LONGEST_NAME)]
Note = Annotated[str, msgspec.Meta(max_length=1000)]
Cents = Annotated[int, msgspec.Meta(ge=0, le=MOST_CENTS)]


class NewShipment(msgspec.Struct, frozen=True, kw_only=True):
    """Begin to pack what leaves a depot for another one."""

    from_depot_id: RowId
    to_depot_id: RowId


class PackScan(msgspec.Struct, frozen=True, kw_only=True):
    """Put a copy into a parcel by its number; `unplanned` plans its transfer where nobody has."""

    code: Code
    parcel: Annotated[int, msgspec.Meta(ge=1, le=99)] = 1
    unplanned: bool = False


class ParcelFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a parcel weighs, and what is in it worth; null is not known."""

    weight_grams: int | None = None
    value_cents: Cents | None = None


class Departure(msgspec.Struct, frozen=True, kw_only=True):
    """How a shipment leaves: `carrier` is in whose hands, `arrives_on` when it should be there."""

    mode: Mode = Mode.HANDED_OVER
    carrier: Name = ""
    tracking_number: Annotated[str, msgspec.Meta(max_length=60)] = ""
    cost_cents: Cents | None = None
    arrives_on: dt.date | None = None


class Handover(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody took over a parcel, by its code, or all of them."""

    holder: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_NAME)]
    code: Annotated[str, msgspec.Meta(max_length=200)] = ""


class ParcelScan(msgspec.Struct, frozen=True, kw_only=True):
    """What was scanned at the arrival: a copy, or a parcel with all that was packed into it."""

    code: Code
    is_damaged: bool = False
    note: Note = ""


class LineView(msgspec.Struct, frozen=True, kw_only=True):
    """A copy of a shipment; without a parcel it was found there although nobody had packed it."""

    copy_id: int
    copy_code: str
    title_id: int
    title_name: str
    parcel: int | None
    transfer_id: int | None
    state: LineState
    arrived_at: dt.datetime | None
    note: str


class ParcelView(msgspec.Struct, frozen=True, kw_only=True):
    """A parcel: `code` is what a scanner reads on its label."""

    number: int
    code: str
    shown_code: str
    weight_grams: int | None
    value_cents: int | None
    copy_count: int


class ShipmentStep(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened; `parcel` and `copy_code` say to what, where it was not to all of it."""

    act: ShipmentAct
    parcel: int | None
    copy_code: str
    depot_name: str
    holder: str
    person_name: str
    note: str
    happened_at: dt.datetime


class ShipmentSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A shipment in a list; `missing` and `extra` count what did not come and what nobody had packed."""

    id: int
    reference: str
    state: ShipmentState
    mode: Mode
    carrier: str
    from_depot_id: int
    from_depot_name: str
    to_depot_id: int
    to_depot_name: str
    parcel_count: int
    copy_count: int
    missing: int
    extra: int
    damaged: int
    arrives_on: dt.date | None
    created_at: dt.datetime
    sent_at: dt.datetime | None
    turned_back_at: dt.datetime | None
    closed_at: dt.datetime | None


class ShipmentView(msgspec.Struct, frozen=True, kw_only=True):
    """A shipment whole. `received_at_depot_id` is where it is received: the sender's depot once it turned back."""

    summary: ShipmentSummary
    tracking_number: str
    cost_cents: int | None
    weight_grams: int | None
    value_cents: int | None
    received_at_depot_id: int
    parcels: list[ParcelView]
    lines: list[LineView]
    steps: list[ShipmentStep]


class ArrivalView(msgspec.Struct, frozen=True, kw_only=True):
    """What a scan at the arrival meant: `what` is arrived, again (scanned before), damaged or extra."""

    what: str
    copy_codes: list[str]
    shipment: ShipmentView
