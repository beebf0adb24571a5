"""What the network gives and takes."""

import datetime as dt
from typing import Annotated, Literal

import msgspec

Serves = Literal["desk", "office"]
CalendarSource = Literal["published", "edited"]
LONGEST_STREET, LONGEST_POSTCODE, LONGEST_COMMUNE, LONGEST_PHONE = 200, 10, 100, 30


class OpeningHours(msgspec.Struct, frozen=True):
    """A stretch of hours of a weekday (0 = Monday), local time; in the office people work, but the desk is closed."""

    weekday: Annotated[int, msgspec.Meta(ge=0, le=6)]
    opens_at: dt.time
    closes_at: dt.time
    serves: Serves = "desk"


class SchoolPeriodView(msgspec.Struct, frozen=True):
    """A stretch of teaching between two holidays, `[starts_on, ends_on)`, of the school year that began in a year."""

    number: Annotated[int, msgspec.Meta(ge=1, le=5)]
    school_year: int
    starts_on: dt.date
    ends_on: dt.date

    @property
    def last_on(self) -> dt.date:
        """The last day before the holidays."""
        return self.ends_on - dt.timedelta(days=1)


class SchoolCalendarView(msgspec.Struct, frozen=True, kw_only=True):
    """The school year of a zone (A, B, C, Corse, Guadeloupe and so on): published, or edited by the federation."""

    zone: str
    school_year: int
    source: CalendarSource
    version: int
    periods: list[SchoolPeriodView]


class ExceptionalOpeningView(msgspec.Struct, frozen=True):
    """A day on which the desk is open all the same."""

    opens_on: dt.date
    reason: str


class ClosureView(msgspec.Struct, frozen=True):
    """Local days `[starts_on, ends_on)`; `last_on` is the last closed day."""

    id: int
    starts_on: dt.date
    ends_on: dt.date
    reason: str
    repeats_yearly: bool = False

    @property
    def last_on(self) -> dt.date:
        """The last closed day, as people say it."""
        return self.ends_on - dt.timedelta(days=1)


class DepotPlace(msgspec.Struct, frozen=True, kw_only=True):
    """A depot as it is told from others."""

    id: int
    association_id: int
    name: str
    postcode: str
    commune: str
    time_zone: str


class DepotView(DepotPlace, frozen=True, kw_only=True):
    """A depot with its calendar."""

    address: str
    phone: str | None
    openings: list[OpeningHours]
    closures: list[ClosureView]
    exceptional_openings: list[ExceptionalOpeningView]
    max_handovers_per_day: int | None
    max_returns_per_hour: int | None
    version: int


class AssociationView(msgspec.Struct, frozen=True, kw_only=True):
    """A departmental association."""

    id: int
    code: str
    number: int
    name: str
    path: str
    union_id: int
    union_name: str
    holiday_zone: str
    time_zone: str
    holiday_territory: str | None
    email: str | None
    phone: str | None
    version: int


class UnionView(msgspec.Struct, frozen=True, kw_only=True):
    """A regional union and its associations."""

    id: int
    name: str
    path: str
    associations: list[AssociationView]


class SchoolView(msgspec.Struct, frozen=True, kw_only=True):
    """A school and the school years it is affiliated for."""

    id: int
    uai: str
    name: str
    commune: str
    postcode: str | None
    pupils: int | None
    path: str
    association_id: int
    affiliated_years: list[int]


class NewSchool(msgspec.Struct, frozen=True, kw_only=True):
    """A school to register under an association."""

    association_id: int
    uai: str
    name: str
    commune: str
    postcode: str | None = None
    pupils: int | None = None


class DepotAddress(msgspec.Struct, frozen=True, kw_only=True):
    """Where a depot is, and how to ring it up; the postcode is empty while nobody knows it."""

    address: Annotated[str, msgspec.Meta(max_length=LONGEST_STREET)] = ""
    postcode: Annotated[str, msgspec.Meta(max_length=LONGEST_POSTCODE)] = ""
    commune: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_COMMUNE)]
    phone: Annotated[str, msgspec.Meta(max_length=LONGEST_PHONE)] = ""


class NewClosure(msgspec.Struct, frozen=True, kw_only=True):
    """Days `[starts_on, ends_on)` on which a depot will be closed."""

    starts_on: dt.date
    ends_on: dt.date
    reason: str = ""
    repeats_yearly: bool = False
