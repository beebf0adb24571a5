"""What the papers of a loan open and hold."""

import msgspec

from lending.catalog.schemas import ChecklistSection, MissingLine
from lending.loans.schemas import Reservation, ScannedCopy


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
