"""What notices are made of, and what they give to pages."""

import datetime as dt
from typing import Literal

import msgspec

from lending.core.calendar_file import CalendarEntry
from lending.network.schemas import OpeningHours


class MissingLine(msgspec.Struct, frozen=True):
    """Something of a trunk's contents that was not all there."""

    name: str
    expected: int
    found: int


class ContentsFact(msgspec.Struct, frozen=True):
    """A line of a trunk's contents, as it went out."""

    name: str
    quantity: int


class CureFact(msgspec.Struct, frozen=True, kw_only=True):
    """A way out for a reservation without a copy: another depot, other dates, another title."""

    kind: Literal["depot", "dates", "title"]
    title_name: str
    depot_name: str
    starts_on: dt.date
    due_on: dt.date


class IncidentFact(msgspec.Struct, frozen=True, kw_only=True):
    """What went wrong with a loan, and how it ended (None while it is open). Costs in cents."""

    kind: Literal["missing", "damaged", "lost", "claimed"]
    outcome: Literal["paid", "replaced", "waived", "found", "was_here", "never_came"] | None
    cost_cents: int


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What every message tells, read at the moment of sending.

    `is_relevant` answers for one kind: a reminder is pointless once the trunk is back. `path` is the page about it.
    The association is the one that speaks; the federation speaks where it is None.
    """

    association_id: int | None = None
    association_name: str
    association_email: str | None = None
    association_phone: str | None = None
    path: str
    is_relevant: bool
    entries: tuple[CalendarEntry, ...] = ()


class BookingFacts(Facts, frozen=True, kw_only=True):
    """A booking as a message tells it. Days are the association's local days.

    The return is agreed for `comes_on` at `comes_at`, a time of day where the depot is, or for no hour at all.
    `goes_on_to` and `comes_from` are schools that the copy goes on to, or comes from, without seeing the depot.
    `missing` is what the return did not find, `contents` what went out, `deposit_cents` what was left as security.
    """

    reference: str
    title_name: str
    title_kind: str
    school_name: str
    depot_name: str
    depot_address: str
    depot_phone: str | None
    openings: tuple[OpeningHours, ...]
    starts_on: dt.date
    due_on: dt.date
    days_late: int
    comes_on: dt.date | None = None
    comes_at: dt.time | None = None
    goes_on_to: str = ""
    comes_from: str = ""
    missing: tuple[MissingLine, ...]
    borrower_id: int | None
    borrower_name: str = ""
    contents: tuple[ContentsFact, ...] = ()
    cures: tuple[CureFact, ...] = ()
    incidents: tuple[IncidentFact, ...] = ()
    deposit_cents: int = 0
    deposit_state: str = "none"


class AffiliationFacts(Facts, frozen=True, kw_only=True):
    """A school whose affiliation ends; `ends_on` is its last day. The school year is named by both its years."""

    school_name: str
    ends_on: dt.date
    school_year: str


class InvitationFacts(Facts, frozen=True, kw_only=True):
    """A colleague invited to borrow for a school. The link is made as the letter is written: `path` leads nowhere yet.

    `expires_on` is the last day of the link where the school is.
    """

    invitation_id: int
    school_name: str
    inviter_name: str
    expires_on: dt.date


class ShipmentFacts(Facts, frozen=True, kw_only=True):
    """Things on their way. `expected_on` is when they should arrive, where that is known.

    `contents` is what travels or, once `has_arrived`, the titles of which all is there; `missing` those of which not.
    """

    reference: str
    from_name: str
    to_name: str
    expected_on: dt.date | None
    has_arrived: bool = False
    contents: tuple[ContentsFact, ...] = ()
    missing: tuple[MissingLine, ...] = ()


class PlanFacts(Facts, frozen=True, kw_only=True):
    """A coordinator's plan of moves. The cost is in cents."""

    union_name: str
    moves: int
    cost_cents: int


class DigestLine(msgspec.Struct, frozen=True, kw_only=True):
    """So many of something to look at; `what` is a code of `words.DIGEST_WORDS`."""

    what: str
    count: int
    path: str


class DigestFacts(Facts, frozen=True, kw_only=True):
    """How things stand for who works in an organisation, and the messages that were kept for this digest.

    `gathered_ids` are the notices that it was written from, those included that became pointless meanwhile.
    """

    organisation_name: str
    lines: tuple[DigestLine, ...]
    messages: tuple[str, ...] = ()
    gathered_ids: tuple[int, ...] = ()


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A message that was announced, and to whom."""

    notice_id: int
    key: str
    kind: str
    subject: str
    created_at: dt.datetime
    sent_at: dt.datetime | None
    person_id: int
    association_id: int | None
    read_at: dt.datetime | None
    name: str
    email: str
    language: str


class Action(msgspec.Struct, frozen=True):
    """The one thing that the reader may want to do."""

    label: str
    url: str


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """The words of a message in one language, before they are laid out.

    `choices` leads to the reader's preferences, `stop` ends messages of this kind without signing in.
    """

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
    choices: Action | None = None
    stop: Action | None = None


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
    """A message as its receiver sees it in the product. `read_at` is None while it is new."""

    id: int
    kind: str
    heading: str
    path: str | None
    created_at: dt.datetime
    sent_at: dt.datetime | None
    read_at: dt.datetime | None


class NoticeRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A message as those see it who look after the mail.

    `state` is waiting, held (a quiet day), sent, shown (in the product only), gathered (for a digest), to_print,
    printed (on paper), parked or cancelled; `error` says what went wrong last, `bounced` what came back.
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
    bounced: str = ""


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """How the mail stands. `held` wait for the end of quiet days; `older` is where the list goes on."""

    waiting: int
    parked: int
    held: int = 0
    older: int | None = None
    oldest_at: dt.datetime | None
    records: list[NoticeRecord]
