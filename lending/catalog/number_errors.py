"""Why the numbers of a title, its kind of game or its copies cannot be what was sent.

Invalid
└── BadEan, UnknownGameKind
Conflict
└── ReferenceTaken, LocalTitle
"""

from dataclasses import dataclass
from typing import ClassVar

from lending.core.errors import Conflict, Invalid
from lending.core.i18n import N_


@dataclass(eq=False)
class BadEan(Invalid):
    """Not the thirteen digits of a box, or the last one does not belong to the others."""

    slug: ClassVar[str] = "bad-ean"
    title: ClassVar[str] = N_("EAN incorrect")
    detail: ClassVar[str] = N_("« {ean} » n’est pas un EAN : vérifiez les chiffres.")
    field: ClassVar[str | None] = "ean"
    ean: str


@dataclass(eq=False)
class UnknownGameKind(Invalid):
    """A kind of game that the vocabulary does not have."""

    slug: ClassVar[str] = "unknown-game-kind"
    title: ClassVar[str] = N_("Type de jeu inconnu")
    detail: ClassVar[str] = N_("« {code} » n’est pas un type de jeu du vocabulaire.")
    field: ClassVar[str | None] = "game_kind"
    code: str


@dataclass(eq=False)
class ReferenceTaken(Conflict):
    """Another title of the same owner has this reference."""

    slug: ClassVar[str] = "reference-taken"
    title: ClassVar[str] = N_("Référence déjà utilisée")
    detail: ClassVar[str] = N_("La référence « {reference} » désigne déjà un autre titre de cette organisation.")
    field: ClassVar[str | None] = "reference"
    reference: str


@dataclass(eq=False)
class LocalTitle(Conflict):
    """Only the owner of the title may have copies of it."""

    slug: ClassVar[str] = "local-title"
    title: ClassVar[str] = N_("Titre réservé")
    detail: ClassVar[str] = N_("Seule l’association propriétaire peut avoir des exemplaires de « {name} ».")
    field: ClassVar[str | None] = "depot_id"
    name: str
