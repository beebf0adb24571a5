"""Why a vocabulary cannot be changed so."""

from dataclasses import dataclass
from typing import ClassVar

from lending.core.errors import Conflict, Invalid
from lending.core.i18n import N_


@dataclass(eq=False)
class EmptyLabel(Invalid):
    """A term needs a word."""

    slug: ClassVar[str] = "empty-label"
    title: ClassVar[str] = N_("Mot manquant")
    detail: ClassVar[str] = N_("Écrivez le mot, avec au moins une lettre ou un chiffre.")
    field: ClassVar[str | None] = "label_fr"


@dataclass(eq=False)
class LabelTaken(Conflict):
    """Another term of the vocabulary is called like this already."""

    slug: ClassVar[str] = "label-taken"
    title: ClassVar[str] = N_("Mot déjà présent")
    detail: ClassVar[str] = N_("Un autre terme s’appelle déjà « {label} ».")
    field: ClassVar[str | None] = "label_fr"
    label: str


@dataclass(eq=False)
class UnknownParent(Invalid):
    """A term belongs to one of the same vocabulary that is there and belongs to none itself."""

    slug: ClassVar[str] = "unknown-parent"
    title: ClassVar[str] = N_("Cycle inconnu")
    detail: ClassVar[str] = N_("« {code} » n’est pas un cycle.")
    field: ClassVar[str | None] = "parent"
    code: str
