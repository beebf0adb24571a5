"""Why a document could not be kept, read or put beside a title.

Invalid
├── EmptyDocument, UnsupportedDocument, EncryptedDocument
├── BrokenDocument, SlowDocument     it cannot be read, or not within the time that is given
└── NotASheet                        only action sheets accompany other titles
TooLarge
└── DocumentTooLarge
Conflict
└── TooManyDocuments
Forbidden
└── MembersOnly
"""

from dataclasses import dataclass
from typing import ClassVar

from lending.core.errors import Conflict, Forbidden, Invalid, TooLarge
from lending.core.i18n import N_

MOST_DOCUMENT_MEGABYTES = 25
MOST_DOCUMENT_BYTES = MOST_DOCUMENT_MEGABYTES * 1_000_000
MOST_DOCUMENTS = 20


@dataclass(eq=False)
class EmptyDocument(Invalid):
    """No file was chosen, or nothing is in it."""

    slug: ClassVar[str] = "document-empty"
    title: ClassVar[str] = N_("Document manquant")
    detail: ClassVar[str] = N_("Choisissez un document : aucun fichier n’est arrivé, ou il est vide.")
    field: ClassVar[str | None] = "file"


@dataclass(eq=False)
class DocumentTooLarge(TooLarge):
    """More bytes than a document may have."""

    slug: ClassVar[str] = "document-too-large"
    title: ClassVar[str] = N_("Document trop lourd")
    detail: ClassVar[str] = N_("Ce document dépasse {most} Mo : réduisez ses images.")
    field: ClassVar[str | None] = "file"
    most: int = MOST_DOCUMENT_MEGABYTES


@dataclass(eq=False)
class UnsupportedDocument(Invalid):
    """The content is of no kind that is kept, whatever the file is called."""

    slug: ClassVar[str] = "document-unsupported"
    title: ClassVar[str] = N_("Type de document non accepté")
    detail: ClassVar[str] = N_(
        "Le contenu de ce fichier n’est ni un PDF, ni un document ODT ou DOCX sans macros. Enregistrez-le en PDF."
    )
    field: ClassVar[str | None] = "file"


@dataclass(eq=False)
class EncryptedDocument(Invalid):
    """It asks for a password."""

    slug: ClassVar[str] = "document-encrypted"
    title: ClassVar[str] = N_("Document protégé")
    detail: ClassVar[str] = N_("Ce document demande un mot de passe : enregistrez-le sans protection.")
    field: ClassVar[str | None] = "file"


@dataclass(eq=False)
class BrokenDocument(Invalid):
    """It begins like a document, but cannot be read."""

    slug: ClassVar[str] = "document-broken"
    title: ClassVar[str] = N_("Document illisible")
    detail: ClassVar[str] = N_("Ce document est abîmé ou incomplet et ne peut pas être lu.")
    field: ClassVar[str | None] = "file"


@dataclass(eq=False)
class SlowDocument(Invalid):
    """Reading it takes longer, or more memory, than is given."""

    slug: ClassVar[str] = "document-too-slow"
    title: ClassVar[str] = N_("Document trop compliqué")
    detail: ClassVar[str] = N_("Ce document est trop long à lire : simplifiez-le ou réduisez ses images.")
    field: ClassVar[str | None] = "file"


@dataclass(eq=False)
class TooManyDocuments(Conflict):
    """A title has enough documents."""

    slug: ClassVar[str] = "too-many-documents"
    title: ClassVar[str] = N_("Assez de documents")
    detail: ClassVar[str] = N_("Un titre a au plus {most} documents : retirez-en un d’abord.")
    field: ClassVar[str | None] = "file"
    most: int = MOST_DOCUMENTS


@dataclass(eq=False)
class MembersOnly(Forbidden):
    """The document is for members: signed in, with an affiliated school or on a staff."""

    slug: ClassVar[str] = "members-only"
    title: ClassVar[str] = N_("Réservé aux membres")
    detail: ClassVar[str] = N_("Ce document est réservé aux écoles affiliées et aux équipes des associations.")


@dataclass(eq=False)
class NotASheet(Invalid):
    """Two titles of which none, or both, are action sheets cannot accompany each other."""

    slug: ClassVar[str] = "companion-not-a-sheet"
    title: ClassVar[str] = N_("Fiche introuvable")
    detail: ClassVar[str] = N_("Associez une fiche d’activité à une malle, un jeu ou un livre.")
    field: ClassVar[str | None] = "other_id"
