"""Take a copy back, look into it, and put it right when something was missing."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from lending.catalog.rules import CheckReason, Outcome, Status, clean_text
from lending.catalog.schemas import MissingLine
from lending.catalog.service.record_check import record_check
from lending.catalog.tables import Copy, Title
from lending.core.actor import Actor, Role
from lending.core.barcodes import shown
from lending.loans.queries.desk import loan_of_copy
from lending.loans.rules.desk_errors import CopyIsOnLoan, NothingToComplete, NothingToReturn
from lending.loans.rules.states import State
from lending.loans.schemas import Completion
from lending.loans.service.locking import lock_copy
from lending.loans.service.open_shelf import open_shelf
from lending.loans.service.recording import Act, record
from lending.loans.service.shelf import Shelf
from lending.loans.service.telling import tell_borrower, tell_search
from lending.loans.tables import Booking
from lending.network import queries as network
from lending.notices.rules import NoticeKind

# What comes back is lendable, or waits for its missing part. A copy withdrawn or under repair stays so.
OPEN_TO_LENDING = (Status.LENDABLE, Status.LOST)


@dataclass(frozen=True)
class Returned:
    """A closed loan, what was missing, and the bookings that nobody can serve now."""

    booking: Booking
    missing: list[MissingLine]
    at_risk: list[Booking]


def check_in(
    session: Session,
    actor: Actor,
    copy_id: int,
    found_by_line: Mapping[int, int],
    note: str,
    now: dt.datetime,
) -> Returned:
    """Close the loan of a copy. Raises NothingToReturn, UnknownContentLine, BadFoundCount."""
    title, copy = lock_copy(session, copy_id)
    loan = loan_of_copy(session, copy.id)
    if loan is None:
        raise NothingToReturn(barcode=shown(copy.code))
    check = record_check(session, copy.id, CheckReason.RETURN, found_by_line, actor.person_id, now, clean_text(note))
    is_complete = check.outcome == Outcome.COMPLETE
    _close(loan, check.check_id, now)
    record(session, loan, Act.RETURNED, actor, now, clean_text(note))
    _set_status(copy, is_complete=is_complete)
    session.flush()
    shelf = _settled(session, title, copy, loan.depot_id, now)
    kind = NoticeKind.RETURNED_COMPLETE if is_complete else NoticeKind.RETURNED_INCOMPLETE
    tell_borrower(session, loan, kind, now)
    return Returned(loan, check.missing, shelf.at_risk())


def complete_copy(
    session: Session, actor: Actor, copy_id: int, completion: Completion, now: dt.datetime
) -> list[Booking]:
    """Put the missing parts back: the copy can be lent again. Returns the bookings still without a copy.

    Raises NotFound, Forbidden, CopyIsOnLoan, NothingToComplete.
    """
    title, copy = lock_copy(session, copy_id)
    actor.require(network.path_of(session, copy.owner_id), Role.STAFF)
    if loan_of_copy(session, copy.id) is not None:
        raise CopyIsOnLoan(barcode=shown(copy.code))
    if copy.status != Status.BLOCKED:
        raise NothingToComplete(barcode=shown(copy.code))
    record_check(session, copy.id, completion.reason, {}, actor.person_id, now, clean_text(completion.note))
    copy.status = Status.LENDABLE.value
    copy.version += 1
    session.flush()
    return _settled(session, title, copy, copy.depot_id, now).at_risk()


def _close(loan: Booking, check_id: int, now: dt.datetime) -> None:
    loan.state, loan.returned_at, loan.return_check_id = State.DONE.value, now, check_id
    loan.version += 1


def _set_status(copy: Copy, *, is_complete: bool) -> None:
    if not is_complete and copy.status in OPEN_TO_LENDING:
        copy.status = Status.BLOCKED.value
        copy.version += 1
    elif is_complete and copy.status == Status.LOST:
        copy.status = Status.LENDABLE.value
        copy.version += 1


def _settled(session: Session, title: Title, copy: Copy, depot_id: int, now: dt.datetime) -> Shelf:
    tell_search(session, title.id, now)
    shelf = open_shelf(session, title, depot_id, now)
    if copy.depot_id != depot_id:
        open_shelf(session, title, copy.depot_id, now)
    return shelf
