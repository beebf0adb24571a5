"""Hand a copy over: to who reserved, or over the counter."""

import datetime as dt

from sqlalchemy.orm import Session

from lending.catalog.rules import Status
from lending.catalog.tables import Copy, Title
from lending.core.actor import Actor
from lending.core.barcodes import shown
from lending.loans.queries import reservations
from lending.loans.queries.desk import loan_of_copy
from lending.loans.rules.desk_errors import (
    BookingIsOver,
    CollectionTooEarly,
    CopyAlreadyOut,
    CopyNotHere,
    CopyNotLendable,
    CopyOfAnotherTitle,
    CopyPromised,
)
from lending.loans.rules.errors import DueOnClosedDay, TooLong
from lending.loans.rules.incidents import AlreadyLentToThisSchool
from lending.loans.rules.loan_rules import check_affiliation, while_affiliated
from lending.loans.rules.periods import DAY, Period
from lending.loans.rules.states import Cause, State, check_hand_over
from lending.loans.schemas import NewLoan
from lending.loans.service import borrowers
from lending.loans.service.admission import check_conditions, terms_for, write_conditions
from lending.loans.service.appointing import follow
from lending.loans.service.desk_access import bring, require_desk
from lending.loans.service.keeping_acts import before_act, keep_act
from lending.loans.service.locking import lock_booking, lock_copy, lock_school
from lending.loans.service.lost import check_note, find_if_lost
from lending.loans.service.open_shelf import open_shelf
from lending.loans.service.recording import Act, record
from lending.loans.service.references import new_reference
from lending.loans.service.shelf import Shelf
from lending.loans.service.telling import tell_borrower, tell_search
from lending.loans.tables import Booking
from lending.network import queries as network
from lending.notices.rules import NoticeKind


def check_out(
    session: Session,
    actor: Actor,
    booking_id: int,
    copy_id: int,
    now: dt.datetime,
    device_at: dt.datetime | None = None,
    *,
    as_fact: bool = False,
) -> Booking:
    """Hand this copy over to who reserved; another copy than the planned one swaps the plans.

    `device_at` is when it left, where that is told later; `as_fact`: it has left, whoever it was promised to.
    Raises NotFound, Forbidden and the errors of `rules.desk_errors`.
    """
    title, booking = lock_booking(session, booking_id)
    require_desk(session, actor, booking.depot_id)
    shelf, copy = _ready(session, title, booking, copy_id, now)
    before = before_act(session, booking, copy)
    _leave(shelf, actor, booking, copy, device_at, as_fact=as_fact)
    if device_at is None:
        keep_act(session, actor, "hand_over", booking, copy, before, now)
    return booking


def take_on(session: Session, actor: Actor, booking_id: int, copy_id: int, now: dt.datetime) -> Booking:
    """Hand a copy over far from any desk: its school has it in hand. Who calls has asked for the right to.

    Raises NotFound and the errors of `rules.desk_errors`.
    """
    title, booking = lock_booking(session, booking_id)
    shelf, copy = _ready(session, title, booking, copy_id, now)
    _leave(shelf, actor, booking, copy, None, as_fact=True)
    return booking


def _ready(session: Session, title: Title, booking: Booking, copy_id: int, now: dt.datetime) -> tuple[Shelf, Copy]:
    """The open shelf and the copy, if this booking may have it today."""
    check_hand_over(booking.state, booking.reference)
    check_conditions(booking)
    shelf = open_shelf(session, title, booking.depot_id, now)
    copy = copy_for(shelf, copy_id, booking.school_id)
    if booking.ends_on <= shelf.today:
        due_on = booking.ends_on - DAY
        raise BookingIsOver(reference=booking.reference, due_on=due_on)
    return shelf, copy


def _leave(
    shelf: Shelf, actor: Actor, booking: Booking, copy: Copy, device_at: dt.datetime | None, *, as_fact: bool
) -> None:
    session, now = shelf.session, shelf.now
    if as_fact:
        _displace(shelf, actor, copy, Period(shelf.today, booking.blocked_ends_on), booking)
    _put_out(shelf, booking, copy)
    booking.checked_out_at = device_at or now
    record(session, booking, Act.HANDED_OVER, actor, now, device_at=device_at)
    if as_fact:
        shelf.settle()
    follow(session, [booking], now)
    tell_borrower(session, booking, NoticeKind.HANDED_OVER, now)
    tell_search(session, booking.title_id, now)


