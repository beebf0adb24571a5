"""When loans are brought back."""

import datetime as dt
from typing import Annotated, Literal

import msgspec

AppointmentState = Literal["planned", "cancelled", "over"]


class AppointmentView(msgspec.Struct, frozen=True, kw_only=True):
    """An agreed return. Days and times of day are local to the depot.

    `is_chosen`: a person chose the hour, else it was proposed; `is_before_holidays`: it was proposed earlier than the
    last day of the loan, because that lies in the school holidays. `brought_by` is who comes, where that was said.
    """

    booking_id: int
    depot_id: int
    comes_on: dt.date
    hour: int
    starts_at: dt.time
    ends_at: dt.time
    state: AppointmentState
    is_chosen: bool
    is_before_holidays: bool
    brought_by: str
    version: int


class AppointmentSlot(msgspec.Struct, frozen=True, kw_only=True):
    """An hour of a day; `left` is how many more returns the depot expects in it, null for any number."""

    hour: int
    starts_at: dt.time
    ends_at: dt.time
    left: int | None


class AppointmentDay(msgspec.Struct, frozen=True, kw_only=True):
    """A day on which a loan may be brought back."""

    comes_on: dt.date
    slots: list[AppointmentSlot]


class AppointmentChoices(msgspec.Struct, frozen=True, kw_only=True):
    """What is agreed for a loan, and what could be. Without an appointment its version is 0.

    `is_past`: the day that was agreed is over, and nobody came.
    """

    appointment: AppointmentView | None
    is_past: bool
    version: int
    days: list[AppointmentDay]


class NewAppointment(msgspec.Struct, frozen=True, kw_only=True):
    """Another day and hour for a return; `version` is that which was read."""

    comes_on: dt.date
    hour: Annotated[int, msgspec.Meta(ge=0, le=23)]
    brought_by: Annotated[str, msgspec.Meta(max_length=80)] = ""
    version: int
