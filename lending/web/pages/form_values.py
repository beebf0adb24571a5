"""Reading the fields of forms whose names are only known when they arrive."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from lending.core.errors import Invalid, NotFound
from lending.core.i18n import N_

LARGEST_ID = 2**31 - 1
LARGEST_COUNT = 9999


@dataclass(eq=False)
class BadCount(Invalid):
    """A count is no number, or out of reach."""

    slug: ClassVar[str] = "bad-count"
    title: ClassVar[str] = N_("Nombre incorrect")
    detail: ClassVar[str] = N_("Saisissez un nombre entier entre 0 et {largest}.")
    largest: int = LARGEST_COUNT


@dataclass(eq=False)
class BadDay(Invalid):
    """A day that no calendar has."""

    slug: ClassVar[str] = "bad-day"
    title: ClassVar[str] = N_("Date incorrecte")
    detail: ClassVar[str] = N_("Saisissez une date, par exemple 2027-01-31.")


@dataclass(eq=False)
class BadTime(Invalid):
    """An hour that no clock has."""

    slug: ClassVar[str] = "bad-time"
    title: ClassVar[str] = N_("Heure incorrecte")
    detail: ClassVar[str] = N_("Saisissez une heure d’ouverture et une heure de fermeture, par exemple 09:00 et 12:30.")


@dataclass(eq=False)
class Missing(Invalid):
    """A field that must not be empty is."""

    slug: ClassVar[str] = "missing-field"
    title: ClassVar[str] = N_("Champ à remplir")
    detail: ClassVar[str] = N_("Remplissez ce champ.")


def row_id_in(data: Mapping[str, str], name: str) -> int:
    """The number of a row that a form carries. Raises NotFound for what cannot be one."""
    text = data.get(name, "")
    if not (text.isascii() and text.isdecimal() and 0 < int(text[:11]) <= LARGEST_ID):
        raise NotFound
    return int(text)


def count_in(data: Mapping[str, str], name: str, largest: int = LARGEST_COUNT) -> int:
    """A count from 0 on. Raises BadCount."""
    text = data.get(name, "").strip()
    if not (text.isascii() and text.isdecimal() and int(text[:11]) <= largest):
        raise BadCount(largest=largest)
    return int(text)


def day_in(data: Mapping[str, str], name: str) -> dt.date:
    """A day as browsers send it. Raises BadDay."""
    try:
        return dt.date.fromisoformat(data.get(name, "").strip())
    except ValueError as error:
        raise BadDay from error


def time_in(text: str) -> dt.time:
    """A time of day as browsers send it. Raises BadTime."""
    try:
        return dt.time.fromisoformat(text.strip())
    except ValueError as error:
        raise BadTime from error


def text_in(data: Mapping[str, str], name: str, longest: int = 200) -> str:
    """A text that must be there. Raises Missing."""
    text = " ".join(data.get(name, "").split())[:longest]
    if not text:
        raise Missing
    return text