def lend_now(
    session: Session,
    actor: Actor,
    wanted: NewLoan,
    now: dt.datetime,
    device_at: dt.datetime | None = None,
    *,
    as_fact: bool = False,
) -> Booking:
    """Lend a copy over the counter from today on.

    The loan ends earlier than wished where the copy is needed for somebody else who cannot have another one, and
    where the school's affiliation ends.
    Raises NotFound, Forbidden and the errors of `rules`.
    """
    lock_school(session, wanted.school_id)
    school = network.school(session, wanted.school_id)
    at_desk = bring(session, actor, wanted.depot_id, wanted.code)
    check_note(at_desk.copy, is_seen=wanted.note_seen)
    title, copy = lock_copy(session, at_desk.copy.id)
    find_if_lost(session, actor, at_desk.copy, now, is_confirmed=wanted.found_confirmed)
    person_id = borrowers.person_to_tell(session, actor, school, wanted.person_id)
    shelf = open_shelf(session, title, wanted.depot_id, now)
    copy_for(shelf, copy.id, school.id)
    terms = terms_for(shelf, school)
    borrowers.check_lends(session, school, terms)
    borrowers.check_limit(session, school, terms, title.kind)
    period = Period.through(shelf.today, wanted.due_on)
    # An affiliation that ends today lets nothing go home until tomorrow.
    for day in (shelf.today, min(period.due_on, shelf.today + DAY)):
        check_affiliation(school.name, school.affiliated_years, day)
    _check_counter_period(shelf, period)
    period = while_affiliated(period, school.affiliated_years)
    if as_fact:
        _displace(shelf, actor, copy, shelf.terms.buffers.around(period))
    booking = _lend(shelf, period, copy)
    booking.school_id, booking.person_id = school.id, person_id
    booking.checked_out_at = device_at or now
    write_conditions(session, booking, terms.rule, school)
    # Whoever hands it over agrees, and sees to the papers.
    booking.awaits_approval = booking.awaits_agreement = False
    booking.deposit_state = "received" if booking.deposit_state == "due" else booking.deposit_state
    shelf.add(booking)
    record(session, booking, Act.HANDED_OVER, actor, now, device_at=device_at)
    if as_fact:
        shelf.settle()
    follow(session, [booking], now)
    tell_borrower(session, booking, NoticeKind.HANDED_OVER, now)
    tell_search(session, title.id, now)
    if device_at is None:
        keep_act(session, actor, "lend", booking, copy, before_act(session, booking, copy), now)
    return booking


def pin(session: Session, actor: Actor, booking_id: int, now: dt.datetime) -> None:
    """Fix the plan: preparation begins. Raises NotFound, Forbidden, BookingNotCollectable."""
    title, booking = lock_booking(session, booking_id)
    require_desk(session, actor, booking.depot_id)
    check_hand_over(booking.state, booking.reference)
    open_shelf(session, title, booking.depot_id, now)
    booking.pinned = booking.copy_id is not None
    booking.version += 1
    session.flush()


def make_ready(session: Session, actor: Actor, booking_id: int, now: dt.datetime) -> None:
    """The copy waits at the desk: its borrower is told. Raises NotFound, Forbidden, BookingNotCollectable."""
    pin(session, actor, booking_id, now)
    booking = session.get_one(Booking, booking_id)
    if booking.pinned:
        key = f"{NoticeKind.READY}:{booking.id}:{booking.starts_on.isoformat()}"
        tell_borrower(session, booking, NoticeKind.READY, now, key)


def copy_for(shelf: Shelf, copy_id: int, school_id: int | None = None) -> Copy:
    """The copy, if it lies here and may leave (for this school). Raises the errors of `rules.desk_errors`."""
    copy = shelf.session.get_one(Copy, copy_id, populate_existing=True)
    barcode = shown(copy.code)
    if copy.title_id != shelf.title.id:
        raise CopyOfAnotherTitle(barcode=barcode, title_name=shelf.title.name)
    loan = loan_of_copy(shelf.session, copy.id)
    if loan is not None:
        raise _already_out(shelf, loan, barcode, school_id)
    if copy.status != Status.LENDABLE:
        raise CopyNotLendable(barcode=barcode, status=copy.status)
    if copy.id not in shelf.copies:
        depot = network.depot(shelf.session, copy.depot_id)
        raise CopyNotHere(barcode=barcode, depot_name=depot.name)
    return copy


