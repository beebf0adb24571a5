"""Why a copy cannot be put into a trunk, or do anything alone while it is in one."""

from dataclasses import dataclass
from typing import ClassVar

from lending.core.errors import Conflict, Invalid
from lending.core.i18n import N_


@dataclass(eq=False)
class CopyInsideTrunk(Conflict):
    """The copy stands in a trunk and goes where it goes: take it out first."""

    slug: ClassVar[str] = "copy-inside-trunk"
    title: ClassVar[str] = N_("Exemplaire rangé dans une malle")
    detail: ClassVar[str] = N_(
        "L’exemplaire {barcode} est rangé dans « {trunk_name} » ({trunk_barcode}) : sortez-le d’abord de cette malle."
    )
    field: ClassVar[str | None] = "code"
    barcode: str
    trunk_name: str
    trunk_barcode: str


@dataclass(eq=False)
class NotATrunk(Invalid):
    """Only trunks hold other copies."""

    slug: ClassVar[str] = "not-a-trunk"
    title: ClassVar[str] = N_("Pas une malle")
    detail: ClassVar[str] = N_("L’exemplaire {barcode} n’est pas une malle : rien ne se range dedans.")
    field: ClassVar[str | None] = "trunk"
    barcode: str


@dataclass(eq=False)
class TrunkInTrunk(Invalid):
    """A trunk is lent by itself."""

    slug: ClassVar[str] = "trunk-in-trunk"
    title: ClassVar[str] = N_("Une malle ne se range pas dans une malle")
    detail: ClassVar[str] = N_("L’exemplaire {barcode} est une malle : rangez-y des livres ou des jeux.")
    field: ClassVar[str | None] = "code"
    barcode: str


@dataclass(eq=False)
class OfAnotherOwner(Invalid):
    """A trunk and what is in it belong to one association."""

    slug: ClassVar[str] = "of-another-owner"
    title: ClassVar[str] = N_("Exemplaire d’une autre association")
    detail: ClassVar[str] = N_("L’exemplaire {barcode} appartient à {owner_name}, la malle non.")
    field: ClassVar[str | None] = "code"
    barcode: str
    owner_name: str


@dataclass(eq=False)
class NotToBePlaced(Conflict):
    """What is lost, withdrawn or in repair cannot be in a trunk."""

    slug: ClassVar[str] = "not-to-be-placed"
    title: ClassVar[str] = N_("Exemplaire indisponible")
    detail: ClassVar[str] = N_("L’exemplaire {barcode} est perdu, retiré ou en réparation : contrôlez-le d’abord.")
    field: ClassVar[str | None] = "code"
    barcode: str
