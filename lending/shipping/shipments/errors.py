"""Why a shipment cannot be packed, sent or received.

Invalid
└── BadWeight, ArrivesTooEarly, HolderMissing
NotFound
└── UnknownParcel
Conflict
├── ShipmentNotSent, ShipmentAlreadySent, ShipmentIsOver      the step is none of the present state's
├── NothingPacked, EmptyParcel, ParcelNotEmpty, ParcelNotWeighed, ReceiverClosed   what sending lacks
├── NoLongerToSend                                            a copy that was packed and went another way
├── ForeignParcel                                             a parcel of another shipment
└── NoTransferThere, PackedElsewhere, NotPacked, NotInAnyShipment               the copy under the scanner
"""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from lending.core.errors import Conflict, Invalid, NotFound
from lending.core.i18n import N_

# Two people lift no more; what is heavier is put into two parcels.
MOST_GRAMS = 50_000


@dataclass(eq=False)
class BadWeight(Invalid):
    """Nothing weighs that, or nobody can lift it."""

    slug: ClassVar[str] = "bad-weight"
    title: ClassVar[str] = N_("Poids incorrect")
    detail: ClassVar[str] = N_(
        "Saisissez un poids en kilos entre 0,001 et {most_kg}, par exemple 12,5 : au-delà, faites plusieurs colis."
    )
    field: ClassVar[str | None] = "weight"
    most_kg: int = MOST_GRAMS // 1000


@dataclass(eq=False)
class ArrivesTooEarly(Invalid):
    """It would arrive before it leaves."""

    slug: ClassVar[str] = "arrives-too-early"
    title: ClassVar[str] = N_("Arrivée avant le départ")
    detail: ClassVar[str] = N_("Choisissez un jour d’arrivée à partir du {today}.")
    field: ClassVar[str | None] = "arrives_on"
    today: dt.date


@dataclass(eq=False)
class HolderMissing(Invalid):
    """Nobody is named who took it over."""

    slug: ClassVar[str] = "holder-missing"
    title: ClassVar[str] = N_("Nom manquant")
    detail: ClassVar[str] = N_("Écrivez qui prend le colis.")
    field: ClassVar[str | None] = "holder"


@dataclass(eq=False)
class UnknownParcel(NotFound):
    """No parcel carries this code or number."""

    slug: ClassVar[str] = "unknown-parcel"
    title: ClassVar[str] = N_("Colis inconnu")
    detail: ClassVar[str] = N_("Aucun colis ne porte « {code} ».")
    field: ClassVar[str | None] = "code"
    code: str


@dataclass(eq=False)
class ShipmentNotSent(Conflict):
    """It has not left yet: there is nothing to receive or to pass on."""

    slug: ClassVar[str] = "shipment-not-sent"
    title: ClassVar[str] = N_("Envoi pas encore parti")
    detail: ClassVar[str] = N_("L’envoi {reference} n’est pas parti de {from_depot_name} : il n’y a rien à recevoir.")
    field: ClassVar[str | None] = "code"
    reference: str
    from_depot_name: str


@dataclass(eq=False)
class ShipmentAlreadySent(Conflict):
    """It has left: it cannot be packed, sent or changed any more."""

    slug: ClassVar[str] = "shipment-already-sent"
    title: ClassVar[str] = N_("Envoi déjà parti")
    detail: ClassVar[str] = N_("L’envoi {reference} est déjà parti : rien n’a été changé.")
    field: ClassVar[str | None] = "code"
    reference: str


@dataclass(eq=False)
class ShipmentIsOver(Conflict):
    """It was received, cancelled, or is on its way back already."""

    slug: ClassVar[str] = "shipment-is-over"
    title: ClassVar[str] = N_("Envoi terminé")
    detail: ClassVar[str] = N_("L’envoi {reference} est terminé ou annulé : rien n’a été changé.")
    field: ClassVar[str | None] = "code"
    reference: str


@dataclass(eq=False)
class NothingPacked(Conflict):
    """There is no copy in it."""

    slug: ClassVar[str] = "nothing-packed"
    title: ClassVar[str] = N_("Envoi vide")
    detail: ClassVar[str] = N_("Scannez au moins un exemplaire dans un colis avant d’envoyer.")
    field: ClassVar[str | None] = "code"


