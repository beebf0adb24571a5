"""Why something in the catalogue could not be done.

Invalid
├── BadIsbn, BadAges, BadPlayers, BlankName, BadCopyCount
├── UnknownLevel, UnknownTheme, UnknownDepot, UnknownOwner, UnsupportedMedia
├── DamagedBarcode       ten digits whose key does not belong to them
└── UnknownContentLine, BadFoundCount
NotFound
└── UnknownBarcode, UnknownVocabulary, UnknownMedia
Conflict
├── CodesExhausted, CodeTaken, LineHasHistory
└── StatusNotReachable, DamagedNotLendable
PreconditionFailed
└── VersionChanged
Unavailable
└── MediaUnavailable
"""

from dataclasses import dataclass
from typing import ClassVar

from lending.core.errors import Conflict, Invalid, NotFound, PreconditionFailed, Unavailable
from lending.core.i18n import N_

MOST_COPIES_AT_ONCE = 200


@dataclass(eq=False)
class UnknownBarcode(NotFound):
    """No copy carries this code."""

    slug: ClassVar[str] = "unknown-barcode"
    title: ClassVar[str] = N_("Code inconnu")
    detail: ClassVar[str] = N_("Aucun exemplaire ne porte le code {barcode}.")
    field: ClassVar[str | None] = "code"
    barcode: str


@dataclass(eq=False)
class DamagedBarcode(Invalid):
    """Ten digits whose key does not belong to them: a misread, or a slip of the finger."""

    slug: ClassVar[str] = "damaged-barcode"
    title: ClassVar[str] = N_("Code mal lu")
    detail: ClassVar[str] = N_(
        "Le code {barcode} est mal lu ou mal saisi : sa clé de contrôle est fausse. Scannez-le à nouveau."
    )
    field: ClassVar[str | None] = "code"
    barcode: str


@dataclass(eq=False)
class UnknownContentLine(Invalid):
    """The check speaks of something that is not on the title's checklist."""

    slug: ClassVar[str] = "unknown-content-line"
    title: ClassVar[str] = N_("Ligne de contenu inconnue")
    detail: ClassVar[str] = N_("La ligne {line_id} ne fait pas partie du contenu de cette malle.")
    field: ClassVar[str | None] = "found_by_line"
    line_id: int


@dataclass(eq=False)
class BadFoundCount(Invalid):
    """A number of things found that cannot be."""

    slug: ClassVar[str] = "bad-found-count"
    title: ClassVar[str] = N_("Quantité trouvée incorrecte")
    detail: ClassVar[str] = N_("La quantité trouvée pour « {name} » doit être un nombre positif ou nul.")
    field: ClassVar[str | None] = "found_by_line"
    name: str
    found: int


@dataclass(eq=False)
class BadIsbn(Invalid):
    """Not an ISBN, or its last digit does not belong to the others."""

    slug: ClassVar[str] = "bad-isbn"
    title: ClassVar[str] = N_("ISBN incorrect")
    detail: ClassVar[str] = N_("« {isbn} » n’est pas un ISBN : vérifiez les chiffres.")
    field: ClassVar[str | None] = "isbn"
    isbn: str


@dataclass(eq=False)
class BlankName(Invalid):
    """A title or a part of it without a name."""

    slug: ClassVar[str] = "blank-name"
    title: ClassVar[str] = N_("Nom manquant")
    detail: ClassVar[str] = N_("Donnez un nom.")
    field: ClassVar[str | None] = "name"


@dataclass(eq=False)
class BadAges(Invalid):
    """The lowest age is above the highest."""

    slug: ClassVar[str] = "bad-ages"
    title: ClassVar[str] = N_("Âges inversés")
    detail: ClassVar[str] = N_("L’âge minimal ({lowest}) dépasse l’âge maximal ({highest}).")
    field: ClassVar[str | None] = "min_age"
    lowest: int
    highest: int


@dataclass(eq=False)
class BadPlayers(Invalid):
    """The smallest number of players is above the greatest."""

    slug: ClassVar[str] = "bad-players"
    title: ClassVar[str] = N_("Nombres de joueurs inversés")
    detail: ClassVar[str] = N_("Le nombre minimal de joueurs ({lowest}) dépasse le nombre maximal ({highest}).")
    field: ClassVar[str | None] = "min_players"
    lowest: int
    highest: int


@dataclass(eq=False)
class UnknownLevel(Invalid):
    """A level that the vocabulary does not have."""

    slug: ClassVar[str] = "unknown-level"
    title: ClassVar[str] = N_("Niveau inconnu")
    detail: ClassVar[str] = N_("« {code} » n’est pas un niveau du vocabulaire.")
    field: ClassVar[str | None] = "levels"
    code: str


@dataclass(eq=False)
class UnknownTheme(Invalid):
    """A theme that the vocabulary does not have."""

    slug: ClassVar[str] = "unknown-theme"
    title: ClassVar[str] = N_("Thème inconnu")
    detail: ClassVar[str] = N_("« {code} » n’est pas un thème du vocabulaire.")
    field: ClassVar[str | None] = "themes"
    code: str


