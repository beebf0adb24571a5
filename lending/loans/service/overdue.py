"""What time alone changes: late loans grow, reservations that nobody collected lapse, reminders fall due."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from lending.catalog.tables import Title
from lending.core.actor import SYSTEM
from lending.core.clock import local_day
from lending.core.database import ask, table_of
from lending.loans.notice_facts import booking_subject
from lending.loans.queries import relays
from lending.loans.queries.overdue_steps import copy_readers, steps_of
from lending.loans.queries.pools import IS_OPEN, IS_OUT
from lending.loans.queries.terms import Terms, TermsBook, rule_words
from lending.loans.rules.changes import lapses_on
from lending.loans.rules.loan_rules import DEFAULT_RULE, resolve
from lending.loans.rules.periods import DAY, Period
from lending.loans.rules.reminders import CopyTo, Step, is_due_soon, is_due_tomorrow, overdue_step
from lending.loans.rules.states import Because, Cause, State
from lending.loans.service.cancel import release
from lending.loans.service.locking import lock_booking
from lending.loans.service.recording import Act, record
from lending.loans.tables import Booking
from lending.network.tables import Association
from lending.notices.announce import Message, announce_many
from lending.notices.rules import NoticeKind, due_soon_key, due_tomorrow_key, overdue_copy_key, overdue_key
from lending.notices.tables import Notice

# Nothing is due, late or lapsed anywhere on earth earlier than this after it is in UTC.
WIDEST_ZONE = DAY
KEYS_AT_ONCE = 500

# Written once: every turn of the worker asks them of each association.
_notice = table_of(Notice).c
_booking, _title, _association = (table_of(one) for one in (Booking, Title, Association))
KNOWN_KEYS = select(_notice.key).where(_notice.key.in_(bindparam("keys", expanding=True)))
LOANS_DUE = (
    select(_booking.c.id, _booking.c.person_id, _booking.c.ends_on, _title.c.kind, _association.c.time_zone)
    .join_from(_booking, _title, _title.c.id == _booking.c.title_id)
    .join(_association, _association.c.organisation_id == _booking.c.association_id)
    .where(_booking.c.association_id == bindparam("association_id"), IS_OUT)
    .where(_booking.c.cause == Cause.LOAN.value, _booking.c.person_id.is_not(None), _booking.c.claimed_at.is_(None))
    .where(_booking.c.ends_on > bindparam("from_day"), _booking.c.ends_on <= bindparam("until_day"))
    .order_by(_booking.c.id)
)
_bounds = (_booking.c[name] for name in ("starts_on", "ends_on", "blocked_ends_on"))
_plans = (
    select(_booking.c.id, _booking.c.title_id, _booking.c.depot_id, _title.c.kind, *_bounds)
    .join_from(_booking, _title, _title.c.id == _booking.c.title_id)
    .order_by(_booking.c.id)
)
ENDING = _plans.where(IS_OUT, _booking.c.ends_on <= bindparam("until_day"))
BEGUN = _plans.where(
    *(IS_OPEN, _booking.c.state == State.PLANNED.value, _booking.c.cause == Cause.LOAN.value),
    _booking.c.starts_on <= bindparam("until_day"),
)
LENDERS = select(_booking.c.association_id).where(IS_OUT).distinct()
# Not what came back meanwhile, nor what its borrower says to have brought back. With the lender of each.
STILL_TO_REMIND = select(_booking.c.id, _booking.c.association_id).where(
    _booking.c.id.in_(bindparam("booking_ids", expanding=True)), IS_OUT, _booking.c.claimed_at.is_(None)
)


@dataclass(frozen=True)
class Reminder:
    """A message about a loan; its key says which of all possible ones it is, `unless` which one makes it needless."""

    booking_id: int
    kind: NoticeKind
    key: str
    person_id: int
    unless: str = ""


@dataclass(frozen=True)
class DueLoan:
    """What reminders ask of a loan. `time_zone` is the lender's."""

    booking_id: int
    person_id: int
    due_on: dt.date
    kind: str
    time_zone: str


def titles_with_late_loans(session: Session, now: dt.datetime) -> list[int]:
    """The titles of which a late loan keeps its copy longer than is written down."""
    loans = ask(session, ENDING, until_day=now.date() + WIDEST_ZONE).all()
    book = TermsBook(session, {one.depot_id for one in loans})
    return sorted({one.title_id for one in loans if _grows(one, book.of(one.depot_id, one.kind), now)})


def _grows(loan: Row[Any], terms: Terms, now: dt.datetime) -> bool:
    period, today = Period(loan.starts_on, loan.ends_on), local_day(now, terms.time_zone)
    return bool(terms.buffers.end_while_out(period, loan.blocked_ends_on, today) > loan.blocked_ends_on)


def uncollected(session: Session, now: dt.datetime) -> list[int]:
    """The reservations for which nobody came on so many open days, or in their whole period."""
    found = ask(session, BEGUN, until_day=now.date() + WIDEST_ZONE).all()
    book = TermsBook(session, {one.depot_id for one in found})
    lapsed = [one.id for one in found if _has_lapsed(one, book.of(one.depot_id, one.kind), now)]
    # Nobody comes to a desk for what another school brings: that lapses with its last day.
    relayed = {one.next_id for one in relays.that_count(session, lapsed)}
    over = {one.id for one in found if _is_over(one, book.of(one.depot_id, one.kind), now)}
    return [booking_id for booking_id in lapsed if booking_id not in relayed or booking_id in over]


