"""Pure rules of deliveries: how a loan travels to its school and back, and what the school finds in it.

Conflict
├── SchoolAddressIncomplete               a carrier finds nobody there
├── DeliveryNotSent, DeliveryArrived      nothing is on its way to the school, or it has come already
├── ArrivalNotConfirmed                   what goes back must have come first
└── SentBackAlready
Invalid
└── SameLineTwice                         a line is told twice
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from lending.core.errors import Conflict, Invalid
from lending.core.i18n import N_
from lending.shipping.carriers.rules import Address, faults_of
from lending.shipping.shipments.rules import Mode

LONGEST_STREET = 200


class Way(StrEnum):
    """To the school, or back."""

    OUT = "out"
    BACK = "back"


class DeliveryState(StrEnum):
    """Where a loan is on its way: worked out from what was noted, never kept."""

    ON_WAY = "on_way"
    ARRIVED = "arrived"


@dataclass(frozen=True, slots=True)
class Gap:
    """Pieces of a line that were missing or broken when the school opened it; without a line, the thing as a whole."""

    line_id: int | None
    missing: int
    broken: int


@dataclass(eq=False)
class SchoolAddressIncomplete(Conflict):
    """A carrier would find nobody there: the street is missing, or the school's postcode or town."""

    slug: ClassVar[str] = "school-address-incomplete"
    title: ClassVar[str] = N_("Adresse de l’école incomplète")
    detail: ClassVar[str] = N_(
        "Un transporteur ne trouvera pas {school_name} : saisissez la rue ; le code postal et la commune sont ceux "
        "de la fiche de l’école."
    )
    field: ClassVar[str | None] = "street"
    school_name: str


@dataclass(eq=False)
class DeliveryNotSent(Conflict):
    """Nothing is on its way to the school."""

    slug: ClassVar[str] = "delivery-not-sent"
    title: ClassVar[str] = N_("Rien n’est en route")
    detail: ClassVar[str] = N_("Le prêt {reference} n’a pas été envoyé à l’école : il n’y a pas d’arrivée à confirmer.")
    reference: str


@dataclass(eq=False)
class DeliveryArrived(Conflict):
    """The school confirmed it already."""

    slug: ClassVar[str] = "delivery-arrived"
    title: ClassVar[str] = N_("Arrivée déjà confirmée")
    detail: ClassVar[str] = N_("L’arrivée du prêt {reference} est déjà confirmée ; rien n’a changé.")
    reference: str


@dataclass(eq=False)
class ArrivalNotConfirmed(Conflict):
    """It goes back before anybody said that it came."""

    slug: ClassVar[str] = "arrival-not-confirmed"
    title: ClassVar[str] = N_("Arrivée à confirmer d’abord")
    detail: ClassVar[str] = N_("Confirmez d’abord que le prêt {reference} est arrivé, avec ce qu’il contenait.")
    reference: str


@dataclass(eq=False)
class SentBackAlready(Conflict):
    """It is on its way back."""

    slug: ClassVar[str] = "sent-back-already"
    title: ClassVar[str] = N_("Retour déjà en route")
    detail: ClassVar[str] = N_("Le prêt {reference} est déjà sur le chemin du retour ; rien n’a changé.")
    reference: str


@dataclass(eq=False)
class SameLineTwice(Invalid):
    """A line of the contents is told twice."""

    slug: ClassVar[str] = "same-line-twice"
    title: ClassVar[str] = N_("Ligne en double")
    detail: ClassVar[str] = N_("Une ligne du contenu est dite deux fois : gardez-en une.")


def state_of(way: Way, arrived_at: dt.datetime | None, returned_at: dt.datetime | None) -> DeliveryState:
    """Where it is: the school says when it came, the return at the desk ends the way back."""
    came_at = arrived_at or returned_at if way == Way.OUT else returned_at
    return DeliveryState.ARRIVED if came_at else DeliveryState.ON_WAY


def check_address(mode: Mode, address: Address) -> None:
    """Raise SchoolAddressIncomplete where a carrier would find nobody."""
    if mode == Mode.CARRIER and faults_of(address):
        raise SchoolAddressIncomplete(school_name=address.name)


def check_arrival(reference: str, sent_at: dt.datetime | None, arrived_at: dt.datetime | None) -> None:
    """Raise DeliveryNotSent or DeliveryArrived unless it is on its way to the school."""
    if sent_at is None:
        raise DeliveryNotSent(reference=reference)
    if arrived_at is not None:
        raise DeliveryArrived(reference=reference)


def check_way_back(reference: str, *, is_on_way: bool, is_sent_back: bool) -> None:
    """Raise ArrivalNotConfirmed or SentBackAlready unless it is with the school."""
    if is_sent_back:
        raise SentBackAlready(reference=reference)
    if is_on_way:
        raise ArrivalNotConfirmed(reference=reference)


def told(gaps: Iterable[Gap]) -> list[Gap]:
    """What is missing or broken; lines of which all is there are left out. Raises SameLineTwice."""
    found = [one for one in gaps if one.missing or one.broken]
    if len({one.line_id for one in found}) < len(found):
        raise SameLineTwice
    return found
