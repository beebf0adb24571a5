"""Taking the last act at a desk back: for a minute, and only while nothing else happened to the copy.

Conflict
├── UndoTooLate
├── AlreadyUndone
└── ChangedSinceAct
"""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from lending.core.errors import Conflict
from lending.core.i18n import N_

UNDO_SECONDS = 60
UNDO_FOR = dt.timedelta(seconds=UNDO_SECONDS)


@dataclass(eq=False)
class UndoTooLate(Conflict):
    """The minute is over."""

    slug: ClassVar[str] = "undo-too-late"
    title: ClassVar[str] = N_("Trop tard pour annuler")
    detail: ClassVar[str] = N_("Une opération du guichet s’annule pendant {seconds} secondes ; rien n’a changé.")
    seconds: int = UNDO_SECONDS


@dataclass(eq=False)
class AlreadyUndone(Conflict):
    """It was taken back before."""

    slug: ClassVar[str] = "already-undone"
    title: ClassVar[str] = N_("Déjà annulé")
    detail: ClassVar[str] = N_("Cette opération a déjà été annulée ; rien n’a changé.")


@dataclass(eq=False)
class ChangedSinceAct(Conflict):
    """Something else happened to the copy or to its loan."""

    slug: ClassVar[str] = "changed-since-act"
    title: ClassVar[str] = N_("Annulation impossible")
    detail: ClassVar[str] = N_("Autre chose s’est passé depuis avec cet exemplaire ; rien n’a changé.")


@dataclass(frozen=True, slots=True)
class Moment:
    """How far the copy and its loan have come: versions of both, the latest line of their history."""

    booking_version: int
    copy_version: int
    event_id: int


def check_undo(
    then: Moment, today: Moment, undo_until_at: dt.datetime, undone_at: dt.datetime | None, now: dt.datetime
) -> None:
    """Raise the reason why the act stays: AlreadyUndone, UndoTooLate, ChangedSinceAct."""
    if undone_at is not None:
        raise AlreadyUndone
    if now > undo_until_at:
        raise UndoTooLate
    if then != today:
        raise ChangedSinceAct
