"""Pure rules of shipments: their life, what a parcel may weigh, its code, what became of each copy."""

import datetime as dt
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

# The states of a transfer whose copy can leave with a shipment.
TO_SEND = ("planned", "ready")
MOST_CENTS = 10_000_000
MOST_PARCELS = 99
DAY = dt.timedelta(days=1)
FRIDAY = 4
LONGEST_NAME = 120
MARK = "98"
NUMBER_DIGITS = 10
LARGEST_NUMBER = 2**31 - 1
# A shipping unit's number in trade: (00), then 18 digits of which the last is the key. Some scanners say before it
# that it is one of trade (]C1).
SSCC_MARK, SSCC_DIGITS, TENS, HEAVY = "00", 18, 10, 3
TRAILING_SSCC = re.compile(r"(?:^|\]C1|[^0-9])(?:\(00\)|00)([0-9]{18})$", re.IGNORECASE)
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
    GONE = "gone"
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


def arrival_told_on(arrives_on: dt.date, sent_on: dt.date) -> dt.date:
    """The day on which those who receive it are reminded: the last working day before, never the day it left."""
    before = arrives_on - DAY
    return max(before - max(0, before.weekday() - FRIDAY) * DAY, sent_on + DAY)


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


def parcel_code(parcel_id: int, gs1_prefix: str = "") -> str:
    """The code of a parcel, `98 NNNNNNNNNN KK`: no copy's code is so long, and codes of loans begin with 99.

    With a prefix of GS1 it is an SSCC, as long as the number fits behind the prefix.
    """
    if gs1_prefix and len(str(parcel_id)) < SSCC_DIGITS - len(gs1_prefix):
        return _sscc(parcel_id, gs1_prefix)
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
    if trade := TRAILING_SSCC.search(text) or TRAILING_SSCC.search(text.lower().translate(AZERTY_DIGITS)):
        if gs1_key(trade[1][:-1]) != trade[1][-1]:
            raise DamagedBarcode(barcode=trade[1])
        return SSCC_MARK + trade[1]
    found = TRAILING_PARCEL_CODE.search(text) or TRAILING_PARCEL_CODE.search(text.lower().translate(AZERTY_DIGITS))
    if found is None:
        return None
    if int(found[1]) % 97 != 1:
        raise DamagedBarcode(barcode=found[1])
    return found[1]


def shown_parcel_code(code: str) -> str:
    """Digits grouped for the eye: `98 0000 0000 12 34`, or `(00) 0 3760 1234 0000 0001 7`."""
    if is_sscc(code):
        digits = code[2:]
        return f"({SSCC_MARK}) {digits[0]} {' '.join(digits[at : at + 4] for at in range(1, SSCC_DIGITS, 4))}"
    return f"{code[:2]} {code[2:6]} {code[6:10]} {code[10:12]} {code[12:]}"


def is_sscc(code: str) -> bool:
    """Whether a parcel's code is a number of trade."""
    return len(code) == len(SSCC_MARK) + SSCC_DIGITS and code.startswith(SSCC_MARK)


def gs1_key(digits: str) -> str:
    """The check digit of GS1: from the right, every other digit counts three times."""
    total = sum(int(digit) * (HEAVY if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return str(-total % TENS)


def _sscc(parcel_id: int, gs1_prefix: str) -> str:
    """The number's first digit stands before the prefix, the others behind it."""
    serial = f"{parcel_id:0{SSCC_DIGITS - 1 - len(gs1_prefix)}d}"
    body = serial[0] + gs1_prefix + serial[1:]
    return SSCC_MARK + body + gs1_key(body)


def line_state(
    state: ShipmentState, transfer_state: str | None, *, is_extra: bool, has_arrived: bool, is_damaged: bool
) -> LineState:
    """What became of a copy. One that was missing and turns up later has arrived.

    Packed and gone is what went another way before the shipment left: it is taken out of its parcel.
    """
    if is_extra:
        return LineState.EXTRA
    if state == ShipmentState.PACKING and transfer_state not in TO_SEND:
        return LineState.GONE
    if has_arrived or transfer_state == "received":
        return LineState.DAMAGED if is_damaged else LineState.ARRIVED
    if transfer_state == "lost":
        return LineState.LOST
    waiting = {ShipmentState.PACKING: LineState.PACKED, ShipmentState.SENT: LineState.MOVING}
    return waiting.get(state, LineState.MISSING)
