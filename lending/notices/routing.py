"""Which way a message takes: the one place where preferences, quiet days and bad addresses are weighed."""

import datetime as dt
from enum import StrEnum

import msgspec

from lending.notices.rules import PATIENT, Delivery, NoticeKind


class Way(StrEnum):
    """What becomes of a message whose turn it is."""

    DROP = "drop"
    HOLD = "hold"
    GATHER = "gather"
    SHOW = "show"
    MAIL = "mail"
    PRINT = "print"
    PARK = "park"


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    """What decides. `quiet_until_at` is the end of the reader's quiet days, None on any other day.

    `has_point`: the message still tells something true and new. `speaks_for` is the association whose message it is.
    `suits_paper`: it is for a borrower, from an association that has a desk, and a letter is not too late for it.
    """

    kind: NoticeKind
    has_point: bool
    delivery: Delivery
    is_address_good: bool
    suits_paper: bool
    speaks_for: int | None
    quiet_until_at: dt.datetime | None = None


def way_of(situation: Situation) -> Way:
    """The way of a message."""
    if not situation.has_point:
        return Way.DROP
    if situation.delivery == Delivery.NEVER:
        return Way.SHOW
    if situation.delivery == Delivery.DIGEST:
        return Way.GATHER
    if situation.quiet_until_at is not None and situation.kind in PATIENT:
        return Way.HOLD
    if situation.is_address_good:
        return Way.MAIL
    return Way.PRINT if situation.suits_paper else Way.PARK
