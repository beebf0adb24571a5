"""Pure rules of transfers and rotations: states, what a scan on the way means, where a copy goes next.

Conflict
├── TransferOpen, CopyIsNeeded, CopyNotInDepot, SameDepot
├── TransferNotThere     the step is none of the present state's
└── SentJustNow          scanned where it left, minutes after
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from lending.core.errors import Conflict
from lending.core.i18n import N_

JUST_SENT = dt.timedelta(minutes=15)
OPEN_STATES = "state in ('planned', 'ready', 'sent')"


class TransferState(StrEnum):
    """Where a transfer stands."""

    PLANNED = "planned"
    READY = "ready"
    SENT = "sent"
    RECEIVED = "received"
    LOST = "lost"
    CANCELLED = "cancelled"


class Reason(StrEnum):
    """Why a copy is moved."""

    FILL_BOOKING = "fill_booking"
    RETURN_HOME = "return_home"
    REBALANCE = "rebalance"
    ROTATION = "rotation"
    REPAIR = "repair"
    MANUAL = "manual"


class Arrival(StrEnum):
    """What a scan at a depot means for a copy on its way."""

    RECEIVED = "received"
    HOP = "hop"
    CAME_BACK = "came_back"


STEPS: dict[TransferState, frozenset[TransferState]] = {
    TransferState.PLANNED: frozenset({TransferState.READY, TransferState.SENT, TransferState.CANCELLED}),
    TransferState.READY: frozenset({TransferState.SENT, TransferState.CANCELLED}),
    TransferState.SENT: frozenset({TransferState.RECEIVED, TransferState.LOST}),
    TransferState.RECEIVED: frozenset(),
    TransferState.LOST: frozenset({TransferState.RECEIVED}),
    TransferState.CANCELLED: frozenset(),
}


@dataclass(eq=False)
class TransferOpen(Conflict):
    """The copy has another transfer that is not over."""

    slug: ClassVar[str] = "transfer-open"
    title: ClassVar[str] = N_("Transfert déjà prévu")
    detail: ClassVar[str] = N_("L’exemplaire {barcode} a déjà un transfert en cours.")
    field: ClassVar[str | None] = "code"
    barcode: str


@dataclass(eq=False)
class CopyIsNeeded(Conflict):
    """A reservation counts on the copy, and no other one can take its place in time."""

    slug: ClassVar[str] = "copy-is-needed"
    title: ClassVar[str] = N_("Exemplaire nécessaire ici")
    detail: ClassVar[str] = N_("L’exemplaire {barcode} est promis ou en prêt : il ne peut pas partir à cette date.")
    field: ClassVar[str | None] = "code"
    barcode: str


@dataclass(eq=False)
class CopyNotInDepot(Conflict):
    """The copy is kept somewhere else."""

    slug: ClassVar[str] = "copy-not-in-depot"
    title: ClassVar[str] = N_("Exemplaire d’un autre dépôt")
    detail: ClassVar[str] = N_("L’exemplaire {barcode} dépend du dépôt {depot_name}.")
    field: ClassVar[str | None] = "code"
    barcode: str
    depot_name: str


@dataclass(eq=False)
class SameDepot(Conflict):
    """The copy is there already."""

    slug: ClassVar[str] = "same-depot"
    title: ClassVar[str] = N_("Même dépôt")
    detail: ClassVar[str] = N_("L’exemplaire est déjà dans ce dépôt.")
    field: ClassVar[str | None] = "to_depot_id"


@dataclass(eq=False)
class TransferNotThere(Conflict):
    """The step is none of the present state's."""

    slug: ClassVar[str] = "transfer-not-there"
    title: ClassVar[str] = N_("Étape impossible")
    detail: ClassVar[str] = N_("Le transfert ne peut pas faire cette étape maintenant.")
    state: str
    wanted: str


@dataclass(eq=False)
class SentJustNow(Conflict):
    """Scanned where it left, minutes after it was sent: probably by mistake."""

    slug: ClassVar[str] = "sent-just-now"
    title: ClassVar[str] = N_("Parti à l’instant")
    detail: ClassVar[str] = N_("L’exemplaire {barcode} vient d’être envoyé d’ici. Confirmez s’il est vraiment revenu.")
    field: ClassVar[str | None] = "code"
    barcode: str


def check_step(state: str, wanted: TransferState) -> None:
    """Raise TransferNotThere unless the step is one of a transfer's life."""
    if wanted not in STEPS[TransferState(state)]:
        raise TransferNotThere(state=state, wanted=wanted)


def arrival_at(depot_id: int, from_depot_id: int, to_depot_id: int) -> Arrival:
    """What it means that a copy on its way is scanned at a depot."""
    if depot_id == to_depot_id:
        return Arrival.RECEIVED
    return Arrival.CAME_BACK if depot_id == from_depot_id else Arrival.HOP


def best_destination(candidates: Iterable[tuple[int, float]], room: Mapping[int, int]) -> int | None:
    """The depot with the highest gain that still takes a copy; the next best where a limit forbids the best."""
    allowed = [(gain, -depot_id) for depot_id, gain in candidates if room.get(depot_id, 0) > 0]
    return -max(allowed)[1] if allowed else None


class Turn(StrEnum):
    """What a rotation does today."""

    STAY = "stay"
    WAIT = "wait"
    SKIP = "skip"
    MOVE = "move"
    LEAVE = "leave"
    REPATRIATE = "repatriate"


@dataclass(frozen=True, slots=True)
class Stage:
    """So many days in a depot."""

    depot_id: int
    days: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a copy of a rotation is, and what is known of it."""

    stage: int
    arrived_on: dt.date
    depot_id: int
    is_on_loan: bool
    is_in_demand: bool
    has_skipped: bool


def turn_of(stages: Sequence[Stage], place: Place, today: dt.date, *, is_cyclical: bool) -> tuple[Turn, int]:
    """What to do, and the number of the stage that comes of it.

    A copy found elsewhere goes back to its stage's depot. When the stage is over it waits for its loan, may skip one
    turn while it is in demand, then moves on; after the last stage it leaves the rotation unless that goes round.
    """
    here = stages[place.stage]
    if place.is_on_loan:
        return Turn.WAIT, place.stage
    if place.depot_id != here.depot_id:
        return Turn.REPATRIATE, place.stage
    if today < place.arrived_on + dt.timedelta(days=here.days):
        return Turn.STAY, place.stage
    if place.is_in_demand and not place.has_skipped:
        return Turn.SKIP, place.stage
    if place.stage + 1 == len(stages) and not is_cyclical:
        return Turn.LEAVE, place.stage
    return Turn.MOVE, (place.stage + 1) % len(stages)
