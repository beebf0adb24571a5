"""Reads reports of mail that came back (RFC 3464). They come from outside: bounded, and nothing in them is trusted."""

import re
from collections.abc import Sequence
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default

import msgspec

from lending.notices.words import one_line

MOST_BYTES = 2_000_000
MOST_PARTS = 50
STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
RECIPIENT = re.compile(r"(?:rfc822|utf-8)\s*;\s*<?([^\s<>;]{3,254})>?", re.IGNORECASE)


class Returned(msgspec.Struct, frozen=True, kw_only=True):
    """A message that did not reach somebody. `message_id` is that of our message, `status` such as 5.1.1."""

    message_id: str
    email: str
    status: str
    is_permanent: bool
    diagnostic: str


def read_report(content: bytes) -> list[Returned]:
    """What a report says of each recipient; nothing when it is no report, or is too large to be one."""
    if len(content) > MOST_BYTES:
        return []
    message = message_from_bytes(content, _class=EmailMessage, policy=default)
    if message.get_content_type() != "multipart/report":
        return []
    parts = [part for part, _ in zip(message.walk(), range(MOST_PARTS), strict=False)]
    message_id = _message_id(parts)
    if not message_id:
        return []
    statuses = (part for part in parts if part.get_content_type() == "message/delivery-status")
    found = (_returned(block, message_id) for part in statuses for block in _blocks(part))
    return [one for one in found if one is not None]


def _blocks(part: Message) -> list[Message]:
    """The groups of fields of a delivery status: the first is about the message, one for each recipient follows."""
    payload = part.get_payload()
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []


def _message_id(parts: Sequence[Message]) -> str:
    """The id of the message that came back, from the copy of it or of its headers alone."""
    for part in parts:
        if part.get_content_type() == "message/rfc822":
            inner = next(iter(_blocks(part)), None)
            if inner is not None and inner.get("Message-ID"):
                return one_line(str(inner["Message-ID"]))
        if part.get_content_type() == "text/rfc822-headers":
            text = part.get_payload(decode=True)
            headers = message_from_bytes(text if isinstance(text, bytes) else b"", policy=default)
            return one_line(str(headers.get("Message-ID", "")))
    return ""


def _returned(block: Message, message_id: str) -> Returned | None:
    recipient = RECIPIENT.fullmatch(_field(block, "Final-Recipient")) or RECIPIENT.fullmatch(
        _field(block, "Original-Recipient")
    )
    status = STATUS.match(_field(block, "Status"))
    action = _field(block, "Action").lower()
    if recipient is None or status is None or action not in ("failed", "delayed"):
        return None
    return Returned(
        message_id=message_id,
        email=recipient[1].lower(),
        status=status[0],
        is_permanent=action == "failed" and status[0].startswith("5") and not _is_full(status[0]),
        diagnostic=_field(block, "Diagnostic-Code") or action,
    )


def _is_full(status: str) -> bool:
    """A full mailbox, or a message that is too big, says nothing against the address."""
    return status in ("5.2.2", "5.2.3", "5.3.4")


def _field(block: Message, name: str) -> str:
    return one_line(str(block.get(name, "")))
