"""What a closure does to loans."""

import datetime as dt

import msgspec

from lending.loans.schemas import Reservation


class ClosureHit(msgspec.Struct, frozen=True, kw_only=True):
    """A loan whose first or last day falls into the closure, and where its dates go; none when a person must look."""

    reservation: Reservation
    new_starts_on: dt.date | None
    new_due_on: dt.date | None


class ClosureImpact(msgspec.Struct, frozen=True, kw_only=True):
    """What a closure hits. `is_announced`: it stands, and the dates were moved."""

    hits: list[ClosureHit]
    is_announced: bool
