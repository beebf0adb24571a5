"""Pure rules of the network: school codes, school years, affiliation."""

import datetime as dt
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import ClassVar

from lending.core.errors import Conflict, Invalid
from lending.core.i18n import N_

# No I, O or Q: they look like digits. Checked on 11,215 real codes.
UAI_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
UAI_SHAPE = re.compile(r"\d{1,7}[A-Z]")
SCHOOL_YEAR_FIRST_MONTH = 8
LAST_YEARS_AFFILIATION_ENDS = (11, 30)


@dataclass(eq=False)
class BadUai(Invalid):
    """Not a school code, or its letter does not belong to its digits."""

    slug: ClassVar[str] = "bad-uai"
    title: ClassVar[str] = N_("Code UAI incorrect")
    detail: ClassVar[str] = N_("« {uai} » n’est pas un code UAI : sept chiffres puis la lettre de contrôle.")
    field: ClassVar[str | None] = "uai"
    uai: str


@dataclass(eq=False)
class UaiTaken(Conflict):
    """A school with this code exists already."""

    slug: ClassVar[str] = "uai-taken"
    title: ClassVar[str] = N_("École déjà inscrite")
    detail: ClassVar[str] = N_("Une école porte déjà le code {uai}.")
    field: ClassVar[str | None] = "uai"
    uai: str


@dataclass(eq=False)
class BadClosure(Invalid):
    """A closure that ends before it begins, or lies too far away."""

    slug: ClassVar[str] = "bad-closure"
    title: ClassVar[str] = N_("Fermeture incorrecte")
    detail: ClassVar[str] = N_("La fin de la fermeture doit suivre son début.")
    field: ClassVar[str | None] = "ends_on"


@dataclass(eq=False)
class BadOpening(Invalid):
    """Opening hours that end before they begin."""

    slug: ClassVar[str] = "bad-opening"
    title: ClassVar[str] = N_("Horaires incorrects")
    detail: ClassVar[str] = N_("L’heure de fermeture doit suivre l’heure d’ouverture, une seule plage par jour.")
    field: ClassVar[str | None] = "closes_at"


def uai_letter(digits: str) -> str:
    """The check letter of seven digits."""
    return UAI_LETTERS[int(digits) % len(UAI_LETTERS)]


def parse_uai(raw: str) -> str:
    """A verified code, padded to eight characters as some sources lose leading zeros. Raises BadUai."""
    text = re.sub(r"\s+", "", raw).upper()
    if not (text.isascii() and UAI_SHAPE.fullmatch(text)):
        raise BadUai(uai=raw[:20])
    uai = text.zfill(8)
    if uai_letter(uai[:7]) != uai[7]:
        raise BadUai(uai=raw[:20])
    return uai


def school_year_of(day: dt.date) -> int:
    """The year in which the school year of `day` began: it turns on 1 August."""
    return day.year if day.month >= SCHOOL_YEAR_FIRST_MONTH else day.year - 1


def is_affiliated(day: dt.date, affiliated_years: Collection[int]) -> bool:
    """Whether a school may borrow on `day`: this year's affiliation, or last year's until 30 November."""
    year = school_year_of(day)
    if year in affiliated_years:
        return True
    return year - 1 in affiliated_years and day <= dt.date(year, *LAST_YEARS_AFFILIATION_ENDS)


def check_closure(starts_on: dt.date, ends_on: dt.date) -> None:
    """Raise BadClosure unless `[starts_on, ends_on)` holds a day."""
    if starts_on >= ends_on:
        raise BadClosure


def check_openings(hours: Iterable[tuple[int, dt.time, dt.time]]) -> None:
    """Raise BadOpening unless the hours (weekday, from, to) run forward, once a day at most."""
    seen: set[int] = set()
    for weekday, opens_at, closes_at in hours:
        if opens_at >= closes_at or weekday in seen:
            raise BadOpening
        seen.add(weekday)


def moved_path(path: str, old_prefix: str, new_prefix: str) -> str:
    """The path of something below an organisation that moved in the tree."""
    return new_prefix + path.removeprefix(old_prefix)
