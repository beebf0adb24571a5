"""Pure rules of relays: which loan may go on to which reservation, and in which order that is done.

Conflict
├── RelayElsewhere, RelaySameSchool           the two do not fit together
├── RelayTooEarly, RelayTooFar                their days do not
├── RelayReservationNotPlanned, RelayInDoubt  one of them, or the copy, is not as it should be
├── RelayNoRoom                               the copy is promised to somebody between them
├── RelayAlreadyAgreed                        one of them has a relay
├── NoRelay, RelayOver                        there is none, or it counts for nothing any more
└── RelayGiven, RelayNotGiven, RelayTaken     its steps come in their order, each once
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from lending.core.errors import Conflict
from lending.core.i18n import N_

DAY = dt.timedelta(days=1)
# Over the longest school holidays but summer's, a trunk may wait where it is.
LONGEST_WAIT = 21 * DAY


class RelayState(StrEnum):
    """Where a relay stands: worked out from what was noted and from both bookings, never kept."""

    AGREED = "agreed"
    GIVEN = "given"
    TAKEN = "taken"
    CANCELLED = "cancelled"
    OVER = "over"


class Hand(StrEnum):
    """Whose count it is: of the school that gives, or of the one that takes."""

    GIVEN = "given"
    TAKEN = "taken"


@dataclass(frozen=True, slots=True)
class Leg:
    """One of the two bookings, as far as the other must fit it. `due_on` is its last day."""

    reference: str
    title_id: int
    depot_id: int
    school_id: int
    starts_on: dt.date
    due_on: dt.date


@dataclass(frozen=True, slots=True)
class Steps:
    """What was noted of a relay; `is_counting`: both its bookings still stand as when it was agreed."""

    given_at: dt.datetime | None = None
    taken_at: dt.datetime | None = None
    cancelled_at: dt.datetime | None = None
    is_counting: bool = True


@dataclass(eq=False)
class RelayElsewhere(Conflict):
    """Another title, or another depot's."""

    slug: ClassVar[str] = "relay-elsewhere"
    title: ClassVar[str] = N_("Relais impossible")
    detail: ClassVar[str] = N_(
        "{loan} et {reservation} ne portent pas sur la même ressource du même dépôt : aucun exemplaire ne peut passer "
        "de l’un à l’autre."
    )
    field: ClassVar[str | None] = "other"
    loan: str
    reservation: str


@dataclass(eq=False)
class RelaySameSchool(Conflict):
    """The school has it already: it extends its loan instead."""

    slug: ClassVar[str] = "relay-same-school"
    title: ClassVar[str] = N_("Même école")
    detail: ClassVar[str] = N_("{loan} et {reservation} sont de la même école : prolongez plutôt le prêt.")
    field: ClassVar[str | None] = "other"
    loan: str
    reservation: str


@dataclass(eq=False)
class RelayTooEarly(Conflict):
    """The reservation begins before the loan ends."""

    slug: ClassVar[str] = "relay-too-early"
    title: ClassVar[str] = N_("La réservation commence trop tôt")
    detail: ClassVar[str] = N_(
        "{reservation} commence le {starts_on}, et le prêt va jusqu’au {due_on} : l’école l’aurait encore."
    )
    field: ClassVar[str | None] = "other"
    reservation: str
    starts_on: dt.date
    due_on: dt.date


@dataclass(eq=False)
class RelayTooFar(Conflict):
    """It would lie at the first school for too long."""

    slug: ClassVar[str] = "relay-too-far"
    title: ClassVar[str] = N_("La réservation commence trop tard")
    detail: ClassVar[str] = N_(
        "{reservation} commence le {starts_on} ; un relais attend jusqu’au {latest_on} au plus tard. Faites plutôt "
        "revenir l’exemplaire au dépôt."
    )
    field: ClassVar[str | None] = "other"
    reservation: str
    starts_on: dt.date
    latest_on: dt.date


@dataclass(eq=False)
class RelayReservationNotPlanned(Conflict):
    """Only who waits for a copy can be given one."""

    slug: ClassVar[str] = "relay-reservation-not-planned"
    title: ClassVar[str] = N_("Réservation qui n’attend rien")
    detail: ClassVar[str] = N_("{reservation} n’attend plus d’exemplaire : elle est retirée, rendue ou annulée.")
    field: ClassVar[str | None] = "other"
    reservation: str
    state: str


@dataclass(eq=False)
class RelayInDoubt(Conflict):
    """Nobody knows where the copy is, or whether it can be used."""

    slug: ClassVar[str] = "relay-in-doubt"
    title: ClassVar[str] = N_("Exemplaire en question")
    detail: ClassVar[str] = N_(
        "L’exemplaire {barcode} est dit rendu, perdu ou abîmé, ou ne se prête plus : faites-le revenir au dépôt."
    )
    barcode: str


