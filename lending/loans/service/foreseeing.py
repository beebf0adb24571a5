"""Which messages are still to come until a day: those that wait, and those that reminders will announce."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from lending.core.clock import local_day
from lending.core.tables import OutboxRow
from lending.loans.affiliation_notices import WARNING_DAYS, ending_on, last_day
from lending.loans.digest_notices import digests_of
from lending.loans.notice_facts import booking_subject
from lending.loans.queries.overdue_steps import copy_readers, steps_of
from lending.loans.queries.terms import rule_words
from lending.loans.rules.loan_rules import DEFAULT_RULE, resolve
from lending.loans.rules.nights import DAY, turning_days
from lending.loans.service.overdue import Reminder, known_keys, loans_due, reminder_before, reminders_after
from lending.network.rules import school_year_of
from lending.network.schemas import AssociationView
from lending.notices.announce import Message
from lending.notices.queries import OF_OUTBOX
from lending.notices.rules import NoticeKind
from lending.notices.tables import Notice

# A message that is not written down yet comes after all that are.
NOT_WRITTEN = 2**31 - 1


@dataclass(frozen=True)
class Coming:
    """A message and the local day of its turn; `notice_id` is that of one that waits already."""

    message: Message
    turn_on: dt.date
    notice_id: int = NOT_WRITTEN

    @property
    def is_written(self) -> bool:
        """Whether it waits already."""
        return self.notice_id != NOT_WRITTEN


# What an association will announce from today until a day, `until` included, where others than loans do so.
Foreseer = Callable[[Session, int, dt.date, dt.date], Sequence[Coming]]


def coming(session: Session, lender: AssociationView, today: dt.date, until: dt.date) -> list[Coming]:
    """An association's messages until a day, `until` included, by day."""
    found = [
        *waiting(session, lender.id, lender.time_zone, today, until),
        *_reminders(session, lender.id, today, until),
        *_affiliations(session, lender.id, today, until),
    ]
    return sorted(found, key=lambda one: (one.turn_on, one.message.key))


def waiting(
    session: Session, association_id: int | None, time_zone: str, today: dt.date, until: dt.date
) -> Iterator[Coming]:
    """What is written down and was not sent; links to sign in are nobody else's business."""
    query = (
        select(Notice, OutboxRow.next_at)
        .join(OutboxRow, OF_OUTBOX)
        .where(OutboxRow.state == "waiting", Notice.cancelled_at.is_(None))
        .where(Notice.association_id == association_id, Notice.kind != NoticeKind.SIGN_IN_LINK.value)
    )
    for notice, next_at in session.execute(query):
        turn_on = max(today, local_day(next_at, time_zone))
        if turn_on <= until:
            yield Coming(_written(notice), turn_on, notice.id)


def digests(session: Session, day: dt.date) -> list[Coming]:
    """The digests of a day that are not written yet."""
    return _unknown(session, [Coming(one, day) for one in digests_of(session, day)])


def _reminders(session: Session, association_id: int, today: dt.date, until: dt.date) -> list[Coming]:
    found = sorted(_every_reminder(session, association_id, today, until), key=lambda pair: pair[0])
    known = known_keys(session, [key for _, one in found for key in (one.key, one.unless) if key])
    told = []
    for day, one in found:
        if not known & {one.key, one.unless}:
            known.add(one.key)
            told.append(Coming(_message(one, association_id), day))
    return told


def _every_reminder(
    session: Session, association_id: int, today: dt.date, until: dt.date
) -> Iterator[tuple[dt.date, Reminder]]:
    """Each reminder on each day on which it could be announced first."""
    words, steps = rule_words(session, {association_id}), steps_of(session, association_id)
    readers = copy_readers(session, association_id, steps)
    longest = max([DEFAULT_RULE.reminder_days, *(one.said["reminder_days"] or 0 for one in words)])
    for loan in loans_due(session, association_id, dt.date.min, until + max(1, longest) * DAY):
        days = resolve(words, association_id, loan.kind).reminder_days
        for day in turning_days(loan.due_on, days, steps, today, until):
            before = reminder_before(loan, day, days)
            for one in (*([before] if before else []), *reminders_after(loan, day, steps, readers)):
                yield day, one


def _affiliations(session: Session, association_id: int, today: dt.date, until: dt.date) -> list[Coming]:
    """They are told on the first day of the weeks before the end, or today when these have begun."""
    years = {school_year_of(today), school_year_of(until)}
    days = {max(today, last_day(year) - WARNING_DAYS * DAY) for year in years}
    found = [
        Coming(one, day) for day in sorted(days) if day <= until for one in ending_on(session, association_id, day)
    ]
    return _unknown(session, found)


def _unknown(session: Session, found: list[Coming]) -> list[Coming]:
    known = known_keys(session, [one.message.key for one in found])
    return [one for one in found if one.message.key not in known]


def _message(reminder: Reminder, association_id: int) -> Message:
    return Message(
        kind=reminder.kind,
        person_id=reminder.person_id,
        subject=booking_subject(reminder.booking_id),
        key=reminder.key,
        association_id=association_id,
    )


def _written(notice: Notice) -> Message:
    return Message(
        kind=notice.kind,
        person_id=notice.person_id,
        subject=notice.subject,
        key=notice.key,
        association_id=notice.association_id,
    )
