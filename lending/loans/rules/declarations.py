"""What a school says of a loan before it comes back: pieces that are missing or broken.

Conflict
└── DeclarationNotSeen     the school declared something, the desk must look at it
Invalid
├── NothingDeclared, DeclaredTooMany
└── DeclarationTooLong
"""

from dataclasses import dataclass
from typing import ClassVar

from lending.core.errors import Conflict, Invalid
from lending.core.i18n import N_

LONGEST_NOTE = 500
# A thing without a list of contents is one thing.
WHOLE = 1


@dataclass(eq=False)
class NothingDeclared(Invalid):
    """Neither a missing nor a broken piece."""

    slug: ClassVar[str] = "nothing-declared"
    title: ClassVar[str] = N_("Rien à déclarer ?")
    detail: ClassVar[str] = N_("Dites combien de pièces manquent ou sont cassées : une au moins.")
    field: ClassVar[str | None] = "missing"


@dataclass(eq=False)
class DeclaredTooMany(Invalid):
    """More pieces than there are."""

    slug: ClassVar[str] = "declared-too-many"
    title: ClassVar[str] = N_("Trop de pièces")
    detail: ClassVar[str] = N_("Il n’y en a que {expected} ; vous en déclarez {declared}.")
    field: ClassVar[str | None] = "missing"
    declared: int
    expected: int


@dataclass(eq=False)
class DeclarationTooLong(Invalid):
    """The sentence is longer than can be kept."""

    slug: ClassVar[str] = "declaration-too-long"
    title: ClassVar[str] = N_("Phrase trop longue")
    detail: ClassVar[str] = N_("La phrase tient en {longest} caractères ; elle en a {length}.")
    field: ClassVar[str | None] = "note"
    length: int
    longest: int = LONGEST_NOTE


@dataclass(eq=False)
class DeclarationNotSeen(Conflict):
    """The school declared pieces missing or broken: whoever takes the copy back must have seen it."""

    slug: ClassVar[str] = "declaration-not-seen"
    title: ClassVar[str] = N_("Déclaration à lire")
    detail: ClassVar[str] = N_("L’école a déclaré des pièces manquantes ou cassées dans {barcode} : lisez-le d’abord.")
    field: ClassVar[str | None] = "declaration_seen"
    barcode: str
    declared: int


def check_declaration(missing: int, broken: int, expected: int, note: str) -> None:
    """Raise NothingDeclared, DeclaredTooMany or DeclarationTooLong. `note` is the text as it will be kept."""
    if missing < 0 or broken < 0 or missing + broken == 0:
        raise NothingDeclared
    if missing + broken > expected:
        raise DeclaredTooMany(declared=missing + broken, expected=expected)
    if len(note) > LONGEST_NOTE:
        raise DeclarationTooLong(length=len(note))


def check_seen(count: int, barcode: str, *, is_seen: bool) -> None:
    """Raise DeclarationNotSeen where something was declared that nobody looked at."""
    if count and not is_seen:
        raise DeclarationNotSeen(barcode=barcode, declared=count)
