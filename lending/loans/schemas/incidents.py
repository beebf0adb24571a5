"""Incidents as people see and settle them. Costs are in euro cents."""

import datetime as dt
from typing import Annotated, Literal

import msgspec

from lending.loans.rules.incidents import Debt, IncidentKind, IncidentState, Payer, Settled

IncidentFilter = Literal["open", "settled", "refund", "all"]
Text = Annotated[str, msgspec.Meta(max_length=2000)]
Cents = Annotated[int, msgspec.Meta(ge=0, le=10_000_000)]


class IncidentView(msgspec.Struct, frozen=True, kw_only=True):
    """An incident with the names around it.

    `debt` says what the keeper owes the owner where they differ. `awaits_refund`: the copy was found (`found_at`)
    after its loss had been paid or replaced, and somebody must say whether the money goes back. `outcomes` are what a
    person may decide now.
    """

    id: int
    kind: IncidentKind
    state: IncidentState
    outcome: Settled | None
    cost_cents: int
    paid_by: Payer | None
    deposit: Literal["kept", "released"] | None
    note: str
    opened_at: dt.datetime
    opened_by: str
    closed_at: dt.datetime | None
    closed_by: str
    copy_id: int
    copy_code: str
    title_id: int
    title_name: str
    owner_id: int
    owner_name: str
    keeper_id: int
    keeper_name: str
    booking_id: int | None
    booking_reference: str
    booking_state: str
    school_name: str
    deposit_state: str
    deposit_cents: int
    debt: Debt | None
    found_at: dt.datetime | None
    awaits_refund: bool
    outcomes: list[Settled]
    version: int


class Settlement(msgspec.Struct, frozen=True, kw_only=True):
    """How an incident ends. `paid_by` goes with `paid` and `replaced`; no `cost_cents` leaves the cost as it is.

    `deposit` keeps the deposit of the loan (cashed) or gives it back.
    """

    outcome: Settled
    paid_by: Payer | None = None
    deposit: Literal["kept", "released"] | None = None
    cost_cents: Cents | None = None
    note: Text = ""
    version: int | None = None


class Loss(msgspec.Struct, frozen=True, kw_only=True):
    """A loan that does not come back. Without a cost, the value of all its contents."""

    cost_cents: Cents | None = None
    note: Text = ""


class Claim(msgspec.Struct, frozen=True):
    """The borrower says that the copy came back."""

    note: Text = ""


class Refund(msgspec.Struct, frozen=True, kw_only=True):
    """Whether what was paid for a copy that was found again goes back."""

    is_refunded: bool
    note: Text = ""
    version: int | None = None
