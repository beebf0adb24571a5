"""How loans travel to schools and back, as people see it. Instants are UTC."""

import datetime as dt
from typing import Annotated

import msgspec

from lending.shipping.deliveries.rules import LONGEST_STREET, DeliveryState, Way
from lending.shipping.schemas import Code, RowId
from lending.shipping.shipments.rules import LONGEST_NAME, Mode

Count = Annotated[int, msgspec.Meta(ge=0, le=9999)]
Carrier = Annotated[str, msgspec.Meta(max_length=LONGEST_NAME)]
TrackingNumber = Annotated[str, msgspec.Meta(max_length=60)]


class NewDelivery(msgspec.Struct, frozen=True, kw_only=True):
    """A loan leaves for its school: `code` is the copy that was packed. A carrier needs the school's street."""

    code: Code
    mode: Mode
    carrier: Carrier = ""
    tracking_number: TrackingNumber = ""
    street: Annotated[str, msgspec.Meta(max_length=LONGEST_STREET)] = ""


class GapIn(msgspec.Struct, frozen=True, kw_only=True):
    """Pieces of a line that are missing or broken; without a line, the thing as a whole."""

    line_id: RowId | None = None
    missing: Count = 0
    broken: Count = 0


class Arrival(msgspec.Struct, frozen=True):
    """A loan came to its school; `gaps` is what was not there, empty where all is."""

    gaps: Annotated[list[GapIn], msgspec.Meta(max_length=500)] = []


class NewReturn(msgspec.Struct, frozen=True, kw_only=True):
    """A loan leaves its school."""

    mode: Mode
    carrier: Carrier = ""
    tracking_number: TrackingNumber = ""


class GapView(msgspec.Struct, frozen=True, kw_only=True):
    """What was missing or broken at the school's opening. `line_name` is empty for the thing as a whole."""

    line_id: int | None
    line_name: str
    missing: int
    broken: int


class DeliveryView(msgspec.Struct, frozen=True, kw_only=True):
    """One way of a loan. On the way back `arrived_at` is when the desk took it back."""

    way: Way
    state: DeliveryState
    mode: Mode
    carrier: str
    tracking_number: str
    street: str
    sent_at: dt.datetime
    sent_by: str
    arrived_at: dt.datetime | None
    confirmed_by: str
    gaps: list[GapView]


class DeliveriesView(msgspec.Struct, frozen=True, kw_only=True):
    """How a loan travels. `may_send`, `may_confirm` and `may_send_back` say what who asks can do now."""

    booking_id: int
    reference: str
    out: DeliveryView | None
    back: DeliveryView | None
    may_send: bool
    may_confirm: bool
    may_send_back: bool
