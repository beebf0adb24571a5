"""Why a rule of lending could not be written.

Invalid
├── LongerThanLongest    the usual length exceeds the longest
└── WorkIsTheDepots      preparation and turnaround do not depend on who borrows
"""

from dataclasses import dataclass
from typing import ClassVar

from lending.core.errors import Invalid
from lending.core.i18n import N_


@dataclass(eq=False)
class LongerThanLongest(Invalid):
    """The usual length exceeds the longest."""

    slug: ClassVar[str] = "longer-than-longest"
    title: ClassVar[str] = N_("Durée contradictoire")
    detail: ClassVar[str] = N_("La durée habituelle dépasse la durée maximale de {max_loan_days} jours.")
    field: ClassVar[str | None] = "loan_days"
    max_loan_days: int


@dataclass(eq=False)
class WorkIsTheDepots(Invalid):
    """Preparation and turnaround do not depend on who borrows."""

    slug: ClassVar[str] = "work-is-the-depots"
    title: ClassVar[str] = N_("Règle trop précise")
    detail: ClassVar[str] = N_(
        "La préparation et la remise en état ne dépendent pas de l’emprunteur : "
        "indiquez-les dans une règle pour tous les emprunteurs."
    )
    field: ClassVar[str | None] = "preparation_days"
