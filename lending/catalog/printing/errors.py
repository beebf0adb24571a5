"""Why something could not be printed.

Invalid
└── UnknownFormat, BadOwnFormat, NothingToPrint, TooManyLabels, UnreadableFrame
NotFound
└── UnknownBlank
Conflict
└── BlankAlreadyBound
Unavailable
└── CannotTypeset
"""

from dataclasses import dataclass
from typing import ClassVar

from lending.core.errors import Conflict, Invalid, NotFound, Unavailable
from lending.core.i18n import N_


@dataclass(eq=False)
class UnknownFormat(Invalid):
    """No sheet of labels is called so."""

    slug: ClassVar[str] = "unknown-label-format"
    title: ClassVar[str] = N_("Format inconnu")
    detail: ClassVar[str] = N_("Choisissez un des formats de planche proposés.")
    field: ClassVar[str | None] = "format"
    name: str


@dataclass(eq=False)
class BadOwnFormat(Invalid):
    """A sheet of one's own that cannot be. `reason`: `empty`, `too-small`, `off-the-sheet` or `overlapping`."""

    slug: ClassVar[str] = "bad-own-format"
    title: ClassVar[str] = N_("Planche impossible")
    detail: ClassVar[str] = N_(
        "Ces mesures ne conviennent pas : chaque étiquette a au moins 35 × 18 mm, ne recouvre pas sa voisine,"
        " et la dernière tient encore sur la feuille A4 (210 × 297 mm)."
    )
    field: ClassVar[str | None] = "format"
    reason: str


@dataclass(eq=False)
class NothingToPrint(Invalid):
    """No copy fits what was chosen."""

    slug: ClassVar[str] = "nothing-to-print"
    title: ClassVar[str] = N_("Rien à imprimer")
    detail: ClassVar[str] = N_("Aucun exemplaire ne correspond à ce choix.")
    field: ClassVar[str | None] = "shelf"


@dataclass(eq=False)
class TooManyLabels(Invalid):
    """More labels than one file holds."""

    slug: ClassVar[str] = "too-many-labels"
    title: ClassVar[str] = N_("Trop d’étiquettes")
    detail: ClassVar[str] = N_("{count} étiquettes en une fois : au plus {most}. Choisissez un rayon ou un dépôt.")
    field: ClassVar[str | None] = "shelf"
    count: int
    most: int


@dataclass(eq=False)
class UnreadableFrame(Invalid):
    """No picture of a camera, or one too large."""

    slug: ClassVar[str] = "unreadable-frame"
    title: ClassVar[str] = N_("Image illisible")
    detail: ClassVar[str] = N_("Envoyez une image JPEG d’au plus {most_bytes} octets et {most_pixels} points.")
    field: ClassVar[str | None] = "file"
    most_bytes: int
    most_pixels: int


@dataclass(eq=False)
class UnknownBlank(NotFound):
    """The code was never printed on a blank label."""

    slug: ClassVar[str] = "unknown-blank-label"
    title: ClassVar[str] = N_("Étiquette vierge inconnue")
    detail: ClassVar[str] = N_("Le code {code} n’est pas celui d’une étiquette vierge imprimée ici.")
    field: ClassVar[str | None] = "blank"
    code: str


@dataclass(eq=False)
class BlankAlreadyBound(Conflict):
    """The blank label means a copy already."""

    slug: ClassVar[str] = "blank-label-bound"
    title: ClassVar[str] = N_("Étiquette déjà utilisée")
    detail: ClassVar[str] = N_("L’étiquette {code} désigne déjà un exemplaire.")
    field: ClassVar[str | None] = "blank"
    code: str


@dataclass(eq=False)
class CannotTypeset(Unavailable):
    """The document could not be made; nothing was lost."""

    slug: ClassVar[str] = "cannot-typeset"
    title: ClassVar[str] = N_("Document impossible à préparer")
    detail: ClassVar[str] = N_("Le document n’a pas pu être préparé. Réessayez, puis signalez-le.")