def _has_lapsed(booking: Row[Any], terms: Terms, now: dt.datetime) -> bool:
    today = local_day(now, terms.time_zone)
    return bool(today >= min(booking.ends_on, lapses_on(booking.starts_on, terms.rule, terms.calendar)))


def _is_over(booking: Row[Any], terms: Terms, now: dt.datetime) -> bool:
    return bool(local_day(now, terms.time_zone) >= booking.ends_on)


def lapse(session: Session, booking_id: int, now: dt.datetime) -> bool:
    """Cancel a reservation that nobody collected; False when it changed meanwhile."""
    title, booking = lock_booking(session, booking_id)
    if booking.state != State.PLANNED:
        return False
    release(session, title, booking, now, Because.LAPSED)
    record(session, booking, Act.LAPSED, SYSTEM, now)
    return True


def associations_with_loans(session: Session) -> list[int]:
    """The associations of which something is out, by id."""
    return sorted(ask(session, LENDERS).scalars())


def due_soon(session: Session, now: dt.datetime, association_id: int) -> list[Reminder]:
    """An association's reminders that are due and were not announced yet."""
    words = rule_words(session, {association_id})
    longest = max((one.said["reminder_days"] or 0 for one in words), default=0)
    horizon = now.date() + max(longest, DEFAULT_RULE.reminder_days) * DAY + WIDEST_ZONE
    loans = loans_due(session, association_id, now.date() - WIDEST_ZONE, horizon)
    days = {kind: resolve(words, association_id, kind).reminder_days for kind in {loan.kind for loan in loans}}
    found = (reminder_before(loan, local_day(now, loan.time_zone), days[loan.kind]) for loan in loans)
    return _not_announced(session, [one for one in found if one is not None])


def reminder_before(loan: DueLoan, today: dt.date, reminder_days: int) -> Reminder | None:
    """On the day before the last one the message says « tomorrow », on any other day which day it is."""
    if not is_due_soon(loan.due_on, today, max(1, reminder_days)):
        return None
    tomorrow_key = due_tomorrow_key(loan.booking_id, loan.due_on)
    if is_due_tomorrow(loan.due_on, today):
        return Reminder(loan.booking_id, NoticeKind.DUE_TOMORROW, tomorrow_key, loan.person_id)
    key = due_soon_key(loan.booking_id, loan.due_on)
    return Reminder(loan.booking_id, NoticeKind.DUE_SOON, key, loan.person_id, tomorrow_key)


def overdue(session: Session, now: dt.datetime, association_id: int) -> list[Reminder]:
    """An association's notices of lateness that are due and were not announced yet, and copies of them."""
    steps = steps_of(session, association_id)
    readers = copy_readers(session, association_id, steps)
    loans = loans_due(session, association_id, dt.date.min, now.date() + WIDEST_ZONE)
    found = (reminders_after(loan, local_day(now, loan.time_zone), steps, readers) for loan in loans)
    return _not_announced(session, [one for some in found for one in some])


def reminders_after(
    loan: DueLoan, today: dt.date, steps: Sequence[Step], readers: Mapping[CopyTo, Sequence[int]]
) -> list[Reminder]:
    """The reminder that lateness has reached on a day, with its copies; none for a loan in time."""
    number = overdue_step(loan.due_on, today, steps)
    if number is None:
        return []
    key = overdue_key(loan.booking_id, loan.due_on, number)
    found = [Reminder(loan.booking_id, NoticeKind.OVERDUE, key, loan.person_id)]
    for person_id in readers.get(steps[number - 1].copy_to, []):
        if person_id != loan.person_id:
            copy_key = overdue_copy_key(loan.booking_id, loan.due_on, number, person_id)
            found.append(Reminder(loan.booking_id, NoticeKind.OVERDUE_COPY, copy_key, person_id))
    return found


def announce_all(session: Session, reminders: Sequence[Reminder], now: dt.datetime) -> int:
    """Announce them, but for loans that came back meanwhile; returns how many were announced."""
    ids = sorted({one.booking_id for one in reminders})
    lenders = {row.id: row.association_id for row in ask(session, STILL_TO_REMIND, booking_ids=ids)}
    messages = [_message(one, lenders[one.booking_id]) for one in reminders if one.booking_id in lenders]
    return announce_many(session, messages, now)


def _message(reminder: Reminder, association_id: int) -> Message:
    return Message(
        kind=reminder.kind,
        person_id=reminder.person_id,
        subject=booking_subject(reminder.booking_id),
        key=reminder.key,
        association_id=association_id,
    )


def _not_announced(session: Session, reminders: Sequence[Reminder]) -> list[Reminder]:
    known = known_keys(session, [key for one in reminders for key in (one.key, one.unless) if key])
    return [one for one in reminders if not known & {one.key, one.unless}]


def known_keys(session: Session, keys: Sequence[str]) -> set[str]:
    """Which of these messages were announced before."""
    known: set[str] = set()
    for start in range(0, len(keys), KEYS_AT_ONCE):
        some = keys[start : start + KEYS_AT_ONCE]
        known.update(ask(session, KNOWN_KEYS, keys=some).scalars())
    return known


def loans_due(session: Session, association_id: int, from_day: dt.date, until_day: dt.date) -> list[DueLoan]:
    """The loans with somebody to write to and their last day between these two, both included."""
    between: dict[str, object] = {"association_id": association_id, "from_day": from_day, "until_day": until_day + DAY}
    return [
        DueLoan(id_, person_id or 0, ends_on - DAY, kind, zone)
        for id_, person_id, ends_on, kind, zone in ask(session, LOANS_DUE, **between)
    ]
