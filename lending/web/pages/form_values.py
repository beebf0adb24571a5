"""Reading the forms of those who work here: counts, hours, texts; each mistake stands beside its field."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, TypeVar

from lending.core.errors import Invalid, NotFound
from lending.core.i18n import N_

LARGEST_ID = 2**31 - 1
LARGEST_COUNT = 9999
Code = TypeVar("Code", bound=StrEnum)


@dataclass(eq=False)
class BadCount(Invalid):
    """A count is no number, or out of reach."""

    slug: ClassVar[str] = "bad-count"
    title: ClassVar[str] = N_("Nombre incorrect")
    detail: ClassVar[str] = N_("Saisissez un nombre entier entre {smallest} et {largest}.")
    name: str
    smallest: int
    largest: int

    def beside(self) -> str | None:
        """The field with the count."""
        return self.name


@dataclass(eq=False)
class BadTime(Invalid):
    """An hour that no clock has, or half of a stretch of hours."""

    slug: ClassVar[str] = "bad-time"
    title: ClassVar[str] = N_("Heure incorrecte")
    detail: ClassVar[str] = N_("Saisissez une heure d’ouverture et une heure de fermeture, par exemple 09:00 et 12:30.")
    name: str

    def beside(self) -> str | None:
        """The field with the hour."""
        return self.name


@dataclass(eq=False)
class BadContents(Invalid):
    """A line of a trunk's contents cannot be understood."""

    slug: ClassVar[str] = "bad-contents"
    title: ClassVar[str] = N_("Contenu incompris")
    detail: ClassVar[str] = N_("Cette ligne n’est pas comprise : « {line} ». Écrivez par exemple « 5 × Album ».")
    line: str

    def beside(self) -> str | None:
        """The field with the contents."""
        return "contents"


@dataclass(eq=False)
class EmptyField(Invalid):
    """A field that must not be empty is."""

    slug: ClassVar[str] = "empty-field"
    title: ClassVar[str] = N_("Champ à remplir")
    detail: ClassVar[str] = N_("Remplissez ce champ.")
    name: str

    def beside(self) -> str | None:
        """The field without a text."""
        return self.name


@dataclass(eq=False)
class FieldTooLong(Invalid):
    """A text is longer than can be kept: it is refused and never cut."""

    slug: ClassVar[str] = "field-too-long"
    title: ClassVar[str] = N_("Texte trop long")
    detail: ClassVar[str] = N_("Ce texte a {length} caractères : {longest} au plus.")
    name: str
    length: int
    longest: int

    def beside(self) -> str | None:
        """The field with the text."""
        return self.name


def row_id_in(data: Mapping[str, str], name: str) -> int:
    """The number of a row that a hidden field carries. Raises NotFound for what cannot be one."""
    text = data.get(name, "")
    if not (text.isascii() and text.isdecimal() and 0 < int(text[:11]) <= LARGEST_ID):
        raise NotFound
    return int(text)


def ticked(data: Mapping[str, str], name: str) -> list[int]:
    """The numbers of the rows whose boxes, called `name-number`, were ticked. What is no number is none of them."""
    numbers = [box.removeprefix(f"{name}-") for box in data if box.startswith(f"{name}-")]
    ids = [int(one[:11]) for one in numbers if one.isascii() and one.isdecimal()]
    return [one for one in ids if 0 < one <= LARGEST_ID]


def count_in(data: Mapping[str, str], name: str, smallest: int = 0, largest: int = LARGEST_COUNT) -> int:
    """A count between two bounds. Raises BadCount."""
    text = data.get(name, "").strip()
    if not (text.isascii() and text.isdecimal() and smallest <= int(text[:11]) <= largest):
        raise BadCount(name=name, smallest=smallest, largest=largest)
    return int(text)


def time_in(data: Mapping[str, str], name: str) -> dt.time:
    """A time of day as browsers send it, to the minute. Raises BadTime."""
    try:
        return dt.datetime.strptime(data.get(name, "").strip()[:5], "%H:%M").time()  # noqa: DTZ007 - a wall clock has no zone
    except ValueError as error:
        raise BadTime(name=name) from error


def text_in(data: Mapping[str, str], name: str, longest: int = 120) -> str:
    """A line that must be there. Raises EmptyField, FieldTooLong."""
    text = " ".join(note_in(data, name, longest).split())
    if not text:
        raise EmptyField(name=name)
    return text


def note_in(data: Mapping[str, str], name: str, longest: int) -> str:
    """A text that may be empty, whole or not at all. Raises FieldTooLong."""
    text = data.get(name, "").strip()
    if len(text) > longest:
        raise FieldTooLong(name=name, length=len(text), longest=longest)
    return text


def code_in(data: Mapping[str, str], name: str, codes: type[Code]) -> Code:
    """One of a closed list that a menu offered. Raises NotFound for anything else."""
    try:
        return codes(data.get(name, ""))
    except ValueError as error:
        raise NotFound from error
