"""What loans give and take; each area beside the bookings has a module of its own here.

Days are local days of the association that lends; instants are UTC.
"""

import datetime as dt
from typing import Annotated, Literal

import msgspec

from lending.catalog.rules import Condition, Kind, Outcome, Status
from lending.catalog.schemas import ChecklistSection, MissingLine
from lending.loans.rules.borrowers import Borrowers
from lending.loans.rules.errors import FreePeriod
from lending.loans.rules.loan_rules import DepositForm
from lending.loans.rules.states import Because, Cause, State
from lending.loans.schemas.declarations import DeclarationView

__all__ = ["FreePeriod"]

LoanFilter = Literal["open", "planned", "out", "late", "due_today", "at_risk", "to_approve", "done", "cancelled", "all"]
Timing = Literal["today", "early", "late"]
Situation = Literal["hand_over", "take_back", "on_shelf", "held_back"]


# What both databases can hold as a row's number.
RowId = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]


class NewReservation(msgspec.Struct, frozen=True, kw_only=True):
    """A wish for a copy of a title from `starts_on` to `due_on`, the last day to bring it back.

    Without a depot, the first depot of the school's association with a free copy serves. `copy_id` (staff
    only) asks for one particular copy. `person_id` (staff only) is the teacher who is to be written to.
    """

    title_id: RowId
    school_id: RowId
    starts_on: dt.date
    due_on: dt.date
    depot_id: RowId | None = None
    copy_id: RowId | None = None
    person_id: RowId | None = None


class NewLoan(msgspec.Struct, frozen=True, kw_only=True):
    """A copy lent over the counter, without a reservation, from today to `due_on`.

    `note_seen`: the copy's note was read; `found_confirmed`: a lost copy is in hand.
    """

    code: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    depot_id: RowId
    school_id: RowId
    due_on: dt.date
    person_id: RowId | None = None
    note_seen: bool = False
    found_confirmed: bool = False


class Reservation(msgspec.Struct, frozen=True, kw_only=True):
    """A booking as people see it, from the reservation to the return.

    `is_at_risk`: open, but no copy can serve it as things stand. `days_late` counts from the day after the last
    one, to today or to the day of the return. `return_outcome` says whether the copy came back complete.
    `agreed_due_on` is the first last day, where it was moved since. `fee_cents` above zero makes the loan a hire. A
    hold ends at `held_until_at`; a cancellation can be taken back before `undo_until_at`.
    """

    id: int
    reference: str
    state: State
    cause: Cause
    is_at_risk: bool
    is_pinned: bool
    title_id: int
    title_name: str
    title_kind: Kind
    picture_url: str | None
    copy_id: int | None
    copy_code: str | None
    association_id: int
    association_name: str
    depot_id: int
    depot_name: str
    school_id: int | None
    school_name: str
    person_id: int | None
    person_name: str
    starts_on: dt.date
    due_on: dt.date
    days_late: int
    can_cancel: bool
    created_at: dt.datetime
    checked_out_at: dt.datetime | None
    returned_at: dt.datetime | None
    cancelled_at: dt.datetime | None
    return_outcome: Outcome | None
    order_reference: str | None
    renewals: int
    agreed_due_on: dt.date | None
    recalled_at: dt.datetime | None
    claimed_at: dt.datetime | None
    lost_at: dt.datetime | None
    held_until_at: dt.datetime | None
    cancelled_because: Because | None
    awaits_approval: bool
    awaits_agreement: bool
    deposit_form: DepositForm
    deposit_state: str
    deposit_cents: int
    fee_cents: int
    undo_until_at: dt.datetime | None
    version: int


class ReservationDetail(msgspec.Struct, frozen=True, kw_only=True):
    """A booking with what was missing at its return and, when at risk, what could be had instead."""

    reservation: Reservation
    missing: list[MissingLine]
    nearest: list[FreePeriod]
    equivalent_title_ids: list[int]


class ReplanReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a change of copies did to the bookings behind it."""

    title_id: int
    at_risk: list[Reservation]


class DayState(msgspec.Struct, frozen=True):
    """One day in a depot.

    `free` copies are in nobody's hands, nor being prepared or put back in order. `can_start` tells whether a
    loan of the usual length could begin.
    """

    day: dt.date
    free: int
    is_open: bool
    can_start: bool


class DepotAvailability(msgspec.Struct, frozen=True, kw_only=True):
    """A title in a depot, day by day. Without known hours every day counts as open; `opens_to` says who may borrow."""

    depot_id: int
    depot_name: str
    commune: str
    association_id: int
    association_name: str
    copies: int
    hours_known: bool
    loan_days: int
    max_loan_days: int
    earliest_on: dt.date
    latest_on: dt.date
    opens_to: list[Borrowers]
    days: list[DayState]


class TitleAvailability(msgspec.Struct, frozen=True, kw_only=True):
    """A title day by day from `starts_on` to `until_on`, both included."""

    title_id: int
    starts_on: dt.date
    until_on: dt.date
    depots: list[DepotAvailability]


class FoundLine(msgspec.Struct, frozen=True):
    """How many of a line of the checklist were found."""

    line_id: RowId
    found: Annotated[int, msgspec.Meta(ge=0, le=9999)]


class DeskDecision(msgspec.Struct, frozen=True, kw_only=True):
    """What the desk does with the scanned copy.

    `hand_over` serves `booking_id`, or the booking that this copy is meant for. `take_back` closes the loan:
    lines that are not in `found` were all there. `lendable_though_incomplete` lets the copy go on; else it waits for
    its missing parts. `damaged` says where a damaged copy goes. `returned_on` dates a return that is written down
    later. `claim` says who was right where the borrower says to have brought it back before. The other words confirm:
    that the copy's note was read, and what its school declared; that a lost copy is in hand, that a withdrawn one goes
    back to nobody's shelf.
    """

    action: Literal["hand_over", "take_back"]
    booking_id: RowId | None = None
    found: list[FoundLine] = []
    note: Annotated[str, msgspec.Meta(max_length=2000)] = ""
    lendable_though_incomplete: bool = False
    damaged: Literal["repair", "blocked"] | None = None
    returned_on: dt.date | None = None
    claim: Literal["found", "was_here"] | None = None
    note_seen: bool = False
    declaration_seen: bool = False
    found_confirmed: bool = False
    accept_withdrawn: bool = False


class DeskScan(msgspec.Struct, frozen=True, kw_only=True):
    """A code read at a depot's desk. Without a decision nothing changes: the answer says what is possible."""

    code: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    depot_id: RowId
    decision: DeskDecision | None = None


class ScannedCopy(msgspec.Struct, frozen=True, kw_only=True):
    """The copy in somebody's hands at the desk."""

    id: int
    code: str
    shown_code: str
    title_id: int
    title_name: str
    title_kind: Kind
    depot_id: int
    shelf: str
    condition: Condition
    status: Status
    note: str


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """A booking that the scanned copy could serve now. `is_planned` tells whether it is meant for this copy."""

    booking: Reservation
    timing: Timing
    is_planned: bool


class ScanResult(msgspec.Struct, frozen=True, kw_only=True):
    """What a scan means.

    `hand_over`: somebody waits for such a copy, see `candidates`. `take_back`: it is on loan, see `booking`,
    `checklist` and `declared`: what its school said is missing or broken. `on_shelf`: it is here and nobody waits for
    it now. `held_back`: it waits for a part, a repair or a decision, see `missing` and `checklist`. `promised` is the
    next booking planned on this copy.
    `done` says what the decision did.
    """

    situation: Situation
    copy: ScannedCopy
    booking: Reservation | None = None
    candidates: list[Candidate] = []
    promised: Reservation | None = None
    checklist: list[ChecklistSection] = []
    declared: list[DeclarationView] = []
    missing: list[MissingLine] = []
    done: Literal["handed_over", "taken_back"] | None = None
    at_risk: list[Reservation] = []


class Completion(msgspec.Struct, frozen=True, kw_only=True):
    """The missing parts of a copy are back in it."""

    reason: Literal["stocktake", "repair"] = "repair"
    note: Annotated[str, msgspec.Meta(max_length=2000)] = ""


class CompletedCopy(msgspec.Struct, frozen=True, kw_only=True):
    """A copy that can be lent again, and the bookings of its title that are still without one."""

    copy: ScannedCopy
    at_risk: list[Reservation]


class LoanCounts(msgspec.Struct, frozen=True, kw_only=True):
    """An association's loans in figures, today."""

    association_id: int
    planned: int
    out: int
    late: int
    due_today: int
    starting_today: int
    at_risk: int
    held_back: int


class RuleView(msgspec.Struct, frozen=True, kw_only=True):
    """The rule in force for a kind in an association. Preparation and turnaround count open days."""

    association_id: int
    kind: Kind
    loan_days: int
    max_loan_days: int
    max_open_loans: int
    lead_days: int
    horizon_days: int
    preparation_days: int
    turnaround_days: int
    reminder_days: int
