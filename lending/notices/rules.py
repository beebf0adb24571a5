"""Kinds of notices and the keys that make each message unique.

A key names what is told, never when: a job may announce it in every run and one message goes out.
"""

import datetime as dt
from enum import StrEnum

from lending.core.actor import Role


class Delivery(StrEnum):
    """How a person gets one kind of message by mail. In the product they see it in any case."""

    NOW = "now"
    DIGEST = "digest"
    NEVER = "never"


class Rhythm(StrEnum):
    """How often a person gets the digest."""

    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


class NoticeKind(StrEnum):
    """What a message tells."""

    SIGN_IN_LINK = "sign-in-link"
    BOOKING_CONFIRMED = "booking-confirmed"
    BOOKING_CANCELLED = "booking-cancelled"
    HANDED_OVER = "handed-over"
    DUE_SOON = "due-soon"
    OVERDUE = "overdue"
    RETURNED_COMPLETE = "returned-complete"
    RETURNED_INCOMPLETE = "returned-incomplete"
    AT_RISK = "at-risk"
    CHANGED = "changed"
    BOOKING_RECEIVED = "booking-received"
    BOOKING_REFUSED = "booking-refused"
    RENEWED = "renewed"
    DUE_MOVED = "due-moved"
    RECALLED = "recalled"
    WISH_OFFERED = "wish-offered"
    OFFER_ENDED = "offer-ended"
    READY = "ready"
    DUE_TOMORROW = "due-tomorrow"
    OVERDUE_COPY = "overdue-copy"
    INCIDENT_OPENED = "incident-opened"
    INCIDENT_SETTLED = "incident-settled"
    DEPOSIT_SETTLED = "deposit-settled"
    SHIPMENT_SENT = "shipment-sent"
    SHIPMENT_ARRIVING = "shipment-arriving"
    SHIPMENT_RECEIVED = "shipment-received"
    AFFILIATION_ENDING = "affiliation-ending"
    PLAN_READY = "plan-ready"
    DIGEST = "digest"
    SCHOOL_INVITATION = "school-invitation"


# What a reader cannot do without: the law, money, or something that they must do themselves.
NECESSARY = frozenset(
    {
        NoticeKind.SIGN_IN_LINK,
        NoticeKind.SCHOOL_INVITATION,
        NoticeKind.HANDED_OVER,
        NoticeKind.OVERDUE,
        NoticeKind.RECALLED,
        NoticeKind.RETURNED_COMPLETE,
        NoticeKind.RETURNED_INCOMPLETE,
        NoticeKind.INCIDENT_OPENED,
        NoticeKind.INCIDENT_SETTLED,
        NoticeKind.DEPOSIT_SETTLED,
    }
)

# What waits on Sundays and in school holidays. Everything else answers what somebody just did, or is of use now only.
PATIENT = frozenset(
    {
        NoticeKind.DUE_SOON,
        NoticeKind.OVERDUE,
        NoticeKind.OVERDUE_COPY,
        NoticeKind.AFFILIATION_ENDING,
        NoticeKind.PLAN_READY,
        NoticeKind.DIGEST,
    }
)

# What is stale once the loan has another last day: their keys name it.
ABOUT_A_DUE_DATE = frozenset(
    {
        NoticeKind.DUE_SOON,
        NoticeKind.DUE_TOMORROW,
        NoticeKind.OVERDUE,
        NoticeKind.OVERDUE_COPY,
        NoticeKind.DUE_MOVED,
    }
)

# Who has work to look at: the others have nothing that a digest could tell.
DIGEST_ROLES = (Role.STAFF, Role.COORDINATOR, Role.ADMIN)

DIGEST_PREFIX = "digest:"

# What nobody chooses: the digest has a rhythm instead.
FIXED = NECESSARY | {NoticeKind.DIGEST}

# What is over before a letter arrives: an offer ends after two days.
TOO_LATE_ON_PAPER = frozenset({NoticeKind.DUE_TOMORROW, NoticeKind.WISH_OFFERED})

# The numbers from which the tone of reminders rises.
FIRM_FROM, LAST_FROM = 2, 3

# A link that was asked for longer ago than this would only puzzle who receives it.
LONGEST_WAIT_FOR_A_LINK = dt.timedelta(hours=1)

# After the kind come the booking, the due date, and the number of the reminder.
NUMBER_AT = 2
MOST_REMINDERS = 8


def due_soon_key(booking_id: int, due_on: dt.date) -> str:
    """One reminder per due date: after an extension there is a new one."""
    return f"{NoticeKind.DUE_SOON}:{booking_id}:{due_on.isoformat()}"


def overdue_key(booking_id: int, due_on: dt.date, reminder_number: int) -> str:
    """One message per due date and reminder; the number is shown in it."""
    return f"{NoticeKind.OVERDUE}:{booking_id}:{due_on.isoformat()}:{reminder_number}"


def overdue_copy_key(booking_id: int, due_on: dt.date, reminder_number: int, person_id: int) -> str:
    """One copy of a reminder for each person who is told too."""
    return f"{NoticeKind.OVERDUE_COPY}:{booking_id}:{due_on.isoformat()}:{reminder_number}:{person_id}"


def due_tomorrow_key(booking_id: int, due_on: dt.date) -> str:
    """One last word before each due date."""
    return f"{NoticeKind.DUE_TOMORROW}:{booking_id}:{due_on.isoformat()}"


def reminder_number(key: str) -> int:
    """The number of the reminder that a key of `overdue_key` or `overdue_copy_key` carries; 1 for any other key."""
    kind, *rest = key.split(":")
    is_numbered = kind in (NoticeKind.OVERDUE, NoticeKind.OVERDUE_COPY) and len(rest) > NUMBER_AT
    return max(1, int(rest[NUMBER_AT])) if is_numbered and rest[NUMBER_AT].isdecimal() else 1


def later_reminder_keys(key: str) -> tuple[str, ...]:
    """The keys of later words about the same last day: once one of them is written, this one is stale."""
    kind, _, about = key.partition(":")
    if kind == NoticeKind.DUE_SOON:
        return (f"{NoticeKind.DUE_TOMORROW}:{about}",)
    if kind != NoticeKind.OVERDUE:
        return ()
    stem = key.rpartition(":")[0]
    return tuple(f"{stem}:{number}" for number in range(reminder_number(key) + 1, MOST_REMINDERS + 1))


def due_day_of(key: str) -> dt.date | None:
    """The due date that the key speaks of; None where it names none, or the first day as « ready » does."""
    kind, *rest = key.split(":")
    for part in rest if kind in ABOUT_A_DUE_DATE else ():
        try:
            return dt.date.fromisoformat(part)
        except ValueError:
            continue
    return None


def speaks_of_another_due_date(key: str, due_on: dt.date) -> bool:
    """Whether the loan got another due date after the message was written down."""
    told = due_day_of(key)
    return told is not None and told != due_on


def digest_subject(organisation_id: int) -> str:
    """How the organisation that a digest is about is named in a notice: `digest:12`."""
    return f"{DIGEST_PREFIX}{organisation_id}"


def organisation_of(subject: str) -> int:
    """The organisation that a digest is about."""
    return int(subject.removeprefix(DIGEST_PREFIX))
