"""A basket: titles held together for a short while, confirmed together.

Conflict
├── FewerFree            not as many copies as wished
├── BasketEmpty, BasketFull
└── BasketRefused        some lines cannot be had, and all or nothing was wished
"""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

import msgspec

from lending.core.errors import Conflict
from lending.core.i18n import N_
from lending.loans.rules.errors import FreePeriod

HELD_FOR = dt.timedelta(minutes=15)
MOST_LINES = 30


class RefusedLine(msgspec.Struct, frozen=True):
    """Why one line cannot be had: `type` is the slug of the refusal; `nearest` what is free instead."""

    booking_id: int
    title_id: int
    title_name: str
    type: str
    detail: str
    nearest: tuple[FreePeriod, ...] = ()


@dataclass(eq=False)
class FewerFree(Conflict):
    """Not as many copies are free as wished."""

    slug: ClassVar[str] = "fewer-free"
    title: ClassVar[str] = N_("Pas assez d’exemplaires")
    detail: ClassVar[str] = N_("{free} exemplaires sont libres à ces dates, sur {asked} demandés.")
    field: ClassVar[str | None] = "quantity"
    asked: int
    free: int


@dataclass(eq=False)
class BasketEmpty(Conflict):
    """Nothing is held, or not any more."""

    slug: ClassVar[str] = "basket-empty"
    title: ClassVar[str] = N_("Panier vide")
    detail: ClassVar[str] = N_("Le panier est vide, ou son temps est passé.")


@dataclass(eq=False)
class BasketFull(Conflict):
    """More lines than one confirmation takes."""

    slug: ClassVar[str] = "basket-full"
    title: ClassVar[str] = N_("Panier plein")
    detail: ClassVar[str] = N_("Un panier tient {most_lines} lignes : confirmez d’abord celles-ci.")
    most_lines: int = MOST_LINES


@dataclass(eq=False)
class BasketRefused(Conflict):
    """Some lines cannot be had, and all or nothing was wished."""

    slug: ClassVar[str] = "basket-refused"
    title: ClassVar[str] = N_("Panier non confirmé")
    detail: ClassVar[str] = N_("Tout ne peut pas être réservé : rien ne l’a été.")
    refused: tuple[RefusedLine, ...]