def _already_out(shelf: Shelf, loan: Booking, barcode: str, school_id: int | None) -> CopyAlreadyOut:
    """Who has the copy; a school that has it already may extend its loan instead."""
    holder = reservations.one(shelf.session, loan.id, shelf.now)
    name, due_on = holder.school_name, holder.due_on
    if loan.school_id is not None and loan.school_id == school_id:
        return AlreadyLentToThisSchool(
            barcode=barcode, school_name=name, due_on=due_on, reference=holder.reference, booking_id=holder.id
        )
    return CopyAlreadyOut(barcode=barcode, school_name=name, due_on=due_on)


def _displace(shelf: Shelf, actor: Actor, copy: Copy, blocked: Period, booking: Booking | None = None) -> None:
    """Take the copy from who counts on it: settling the shelf finds them another one, or tells them."""
    for one in shelf.bookings:
        is_other = one is not booking and one.copy_id == copy.id and one.state == State.PLANNED
        if is_other and Period(one.blocked_starts_on, one.blocked_ends_on).overlaps(blocked):
            record(shelf.session, one, Act.OVERRIDDEN, actor, shelf.now)
            one.copy_id, one.pinned = None, False
            one.version += 1
    shelf.session.flush()


def _put_out(shelf: Shelf, booking: Booking, copy: Copy) -> None:
    """Collected early, the loan begins today if that leaves room; collected late, it ends as agreed."""
    starts_on = min(booking.starts_on, shelf.today)
    blocked = Period(min(booking.blocked_starts_on, shelf.today), booking.blocked_ends_on)
    is_planned, is_early = booking.copy_id == copy.id, booking.starts_on > shelf.today
    if not shelf.put(booking, blocked, copy.id):
        if is_planned and is_early:
            raise CollectionTooEarly(reference=booking.reference, starts_on=booking.starts_on)
        raise promised(shelf, copy, blocked, booking.id)
    booking.starts_on, booking.pinned = starts_on, False
    booking.state, booking.checked_out_at = State.OUT.value, shelf.now
    booking.version += 1
    shelf.session.flush()


def promised(shelf: Shelf, copy: Copy, blocked: Period, booking_id: int | None = None) -> CopyPromised:
    planned = shelf.planned_on(copy.id, blocked, booking_id)
    holder = reservations.one(shelf.session, planned.id, shelf.now) if planned else None
    return CopyPromised(
        barcode=shown(copy.code),
        school_name=holder.school_name if holder else "",
        starts_on=holder.starts_on if holder else blocked.starts_on,
    )


def _check_counter_period(shelf: Shelf, period: Period) -> None:
    rule, calendar = shelf.terms.rule, shelf.terms.calendar
    if period.length_days > rule.max_loan_days:
        latest = period.starts_on + rule.max_loan_days * DAY - DAY
        raise TooLong(max_loan_days=rule.max_loan_days, latest_due_on=latest)
    if not calendar.is_open(period.due_on):
        next_open_on = calendar.next_open_day(period.due_on)
        raise DueOnClosedDay(due_on=period.due_on, next_open_on=next_open_on)


def _lend(shelf: Shelf, wished: Period, copy: Copy) -> Booking:
    """The loan, as long as wished or as can be; at least until tomorrow, unless only today was wished."""
    for due_on in _open_days_down(shelf, wished):
        period = Period.through(wished.starts_on, due_on)
        blocked = Period(period.starts_on, shelf.terms.buffers.around(period).ends_on)
        if shelf.make_room(blocked, copy.id) is not None:
            return _loan(shelf, period, blocked, copy)
    raise promised(shelf, copy, Period(wished.starts_on, shelf.terms.buffers.around(wished).ends_on))


def _open_days_down(shelf: Shelf, wished: Period) -> list[dt.date]:
    days = [day for day in wished.days() if shelf.terms.calendar.is_open(day)]
    return [day for day in reversed(days) if day > wished.starts_on or day == wished.due_on]


def _loan(shelf: Shelf, period: Period, blocked: Period, copy: Copy) -> Booking:
    return Booking(
        reference=new_reference(),
        title_id=shelf.title.id,
        copy_id=copy.id,
        association_id=shelf.terms.association_id,
        depot_id=shelf.terms.depot_id,
        cause=Cause.LOAN.value,
        state=State.OUT.value,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        blocked_starts_on=blocked.starts_on,
        blocked_ends_on=blocked.ends_on,
        created_at=shelf.now,
        checked_out_at=shelf.now,
    )
