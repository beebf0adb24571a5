"""What notices are made of, and what they give to pages."""

import datetime as dt

import msgspec

from lending.network.schemas import OpeningHours


class MissingLine(msgspec.Struct, frozen=True):
    """Something of a trunk's contents that was not all there."""

    name: str
    expected: int
    found: int


class BookingFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A booking as a message tells it, read at the moment of sending. Days are the association's local days.

    `is_relevant` answers for one kind: a reminder is pointless once the trunk is back.
    """

    reference: str
    title_name: str
    title_kind: str
    school_name: str
    association_name: str
    association_email: str | None
    association_phone: str | None
    depot_name: str
    depot_address: str
    depot_phone: str | None
    openings: tuple[OpeningHours, ...]
    starts_on: dt.date
    due_on: dt.date
    days_late: int
    missing: tuple[MissingLine, ...]
    path: str
    borrower_id: int | None
    is_relevant: bool


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A message that was announced, and to whom."""

    notice_id: int
    key: str
    kind: str
    subject: str
    created_at: dt.datetime
    sent_at: dt.datetime | None
    person_id: int
    name: str
    email: str
    language: str


class Action(msgspec.Struct, frozen=True):
    """The one thing that the reader may want to do."""

    label: str
    url: str


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """The words of a message in one language, before they are laid out."""

    subject: str
    greeting: str
    paragraphs: tuple[str, ...]
    rows: tuple[tuple[str, str], ...] = ()
    items: tuple[str, ...] = ()
    closing: str = ""
    action: Action | None = None
    signature: tuple[str, ...]
    reason: str
    reply_to: str | None = None


class MailSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A message in the local mail folder. `name` is its file, without a folder."""

    name: str
    to: str
    subject: str
    sent_at: dt.datetime
    language: str


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """A message of the local mail folder, opened."""

    summary: MailSummary
    sender: str
    text: str
    html: str


class MyNotice(msgspec.Struct, frozen=True, kw_only=True):
    """A message as its receiver sees it in the product."""

    id: int
    kind: str
    heading: str
    path: str | None
    created_at: dt.datetime
    sent_at: dt.datetime | None


class NoticeRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A message as an administrator sees it.

    `state` is waiting, sent, parked or cancelled; `error` says what went wrong last.
    """

    id: int
    kind: str
    subject: str
    person_name: str
    email: str
    state: str
    attempts: int
    error: str | None
    created_at: dt.datetime
    sent_at: dt.datetime | None
    next_at: dt.datetime | None


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """How the mail stands."""

    waiting: int
    parked: int
    oldest_at: dt.datetime | None
    records: list[NoticeRecord]
