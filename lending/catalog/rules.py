"""Pure rules of the catalogue: who sees a title, what a contents check says, which states a copy may take.

Invalid
├── BadIsbn, BadAges, BadPlayers, BlankName, UnknownTerm, UnknownDepot, BadCopyCount
├── DamagedBarcode       ten digits whose key does not belong to them
└── UnknownContentLine, BadFoundCount
NotFound
└── UnknownBarcode
Conflict
├── CodesExhausted, LineHasHistory
└── StatusNotReachable, DamagedNotLendable
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from stdnum import isbn as isbn_number
from stdnum.exceptions import ValidationError

from lending.core.actor import Actor, Role
from lending.core.errors import Conflict, Invalid, NotFound
from lending.core.i18n import N_

LAST_SERIAL = 99_999
MOST_COPIES_AT_ONCE = 200


class Kind(StrEnum):
    """What a title is."""

    TRUNK = "trunk"
    GAME = "game"
    BOOK = "book"
    SHEET = "sheet"


class Visibility(StrEnum):
    """Who sees a title."""

    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class Condition(StrEnum):
    """How worn a copy is."""

    NEW = "new"
    GOOD = "good"
    WORN = "worn"
    DAMAGED = "damaged"


class Status(StrEnum):
    """Whether a copy may leave the shelf."""

    LENDABLE = "lendable"
    BLOCKED = "blocked"
    REPAIR = "repair"
    LOST = "lost"
    WITHDRAWN = "withdrawn"


class CheckReason(StrEnum):
    """What made somebody look into a copy."""

    PURCHASE = "purchase"
    DEPARTURE = "departure"
    RETURN = "return"
    STOCKTAKE = "stocktake"
    REPAIR = "repair"


class Outcome(StrEnum):
    """What a contents check says of a copy."""

    COMPLETE = "complete"
    INCOMPLETE = "incomplete"


# What was given up comes back through a check only: it is never lendable in one step.
REACHABLE: Mapping[Status, frozenset[Status]] = {
    Status.LENDABLE: frozenset({Status.BLOCKED, Status.REPAIR, Status.LOST, Status.WITHDRAWN}),
    Status.BLOCKED: frozenset({Status.LENDABLE, Status.REPAIR, Status.LOST, Status.WITHDRAWN}),
    Status.REPAIR: frozenset({Status.LENDABLE, Status.BLOCKED, Status.LOST, Status.WITHDRAWN}),
    Status.LOST: frozenset({Status.LENDABLE, Status.BLOCKED, Status.REPAIR, Status.WITHDRAWN}),
    Status.WITHDRAWN: frozenset({Status.BLOCKED}),
}


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
    detail: ClassVar[str] = N_(
        "Le nombre minimal de joueurs ({lowest}) dépasse le nombre maximal ({highest})."
    )
    field: ClassVar[str | None] = "min_players"
    lowest: int
    highest: int


@dataclass(eq=False)
class UnknownTerm(Invalid):
    """A level or theme that its vocabulary does not have."""

    slug: ClassVar[str] = "unknown-term"
    title: ClassVar[str] = N_("Terme inconnu")
    detail: ClassVar[str] = N_("« {code} » n’est pas un terme du vocabulaire.")
    vocabulary: str
    code: str


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


@dataclass(frozen=True)
class Expected:
    """A line of the checklist."""

    line_id: int
    name: str
    quantity: int
    is_consumable: bool = False


@dataclass(frozen=True)
class Shortfall:
    """A line of which less was found than there should be."""

    line: Expected
    found: int

    @property
    def missing(self) -> int:
        """How many are not there."""
        return self.line.quantity - self.found


def can_see(actor: Actor, visibility: str, owner_path: str) -> bool:
    """Whether a person may know that the title exists. What is not published is the owner's staff's affair."""
    return visibility == Visibility.PUBLISHED or actor.covers(owner_path, Role.STAFF)


def check_found(lines: Collection[Expected], found_by_line: Mapping[int, int]) -> None:
    """Raise UnknownContentLine or BadFoundCount unless the counts can belong to the checklist."""
    names = {line.line_id: line.name for line in lines}
    for line_id, found in found_by_line.items():
        if line_id not in names:
            raise UnknownContentLine(line_id=line_id)
        if found < 0:
            raise BadFoundCount(name=names[line_id], found=found)


def shortfalls(lines: Iterable[Expected], found_by_line: Mapping[int, int]) -> list[Shortfall]:
    """What is missing, in the checklist's order. A line that nobody counted was all there."""
    counted = (Shortfall(line, found_by_line.get(line.line_id, line.quantity)) for line in lines)
    return [one for one in counted if one.missing > 0]


def outcome_of(missing: Iterable[Shortfall]) -> Outcome:
    """Incomplete when something is missing that should come back; consumables are used up and refilled."""
    owed = any(not one.line.is_consumable for one in missing)
    return Outcome.INCOMPLETE if owed else Outcome.COMPLETE


def check_status(present: str, wanted: str, condition: str) -> None:
    """Raise StatusNotReachable or DamagedNotLendable unless a copy may pass to `wanted`."""
    if wanted != present and Status(wanted) not in REACHABLE[Status(present)]:
        raise StatusNotReachable(present=present, wanted=wanted)
    if wanted == Status.LENDABLE and condition == Condition.DAMAGED:
        raise DamagedNotLendable


def parse_isbn(raw: str | None) -> str | None:
    """Thirteen digits; ten are converted; nothing stays nothing. Raises BadIsbn."""
    if raw is None or not raw.strip():
        return None
    try:
        return str(isbn_number.validate(raw, convert=True))
    except ValidationError as error:
        raise BadIsbn(isbn=raw[:30]) from error
