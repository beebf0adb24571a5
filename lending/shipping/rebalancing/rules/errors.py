"""Why a plan cannot be asked for, changed or accepted.

Invalid
├── PeriodsReversed        the last period comes before the first
├── PlanLeavesInThePast    the day of the moves is over
└── ReturnBeforeDeparture  copies cannot come back before they leave
Conflict
├── PlanNotSolved          there is no answer yet to accept
├── MoveNotOpen            the move was accepted, dropped or refused already
└── TooManyPlans           others must be solved first
"""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from lending.core.errors import Conflict, Invalid
from lending.core.i18n import N_


@dataclass(eq=False)
class PeriodsReversed(Invalid):
    """The last period comes before the first."""

    slug: ClassVar[str] = "periods-reversed"
    title: ClassVar[str] = N_("Périodes inversées")
    detail: ClassVar[str] = N_("La dernière période ne peut pas précéder la première.")
    field: ClassVar[str | None] = "last_period"


@dataclass(eq=False)
class PlanLeavesInThePast(Invalid):
    """The day of the moves is over."""

    slug: ClassVar[str] = "plan-leaves-in-the-past"
    title: ClassVar[str] = N_("Départ passé")
    detail: ClassVar[str] = N_("Le jour du départ ne peut pas être avant aujourd’hui.")
    field: ClassVar[str | None] = "leaves_on"
    leaves_on: dt.date


@dataclass(eq=False)
class ReturnBeforeDeparture(Invalid):
    """Copies cannot come back before they leave."""

    slug: ClassVar[str] = "return-before-departure"
    title: ClassVar[str] = N_("Retour avant le départ")
    detail: ClassVar[str] = N_("Le retour doit suivre le départ.")
    field: ClassVar[str | None] = "returns_on"


@dataclass(eq=False)
class PlanNotSolved(Conflict):
    """There is no answer yet to accept."""

    slug: ClassVar[str] = "plan-not-solved"
    title: ClassVar[str] = N_("Plan en cours de calcul")
    detail: ClassVar[str] = N_("Ce plan n’est pas encore calculé : attendez sa réponse.")


@dataclass(eq=False)
class MoveNotOpen(Conflict):
    """The move was decided on already."""

    slug: ClassVar[str] = "move-not-open"
    title: ClassVar[str] = N_("Déplacement déjà décidé")
    detail: ClassVar[str] = N_("Ce déplacement a déjà été accepté ou refusé.")
    state: str


@dataclass(eq=False)
class TooManyPlans(Conflict):
    """Others must be solved first."""

    slug: ClassVar[str] = "too-many-plans"
    title: ClassVar[str] = N_("Trop de plans en attente")
    detail: ClassVar[str] = N_("{waiting} plans attendent déjà leur calcul. Réessayez quand ils seront prêts.")
    waiting: int
