"""What could be done for a reservation at risk."""

import datetime as dt

import msgspec

from lending.loans.rules.cures import CureKind


class Cure(msgspec.Struct, frozen=True, kw_only=True):
    """A proposal: another depot, other dates, or an equivalent title. `id` accepts it."""

    id: str
    kind: CureKind
    title_id: int
    title_name: str
    depot_id: int
    depot_name: str
    association_name: str
    starts_on: dt.date
    due_on: dt.date


class AcceptedCure(msgspec.Struct, frozen=True):
    """The proposal that was chosen."""

    cure: str
