"""What stands on the papers of a loan: which there are, what a thing is worth, what an association may write.

Invalid
└── PaperTextTooLong, TooManyClauses, NoPapers, TooManyPapers
PreconditionFailed
└── PaperTextsChanged
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

import msgspec

from lending.core.errors import Invalid, PreconditionFailed
from lending.core.i18n import N_

LONGEST: Mapping[str, int] = {
    "signatory": 120,
    "commitments": 4000,
    "insurance": 1000,
    "slip_note": 600,
    "footer": 200,
}
MOST_CLAUSES = 20
MOST_PAPERS = 100
# Longer runs without a break would leave the sheet.
LONGEST_RUN = 24
RUN = re.compile(rf"\S{{{LONGEST_RUN}}}(?=\S)")
BULLET = re.compile(r"^(?:[-–—•*·]|\d{1,2}\s*[.)])\s+")
ZERO_WIDTH_SPACE = "\u200b"


class PaperKind(StrEnum):
    """A paper of a loan."""

    AGREEMENT = "agreement"
    CONTENTS = "contents"
    SLIP = "slip"


class ReplacementValue(msgspec.Struct, frozen=True):
    """What a copy's contents would cost anew, in euro cents; partial where the price of a line is not known."""

    cents: int
    is_partial: bool


@dataclass(eq=False)
class PaperTextTooLong(Invalid):
    """A text that does not fit its place on the paper."""

    slug: ClassVar[str] = "paper-text-too-long"
    title: ClassVar[str] = N_("Texte trop long")
    detail: ClassVar[str] = N_("Ce texte a {length} signes : au plus {most}.")
    name: str
    length: int
    most: int

    def beside(self) -> str | None:
        """The field with the text."""
        return self.name


@dataclass(eq=False)
class TooManyClauses(Invalid):
    """More commitments than anybody reads."""

    slug: ClassVar[str] = "too-many-clauses"
    title: ClassVar[str] = N_("Trop d’engagements")
    detail: ClassVar[str] = N_("{count} engagements : au plus {most}, un par ligne.")
    field: ClassVar[str | None] = "commitments"
    count: int
    most: int


@dataclass(eq=False)
class NoPapers(Invalid):
    """Nothing is handed over on that day."""

    slug: ClassVar[str] = "no-papers"
    title: ClassVar[str] = N_("Aucun papier à imprimer")
    detail: ClassVar[str] = N_("Aucune remise n’est prévue ce jour-là dans ce dépôt.")
    field: ClassVar[str | None] = "day"


@dataclass(eq=False)
class TooManyPapers(Invalid):
    """More loans than one file holds."""

    slug: ClassVar[str] = "too-many-papers"
    title: ClassVar[str] = N_("Trop de papiers")
    detail: ClassVar[str] = N_("{count} prêts en une fois : au plus {most}. Imprimez-les un par un.")
    field: ClassVar[str | None] = "day"
    count: int
    most: int


@dataclass(eq=False)
class PaperTextsChanged(PreconditionFailed):
    """Somebody else changed the texts since they were read."""

    version: int


def papers_of(wanted: PaperKind | None, *, awaits_agreement: bool) -> tuple[PaperKind, ...]:
    """The papers to print for a loan: the wanted one; else all, and the agreement where it has to come back signed."""
    if wanted is not None:
        return (wanted,)
    usual = (PaperKind.SLIP, PaperKind.CONTENTS)
    return (*usual, PaperKind.AGREEMENT) if awaits_agreement else usual


def replacement_value(lines: Iterable[tuple[int, int | None, bool]]) -> ReplacementValue:
    """The value of what does not wear away by use: quantity, price of one in cents, whether it is consumable."""
    lasting = [(quantity, cents) for quantity, cents, is_consumable in lines if not is_consumable]
    known = sum(quantity * cents for quantity, cents in lasting if cents is not None)
    return ReplacementValue(known, any(cents is None for _, cents in lasting))


def clauses(text: str) -> list[str]:
    """One clause a line; bullets and numbers that somebody typed go, because the paper numbers them itself."""
    lines = (BULLET.sub("", " ".join(line.split())).strip() for line in text.splitlines())
    return [line for line in lines if line]


def check_texts(texts: Mapping[str, str]) -> None:
    """Raise PaperTextTooLong or TooManyClauses. Texts that are not named are not looked at."""
    for name, most in LONGEST.items():
        length = len(texts.get(name, ""))
        if length > most:
            raise PaperTextTooLong(name=name, length=length, most=most)
    count = len(clauses(texts.get("commitments", "")))
    if count > MOST_CLAUSES:
        raise TooManyClauses(count=count, most=MOST_CLAUSES)


def breakable(text: str) -> str:
    """The same text, with invisible places to break a line in runs that no line could hold."""
    return RUN.sub(lambda run: run[0] + ZERO_WIDTH_SPACE, text)
