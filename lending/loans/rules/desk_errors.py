"""Why a hand-over, a return or a cancellation could not be done.

A code that is unknown or misread is the catalogue's to refuse.

Conflict
├── ForeignBarcode, CopyNotHere, LoanCodeScanned, LoanOfAnotherDepot
├── CopyOfAnotherTitle, CopyNotLendable, CopyAlreadyOut, CopyPromised
├── BookingNotCancellable, BookingNotCollectable, CollectionTooEarly, BookingIsOver, NothingToHandOver
└── NothingToReturn, NothingToComplete, CopyIsOnLoan
"""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from lending.core.errors import Conflict
from lending.core.i18n import N_


@dataclass(eq=False)
class ForeignBarcode(Conflict):
    """The copy belongs to another association."""

    slug: ClassVar[str] = "foreign-barcode"
    title: ClassVar[str] = N_("Exemplaire d’une autre association")
    detail: ClassVar[str] = N_("Le code {barcode} est celui d’un exemplaire de {association_name}.")
    field: ClassVar[str | None] = "code"
    barcode: str
    association_name: str


@dataclass(eq=False)
class CopyNotHere(Conflict):
    """The copy belongs to another depot of the association."""

    slug: ClassVar[str] = "copy-not-here"
    title: ClassVar[str] = N_("Exemplaire d’un autre dépôt")
    detail: ClassVar[str] = N_("L’exemplaire {barcode} dépend du dépôt {depot_name}.")
    field: ClassVar[str | None] = "code"
    barcode: str
    depot_name: str


@dataclass(eq=False)
class LoanCodeScanned(Conflict):
    """The code stands on a loan's paper: it opens the loan, it is not a thing that can be handed over."""

    slug: ClassVar[str] = "loan-code-scanned"
    title: ClassVar[str] = N_("Code d’un prêt")
    detail: ClassVar[str] = N_("Le code {barcode} est celui d’un prêt. Scannez l’étiquette de l’exemplaire.")
    field: ClassVar[str | None] = "code"
    barcode: str


@dataclass(eq=False)
class LoanOfAnotherDepot(Conflict):
    """The paper belongs to a loan of another depot."""

    slug: ClassVar[str] = "loan-of-another-depot"
    title: ClassVar[str] = N_("Prêt d’un autre dépôt")
    detail: ClassVar[str] = N_("Le code {barcode} est celui d’un prêt du dépôt {depot_name}.")
    field: ClassVar[str | None] = "code"
    barcode: str
    depot_name: str


@dataclass(eq=False)
class CopyOfAnotherTitle(Conflict):
    """The reservation is for another title."""

    slug: ClassVar[str] = "copy-of-another-title"
    title: ClassVar[str] = N_("Exemplaire d’un autre titre")
    detail: ClassVar[str] = N_("L’exemplaire {barcode} n’est pas un exemplaire de « {title_name} ».")
    field: ClassVar[str | None] = "code"
    barcode: str
    title_name: str


@dataclass(eq=False)
class CopyNotLendable(Conflict):
    """The copy waits for completion or repair, is lost or withdrawn."""

    slug: ClassVar[str] = "copy-not-lendable"
    title: ClassVar[str] = N_("Exemplaire indisponible")
    detail: ClassVar[str] = N_("L’exemplaire {barcode} ne peut pas être prêté pour l’instant.")
    field: ClassVar[str | None] = "code"
    barcode: str
    status: str


@dataclass(eq=False)
class CopyAlreadyOut(Conflict):
    """Somebody has the copy."""

    slug: ClassVar[str] = "copy-already-out"
    title: ClassVar[str] = N_("Exemplaire déjà sorti")
    detail: ClassVar[str] = N_("L’exemplaire {barcode} est chez {school_name} ; retour prévu le {due_on}.")
    field: ClassVar[str | None] = "code"
    barcode: str
    school_name: str
    due_on: dt.date


@dataclass(eq=False)
class CopyPromised(Conflict):
    """The copy is promised to somebody else and no other copy can take its place."""

    slug: ClassVar[str] = "copy-promised"
    title: ClassVar[str] = N_("Exemplaire promis")
    detail: ClassVar[str] = N_("L’exemplaire {barcode} est promis à {school_name} à partir du {starts_on}.")
    field: ClassVar[str | None] = "code"
    barcode: str
    school_name: str
    starts_on: dt.date


@dataclass(eq=False)
class BookingNotCancellable(Conflict):
    """Handed over, returned or cancelled already."""

    slug: ClassVar[str] = "booking-not-cancellable"
    title: ClassVar[str] = N_("Annulation impossible")
    detail: ClassVar[str] = N_("La réservation {reference} ne peut plus être annulée.")
    reference: str
    state: str


@dataclass(eq=False)
class BookingNotCollectable(Conflict):
    """Handed over, returned or cancelled already."""

    slug: ClassVar[str] = "booking-not-collectable"
    title: ClassVar[str] = N_("Retrait impossible")
    detail: ClassVar[str] = N_("La réservation {reference} n’attend pas de retrait.")
    reference: str
    state: str


@dataclass(eq=False)
class CollectionTooEarly(Conflict):
    """Collected before its day, the copies would be missing for somebody else."""

    slug: ClassVar[str] = "collection-too-early"
    title: ClassVar[str] = N_("Retrait trop tôt")
    detail: ClassVar[str] = N_(
        "La réservation {reference} commence le {starts_on} ; avant, aucun exemplaire n’est libre."
    )
    reference: str
    starts_on: dt.date


@dataclass(eq=False)
class BookingIsOver(Conflict):
    """Nobody came for it while it lasted."""

    slug: ClassVar[str] = "booking-is-over"
    title: ClassVar[str] = N_("Réservation échue")
    detail: ClassVar[str] = N_("La réservation {reference} s’est terminée le {due_on}.")
    reference: str
    due_on: dt.date


@dataclass(eq=False)
class NothingToReturn(Conflict):
    """The copy is not on loan: nothing changes."""

    slug: ClassVar[str] = "nothing-to-return"
    title: ClassVar[str] = N_("Aucun prêt à clore")
    detail: ClassVar[str] = N_("L’exemplaire {barcode} n’est pas sorti ; rien n’a changé.")
    field: ClassVar[str | None] = "code"
    barcode: str


@dataclass(eq=False)
class NothingToComplete(Conflict):
    """The copy does not wait for a missing part."""

    slug: ClassVar[str] = "nothing-to-complete"
    title: ClassVar[str] = N_("Rien à compléter")
    detail: ClassVar[str] = N_("L’exemplaire {barcode} n’attend pas de pièce manquante.")
    barcode: str


@dataclass(eq=False)
class CopyIsOnLoan(Conflict):
    """The copy is at a school: take it back first."""

    slug: ClassVar[str] = "copy-is-on-loan"
    title: ClassVar[str] = N_("Exemplaire sorti")
    detail: ClassVar[str] = N_("L’exemplaire {barcode} est sorti : enregistrez d’abord son retour.")
    barcode: str


@dataclass(eq=False)
class NothingToHandOver(Conflict):
    """No reservation waits for a copy of this title here."""

    slug: ClassVar[str] = "nothing-to-hand-over"
    title: ClassVar[str] = N_("Aucune réservation à remettre")
    detail: ClassVar[str] = N_("Aucune réservation n’attend l’exemplaire {barcode} aujourd’hui.")
    field: ClassVar[str | None] = "code"
    barcode: str
