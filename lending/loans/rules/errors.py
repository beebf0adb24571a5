"""Why a reservation could not be made; `desk_errors` says why a hand-over or a return could not.

Invalid
├── PeriodReversed       the last day comes before the first
├── DateOutOfRange       a day that no calendar of ours reaches
└── PeriodInPast         the first day is over
Conflict
├── StartsOnClosedDay, DueOnClosedDay
├── TooLong, TooSoon, BeyondHorizon
├── TooManyOpenLoans, TooManyOfKind, SchoolNotAffiliated, SchoolOfAnotherAssociation, NotATeacherThere
└── NoCopies, NoCopyFree
"""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

import msgspec

from lending.core.errors import Conflict, Invalid
from lending.core.i18n import N_


class FreePeriod(msgspec.Struct, frozen=True):
    """Days on which a copy could be had. `due_on` is the last day to bring it back."""

    starts_on: dt.date
    due_on: dt.date
    depot_id: int


@dataclass(eq=False)
class PeriodReversed(Invalid):
    """The last day comes before the first."""

    slug: ClassVar[str] = "period-reversed"
    title: ClassVar[str] = N_("Dates inversées")
    detail: ClassVar[str] = N_("Le retour ne peut pas précéder le retrait.")
    field: ClassVar[str | None] = "due_on"


@dataclass(eq=False)
class DateOutOfRange(Invalid):
    """A day that no calendar of ours reaches."""

    slug: ClassVar[str] = "date-out-of-range"
    title: ClassVar[str] = N_("Date impossible")
    detail: ClassVar[str] = N_("Choisissez une date entre 2000 et 2199.")
    field: ClassVar[str | None] = "starts_on"


@dataclass(eq=False)
class PeriodInPast(Invalid):
    """The first day is over where the depot is."""

    slug: ClassVar[str] = "period-in-past"
    title: ClassVar[str] = N_("Date passée")
    detail: ClassVar[str] = N_("Le {starts_on} est déjà passé.")
    field: ClassVar[str | None] = "starts_on"
    starts_on: dt.date


@dataclass(eq=False)
class StartsOnClosedDay(Conflict):
    """Nobody is there to hand it over on the first day."""

    slug: ClassVar[str] = "starts-on-closed-day"
    title: ClassVar[str] = N_("Dépôt fermé le jour du retrait")
    detail: ClassVar[str] = N_("Le dépôt est fermé le {starts_on}. Prochain jour d’ouverture : {next_open_on}.")
    field: ClassVar[str | None] = "starts_on"
    starts_on: dt.date
    next_open_on: dt.date | None


@dataclass(eq=False)
class DueOnClosedDay(Conflict):
    """Nobody is there to take it back on the last day."""

    slug: ClassVar[str] = "due-on-closed-day"
    title: ClassVar[str] = N_("Dépôt fermé le jour du retour")
    detail: ClassVar[str] = N_("Le dépôt est fermé le {due_on}. Prochain jour d’ouverture : {next_open_on}.")
    field: ClassVar[str | None] = "due_on"
    due_on: dt.date
    next_open_on: dt.date | None


@dataclass(eq=False)
class TooLong(Conflict):
    """Longer than the association lends."""

    slug: ClassVar[str] = "too-long"
    title: ClassVar[str] = N_("Prêt trop long")
    detail: ClassVar[str] = N_("Un prêt dure {max_loan_days} jours au plus : retour le {latest_due_on} au plus tard.")
    field: ClassVar[str | None] = "due_on"
    max_loan_days: int
    latest_due_on: dt.date


@dataclass(eq=False)
class TooSoon(Conflict):
    """The depot needs more time to prepare."""

    slug: ClassVar[str] = "too-soon"
    title: ClassVar[str] = N_("Retrait trop proche")
    detail: ClassVar[str] = N_("Le dépôt a besoin de temps pour préparer : retrait possible à partir du {earliest_on}.")
    field: ClassVar[str | None] = "starts_on"
    earliest_on: dt.date


