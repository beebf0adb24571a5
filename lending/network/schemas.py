"""What the network gives and takes."""

import datetime as dt
from typing import Annotated

import msgspec


class OpeningHours(msgspec.Struct, frozen=True):
    """Hours of a weekday (0 = Monday), local time."""

    weekday: Annotated[int, msgspec.Meta(ge=0, le=6)]
    opens_at: dt.time
    closes_at: dt.time


class ClosureView(msgspec.Struct, frozen=True):
    """Local days `[starts_on, ends_on)`; `last_on` is the last closed day."""

    id: int
    starts_on: dt.date
    ends_on: dt.date
    reason: str

    @property
    def last_on(self) -> dt.date:
        """The last closed day, as people say it."""
        return self.ends_on - dt.timedelta(days=1)


class DepotView(msgspec.Struct, frozen=True, kw_only=True):
    """A depot with its calendar."""

    id: int
    association_id: int
    name: str
    address: str
    postcode: str
    commune: str
    phone: str | None
    time_zone: str
    openings: list[OpeningHours]
    closures: list[ClosureView]


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


class NewClosure(msgspec.Struct, frozen=True, kw_only=True):
    """Days `[starts_on, ends_on)` on which a depot will be closed."""

    starts_on: dt.date
    ends_on: dt.date
    reason: str = ""
