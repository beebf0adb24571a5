"""Why a file as a whole cannot be imported. What is wrong in a row stands with the row (`reasons.py`).

Invalid
├── EmptyFile, UnreadableFile, NulBytesInFile, CutMarc, UnknownFormat, BadMapping
TooLarge
└── FileTooLarge, TooManyRows, ExpandingFile
Conflict
└── ImportState, ImportHasRefusals
"""

from dataclasses import dataclass
from typing import ClassVar

from lending.core.errors import Conflict, Invalid, TooLarge
from lending.core.i18n import N_

MOST_BYTES = 20_000_000
MOST_ROWS = 50_000
MOST_COLUMNS = 200


@dataclass(eq=False)
class EmptyFile(Invalid):
    """Nothing in it, or nothing below the headings."""

    slug: ClassVar[str] = "import-empty-file"
    title: ClassVar[str] = N_("Fichier vide")
    detail: ClassVar[str] = N_("Ce fichier ne contient aucune ligne à importer.")
    field: ClassVar[str | None] = "file"


@dataclass(eq=False)
class UnknownFormat(Invalid):
    """None of the formats that are read."""

    slug: ClassVar[str] = "import-unknown-format"
    title: ClassVar[str] = N_("Format de fichier inconnu")
    detail: ClassVar[str] = N_(
        "Ce fichier n’est ni CSV, ni XLSX, ni JSON, ni MARC, ni une liste d’ISBN. "
        "Depuis un tableur, enregistrez-le en XLSX ou en CSV."
    )
    field: ClassVar[str | None] = "file"


@dataclass(eq=False)
class UnreadableFile(Invalid):
    """It breaks the rules of its format. `line` is where, when it is known."""

    slug: ClassVar[str] = "import-unreadable-file"
    title: ClassVar[str] = N_("Fichier illisible")
    detail: ClassVar[str] = N_(
        "Ce fichier {format} est abîmé ou incomplet (ligne {line}) : {reason}. Rien n’a été importé."
    )
    field: ClassVar[str | None] = "file"
    format: str
    line: int
    reason: str


@dataclass(eq=False)
class NulBytesInFile(Invalid):
    """A byte that no text holds: a damaged file, or no text at all."""

    slug: ClassVar[str] = "import-nul-bytes"
    title: ClassVar[str] = N_("Fichier abîmé")
    detail: ClassVar[str] = N_("Ce fichier contient des octets nuls (le premier à la ligne {line}) : il est abîmé.")
    field: ClassVar[str | None] = "file"
    line: int


@dataclass(eq=False)
class CutMarc(Invalid):
    """A record ends before its own length says."""

    slug: ClassVar[str] = "import-cut-marc"
    title: ClassVar[str] = N_("Fichier MARC abîmé")
    detail: ClassVar[str] = N_(
        "La notice {record} (octet {byte}) est coupée ou abîmée : le fichier est incomplet. Rien n’a été importé."
    )
    field: ClassVar[str | None] = "file"
    record: int
    byte: int


@dataclass(eq=False)
class BadMapping(Invalid):
    """A column is given twice, or something that no column can hold."""

    slug: ClassVar[str] = "import-bad-mapping"
    title: ClassVar[str] = N_("Colonnes mal associées")
    detail: ClassVar[str] = N_("Deux colonnes ne peuvent pas donner la même information : {field_name}.")
    field: ClassVar[str | None] = "mapping"
    field_name: str


@dataclass(eq=False)
class FileTooLarge(TooLarge):
    """More bytes than an import takes."""

    slug: ClassVar[str] = "import-file-too-large"
    title: ClassVar[str] = N_("Fichier trop volumineux")
    detail: ClassVar[str] = N_("Un fichier à importer ne dépasse pas {most_megabytes} Mo. Coupez-le en plusieurs.")
    field: ClassVar[str | None] = "file"
    most_megabytes: int = MOST_BYTES // 1_000_000


@dataclass(eq=False)
class ExpandingFile(TooLarge):
    """A small file that would fill the memory once unpacked."""

    slug: ClassVar[str] = "import-expanding-file"
    title: ClassVar[str] = N_("Classeur démesuré")
    detail: ClassVar[str] = N_(
        "Ce classeur prend, une fois décompressé, plus de {most_megabytes} Mo "
        "ou dépasse les lignes et colonnes acceptées."
    )
    field: ClassVar[str | None] = "file"
    most_megabytes: int


@dataclass(eq=False)
class TooManyRows(TooLarge):
    """More rows than one import takes."""

    slug: ClassVar[str] = "import-too-many-rows"
    title: ClassVar[str] = N_("Trop de lignes")
    detail: ClassVar[str] = N_("Un fichier à importer ne dépasse pas {most} lignes. Coupez-le en plusieurs.")
    field: ClassVar[str | None] = "file"
    most: int = MOST_ROWS


@dataclass(eq=False)
class ImportState(Conflict):
    """The import is at another point: applied already, undone, or at work."""

    slug: ClassVar[str] = "import-state"
    title: ClassVar[str] = N_("L’import n’en est pas là")
    detail: ClassVar[str] = N_("Cet import a changé d’état entre-temps. Rechargez la page.")
    state: str


@dataclass(eq=False)
class ImportHasRefusals(Conflict):
    """Rows are refused, and nobody said that they may be left out."""

    slug: ClassVar[str] = "import-has-refusals"
    title: ClassVar[str] = N_("Lignes refusées")
    detail: ClassVar[str] = N_(
        "{refused} lignes sont refusées (la première : ligne {line}). "
        "Corrigez le fichier, ou demandez d’importer les autres lignes sans elles."
    )
    refused: int
    line: int
