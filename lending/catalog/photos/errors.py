"""Why a photo could not be kept.

Invalid
├── EmptyPhoto, NotAPhoto, UnsupportedPhoto    nothing that could be drawn anew
├── TooManyPixels        a picture that would fill the memory
├── TruncatedPhoto, BrokenPhoto
├── UnknownPhotoOrder    the order names other photos than there are
└── CaptionTooLong
TooLarge
└── PhotoTooLarge
Conflict
└── TooManyPhotos
"""

from dataclasses import dataclass
from typing import ClassVar

from lending.core.errors import Conflict, Invalid, TooLarge
from lending.core.i18n import N_

MOST_PHOTO_MEGABYTES = 25
MOST_PHOTO_BYTES = MOST_PHOTO_MEGABYTES * 1_000_000
MOST_PIXELS = 60_000_000
MOST_PHOTOS = 20
LONGEST_CAPTION = 300


@dataclass(eq=False)
class EmptyPhoto(Invalid):
    """No file was chosen, or nothing is in it."""

    slug: ClassVar[str] = "photo-empty"
    title: ClassVar[str] = N_("Photo manquante")
    detail: ClassVar[str] = N_("Choisissez une photo : aucun fichier n’est arrivé, ou il est vide.")
    field: ClassVar[str | None] = "file"


@dataclass(eq=False)
class PhotoTooLarge(TooLarge):
    """More bytes than a photo may have."""

    slug: ClassVar[str] = "photo-too-large"
    title: ClassVar[str] = N_("Photo trop lourde")
    detail: ClassVar[str] = N_("Cette photo dépasse {most} Mo : choisissez une taille plus petite.")
    field: ClassVar[str | None] = "file"
    most: int = MOST_PHOTO_MEGABYTES


@dataclass(eq=False)
class NotAPhoto(Invalid):
    """The content is no picture, whatever the file is called."""

    slug: ClassVar[str] = "photo-not-a-picture"
    title: ClassVar[str] = N_("Ce n’est pas une photo")
    detail: ClassVar[str] = N_("Le contenu de ce fichier n’est pas une image JPEG, PNG, WebP ou AVIF.")
    field: ClassVar[str | None] = "file"


@dataclass(eq=False)
class UnsupportedPhoto(Invalid):
    """A picture of a kind that is not opened."""

    slug: ClassVar[str] = "photo-unsupported"
    title: ClassVar[str] = N_("Format d’image non accepté")
    detail: ClassVar[str] = N_("Les images {format} ne sont pas acceptées : envoyez une image JPEG, PNG, WebP ou AVIF.")
    field: ClassVar[str | None] = "file"
    format: str


@dataclass(eq=False)
class TooManyPixels(Invalid):
    """So large that it would fill the memory, however few bytes it has."""

    slug: ClassVar[str] = "photo-too-many-pixels"
    title: ClassVar[str] = N_("Image trop grande")
    detail: ClassVar[str] = N_("Cette image dépasse {most} millions de pixels : réduisez-la d’abord.")
    field: ClassVar[str | None] = "file"
    most: int = MOST_PIXELS // 1_000_000


@dataclass(eq=False)
class TruncatedPhoto(Invalid):
    """The end of the file is missing."""

    slug: ClassVar[str] = "photo-truncated"
    title: ClassVar[str] = N_("Photo incomplète")
    detail: ClassVar[str] = N_("La fin de cette photo manque : l’envoi a été coupé, ou le fichier est abîmé.")
    field: ClassVar[str | None] = "file"


@dataclass(eq=False)
class BrokenPhoto(Invalid):
    """It begins like a picture, but cannot be drawn."""

    slug: ClassVar[str] = "photo-broken"
    title: ClassVar[str] = N_("Photo illisible")
    detail: ClassVar[str] = N_("Cette photo est abîmée et ne peut pas être lue.")
    field: ClassVar[str | None] = "file"


@dataclass(eq=False)
class CaptionTooLong(Invalid):
    """A caption is a sentence, not a story."""

    slug: ClassVar[str] = "caption-too-long"
    title: ClassVar[str] = N_("Légende trop longue")
    detail: ClassVar[str] = N_("La légende ne dépasse pas {most} caractères.")
    field: ClassVar[str | None] = "caption"
    most: int = LONGEST_CAPTION


@dataclass(eq=False)
class UnknownPhotoOrder(Invalid):
    """The order leaves photos out, repeats one or names another title's."""

    slug: ClassVar[str] = "photo-order"
    title: ClassVar[str] = N_("Ordre des photos incorrect")
    detail: ClassVar[str] = N_("L’ordre doit nommer chaque photo du titre une seule fois.")
    field: ClassVar[str | None] = "photo_ids"


@dataclass(eq=False)
class TooManyPhotos(Conflict):
    """A title has enough photos."""

    slug: ClassVar[str] = "too-many-photos"
    title: ClassVar[str] = N_("Assez de photos")
    detail: ClassVar[str] = N_("Un titre a au plus {most} photos : retirez-en une d’abord.")
    field: ClassVar[str | None] = "file"
    most: int = MOST_PHOTOS
