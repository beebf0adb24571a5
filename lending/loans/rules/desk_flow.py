"""What a scan makes the desk do by itself, and what it leaves to a person."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from lending.core.errors import LendingError, NotFound
from lending.core.i18n import N_
from lending.loans.rules.loan_codes import booking_id_of
from lending.network.rules import parse_uai

REFERENCE = re.compile(r"([B-DF-HJKMNP-TV-XZ2-9]{4})-?([B-DF-HJKMNP-TV-XZ2-9]{4})")
UAI = re.compile(r"\d{7}[A-Z]")


@dataclass(eq=False)
class UnknownSheet(NotFound):
    """No loan of this desk has this reference, no school this code."""

    slug: ClassVar[str] = "unknown-sheet"
    title: ClassVar[str] = N_("Fiche inconnue")
    detail: ClassVar[str] = N_("Aucun prêt de ce dépôt et aucune école ne porte le code {sheet}.")
    field: ClassVar[str | None] = "code"
    sheet: str


@dataclass(frozen=True, slots=True)
class SheetCode:
    """What stands on a paper: the number or the reference of a loan, or the code of a school."""

    kind: Literal["number", "reference", "school"]
    text: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A booking that the scanned copy could serve."""

    booking_id: int
    school_id: int | None


def sheet_code(raw: str) -> SheetCode | None:
    """The code of a sheet, or None for any other code. Raises DamagedBarcode for a loan's with a wrong key."""
    number = booking_id_of(raw)
    if number is not None:
        return SheetCode("number", str(number))
    text = re.sub(r"\s+", "", raw).upper()
    found = REFERENCE.fullmatch(text)
    # A box may carry eight digits: a reference without a letter is left to who reads it.
    if found and not text.isdecimal():
        return SheetCode("reference", f"{found[1]}-{found[2]}")
    return SheetCode("school", text) if _is_school(text) else None


def meant_by_sheet(waiting: Sequence[Waiting], booking_id: int | None, school_id: int | None) -> int | None:
    """The booking that a sheet means: its own, else the only one of its school; None where a person must choose."""
    if any(one.booking_id == booking_id for one in waiting):
        return booking_id
    of_school = [one.booking_id for one in waiting if school_id is not None and one.school_id == school_id]
    return of_school[0] if len(of_school) == 1 else None


def needs_a_person(note: str, status: str, *, is_claimed: bool, is_declared: bool = False) -> bool:
    """Whether the desk must say something first: a note, a dispute, a declaration, a copy set apart."""
    return bool(note) or is_claimed or is_declared or status in ("lost", "withdrawn")


def _is_school(text: str) -> bool:
    try:
        return UAI.fullmatch(text) is not None and bool(parse_uai(text))
    except LendingError:
        return False
