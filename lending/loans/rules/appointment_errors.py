"""Why nobody can be expected then; each says when somebody can.

Invalid
└── BringerTooLong           no name is that long
Conflict
├── GoesOnToSchool           nobody brings back what goes on to another school
├── AppointmentDayRefused    the desk is closed that day, or it is too late
├── AppointmentHourRefused   the desk is closed at that hour, or the hour is over
├── AppointmentImpossible    the desk has no hours until the last day
└── AppointmentFull          as many are expected as the desk can serve
"""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from lending.core.errors import Conflict, Invalid
from lending.core.i18n import N_

LONGEST_BRINGER = 80


@dataclass(eq=False)
class BringerTooLong(Invalid):
    """Who brings the things has a name of more letters than fit."""

    slug: ClassVar[str] = "bringer-too-long"
    title: ClassVar[str] = N_("Nom trop long")
    detail: ClassVar[str] = N_("Qui rapporte : {longest} caractères au plus.")
    field: ClassVar[str | None] = "brought_by"
    longest: int = LONGEST_BRINGER


@dataclass(eq=False)
class GoesOnToSchool(Conflict):
    """It goes on to a school: it is not sent home as well, and no desk expects it."""

    slug: ClassVar[str] = "goes-on-to-school"
    title: ClassVar[str] = N_("Un relais est convenu")
    detail: ClassVar[str] = N_(
        "{reference} passe à {school_name} et ne revient pas au dépôt. Si ce n’est plus vrai, demandez au dépôt "
        "d’annuler le relais."
    )
    reference: str
    school_name: str


@dataclass(eq=False)
class AppointmentDayRefused(Conflict):
    """The desk is closed that day, or it comes after the last day of the loan. `last_on` is the latest that works."""

    slug: ClassVar[str] = "appointment-day-refused"
    title: ClassVar[str] = N_("Pas de rendez-vous ce jour-là")
    detail: ClassVar[str] = N_(
        "Le {comes_on}, le guichet est fermé ou le prêt est terminé. Dernier jour possible : {last_on}."
    )
    field: ClassVar[str | None] = "comes_on"
    comes_on: dt.date
    last_on: dt.date


@dataclass(eq=False)
class AppointmentImpossible(Conflict):
    """The desk has no opening hours between now and the last day, or none that anybody wrote down."""

    slug: ClassVar[str] = "appointment-impossible"
    title: ClassVar[str] = N_("Pas de rendez-vous possible")
    detail: ClassVar[str] = N_(
        "D’ici la fin du prêt, le guichet n’a plus d’heure d’ouverture connue. Appelez le dépôt."
    )


@dataclass(eq=False)
class AppointmentHourRefused(Conflict):
    """The desk is closed at that hour, or the hour is over. `free_hours` are those of the day that work."""

    slug: ClassVar[str] = "appointment-hour-refused"
    title: ClassVar[str] = N_("Pas de rendez-vous à cette heure")
    detail: ClassVar[str] = N_(
        "Le {comes_on}, le guichet ne reçoit pas à {hour} h. Choisissez une des heures proposées."
    )
    field: ClassVar[str | None] = "hour"
    comes_on: dt.date
    hour: int
    free_hours: tuple[int, ...]


@dataclass(eq=False)
class AppointmentFull(Conflict):
    """As many are expected in that hour as the desk can serve. `free_hours` are those of the day with room."""

    slug: ClassVar[str] = "appointment-full"
    title: ClassVar[str] = N_("Heure complète")
    detail: ClassVar[str] = N_(
        "Le {comes_on} à {hour} h, le guichet ne peut attendre personne de plus. Choisissez une autre heure."
    )
    field: ClassVar[str | None] = "hour"
    comes_on: dt.date
    hour: int
    max_returns: int
    free_hours: tuple[int, ...]
