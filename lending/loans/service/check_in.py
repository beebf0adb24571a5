"""Take a copy back, look into it, and put it right when something was missing."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from lending.catalog import queries as catalog
from lending.catalog.placing.rules import check_alone
from lending.catalog.rules import CheckReason, Condition, Outcome, Status, clean_text
from lending.catalog.schemas import MissingLine
from lending.catalog.service.record_check import record_check
from lending.catalog.tables import Copy, Title
from lending.core.actor import Actor, Role
from lending.core.barcodes import shown
from lending.core.clock import local_day
from lending.loans.queries import declarations
from lending.loans.queries.desk import loan_of_copy, lost_loan_of
from lending.loans.rules.declarations import check_seen
from lending.loans.rules.desk_errors import CopyIsOnLoan, NothingToComplete, NothingToReturn
from lending.loans.rules.incidents import (
    ClaimToResolve,
    NoteNotSeen,
    Settled,
    WithdrawnCopyReturned,
    check_returned_on,
)
from lending.loans.rules.states import State
from lending.loans.schemas import Completion, DeskDecision
from lending.loans.service.appointing import follow
from lending.loans.service.claims import end_claim
from lending.loans.service.keeping_acts import before_act, keep_act
from lending.loans.service.locking import lock_copy
from lending.loans.service.lost import close_lost_loan, tell_found
from lending.loans.service.open_shelf import open_shelf
from lending.loans.service.opening import report_return
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
    """A closed loan, its copy, what was missing, and the bookings that nobody can serve now."""

    booking: Booking
    copy: Copy
    missing: list[MissingLine]
    at_risk: list[Booking]


def check_in(
    session: Session,
    actor: Actor,
    copy_id: int,
    decision: DeskDecision,
    now: dt.datetime,
    device_at: dt.datetime | None = None,
    *,
    is_undoable: bool = True,
) -> Returned:
    """Close the loan of a copy, a lost one too. `device_at` is when it came, where that is told later.

    Raises NothingToReturn, UnknownContentLine, BadFoundCount, DeclarationNotSeen and the errors of `rules.incidents`.
    """
    title, copy = lock_copy(session, copy_id)
    loan = _loan_of(session, copy)
    _check_words(copy, loan, decision)
    check_seen(declarations.count_of(session, loan.id), shown(copy.code), is_seen=decision.declaration_seen)
    before = before_act(session, loan, copy)
    returned_at = device_at or _returned_at(session, loan, decision, now)
    found, note = {line.line_id: line.found for line in decision.found}, clean_text(decision.note)
    known = catalog.missing_at_last(session, copy.id)
    check = record_check(
        *(session, copy.id, CheckReason.RETURN, found, actor.person_id, now, note),
        lendable_though_incomplete=decision.lendable_though_incomplete and decision.damaged is None,
    )
    is_complete = check.outcome == Outcome.COMPLETE
    if decision.claim is not None:
        end_claim(session, actor, loan, Settled(decision.claim), now)
    if before.incidents or loan.state == State.LOST:
        tell_found(session, actor, copy.id, loan, now)
    _close(loan, check.check_id, returned_at)
    record(session, loan, Act.RETURNED, actor, now, note, device_at)
    _set_status(copy, decision, is_complete=is_complete)
    session.flush()
    report_return(session, actor, copy, loan, decision, check.missing, known, now)
    shelf = _settled(session, title, copy, loan.depot_id, now)
    kind = NoticeKind.RETURNED_COMPLETE if is_complete else NoticeKind.RETURNED_INCOMPLETE
    follow(session, [loan], now)
    tell_borrower(session, loan, kind, now)
    if device_at is None and is_undoable:
        keep_act(session, actor, "take_back", loan, copy, before, now)
    return Returned(loan, copy, check.missing, shelf.at_risk())


def complete_copy(
    session: Session, actor: Actor, copy_id: int, completion: Completion, now: dt.datetime
) -> list[Booking]:
    """Put a copy right that waited for parts or was lost: it can be lent again. Returns the bookings still at risk.

    Raises NotFound, Forbidden, CopyIsOnLoan, CopyInsideTrunk, NothingToComplete.
    """
    title, copy = lock_copy(session, copy_id)
    actor.require(network.path_of(session, copy.owner_id), Role.STAFF)
    if loan_of_copy(session, copy.id) is not None:
        raise CopyIsOnLoan(barcode=shown(copy.code))
    check_alone(catalog.copy(session, copy.id))
    if copy.status not in (Status.BLOCKED, Status.LOST):
        raise NothingToComplete(barcode=shown(copy.code))
    record_check(session, copy.id, completion.reason, {}, actor.person_id, now, clean_text(completion.note))
    if copy.status == Status.LOST:
        close_lost_loan(session, actor, copy, now)
    if copy.condition == Condition.DAMAGED:
        copy.condition = Condition.WORN.value
    copy.status = Status.LENDABLE.value
    copy.version += 1
    session.flush()
    return _settled(session, title, copy, copy.depot_id, now).at_risk()


def _loan_of(session: Session, copy: Copy) -> Booking:
    loan = loan_of_copy(session, copy.id)
    if loan is None and copy.status == Status.LOST:
        loan = lost_loan_of(session, copy.id)
    if loan is None:
        raise NothingToReturn(barcode=shown(copy.code))
    return loan


def _check_words(copy: Copy, loan: Booking, decision: DeskDecision) -> None:
    """Whether the desk said what a return of this copy needs."""
    barcode = shown(copy.code)
    if copy.note and not decision.note_seen:
        raise NoteNotSeen(barcode=barcode, note=copy.note)
    if copy.status == Status.WITHDRAWN and not decision.accept_withdrawn:
        raise WithdrawnCopyReturned(barcode=barcode)
    if loan.state == State.OUT and loan.claimed_at is not None and decision.claim is None:
        raise ClaimToResolve(barcode=barcode, reference=loan.reference)


def _returned_at(session: Session, loan: Booking, decision: DeskDecision, now: dt.datetime) -> dt.datetime:
    """When it came back: now, or at noon of the day that the desk says; on the day of the claim if that was right."""
    if decision.returned_on is None:
        return loan.claimed_at if decision.claim == "was_here" and loan.claimed_at else now
    zone = network.time_zone_of(session, loan.association_id)
    lent_at, today = loan.checked_out_at or now, local_day(now, zone)
    check_returned_on(decision.returned_on, local_day(lent_at, zone), today)
    if decision.returned_on == today:
        return now
    noon = dt.datetime.combine(decision.returned_on, dt.time(12), ZoneInfo(zone)).astimezone(dt.UTC)
    return max(noon, lent_at)


def _close(loan: Booking, check_id: int, returned_at: dt.datetime) -> None:
    loan.state, loan.returned_at, loan.return_check_id = State.DONE.value, returned_at, check_id
    loan.version += 1


def _set_status(copy: Copy, decision: DeskDecision, *, is_complete: bool) -> None:
    """A withdrawn copy stays so, and one under repair unless the desk says where it goes."""
    status = copy.status
    if decision.damaged is not None and status != Status.WITHDRAWN:
        copy.condition, status = Condition.DAMAGED.value, decision.damaged
    elif status in OPEN_TO_LENDING:
        may_leave = is_complete or decision.lendable_though_incomplete
        status = Status.LENDABLE.value if may_leave else Status.BLOCKED.value
    if status != copy.status:
        copy.status = status
        copy.version += 1


def _settled(session: Session, title: Title, copy: Copy, depot_id: int, now: dt.datetime) -> Shelf:
    tell_search(session, title.id, now)
    shelf = open_shelf(session, title, depot_id, now)
    if copy.depot_id != depot_id:
        open_shelf(session, title, copy.depot_id, now)
    return shelf
