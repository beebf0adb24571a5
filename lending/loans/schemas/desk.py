"""What a desk's page needs beside a scan: the day, sheets, the last act, what to know without network."""

import datetime as dt
from typing import Literal

import msgspec

from lending.catalog.rules import Kind
from lending.catalog.schemas import ChecklistSection
from lending.loans.schemas import Reservation, ScannedCopy
from lending.loans.schemas.appointments import AppointmentView


class DeskDay(msgspec.Struct, frozen=True, kw_only=True):
    """A depot's work today. `to_prepare` leaves soon; `to_hand_over` leaves today or should have left.

    `expected_back` is due today or agreed for today, by the hour; `late` is what is late beside these.
    `appointments` are those of what is out.
    """

    depot_id: int
    depot_name: str
    today: dt.date
    is_open: bool
    to_hand_over: list[Reservation]
    to_prepare: list[Reservation]
    expected_back: list[Reservation]
    late: list[Reservation]
    at_risk: list[Reservation]
    to_approve: list[Reservation]
    held_back: list[ScannedCopy]
    appointments: list[AppointmentView] = []


class DeskSheet(msgspec.Struct, frozen=True, kw_only=True):
    """What the paper of a loan, or the code of a school, opens at a desk.

    `booking` is the loan of the paper. `to_hand_over` waits here for the school, the nearest first; `out` is what it
    has from here.
    """

    code: str
    school_id: int
    school_name: str
    booking: Reservation | None
    to_hand_over: list[Reservation]
    out: list[Reservation]


class ComesBack(msgspec.Struct, frozen=True):
    """A scan alone takes it back; `checklist` is what should be in it."""

    checklist: list[ChecklistSection]


class LastAct(msgspec.Struct, frozen=True, kw_only=True):
    """What a person did last at a desk, while it can be taken back."""

    id: int
    action: Literal["hand_over", "lend", "take_back"]
    booking: Reservation
    undo_until_at: dt.datetime


class ActBefore(msgspec.Struct, frozen=True, kw_only=True):
    """How the booking and its copy stood before an act."""

    starts_on: dt.date
    blocked_starts_on: dt.date
    blocked_ends_on: dt.date
    pinned: bool
    copy_status: str
    copy_condition: str
    incident_ids: list[int] = []


class OfflineLoan(msgspec.Struct, frozen=True, kw_only=True):
    """A booking as a desk without network knows it. `copy_code` is the planned or the handed-over copy."""

    id: int
    reference: str
    loan_code: str
    state: Literal["planned", "out"]
    copy_code: str
    title_id: int
    school_id: int
    school_uai: str
    school_name: str
    starts_on: dt.date
    due_on: dt.date


class OfflineCopy(msgspec.Struct, frozen=True, kw_only=True):
    """A copy of the depot. `is_asked`: a person must say something before it changes hands."""

    code: str
    title_id: int
    is_asked: bool


class OfflineTitle(msgspec.Struct, frozen=True, kw_only=True):
    """A title with what should be in it; `in_piles`: a return may count as complete unseen."""

    id: int
    name: str
    kind: Kind
    in_piles: bool
    sections: list[ChecklistSection]


class OfflineDay(msgspec.Struct, frozen=True, kw_only=True):
    """All that a desk needs to go on without network: loans planned for the next two weeks and out, copies, contents.

    `copies` is cut at 5,000, those with a loan first.
    """

    depot_id: int
    depot_name: str
    today: dt.date
    made_at: dt.datetime
    loans: list[OfflineLoan]
    copies: list[OfflineCopy]
    titles: list[OfflineTitle]
