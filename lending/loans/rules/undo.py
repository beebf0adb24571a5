"""Taking a cancellation back: only shortly after it, and only what a person cancelled."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from lending.core.errors import Conflict
from lending.core.i18n import N_
from lending.loans.rules.states import Because, State

UNDO_FOR = dt.timedelta(minutes=15)
BY_A_PERSON = (Because.BORROWER, Because.STAFF)


@dataclass(eq=False)
class UndoOver(Conflict):
    """The reservation was not just cancelled by a person: it stays as it is."""

    slug: ClassVar[str] = "undo-over"
    title: ClassVar[str] = N_("Trop tard pour rétablir")
    detail: ClassVar[str] = N_(
        "La réservation {reference} ne peut plus être rétablie. Vous pouvez réserver de nouveau."
    )
    reference: str


def undo_until(state: str, because: str | None, cancelled_at: dt.datetime | None) -> dt.datetime | None:
    """Until when (not included) a cancellation can be taken back; None when it never can."""
    if state != State.CANCELLED or because not in BY_A_PERSON or cancelled_at is None:
        return None
    return cancelled_at + UNDO_FOR


def check_undo(until_at: dt.datetime | None, now: dt.datetime, reference: str) -> None:
    """Raise UndoOver unless `now` is before that instant."""
    if until_at is None or now >= until_at:
        raise UndoOver(reference=reference)
