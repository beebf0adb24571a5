"""Why dates do not fit the way in which a title is lent.

Conflict
├── NotWholeWeeks, NotInOnePeriod, CalendarUnknown
├── LendsNothingThen, TooManyOverHolidays, HandoversFull
└── ApprovalMissing, AgreementMissing, DepositMissing, NothingToDecide
"""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from lending.core.errors import Conflict
from lending.core.i18n import N_


@dataclass(eq=False)
class NotWholeWeeks(Conflict):
    """The title goes out by the week."""

    slug: ClassVar[str] = "not-whole-weeks"
    title: ClassVar[str] = N_("Prêt à la semaine")
    detail: ClassVar[str] = N_("Ce titre se prête par semaines entières : retour le {nearest_due_on}, par exemple.")
    field: ClassVar[str | None] = "due_on"
    nearest_due_on: dt.date


@dataclass(eq=False)
class NotInOnePeriod(Conflict):
    """The title goes out for a school period of the borrower, and comes back before the holidays."""

    slug: ClassVar[str] = "not-in-one-period"
    title: ClassVar[str] = N_("Prêt par période scolaire")
    detail: ClassVar[str] = N_(
        "Ce titre se prête pour une période scolaire, retour avant les vacances : "
        "la période {number} va du {starts_on} au {due_on}."
    )
    field: ClassVar[str | None] = "due_on"
    number: int
    starts_on: dt.date
    due_on: dt.date


@dataclass(eq=False)
class CalendarUnknown(Conflict):
    """Nobody has told the school calendar of that year: it is not guessed."""

    slug: ClassVar[str] = "calendar-unknown"
    title: ClassVar[str] = N_("Calendrier scolaire inconnu")
    detail: ClassVar[str] = N_("Le calendrier scolaire de cette date n’est pas encore connu. Demandez à l’association.")
    field: ClassVar[str | None] = "starts_on"


@dataclass(eq=False)
class LendsNothingThen(Conflict):
    """The association lends nothing (of this kind) on some of these days."""

    slug: ClassVar[str] = "lends-nothing-then"
    title: ClassVar[str] = N_("Pas de prêt à ces dates")
    detail: ClassVar[str] = N_("L’association ne prête pas du {starts_on} au {until_on} : {reason}.")
    field: ClassVar[str | None] = "starts_on"
    starts_on: dt.date
    until_on: dt.date
    reason: str


@dataclass(eq=False)
class TooManyOverHolidays(Conflict):
    """The school keeps one of this kind over the holidays already."""

    slug: ClassVar[str] = "too-many-over-holidays"
    title: ClassVar[str] = N_("Un seul prêt pendant les vacances")
    detail: ClassVar[str] = N_("L’école garde déjà un prêt de ce genre pendant ces vacances ; un seul est possible.")
    field: ClassVar[str | None] = "due_on"


@dataclass(eq=False)
class HandoversFull(Conflict):
    """The depot hands over no more than so many a day."""

    slug: ClassVar[str] = "handovers-full"
    title: ClassVar[str] = N_("Journée complète au dépôt")
    detail: ClassVar[str] = N_(
        "Le dépôt remet {max_handovers} réservations au plus par jour, et le {starts_on} est complet. "
        "Prochain jour possible : {next_on}."
    )
    field: ClassVar[str | None] = "starts_on"
    starts_on: dt.date
    max_handovers: int
    next_on: dt.date | None


@dataclass(eq=False)
class ApprovalMissing(Conflict):
    """The association has not agreed yet."""

    slug: ClassVar[str] = "approval-missing"
    title: ClassVar[str] = N_("Accord en attente")
    detail: ClassVar[str] = N_("La demande {reference} attend encore l’accord de l’association.")
    reference: str


@dataclass(eq=False)
class AgreementMissing(Conflict):
    """The loan agreement has not come back signed."""

    slug: ClassVar[str] = "agreement-missing"
    title: ClassVar[str] = N_("Convention non signée")
    detail: ClassVar[str] = N_("La convention de la réservation {reference} n’est pas encore revenue signée.")
    reference: str


@dataclass(eq=False)
class DepositMissing(Conflict):
    """The deposit has not been received."""

    slug: ClassVar[str] = "deposit-missing"
    title: ClassVar[str] = N_("Caution non reçue")
    detail: ClassVar[str] = N_("La caution de la réservation {reference} n’a pas encore été reçue.")
    reference: str


@dataclass(eq=False)
class NothingToDecide(Conflict):
    """The booking does not wait for this."""

    slug: ClassVar[str] = "nothing-to-decide"
    title: ClassVar[str] = N_("Rien à décider")
    detail: ClassVar[str] = N_("La réservation {reference} n’attend pas cette décision.")
    reference: str
