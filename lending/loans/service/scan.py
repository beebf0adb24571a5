"""A code is read at a desk: what is possible, and doing it."""

import datetime as dt

import msgspec
from sqlalchemy.orm import Session

from lending.catalog import queries as catalog
from lending.catalog.rules import Condition, Status
from lending.catalog.schemas import CopyDetail
from lending.catalog.tables import Copy
from lending.core.actor import Actor
from lending.core.clock import local_day
from lending.core.errors import NotFound
from lending.loans.queries import declarations, desk, reservations
from lending.loans.queries.calendars import calendars
from lending.loans.queries.terms import rule_words
from lending.loans.rules.desk_errors import CopyAlreadyOut, CopyNotLendable, LoanOfAnotherDepot, NothingToHandOver
from lending.loans.rules.desk_flow import needs_a_person
from lending.loans.rules.loan_codes import booking_id_of, loan_code, shown_loan_code
from lending.loans.rules.loan_rules import resolve
from lending.loans.rules.periods import DAY
from lending.loans.rules.states import Cause
from lending.loans.schemas import (
    Candidate,
    DeskDecision,
    DeskScan,
    Reservation,
    ScanResult,
    Timing,
)
from lending.loans.schemas.desk import ComesBack
from lending.loans.schemas.papers import ScannedLoan
from lending.loans.service.check_in import check_in
from lending.loans.service.check_out import check_out
from lending.loans.service.desk_access import AtDesk, LoanToClose, bring, loan_to_close, require_desk
from lending.loans.service.lost import check_note, find_if_lost

# Over a longer one nobody is offered a copy early.
LONGEST_CLOSURE = 60 * DAY


def look(session: Session, actor: Actor, depot_id: int, code: str, now: dt.datetime) -> ScanResult:
    """What the copy is and what can be done with it; nothing changes. Raises like `bring`."""
    return situation_of(session, bring(session, actor, depot_id, code), now)


def look_in_pile(session: Session, actor: Actor, depot_id: int, code: str, now: dt.datetime) -> ScanResult | ComesBack:
    """Like `look`, for who takes back a pile: what a scan alone takes back is looked at no closer."""
    at_desk = bring(session, actor, depot_id, code)
    if at_desk.loan is not None and _comes_back_unasked(session, at_desk, at_desk.loan):
        return ComesBack(catalog.checklist(session, at_desk.copy.title_id).sections)
    return situation_of(session, at_desk, now)


def _comes_back_unasked(session: Session, at_desk: AtDesk, loan: LoanToClose) -> bool:
    """Whether the rule lets a scan alone take it back, and nobody has to say anything first."""
    copy, association_id = at_desk.copy, at_desk.depot.association_id
    is_declared = declarations.count_of(session, loan.id) > 0
    if needs_a_person(copy.note, copy.status, is_claimed=loan.is_claimed, is_declared=is_declared):
        return False
    return resolve(rule_words(session, {association_id}), association_id, copy.kind).returns_in_piles


def act(
    session: Session,
    actor: Actor,
    scan: DeskScan,
    decision: DeskDecision,
    now: dt.datetime,
    device_at: dt.datetime | None = None,
) -> ScanResult:
    """Do what the desk decided. Raises like `bring`, `check_out`, `check_in`; NothingToHandOver.

    `device_at` is when it was done, where a device without network tells it later.
    """
    at_desk = bring(session, actor, scan.depot_id, scan.code)
    if decision.action == "take_back":
        return _take_back(session, actor, at_desk, decision, now, device_at)
    return _hand_over(session, actor, at_desk, decision, now, device_at)


def look_at_loan(session: Session, actor: Actor, depot_id: int, code: str, now: dt.datetime) -> ScannedLoan:
    """What the paper of a loan opens at a desk. Raises Forbidden, NotFound, DamagedBarcode, LoanOfAnotherDepot."""
    depot, booking_id = require_desk(session, actor, depot_id), booking_id_of(code)
    if booking_id is None:
        raise NotFound
    booking = reservations.one(session, booking_id, now)
    if booking.cause != Cause.LOAN:
        raise NotFound
    if booking.depot_id != depot_id:
        barcode = shown_loan_code(loan_code(booking_id))
        raise LoanOfAnotherDepot(barcode=barcode, depot_name=booking.depot_name)
    copy = catalog.copy(session, booking.copy_id) if booking.copy_id else None
    today = local_day(now, depot.time_zone)
    return ScannedLoan(
        booking=booking,
        copy=desk.scanned(copy) if copy else None,
        checklist=catalog.checklist(session, booking.title_id).sections,
        missing=copy.last_check.missing if copy and copy.last_check else [],
        others=desk.others_of_school(session, booking, today, now),
    )


