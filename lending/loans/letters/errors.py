"""Why no letter is printed."""

from dataclasses import dataclass
from typing import ClassVar

from lending.core.errors import Conflict, NotFound
from lending.core.i18n import N_


@dataclass(eq=False)
class NoLetters(Conflict):
    """No letter is to be printed: somebody printed them, or their addresses work again."""

    slug: ClassVar[str] = "no-letters"
    title: ClassVar[str] = N_("Aucune lettre à imprimer")
    detail: ClassVar[str] = N_("Aucune lettre n’attend : elles sont imprimées, ou ne disent plus rien de vrai.")


@dataclass(eq=False)
class LetterBatchNotFound(NotFound):
    """No batch of letters has this number."""

    slug: ClassVar[str] = "letter-batch-not-found"
    title: ClassVar[str] = N_("Lettres introuvables")
    detail: ClassVar[str] = N_("Aucune impression de lettres n’a ce numéro.")
