"""Waiting for a title: who is next, for which days, and what ends the waiting.

Invalid
└── WindowTooShort       the wished length does not fit between the days
Conflict
├── CopyIsFree           nobody has to wait: it can be reserved
├── AlreadyWaiting, AlreadyHasIt
└── WishIsClosed, OfferIsOver, QueueChanged
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from lending.core.errors import Conflict, Invalid
from lending.core.i18n import N_
from lending.loans.rules.calendar import OpeningCalendar
from lending.loans.rules.errors import FreePeriod
from lending.loans.rules.periods import DAY, Period

OFFER_LASTS = dt.timedelta(hours=48)
LONGEST_WINDOW_DAYS = 400


class WishState(StrEnum):
    """Where a wish stands."""

    WAITING = "waiting"
    OFFERED = "offered"
    SERVED = "served"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


OPEN = (WishState.WAITING, WishState.OFFERED)


@dataclass(eq=False)
class WindowTooShort(Invalid):
    """The wished length does not fit between the days."""

    slug: ClassVar[str] = "window-too-short"
    title: ClassVar[str] = N_("Dates trop proches")
    detail: ClassVar[str] = N_("Un prêt de {length_days} jours ne tient pas entre ces dates.")
    field: ClassVar[str | None] = "until_on"
    length_days: int


@dataclass(eq=False)
class CopyIsFree(Conflict):
    """Nobody has to wait: it can be reserved."""

    slug: ClassVar[str] = "copy-is-free"
    title: ClassVar[str] = N_("Un exemplaire est libre")
    detail: ClassVar[str] = N_("Inutile d’attendre : un exemplaire est libre à partir du {starts_on}, réservez-le.")
    field: ClassVar[str | None] = "starts_on"
    starts_on: dt.date
    free: tuple[FreePeriod, ...] = ()


@dataclass(eq=False)
class AlreadyWaiting(Conflict):
    """The school waits for this title already."""

    slug: ClassVar[str] = "already-waiting"
    title: ClassVar[str] = N_("Déjà en attente")
    detail: ClassVar[str] = N_("L’école attend déjà ce titre.")
    field: ClassVar[str | None] = "school_id"


@dataclass(eq=False)
class AlreadyHasIt(Conflict):
    """The school has the title, or has reserved it, on some of these days."""

    slug: ClassVar[str] = "already-has-it"
    title: ClassVar[str] = N_("Déjà réservé")
    detail: ClassVar[str] = N_("L’école a déjà ce titre, ou l’a réservé, entre ces dates ({reference}).")
    field: ClassVar[str | None] = "school_id"
    reference: str


@dataclass(eq=False)
class WishIsClosed(Conflict):
    """Served, given up or over."""

    slug: ClassVar[str] = "wish-is-closed"
    title: ClassVar[str] = N_("Attente terminée")
    detail: ClassVar[str] = N_("Cette attente est terminée.")
    state: str


@dataclass(eq=False)
class OfferIsOver(Conflict):
    """Nothing is offered, or not any more."""

    slug: ClassVar[str] = "offer-is-over"
    title: ClassVar[str] = N_("Proposition terminée")
    detail: ClassVar[str] = N_("Aucun exemplaire n’est proposé en ce moment.")


@dataclass(eq=False)
class QueueChanged(Conflict):
    """Somebody joined or left the queue meanwhile, or an entry is given twice or left out."""

    slug: ClassVar[str] = "queue-changed"
    title: ClassVar[str] = N_("File d’attente modifiée")
    detail: ClassVar[str] = N_("La file d’attente a changé : rechargez la page et recommencez.")


def check_window(window: Period, length_days: int) -> None:
    """Raise WindowTooShort unless a loan of this length fits into the window."""
    if not 0 < length_days <= min(window.length_days, LONGEST_WINDOW_DAYS):
        raise WindowTooShort(length_days=length_days)


def fitting_periods(
    window: Period, length_days: int, calendar: OpeningCalendar, earliest_on: dt.date
) -> Iterator[Period]:
    """The loans of about this length that begin and end on open days of the window, the earliest first."""
    first = max(window.starts_on, earliest_on)
    for n in range((window.ends_on - first).days):
        day = first + n * DAY
        due_on = calendar.next_open_day(day + (length_days - 1) * DAY) if calendar.is_open(day) else None
        if due_on is not None and due_on < window.ends_on:
            yield Period.through(day, due_on)


def is_over(window: Period, length_days: int, today: dt.date) -> bool:
    """Whether no loan of this length can begin in the window any more."""
    return today + length_days * DAY > window.ends_on


def check_order(present: Sequence[int], offered: Sequence[int], wanted: Sequence[int]) -> None:
    """Raise QueueChanged unless `wanted` holds every entry once, those being served first."""
    if sorted(present) != sorted(wanted) or list(wanted[: len(offered)]) != list(offered):
        raise QueueChanged
