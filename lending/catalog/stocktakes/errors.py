"""Why a count cannot go on.

Conflict
└── AlreadyCounting, StocktakeClosed
"""

from dataclasses import dataclass
from typing import ClassVar

from lending.core.errors import Conflict
from lending.core.i18n import N_


@dataclass(eq=False)
class AlreadyCounting(Conflict):
    """Somebody counts these copies already."""

    slug: ClassVar[str] = "already-counting"
    title: ClassVar[str] = N_("Inventaire déjà ouvert")
    detail: ClassVar[str] = N_("Un inventaire de cet endroit est déjà ouvert : continuez-le, ou fermez-le d’abord.")
    field: ClassVar[str | None] = "shelf"
    stocktake_id: int


@dataclass(eq=False)
class StocktakeClosed(Conflict):
    """The count was closed meanwhile; what is scanned now changes nothing any more."""

    slug: ClassVar[str] = "stocktake-closed"
    title: ClassVar[str] = N_("Inventaire fermé")
    detail: ClassVar[str] = N_("Cet inventaire est fermé : ce scan n’y compte plus. Ouvrez-en un autre.")
    field: ClassVar[str | None] = "code"
