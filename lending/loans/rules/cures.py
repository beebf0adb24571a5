"""What can be done for a reservation that no copy can serve.

Conflict
├── NothingToCure   a copy serves it, or it is over
└── CureGone        somebody else was quicker
"""

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

import msgspec

from lending.core.errors import Conflict, NotFound
from lending.core.i18n import N_
from lending.loans.rules.periods import Period

CURE_ID = re.compile(r"(depot|dates|title)\.(\d{1,9})\.(\d{1,9})\.(\d{4}-\d\d-\d\d)\.(\d{4}-\d\d-\d\d)")


class CureKind(StrEnum):
    """What changes: the depot, the dates, or the title."""

    DEPOT = "depot"
    DATES = "dates"
    TITLE = "title"


class Place(msgspec.Struct, frozen=True):
    """A title in a depot for some days."""

    kind: CureKind
    title_id: int
    depot_id: int
    period: Period


@dataclass(eq=False)
class NothingToCure(Conflict):
    """The reservation has a copy, or is over: nothing needs to change."""

    slug: ClassVar[str] = "nothing-to-cure"
    title: ClassVar[str] = N_("Rien à arranger")
    detail: ClassVar[str] = N_("La réservation {reference} n’est plus à risque.")
    reference: str


@dataclass(eq=False)
class CureGone(Conflict):
    """What was proposed is taken meanwhile."""

    slug: ClassVar[str] = "cure-gone"
    title: ClassVar[str] = N_("Proposition plus disponible")
    detail: ClassVar[str] = N_("Cette proposition vient d’être prise. Choisissez-en une autre.")
    field: ClassVar[str | None] = "cure"
    title_name: str


def cure_id(place: Place) -> str:
    """The name of a proposal: it says all that is needed to accept it."""
    days = f"{place.period.starts_on.isoformat()}.{place.period.due_on.isoformat()}"
    return f"{place.kind}.{place.title_id}.{place.depot_id}.{days}"


def place_of(cure: str) -> Place:
    """What a proposal means. Raises NotFound for what `cure_id` did not make, PeriodReversed."""
    found = CURE_ID.fullmatch(cure)
    if found is None:
        raise NotFound
    kind, title_id, depot_id, starts_on, due_on = found.groups()
    try:
        period = Period.through(dt.date.fromisoformat(starts_on), dt.date.fromisoformat(due_on))
    except ValueError as error:
        raise NotFound from error
    return Place(CureKind(kind), int(title_id), int(depot_id), period)
