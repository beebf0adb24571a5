"""What goes wrong with copies: which settlements fit, who owes whom, and why a desk stops before it acts.

Invalid
├── SettlementUnfit, PayerMissing     what was sent does not settle this kind
└── ReturnedBeforeLent, ReturnedInFuture
Conflict
├── LoanNotOut, AlreadyClaimed, ClaimToResolve
├── IncidentSettled, DepositNotHeld, DeclareLostFirst, NoRefundToDecide
├── WithdrawnCopyReturned, CopyWasLost, NoteNotSeen
└── AlreadyLentToThisSchool
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

import msgspec

from lending.core.errors import Conflict, Invalid
from lending.core.i18n import N_
from lending.loans.rules.desk_errors import CopyAlreadyOut
from lending.loans.rules.reminders import days_late

# After so many days of lateness a person is asked whether the copy is lost.
AGED_DAYS = 120


class IncidentKind(StrEnum):
    """What happened."""

    MISSING = "missing"
    DAMAGED = "damaged"
    LOST = "lost"
    CLAIMED = "claimed"


class IncidentState(StrEnum):
    """Whether somebody still has to decide."""

    OPEN = "open"
    SETTLED = "settled"


class Settled(StrEnum):
    """How an incident ended."""

    PAID = "paid"
    REPLACED = "replaced"
    WAIVED = "waived"
    FOUND = "found"
    WAS_HERE = "was_here"
    NEVER_CAME = "never_came"


class Payer(StrEnum):
    """Who bears the cost."""

    BORROWER = "borrower"
    KEEPER = "keeper"
    OWNER = "owner"
    INSURANCE = "insurance"


# What a person may decide. That a lost or claimed copy is here, its scan at a desk tells.
OUTCOMES: Mapping[IncidentKind, frozenset[Settled]] = {
    IncidentKind.MISSING: frozenset({Settled.PAID, Settled.REPLACED, Settled.WAIVED, Settled.FOUND}),
    IncidentKind.DAMAGED: frozenset({Settled.PAID, Settled.REPLACED, Settled.WAIVED}),
    IncidentKind.LOST: frozenset({Settled.PAID, Settled.REPLACED, Settled.WAIVED}),
    IncidentKind.CLAIMED: frozenset({Settled.NEVER_CAME}),
}
COSTLY = frozenset({Settled.PAID, Settled.REPLACED})


class Debt(msgspec.Struct, frozen=True):
    """One association owes another so many cents."""

    debtor_id: int
    creditor_id: int
    cents: int


@dataclass(eq=False)
class SettlementUnfit(Invalid):
    """An incident of this kind does not end so."""

    slug: ClassVar[str] = "settlement-unfit"
    title: ClassVar[str] = N_("Issue impossible")
    detail: ClassVar[str] = N_("Cet incident ne peut pas se régler ainsi.")
    field: ClassVar[str | None] = "outcome"
    kind: str
    outcome: str


@dataclass(eq=False)
class PayerMissing(Invalid):
    """What was paid or replaced was paid by somebody; what was waived by nobody."""

    slug: ClassVar[str] = "payer-missing"
    title: ClassVar[str] = N_("Qui paie ?")
    detail: ClassVar[str] = N_("Dites qui paie, pour un incident payé ou remplacé, et seulement alors.")
    field: ClassVar[str | None] = "paid_by"
    outcome: str


@dataclass(eq=False)
class ReturnedBeforeLent(Invalid):
    """The day of the return lies before that of the hand-over."""

    slug: ClassVar[str] = "returned-before-lent"
    title: ClassVar[str] = N_("Retour avant le prêt")
    detail: ClassVar[str] = N_("L’exemplaire est sorti le {checked_out_on} : il ne peut pas être revenu avant.")
    field: ClassVar[str | None] = "returned_on"
    checked_out_on: dt.date


@dataclass(eq=False)
class ReturnedInFuture(Invalid):
    """The day of the return is still to come."""

    slug: ClassVar[str] = "returned-in-future"
    title: ClassVar[str] = N_("Retour à venir")
    detail: ClassVar[str] = N_("Le retour ne peut pas être daté après le {today}.")
    field: ClassVar[str | None] = "returned_on"
    today: dt.date


@dataclass(eq=False)
class LoanNotOut(Conflict):
    """Only what is out can be lost or said to have come back."""

    slug: ClassVar[str] = "loan-not-out"
    title: ClassVar[str] = N_("Prêt non en cours")
    detail: ClassVar[str] = N_("Le prêt {reference} n’est pas en cours ; rien n’a changé.")
    reference: str
    state: str


@dataclass(eq=False)
class AlreadyClaimed(Conflict):
    """It was said before that the copy came back."""

    slug: ClassVar[str] = "already-claimed"
    title: ClassVar[str] = N_("Déjà signalé")
    detail: ClassVar[str] = N_("Le prêt {reference} est déjà signalé comme rendu.")
    reference: str


@dataclass(eq=False)
class ClaimToResolve(Conflict):
    """The borrower says it came back earlier: the desk must say who was right."""

    slug: ClassVar[str] = "claim-to-resolve"
    title: ClassVar[str] = N_("Retour contesté")
    detail: ClassVar[str] = N_(
        "L’emprunteur dit avoir rendu l’exemplaire {barcode}. Était-il déjà ici, ou vient-il d’être rapporté ?"
    )
    field: ClassVar[str | None] = "claim"
    barcode: str
    reference: str


@dataclass(eq=False)
class IncidentSettled(Conflict):
    """Somebody decided already."""

    slug: ClassVar[str] = "incident-settled"
    title: ClassVar[str] = N_("Incident déjà réglé")
    detail: ClassVar[str] = N_("Cet incident est déjà réglé.")
    outcome: str


@dataclass(eq=False)
class DepositNotHeld(Conflict):
    """There is no deposit to keep or to give back."""

    slug: ClassVar[str] = "deposit-not-held"
    title: ClassVar[str] = N_("Pas de caution reçue")
    detail: ClassVar[str] = N_("Aucune caution n’est détenue pour ce prêt.")
    field: ClassVar[str | None] = "deposit"
    deposit_state: str


@dataclass(eq=False)
class DeclareLostFirst(Conflict):
    """The loan is still out: a cost can only be settled once a person declared the copy lost."""

    slug: ClassVar[str] = "declare-lost-first"
    title: ClassVar[str] = N_("Prêt toujours en cours")
    detail: ClassVar[str] = N_("Déclarez d’abord la perte du prêt {reference}.")
    reference: str


@dataclass(eq=False)
class NoRefundToDecide(Conflict):
    """The copy was not found after its loss was paid, or the refund is decided."""

    slug: ClassVar[str] = "no-refund-to-decide"
    title: ClassVar[str] = N_("Pas de remboursement à décider")
    detail: ClassVar[str] = N_("Aucun remboursement n’est à décider pour cet incident.")


@dataclass(eq=False)
class WithdrawnCopyReturned(Conflict):
    """The copy was taken out of the collection: it must not go back on the shelf by habit."""

    slug: ClassVar[str] = "withdrawn-copy-returned"
    title: ClassVar[str] = N_("Exemplaire retiré de la collection")
    detail: ClassVar[str] = N_(
        "L’exemplaire {barcode} est retiré : confirmez le retour, puis mettez-le de côté. Il ne va pas en rayon."
    )
    field: ClassVar[str | None] = "accept_withdrawn"
    barcode: str


@dataclass(eq=False)
class CopyWasLost(Conflict):
    """The copy counts as lost; it may leave once somebody confirms that it is here."""

    slug: ClassVar[str] = "copy-was-lost"
    title: ClassVar[str] = N_("Exemplaire réputé perdu")
    detail: ClassVar[str] = N_("L’exemplaire {barcode} est noté perdu : confirmez que vous l’avez en main.")
    field: ClassVar[str | None] = "found_confirmed"
    barcode: str


@dataclass(eq=False)
class NoteNotSeen(Conflict):
    """The copy carries a note for whoever has it in hand."""

    slug: ClassVar[str] = "note-not-seen"
    title: ClassVar[str] = N_("Remarque à lire")
    detail: ClassVar[str] = N_("Lisez d’abord la remarque de l’exemplaire {barcode} : « {note} »")
    field: ClassVar[str | None] = "note_seen"
    barcode: str
    note: str


@dataclass(eq=False)
class AlreadyLentToThisSchool(CopyAlreadyOut):
    """The same school has the copy: its loan can be extended, a second one would be wrong."""

    slug: ClassVar[str] = "already-lent-to-this-school"
    title: ClassVar[str] = N_("Déjà prêté à cette école")
    detail: ClassVar[str] = N_(
        "{school_name} a déjà l’exemplaire {barcode} jusqu’au {due_on} : prolongez le prêt {reference}."
    )
    reference: str
    booking_id: int


def check_settlement(kind: str, outcome: str, paid_by: str | None) -> None:
    """Raise SettlementUnfit or PayerMissing."""
    if Settled(outcome) not in OUTCOMES[IncidentKind(kind)]:
        raise SettlementUnfit(kind=kind, outcome=outcome)
    if (outcome in COSTLY) != (paid_by is not None):
        raise PayerMissing(outcome=outcome)


def debt_of(owner_id: int, keeper_id: int, outcome: str | None, paid_by: str | None, cost_cents: int) -> Debt | None:
    """What the keeper owes the owner, or None.

    Whoever lent a copy that is not its own answers for it, and collects from the borrower; until it is settled too.
    """
    is_owed = outcome is None or (outcome in COSTLY and paid_by in (Payer.BORROWER, Payer.KEEPER))
    if owner_id == keeper_id or not cost_cents or not is_owed:
        return None
    return Debt(keeper_id, owner_id, cost_cents)


def check_returned_on(returned_on: dt.date, checked_out_on: dt.date, today: dt.date) -> None:
    """Raise ReturnedBeforeLent or ReturnedInFuture."""
    if returned_on < checked_out_on:
        raise ReturnedBeforeLent(checked_out_on=checked_out_on)
    if returned_on > today:
        raise ReturnedInFuture(today=today)


def is_aged(due_on: dt.date, today: dt.date) -> bool:
    """Whether a loan is so late that somebody should ask whether the copy is lost."""
    return days_late(due_on, today) >= AGED_DAYS
