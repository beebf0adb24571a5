"""Pure rules of the network: school codes, school years, affiliation."""

import datetime as dt
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from lending.core.errors import Conflict, Invalid, PreconditionFailed
from lending.core.i18n import N_
from lending.network.postcodes import department_of
from lending.network.schemas import SchoolPeriodView

# No I, O or Q: they look like digits. Checked on 11,215 real codes.
UAI_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
UAI_SHAPE = re.compile(r"\d{1,7}[A-Z]")
SCHOOL_YEAR_FIRST_MONTH = 8
LAST_YEARS_AFFILIATION_ENDS = (11, 30)
PERIODS_A_YEAR = 5
LAST_PERIOD_ENDS_BEFORE = (6, 16)


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
class BadSchoolPeriods(Invalid):
    """School periods out of order, overlapping, or outside their school year."""

    slug: ClassVar[str] = "bad-school-periods"
    title: ClassVar[str] = N_("Périodes scolaires incorrectes")
    detail: ClassVar[str] = N_(
        "La période {number} doit suivre la précédente et tenir dans l’année scolaire ; il en faut cinq."
    )
    number: int

    def beside(self) -> str | None:
        """The first field of the period that is wrong."""
        return f"starts_{self.number}"


@dataclass(eq=False)
class SchoolCalendarChanged(PreconditionFailed):
    """Somebody else changed the school year since it was read."""

    version: int


@dataclass(eq=False)
class BadOpening(Invalid):
    """Opening hours that end before they begin."""

    slug: ClassVar[str] = "bad-opening"
    title: ClassVar[str] = N_("Horaires incorrects")
    detail: ClassVar[str] = N_(
        "L’heure de fermeture doit suivre l’heure d’ouverture, et deux plages d’un même jour ne se chevauchent pas."
    )
    field: ClassVar[str | None] = "closes_at"


@dataclass(eq=False)
class BadPostcode(Invalid):
    """Not five digits, or none of France."""

    slug: ClassVar[str] = "bad-postcode"
    title: ClassVar[str] = N_("Code postal incorrect")
    detail: ClassVar[str] = N_("« {postcode} » n’est pas un code postal français : cinq chiffres, outre-mer compris.")
    field: ClassVar[str | None] = "postcode"
    postcode: str


def parse_postcode(text: str) -> str:
    """A French postcode without its blanks, or nothing where nothing is written. Raises BadPostcode."""
    postcode = "".join(text.split())
    if postcode and department_of(postcode) is None:
        raise BadPostcode(postcode=text)
    return postcode


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
    """Raise BadOpening unless the hours (weekday, from, to) run forward and do not overlap."""
    until: dict[int, dt.time] = {}
    for weekday, opens_at, closes_at in sorted(hours):
        if opens_at >= closes_at or (weekday in until and opens_at < until[weekday]):
            raise BadOpening
        until[weekday] = closes_at


def check_school_periods(periods: Sequence[SchoolPeriodView], school_year: int) -> None:
    """Raise BadSchoolPeriods unless they are numbered from one, in order, apart, and within their school year."""
    first, last = dt.date(school_year, SCHOOL_YEAR_FIRST_MONTH, 1), dt.date(school_year + 1, SCHOOL_YEAR_FIRST_MONTH, 1)
    day = first
    for number, one in enumerate(periods, start=1):
        is_right = one.number == number and one.school_year == school_year
        if not (is_right and day <= one.starts_on < one.ends_on <= last):
            raise BadSchoolPeriods(number=number)
        day = one.ends_on
    if len(periods) != PERIODS_A_YEAR:
        raise BadSchoolPeriods(number=len(periods) + 1)


def for_lending(period: SchoolPeriodView) -> SchoolPeriodView:
    """A school period as loans see it: the fifth ends in mid-June, so that stock can be checked before the summer."""
    latest = dt.date(period.school_year + 1, *LAST_PERIOD_ENDS_BEFORE)
    if period.number < PERIODS_A_YEAR or not period.starts_on < latest < period.ends_on:
        return period
    return SchoolPeriodView(period.number, period.school_year, period.starts_on, latest)


def moved_path(path: str, old_prefix: str, new_prefix: str) -> str:
    """The path of something below an organisation that moved in the tree."""
    return new_prefix + path.removeprefix(old_prefix)