@dataclass(eq=False)
class RelayNoRoom(Conflict):
    """Somebody has the copy between the two, and no other one is free."""

    slug: ClassVar[str] = "relay-no-room"
    title: ClassVar[str] = N_("Exemplaire promis entre-temps")
    detail: ClassVar[str] = N_(
        "L’exemplaire {barcode} est promis à {school_name} le {starts_on}, sans autre de libre : il doit revenir."
    )
    field: ClassVar[str | None] = "other"
    barcode: str
    school_name: str
    starts_on: dt.date


@dataclass(eq=False)
class RelayAlreadyAgreed(Conflict):
    """One of them has a relay: that one is called off first."""

    slug: ClassVar[str] = "relay-already-agreed"
    title: ClassVar[str] = N_("Relais déjà convenu")
    detail: ClassVar[str] = N_("Un relais est déjà convenu pour {reference} : annulez-le d’abord.")
    field: ClassVar[str | None] = "other"
    reference: str


@dataclass(eq=False)
class NoRelay(Conflict):
    """Nothing was agreed: there is nothing to give, to take or to call off."""

    slug: ClassVar[str] = "no-relay"
    title: ClassVar[str] = N_("Pas de relais")
    detail: ClassVar[str] = N_("Aucun relais n’est convenu pour {reference} ; rien n’a changé.")
    reference: str


@dataclass(eq=False)
class RelayOver(Conflict):
    """It was called off, or one of its bookings went another way."""

    slug: ClassVar[str] = "relay-over"
    title: ClassVar[str] = N_("Relais sans suite")
    detail: ClassVar[str] = N_(
        "Le relais de {reference} ne compte plus : il a été annulé, ou l’exemplaire a pris un autre chemin. Rien n’a "
        "changé ; appelez le dépôt."
    )
    reference: str


@dataclass(eq=False)
class RelayGiven(Conflict):
    """The first school gave it already."""

    slug: ClassVar[str] = "relay-given"
    title: ClassVar[str] = N_("Déjà remis")
    detail: ClassVar[str] = N_("{reference} est déjà parti vers l’école suivante ; rien n’a changé.")
    reference: str


@dataclass(eq=False)
class RelayNotGiven(Conflict):
    """Nobody said yet that it left the first school."""

    slug: ClassVar[str] = "relay-not-given"
    title: ClassVar[str] = N_("Pas encore remis")
    detail: ClassVar[str] = N_(
        "{school_name} n’a pas encore dit avoir remis l’exemplaire : demandez-lui de le noter sur sa page."
    )
    school_name: str


@dataclass(eq=False)
class RelayTaken(Conflict):
    """The second school took it already."""

    slug: ClassVar[str] = "relay-taken"
    title: ClassVar[str] = N_("Déjà reçu")
    detail: ClassVar[str] = N_("Le relais de {reference} est terminé : l’école suivante l’a reçu. Rien n’a changé.")
    reference: str


def state_of(steps: Steps) -> RelayState:
    """Where a relay stands."""
    if steps.taken_at:
        return RelayState.TAKEN
    if steps.cancelled_at:
        return RelayState.CANCELLED
    if not steps.is_counting:
        return RelayState.OVER
    return RelayState.GIVEN if steps.given_at else RelayState.AGREED


def check_pair(loan: Leg, after: Leg) -> None:
    """Raise RelayElsewhere, RelaySameSchool, RelayTooEarly or RelayTooFar unless one can go on to the other."""
    if (loan.title_id, loan.depot_id) != (after.title_id, after.depot_id):
        raise RelayElsewhere(loan=loan.reference, reservation=after.reference)
    if loan.school_id == after.school_id:
        raise RelaySameSchool(loan=loan.reference, reservation=after.reference)
    if after.starts_on <= loan.due_on:
        raise RelayTooEarly(reservation=after.reference, starts_on=after.starts_on, due_on=loan.due_on)
    latest_on = loan.due_on + LONGEST_WAIT
    if after.starts_on > latest_on:
        raise RelayTooFar(reservation=after.reference, starts_on=after.starts_on, latest_on=latest_on)


def check_give(reference: str, state: RelayState) -> None:
    """Raise RelayTaken, RelayOver or RelayGiven unless it is with the first school."""
    _check_open(reference, state)
    if state == RelayState.GIVEN:
        raise RelayGiven(reference=reference)


def check_take(reference: str, state: RelayState, from_school: str) -> None:
    """Raise RelayTaken, RelayOver or RelayNotGiven unless it is on its way."""
    _check_open(reference, state)
    if state == RelayState.AGREED:
        raise RelayNotGiven(school_name=from_school)


def check_cancel(reference: str, state: RelayState) -> None:
    """Raise RelayTaken or RelayOver unless it can be called off: until the second school has it."""
    _check_open(reference, state)


def _check_open(reference: str, state: RelayState) -> None:
    if state == RelayState.TAKEN:
        raise RelayTaken(reference=reference)
    if state not in (RelayState.AGREED, RelayState.GIVEN):
        raise RelayOver(reference=reference)
