"""What the papers of a loan open and hold."""

import datetime as dt
from typing import Annotated

import msgspec

from lending.catalog.schemas import ChecklistSection, MissingLine
from lending.loans.schemas import Reservation, ScannedCopy

# The rule says how long each may be; no one is read beyond this.
Words = Annotated[str, msgspec.Meta(max_length=20_000)]


class ScannedLoan(msgspec.Struct, frozen=True, kw_only=True):
    """What the paper of a loan opens at a desk; nothing changes.

    `copy` is the one that is out or planned, `checklist` what should be in it, `missing` what the last look did not
    find. `others` are the school's other loans that this desk has in hand: out, or to be handed over by now.
    """

    booking: Reservation
    copy: ScannedCopy | None
    checklist: list[ChecklistSection]
    missing: list[MissingLine]
    others: list[Reservation]


class PaperTexts(msgspec.Struct, frozen=True, kw_only=True):
    """An association's own words on its papers; empty ones leave the word to the usual text.

    `signatory` is who signs for it, `commitments` what a borrower agrees to (a clause a line), `insurance` who bears
    which risk, `slip_note` a word to who fetches, `footer` the small print of each sheet.
    """

    signatory: Words = ""
    commitments: Words = ""
    insurance: Words = ""
    slip_note: Words = ""
    footer: Words = ""


class PaperTextsView(msgspec.Struct, frozen=True, kw_only=True):
    """The texts as they are kept; version 0 = nobody wrote any. `logo_url` is where the picture is."""

    association_id: int
    texts: PaperTexts
    logo_url: str | None
    updated_at: dt.datetime | None
    version: int


class PaperTextsChange(PaperTexts, frozen=True, kw_only=True):
    """New texts, instead of those of `version`."""

    version: Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]
