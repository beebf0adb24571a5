"""Why many copies cannot be changed at once."""

from dataclasses import dataclass
from typing import ClassVar

from lending.core.errors import Invalid
from lending.core.i18n import N_


@dataclass(eq=False)
class NoCopyChosen(Invalid):
    """Something was to be done, but to no copy."""

    slug: ClassVar[str] = "no-copy-chosen"
    title: ClassVar[str] = N_("Aucun exemplaire choisi")
    detail: ClassVar[str] = N_("Cochez au moins un exemplaire dans la liste.")
    field: ClassVar[str | None] = "copies"