@dataclass(eq=False)
class UnknownVocabulary(NotFound):
    """There are two vocabularies: `level` and `theme`."""

    slug: ClassVar[str] = "unknown-vocabulary"
    title: ClassVar[str] = N_("Vocabulaire inconnu")
    detail: ClassVar[str] = N_("Il n’y a pas de vocabulaire « {name} ».")
    name: str


@dataclass(eq=False)
class UnknownMedia(NotFound):
    """No file of this name, or not a name that a file may have."""

    slug: ClassVar[str] = "unknown-media"
    title: ClassVar[str] = N_("Fichier introuvable")
    detail: ClassVar[str] = N_("Ce fichier n’existe pas.")


@dataclass(eq=False)
class MediaUnavailable(Unavailable):
    """The store of pictures and documents does not answer."""

    slug: ClassVar[str] = "media-unavailable"
    title: ClassVar[str] = N_("Images et documents momentanément indisponibles")
    detail: ClassVar[str] = N_(
        "Le stockage des images et des documents ne répond pas. Réessayez dans quelques instants."
    )


@dataclass(eq=False)
class UnsupportedMedia(Invalid):
    """A kind of file that is not kept."""

    slug: ClassVar[str] = "unsupported-media"
    title: ClassVar[str] = N_("Type de fichier non accepté")
    detail: ClassVar[str] = N_("Les fichiers de type {media_type} ne sont pas acceptés.")
    field: ClassVar[str | None] = "file"
    media_type: str


@dataclass(eq=False)
class UnknownOwner(Invalid):
    """No organisation that could own a title."""

    slug: ClassVar[str] = "unknown-owner"
    title: ClassVar[str] = N_("Organisation inconnue")
    detail: ClassVar[str] = N_("Cette organisation n’existe pas ou ne tient pas de catalogue.")
    field: ClassVar[str | None] = "owner_id"
    owner_id: int


@dataclass(eq=False)
class UnknownDepot(Invalid):
    """The depot does not exist or belongs to another association."""

    slug: ClassVar[str] = "unknown-depot"
    title: ClassVar[str] = N_("Dépôt inconnu")
    detail: ClassVar[str] = N_("Ce dépôt n’existe pas dans cette association.")
    field: ClassVar[str | None] = "depot_id"
    depot_id: int


@dataclass(eq=False)
class BadCopyCount(Invalid):
    """Too few or too many copies in one go."""

    slug: ClassVar[str] = "bad-copy-count"
    title: ClassVar[str] = N_("Nombre d’exemplaires incorrect")
    detail: ClassVar[str] = N_("Ajoutez de 1 à {most} exemplaires à la fois.")
    field: ClassVar[str | None] = "count"
    most: int = MOST_COPIES_AT_ONCE


@dataclass(eq=False)
class TitleCodeScanned(Conflict):
    """An ISBN was scanned: it names the title, and any copy of it may be meant."""

    slug: ClassVar[str] = "title-code-scanned"
    title: ClassVar[str] = N_("Code du titre, pas d’un exemplaire")
    detail: ClassVar[str] = N_("Ce code est l’ISBN de « {name} ». Scannez l’étiquette de l’exemplaire : {codes}.")
    field: ClassVar[str | None] = "code"
    name: str
    codes: list[str]


@dataclass(eq=False)
class CodeTaken(Conflict):
    """Another copy answers to this code already."""

    slug: ClassVar[str] = "code-taken"
    title: ClassVar[str] = N_("Code déjà attribué")
    detail: ClassVar[str] = N_("Le code {code} désigne déjà un exemplaire.")
    field: ClassVar[str | None] = "code"
    code: str


@dataclass(eq=False)
class CodesExhausted(Conflict):
    """The association has used all its serial numbers."""

    slug: ClassVar[str] = "codes-exhausted"
    title: ClassVar[str] = N_("Plus de code disponible")
    detail: ClassVar[str] = N_("Cette association a utilisé tous ses numéros d’exemplaire.")


@dataclass(eq=False)
class LineHasHistory(Conflict):
    """A line of the contents cannot go: dated checks speak of it."""

    slug: ClassVar[str] = "content-line-has-history"
    title: ClassVar[str] = N_("Ligne déjà contrôlée")
    detail: ClassVar[str] = N_(
        "« {name} » figure dans des contrôles passés et ne peut pas être retiré ; changez sa quantité ou son nom."
    )
    field: ClassVar[str | None] = "contents"
    name: str


@dataclass(eq=False)
class StatusNotReachable(Conflict):
    """A copy cannot pass from the one status to the other in one step."""

    slug: ClassVar[str] = "status-not-reachable"
    title: ClassVar[str] = N_("Changement d’état impossible")
    detail: ClassVar[str] = N_(
        "Un exemplaire retiré ne redevient pas empruntable directement : bloquez-le d’abord, puis contrôlez-le."
    )
    field: ClassVar[str | None] = "status"
    present: str
    wanted: str


@dataclass(eq=False)
class DamagedNotLendable(Conflict):
    """A damaged copy cannot be lendable."""

    slug: ClassVar[str] = "damaged-not-lendable"
    title: ClassVar[str] = N_("Exemplaire abîmé")
    detail: ClassVar[str] = N_("Un exemplaire abîmé ne peut pas être empruntable.")
    field: ClassVar[str | None] = "status"


@dataclass(eq=False)
class VersionChanged(PreconditionFailed):
    """Somebody else changed the thing since it was read."""

    version: int