@dataclass(eq=False)
class BeyondHorizon(Conflict):
    """Further ahead than the association takes reservations."""

    slug: ClassVar[str] = "beyond-horizon"
    title: ClassVar[str] = N_("Date trop lointaine")
    detail: ClassVar[str] = N_("Les réservations sont ouvertes jusqu’au {latest_on}.")
    field: ClassVar[str | None] = "starts_on"
    latest_on: dt.date


@dataclass(eq=False)
class TooManyOpenLoans(Conflict):
    """The school has as many reservations and loans as it may have at once."""

    slug: ClassVar[str] = "too-many-open-loans"
    title: ClassVar[str] = N_("Nombre de prêts atteint")
    detail: ClassVar[str] = N_(
        "L’école a déjà {open_loans} réservations et prêts en cours ; le maximum est {max_open_loans}."
    )
    field: ClassVar[str | None] = "school_id"
    open_loans: int
    max_open_loans: int


@dataclass(eq=False)
class TooManyOfKind(Conflict):
    """The school has as many of this kind as it may have at once."""

    slug: ClassVar[str] = "too-many-of-kind"
    title: ClassVar[str] = N_("Nombre de prêts de ce genre atteint")
    detail: ClassVar[str] = N_(
        "L’école a déjà {open_loans} réservations ou prêts de ce genre ; le maximum est {max_of_kind}."
    )
    field: ClassVar[str | None] = "school_id"
    open_loans: int
    max_of_kind: int


@dataclass(eq=False)
class SchoolNotAffiliated(Conflict):
    """No affiliation covers the first day."""

    slug: ClassVar[str] = "school-not-affiliated"
    title: ClassVar[str] = N_("École non affiliée")
    detail: ClassVar[str] = N_("{school_name} n’est pas affiliée pour l’année scolaire {school_year}.")
    field: ClassVar[str | None] = "school_id"
    school_name: str
    school_year: str


@dataclass(eq=False)
class SchoolOfAnotherAssociation(Conflict):
    """The depot lends to the schools of its own association."""

    slug: ClassVar[str] = "school-of-another-association"
    title: ClassVar[str] = N_("École d’une autre association")
    detail: ClassVar[str] = N_(
        "{school_name} relève d’une autre association que ce dépôt, tenu par {association_name}."
    )
    field: ClassVar[str | None] = "depot_id"
    school_name: str
    association_name: str


@dataclass(eq=False)
class NotATeacherThere(Conflict):
    """The named person does not borrow for this school."""

    slug: ClassVar[str] = "not-a-teacher-there"
    title: ClassVar[str] = N_("Personne inconnue dans cette école")
    detail: ClassVar[str] = N_("Cette personne n’emprunte pas pour {school_name}.")
    field: ClassVar[str | None] = "person_id"
    school_name: str


@dataclass(eq=False)
class NoCopies(Conflict):
    """The title has no copy that could be lent here."""

    slug: ClassVar[str] = "no-copies"
    title: ClassVar[str] = N_("Aucun exemplaire à prêter")
    detail: ClassVar[str] = N_("« {title_name} » n’a pas d’exemplaire à prêter dans ce dépôt.")
    field: ClassVar[str | None] = "depot_id"
    title_id: int
    title_name: str


@dataclass(eq=False)
class NoCopyFree(Conflict):
    """Every copy is taken on some of these days, however the other reservations are arranged."""

    slug: ClassVar[str] = "no-copy-free"
    title: ClassVar[str] = N_("Aucun exemplaire libre à ces dates")
    detail: ClassVar[str] = N_("« {title_name} » n’est pas libre du {starts_on} au {due_on}.")
    field: ClassVar[str | None] = "starts_on"
    title_id: int
    title_name: str
    starts_on: dt.date
    due_on: dt.date
    nearest: tuple[FreePeriod, ...] = ()
    equivalent_title_ids: tuple[int, ...] = ()