@dataclass(eq=False)
class EmptyParcel(Conflict):
    """One of its parcels has no copy in it."""

    slug: ClassVar[str] = "empty-parcel"
    title: ClassVar[str] = N_("Colis vide")
    detail: ClassVar[str] = N_("Le colis {number} est vide : remplissez-le ou retirez-le.")
    number: int


@dataclass(eq=False)
class ParcelNotEmpty(Conflict):
    """A parcel with copies in it is not taken away, nor is the only one."""

    slug: ClassVar[str] = "parcel-not-empty"
    title: ClassVar[str] = N_("Colis à garder")
    detail: ClassVar[str] = N_("Le colis {number} contient des exemplaires, ou c’est le seul : il reste.")
    number: int


@dataclass(eq=False)
class ParcelNotWeighed(Conflict):
    """A carrier takes no parcel without its weight."""

    slug: ClassVar[str] = "parcel-not-weighed"
    title: ClassVar[str] = N_("Poids manquant")
    detail: ClassVar[str] = N_("Un transporteur demande le poids de chaque colis : pesez le colis {number}.")
    number: int


@dataclass(eq=False)
class ReceiverClosed(Conflict):
    """Nobody would be there to receive it."""

    slug: ClassVar[str] = "receiver-closed"
    title: ClassVar[str] = N_("Dépôt fermé à l’arrivée")
    detail: ClassVar[str] = N_("{depot_name} est fermé le {arrives_on}. Prochain jour ouvert : {next_open_on}.")
    field: ClassVar[str | None] = "arrives_on"
    depot_name: str
    arrives_on: dt.date
    next_open_on: dt.date | None


@dataclass(eq=False)
class NoLongerToSend(Conflict):
    """A copy was packed, and then its transfer was given up or went without the shipment."""

    slug: ClassVar[str] = "no-longer-to-send"
    title: ClassVar[str] = N_("Exemplaire à sortir du colis")
    detail: ClassVar[str] = N_(
        "L’exemplaire {barcode}, noté dans le colis {number}, n’est plus à envoyer : son transfert est annulé ou déjà "
        "parti, et il dépend de {depot_name}. Sortez-le du colis, ou scannez-le de nouveau s’il y est bien ; le reste "
        "peut partir."
    )
    field: ClassVar[str | None] = "code"
    barcode: str
    number: int
    depot_name: str


@dataclass(eq=False)
class ForeignParcel(Conflict):
    """A parcel of another shipment."""

    slug: ClassVar[str] = "foreign-parcel"
    title: ClassVar[str] = N_("Colis d’un autre envoi")
    detail: ClassVar[str] = N_("Ce colis est de l’envoi {reference}, pour {depot_name} : rien n’a été reçu.")
    field: ClassVar[str | None] = "code"
    reference: str
    depot_name: str


@dataclass(eq=False)
class NoTransferThere(Conflict):
    """The copy is not to go where the shipment goes."""

    slug: ClassVar[str] = "no-transfer-there"
    title: ClassVar[str] = N_("Aucun transfert prévu")
    detail: ClassVar[str] = N_(
        "Rien ne prévoit que l’exemplaire {barcode} aille à {depot_name}. Cochez la case pour le joindre quand même."
    )
    field: ClassVar[str | None] = "code"
    barcode: str
    depot_name: str


@dataclass(eq=False)
class PackedElsewhere(Conflict):
    """The copy is in a parcel already."""

    slug: ClassVar[str] = "packed-elsewhere"
    title: ClassVar[str] = N_("Déjà emballé")
    detail: ClassVar[str] = N_("L’exemplaire {barcode} est déjà dans le colis {number} de l’envoi {reference}.")
    field: ClassVar[str | None] = "code"
    barcode: str
    number: int
    reference: str


@dataclass(eq=False)
class NotPacked(Conflict):
    """The copy is not in this shipment."""

    slug: ClassVar[str] = "not-packed"
    title: ClassVar[str] = N_("Pas dans cet envoi")
    detail: ClassVar[str] = N_("Cet exemplaire n’est pas dans cet envoi.")
    field: ClassVar[str | None] = "code"


@dataclass(eq=False)
class NotInAnyShipment(Conflict):
    """The copy is in no shipment of the depot."""

    slug: ClassVar[str] = "not-in-any-shipment"
    title: ClassVar[str] = N_("Dans aucun envoi")
    detail: ClassVar[str] = N_("L’exemplaire {barcode} n’est dans aucun envoi de ce dépôt.")
    field: ClassVar[str | None] = "code"
    barcode: str
