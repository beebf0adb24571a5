"""Why a round cannot be planned, changed or driven.

Invalid
├── BadRoundHours, RoundInThePast
└── NothingToCarry
Conflict
├── DepotNotOnMap                                   nobody knows where the van starts
├── OnAnotherRound, NotToCarry                      what was asked for is taken, or not to be carried
├── RoundChanged                                    somebody else moved its stops meanwhile
├── RoundNotStarted, RoundAlreadyStarted, RoundIsOver    the step is none of the present state's
└── NotForThisStop, StopIsVisited, CopyChangedSince what was scanned, where, and too late
"""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from lending.core.errors import Conflict, Invalid
from lending.core.i18n import N_


@dataclass(eq=False)
class BadRoundHours(Invalid):
    """It would be back before it leaves."""

    slug: ClassVar[str] = "bad-round-hours"
    title: ClassVar[str] = N_("Heures de tournée incorrectes")
    detail: ClassVar[str] = N_("L’heure de retour doit venir après l’heure de départ.")
    field: ClassVar[str | None] = "returns_by"


@dataclass(eq=False)
class RoundInThePast(Invalid):
    """The day is over."""

    slug: ClassVar[str] = "round-in-the-past"
    title: ClassVar[str] = N_("Jour passé")
    detail: ClassVar[str] = N_("Choisissez un jour de tournée à partir du {today}.")
    field: ClassVar[str | None] = "held_on"
    today: dt.date


@dataclass(eq=False)
class NothingToCarry(Invalid):
    """Nothing was chosen."""

    slug: ClassVar[str] = "nothing-to-carry"
    title: ClassVar[str] = N_("Tournée vide")
    detail: ClassVar[str] = N_("Choisissez au moins une livraison ou un enlèvement.")


@dataclass(eq=False)
class DepotNotOnMap(Conflict):
    """Neither the depot nor a school around it has coordinates."""

    slug: ClassVar[str] = "depot-not-on-map"
    title: ClassVar[str] = N_("Dépôt sans coordonnées")
    detail: ClassVar[str] = N_("Personne n’a noté où se trouve {depot_name} : la tournée ne peut pas être ordonnée.")
    depot_name: str


@dataclass(eq=False)
class OnAnotherRound(Conflict):
    """It is carried by another round already."""

    slug: ClassVar[str] = "on-another-round"
    title: ClassVar[str] = N_("Déjà dans une tournée")
    detail: ClassVar[str] = N_("« {label} » est déjà dans une tournée : rechargez la page et choisissez à nouveau.")
    label: str


@dataclass(eq=False)
class NotToCarry(Conflict):
    """It is not, or no longer, to be brought or collected in that week."""

    slug: ClassVar[str] = "not-to-carry"
    title: ClassVar[str] = N_("Rien à transporter")
    detail: ClassVar[str] = N_("Une des lignes choisies n’est plus à livrer ni à enlever cette semaine-là.")


@dataclass(eq=False)
class RoundChanged(Conflict):
    """Somebody else moved its stops since it was read."""

    slug: ClassVar[str] = "round-changed"
    title: ClassVar[str] = N_("Tournée modifiée")
    detail: ClassVar[str] = N_("Quelqu’un a modifié la tournée entre-temps. La voici à jour : recommencez.")
    version: int


@dataclass(eq=False)
class RoundNotStarted(Conflict):
    """The van has not left."""

    slug: ClassVar[str] = "round-not-started"
    title: ClassVar[str] = N_("Tournée pas encore partie")
    detail: ClassVar[str] = N_("Faites d’abord partir la tournée {reference}.")
    reference: str


@dataclass(eq=False)
class RoundAlreadyStarted(Conflict):
    """The van has left: its stops are what they are."""

    slug: ClassVar[str] = "round-already-started"
    title: ClassVar[str] = N_("Tournée déjà partie")
    detail: ClassVar[str] = N_("La tournée {reference} est partie : son plan ne change plus.")
    reference: str


@dataclass(eq=False)
class RoundIsOver(Conflict):
    """It is done or cancelled."""

    slug: ClassVar[str] = "round-is-over"
    title: ClassVar[str] = N_("Tournée terminée")
    detail: ClassVar[str] = N_("La tournée {reference} est terminée ou annulée : rien n’a été changé.")
    reference: str


@dataclass(eq=False)
class NotForThisStop(Conflict):
    """What was scanned is neither brought to this stop nor collected there."""

    slug: ClassVar[str] = "not-for-this-stop"
    title: ClassVar[str] = N_("Pas pour cet arrêt")
    detail: ClassVar[str] = N_("« {code} » n’est ni à livrer ni à enlever à {place_name}.")
    field: ClassVar[str | None] = "code"
    code: str
    place_name: str


@dataclass(eq=False)
class StopIsVisited(Conflict):
    """The van has left this stop."""

    slug: ClassVar[str] = "stop-is-visited"
    title: ClassVar[str] = N_("Arrêt déjà quitté")
    detail: ClassVar[str] = N_("L’arrêt {place_name} est déjà terminé.")
    field: ClassVar[str | None] = "code"
    place_name: str


@dataclass(eq=False)
class CopyChangedSince(Conflict):
    """A desk did something with the copy after it was scanned without network."""

    slug: ClassVar[str] = "copy-changed-since"
    title: ClassVar[str] = N_("Exemplaire changé entre-temps")
    detail: ClassVar[str] = N_("Un guichet a noté autre chose pour {barcode} après cette lecture : rien n’est noté.")
    field: ClassVar[str | None] = "code"
    barcode: str
