"""Pure rules of shipments: their life, what a parcel may weigh, its code, what became of each copy."""

import re
from dataclasses import dataclass
from enum import StrEnum

from lending.catalog.errors import DamagedBarcode
from lending.core.barcodes import AZERTY_DIGITS
from lending.shipping.shipments.errors import (
    MOST_GRAMS,
    BadWeight,
    EmptyParcel,
    NothingPacked,
    ParcelNotWeighed,
    ShipmentAlreadySent,
    ShipmentIsOver,
    ShipmentNotSent,
)

MOST_CENTS = 10_000_000
MOST_PARCELS = 99
LONGEST_NAME = 120
MARK = "98"
NUMBER_DIGITS = 10
LARGEST_NUMBER = 2**31 - 1
TRAILING_PARCEL_CODE = re.compile(rf"(?:^|[^0-9])({MARK}[0-9]{{{NUMBER_DIGITS + 2}}})/?$")


class ShipmentState(StrEnum):
    """Where a shipment stands."""

    PACKING = "packing"
    SENT = "sent"
    RECEIVED = "received"
    CANCELLED = "cancelled"


class Mode(StrEnum):
    """How it travels."""

    HANDED_OVER = "handed_over"
    ROUND = "round"
    CARRIER = "carrier"
    MEETING = "meeting"


class ShipmentAct(StrEnum):
    """What happened to a shipment, a parcel or a copy in it."""

    OPENED = "opened"
    PACKED = "packed"
    UNPACKED = "unpacked"
    SENT = "sent"
    HANDED = "handed"
    ARRIVED = "arrived"
    EXTRA = "extra"
    DAMAGED = "damaged"
    MISSING = "missing"
    CLOSED = "closed"
    TURNED = "turned"
    CANCELLED = "cancelled"


class LineState(StrEnum):
    """What became of a copy of a shipment."""

    PACKED = "packed"
    MOVING = "moving"
    ARRIVED = "arrived"
    DAMAGED = "damaged"
    MISSING = "missing"
    LOST = "lost"
    EXTRA = "extra"


@dataclass(frozen=True, slots=True)
class PackedParcel:
    """What sending must know of a parcel."""

    number: int
    weight_grams: int | None
    copy_count: int


def reference_of(shipment_id: int) -> str:
    """What people call a shipment."""
    return f"E{shipment_id:05d}"


def check_packing(state: str, reference: str) -> None:
    """Raise ShipmentAlreadySent or ShipmentIsOver unless it is still being packed."""
    if state == ShipmentState.SENT:
        raise ShipmentAlreadySent(reference=reference)
    if state != ShipmentState.PACKING:
        raise ShipmentIsOver(reference=reference)


def check_under_way(state: str, reference: str, from_depot_name: str) -> None:
    """Raise ShipmentNotSent or ShipmentIsOver unless it is on its way."""
    if state == ShipmentState.PACKING:
        raise ShipmentNotSent(reference=reference, from_depot_name=from_depot_name)
    if state != ShipmentState.SENT:
        raise ShipmentIsOver(reference=reference)


def check_weight(grams: int | None) -> None:
    """Raise BadWeight for what nothing weighs and for what nobody lifts; None says that it is not known yet."""
    if grams is not None and not 0 < grams <= MOST_GRAMS:
        raise BadWeight


def check_parcels(parcels: list[PackedParcel], mode: Mode) -> None:
    """Raise NothingPacked, EmptyParcel or ParcelNotWeighed unless all can leave."""
    if not any(one.copy_count for one in parcels):
        raise NothingPacked
    for one in parcels:
        if not one.copy_count:
            raise EmptyParcel(number=one.number)
        if mode == Mode.CARRIER and one.weight_grams is None:
            raise ParcelNotWeighed(number=one.number)


def parcel_code(parcel_id: int) -> str:
    """The code of a parcel, `98 NNNNNNNNNN KK`: no copy's code is so long, and codes of loans begin with 99."""
    if not 0 < parcel_id <= LARGEST_NUMBER:
        message = f"no code for parcel {parcel_id}"
        raise ValueError(message)
    body = f"{MARK}{parcel_id:0{NUMBER_DIGITS}d}"
    return f"{body}{98 - int(body) * 100 % 97:02d}"


def parse_parcel_scan(raw: str) -> str | None:
    """The code of a parcel, in whatever shape it was typed; None for any other code.

    Raises DamagedBarcode where the code is one of a parcel and its key is wrong.
    """
    text = re.sub(r"\s+", "", raw)
    found = TRAILING_PARCEL_CODE.search(text) or TRAILING_PARCEL_CODE.search(text.lower().translate(AZERTY_DIGITS))
    if found is None:
        return None
    if int(found[1]) % 97 != 1:
        raise DamagedBarcode(barcode=found[1])
    return found[1]


def shown_parcel_code(code: str) -> str:
    """Digits grouped for the eye: `98 0000 0000 12 34`."""
    return f"{code[:2]} {code[2:6]} {code[6:10]} {code[10:12]} {code[12:]}"


def line_state(
    state: ShipmentState, transfer_state: str | None, *, is_extra: bool, has_arrived: bool, is_damaged: bool
) -> LineState:
    """What became of a copy. One that was missing and turns up later has arrived."""
    if is_extra:
        return LineState.EXTRA
    if has_arrived or transfer_state == "received":
        return LineState.DAMAGED if is_damaged else LineState.ARRIVED
    if transfer_state == "lost":
        return LineState.LOST
    waiting = {ShipmentState.PACKING: LineState.PACKED, ShipmentState.SENT: LineState.MOVING}
    return waiting.get(state, LineState.MISSING)