def situation_of(session: Session, at_desk: AtDesk, now: dt.datetime) -> ScanResult:
    """What a scan means as things stand."""
    copy, loan = at_desk.copy, at_desk.loan
    if loan is not None:
        return ScanResult(
            situation="take_back",
            copy=desk.scanned(copy),
            booking=reservations.one(session, loan.id, now),
            checklist=catalog.checklist(session, copy.title_id).sections,
            declared=declarations.of_bookings(session, [loan.id]).get(loan.id, []),
            promised=desk.next_planned(session, copy.id, now),
        )
    if copy.status != Status.LENDABLE:
        return ScanResult(
            situation="held_back",
            copy=desk.scanned(copy),
            checklist=catalog.checklist(session, copy.title_id).sections,
            missing=copy.last_check.missing if copy.last_check else [],
        )
    return _on_shelf(session, at_desk, now)


def _on_shelf(session: Session, at_desk: AtDesk, now: dt.datetime) -> ScanResult:
    candidates = _candidates(session, at_desk, now)
    return ScanResult(
        situation="hand_over" if candidates else "on_shelf",
        copy=desk.scanned(at_desk.copy),
        booking=candidates[0].booking if candidates else None,
        candidates=candidates,
        missing=at_desk.copy.last_check.missing if at_desk.copy.last_check else [],
        promised=desk.next_planned(session, at_desk.copy.id, now),
    )


def _candidates(session: Session, at_desk: AtDesk, now: dt.datetime) -> list[Candidate]:
    """Who the copy could go to: the booking planned on it first, then the nearest."""
    today = local_day(now, at_desk.depot.time_zone)
    first_on = desk.first_preparation(session, at_desk.copy.title_id, at_desk.depot.id, today)
    if first_on is None or first_on > today + LONGEST_CLOSURE:
        return []
    calendar = calendars(session, {at_desk.depot.id: at_desk.depot.holiday_territory})[at_desk.depot.id]
    # Somebody may come a little before their day: the next open day is near enough to be offered.
    until = calendar.next_open_day(today + DAY) or today + DAY
    waiting = desk.waiting_for_title(session, at_desk.copy.title_id, at_desk.depot.id, until, now)
    found = [
        Candidate(booking=one, timing=_timing(one, today), is_planned=one.copy_id == at_desk.copy.id)
        for one in waiting
        if one.due_on >= today
    ]
    return sorted(found, key=lambda one: (not one.is_planned, one.booking.starts_on, one.booking.id))


def _timing(booking: Reservation, today: dt.date) -> Timing:
    if booking.starts_on == today:
        return "today"
    return "early" if booking.starts_on > today else "late"


def _take_back(
    session: Session,
    actor: Actor,
    at_desk: AtDesk,
    decision: DeskDecision,
    now: dt.datetime,
    device_at: dt.datetime | None,
) -> ScanResult:
    returned = check_in(session, actor, at_desk.copy.id, decision, now, device_at)
    after = situation_of(session, _without_loan(at_desk, returned.copy), now)
    at_risk = [one.id for one in returned.at_risk]
    return msgspec.structs.replace(
        after,
        booking=reservations.one(session, returned.booking.id, now),
        missing=returned.missing,
        done="taken_back",
        at_risk=reservations.some(session, at_risk, now) if at_risk else [],
    )


def _hand_over(
    session: Session,
    actor: Actor,
    at_desk: AtDesk,
    decision: DeskDecision,
    now: dt.datetime,
    device_at: dt.datetime | None,
) -> ScanResult:
    check_note(at_desk.copy, is_seen=decision.note_seen)
    if find_if_lost(session, actor, at_desk.copy, now, is_confirmed=decision.found_confirmed):
        at_desk = _again(session, at_desk)
    booking_id = decision.booking_id or _obvious(session, at_desk, now)
    booking = check_out(session, actor, booking_id, at_desk.copy.id, now, device_at)
    after = situation_of(session, _again(session, at_desk), now)
    handed = reservations.one(session, booking.id, now)
    return msgspec.structs.replace(after, booking=handed, done="handed_over")


def _obvious(session: Session, at_desk: AtDesk, now: dt.datetime) -> int:
    """The booking that this copy is meant for, else the nearest that waits for such a copy."""
    now_possible = situation_of(session, at_desk, now)
    if now_possible.situation == "take_back" and now_possible.booking is not None:
        holder, barcode = now_possible.booking, at_desk.copy.shown_code
        raise CopyAlreadyOut(barcode=barcode, school_name=holder.school_name, due_on=holder.due_on)
    if now_possible.situation == "held_back":
        raise CopyNotLendable(barcode=at_desk.copy.shown_code, status=at_desk.copy.status)
    if now_possible.booking is None:
        raise NothingToHandOver(barcode=at_desk.copy.shown_code)
    return now_possible.booking.id


def _without_loan(at_desk: AtDesk, row: Copy) -> AtDesk:
    """The copy as its return left it. What was found in it stands in the answer of the return."""
    status, condition = Status(row.status), Condition(row.condition)
    copy = msgspec.structs.replace(at_desk.copy, status=status, condition=condition, version=row.version)
    return AtDesk(at_desk.depot, copy, None)


def _again(session: Session, at_desk: AtDesk) -> AtDesk:
    copy: CopyDetail = catalog.copy(session, at_desk.copy.id)
    return AtDesk(at_desk.depot, copy, loan_to_close(session, copy))
