"""Kinds of notices and the keys that make each message unique.

A key names what is told, never when: a job may announce it in every run and one message goes out.
"""

import datetime as dt
from enum import StrEnum


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


# A link that was asked for longer ago than this would only puzzle who receives it.
LONGEST_WAIT_FOR_A_LINK = dt.timedelta(hours=1)


def due_soon_key(booking_id: int, due_on: dt.date) -> str:
    """One reminder per due date: after an extension there is a new one."""
    return f"{NoticeKind.DUE_SOON}:{booking_id}:{due_on.isoformat()}"


def overdue_key(booking_id: int, due_on: dt.date, reminder_number: int) -> str:
    """One message per due date and reminder; the number is shown in it."""
    return f"{NoticeKind.OVERDUE}:{booking_id}:{due_on.isoformat()}:{reminder_number}"


def reminder_number(key: str) -> int:
    """The number of the reminder that a key of `overdue_key` carries; 1 for any other key."""
    parts = key.split(":")
    is_numbered = parts[0] == NoticeKind.OVERDUE and len(parts) > 2 and parts[-1].isdecimal()  # noqa: PLR2004 - kind, booking, number
    return max(1, int(parts[-1])) if is_numbered else 1


def due_day_of(key: str) -> dt.date | None:
    """The due date that the key speaks of, where it names one."""
    for part in key.split(":")[1:]:
        try:
            return dt.date.fromisoformat(part)
        except ValueError:
            continue
    return None


def speaks_of_another_due_date(key: str, due_on: dt.date) -> bool:
    """Whether the loan got another due date after the message was written down."""
    told = due_day_of(key)
    return told is not None and told != due_on
