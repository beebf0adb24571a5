"""Transfers as people see them. Days are local days of the depot; instants are UTC."""

import datetime as dt
from typing import Annotated, Literal

import msgspec

from lending.shipping.rules import Reason, TransferState

RowId = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
Code = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class NewTransfer(msgspec.Struct, frozen=True, kw_only=True):
    """Move a copy to another depot from a day on; `for_booking_id` is the reservation that it should fill."""

    code: Code
    to_depot_id: RowId
    leaves_on: dt.date
    reason: Reason = Reason.MANUAL
    keep_at_destination: bool = True
    for_booking_id: RowId | None = None


class TransferView(msgspec.Struct, frozen=True, kw_only=True):
    """A transfer with the names around it."""

    id: int
    state: TransferState
    reason: Reason
    copy_id: int
    copy_code: str
    title_id: int
    title_name: str
    from_depot_id: int
    from_depot_name: str
    to_depot_id: int
    to_depot_name: str
    keep_at_destination: bool
    for_booking_id: int | None
    leaves_on: dt.date
    sent_at: dt.datetime | None
    received_at: dt.datetime | None
    version: int


class TransferStep(msgspec.Struct, frozen=True, kw_only=True):
    """One step: `act` is planned, ready, sent, hop, received, lost, cancelled, redirected or repaired."""

    act: str
    depot_name: str
    person_name: str
    happened_at: dt.datetime
    note: str


class ArrivalScan(msgspec.Struct, frozen=True, kw_only=True):
    """A copy that came in at a depot; `is_confirmed` says that it is really back where it left minutes ago."""

    code: Code
    depot_id: RowId
    is_confirmed: bool = False


class ArrivalResult(msgspec.Struct, frozen=True, kw_only=True):
    """What a scan meant: received, hop, came_back, repaired (it was in transit without a transfer) or elsewhere.

    `elsewhere`: the copy is kept in another depot, and its way home is planned as `transfer`.
    """

    what: Literal["received", "hop", "came_back", "repaired", "elsewhere"]
    copy_code: str
    transfer: TransferView | None


class BatchLine(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one code of a batch: ok, or the slug of the refusal with its words."""

    code: str
    is_ok: bool
    type: str
    detail: str


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """Codes that came in together."""

    depot_id: RowId
    codes: Annotated[list[Code], msgspec.Meta(max_length=500)]


class Redirection(msgspec.Struct, frozen=True):
    """Another destination for a copy on its way."""

    to_depot_id: RowId


class StageIn(msgspec.Struct, frozen=True):
    """So many days in a depot."""

    depot_id: RowId
    days: Annotated[int, msgspec.Meta(ge=1, le=800)]


class NewRotation(msgspec.Struct, frozen=True, kw_only=True):
    """Let a copy move from depot to depot by itself."""

    code: Code
    stages: Annotated[list[StageIn], msgspec.Meta(min_length=2, max_length=50)]
    is_cyclical: bool = True
