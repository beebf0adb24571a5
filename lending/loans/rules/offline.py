"""Acts that a desk did without network: when they happened, and how many come at once.

Invalid
├── TooManyActs
└── LoanIncomplete
"""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from lending.core.errors import Invalid
from lending.core.i18n import N_

# A day of the busiest depot is about sixty acts. A device sends the oldest first and the rest in a next request.
MOST_ACTS = 200


@dataclass(eq=False)
class TooManyActs(Invalid):
    """More acts than are replayed in one request."""

    slug: ClassVar[str] = "too-many-acts"
    title: ClassVar[str] = N_("Trop d’opérations à la fois")
    detail: ClassVar[str] = N_(
        "{acts} opérations reçues ; envoyez-en {most} au plus à la fois, les plus anciennes d’abord."
    )
    acts: int
    most: int


@dataclass(eq=False)
class LoanIncomplete(Invalid):
    """A loan over the counter goes to a school, until a day."""

    slug: ClassVar[str] = "loan-incomplete"
    title: ClassVar[str] = N_("Prêt incomplet")
    detail: ClassVar[str] = N_("Il manque l’école ou la date de retour.")


def check_number(acts: int) -> None:
    """Raise TooManyActs."""
    if acts > MOST_ACTS:
        raise TooManyActs(acts=acts, most=MOST_ACTS)


def happened_at(device_at: dt.datetime, offset_ms: int, now: dt.datetime) -> dt.datetime:
    """When it was, by the server's clock. `offset_ms` is the server's clock minus the device's; never in the future."""
    return min((device_at + dt.timedelta(milliseconds=offset_ms)).astimezone(dt.UTC), now)
