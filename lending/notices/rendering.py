"""Letters as mail: plain text and HTML of the same words, with the headers that a polite sender sets."""

import datetime as dt
import hashlib
import re
from email.errors import MessageError
from email.headerregistry import Address, BaseHeader, HeaderRegistry
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from lending.core.i18n import language
from lending.notices.ports import PermanentFailureError
from lending.notices.schemas import Letter
from lending.notices.words import one_line, unbroken

ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
ADDRESS = re.compile(r"[^@\s<>()\[\],;:\"\\]+@[^@\s<>()\[\],;:\"\\]+")
ENVIRONMENT.filters["unbroken"] = unbroken
CALENDAR_NAME = "agenda.ics"
# A letter has about a dozen headers, of which most are the same on all.
HEADERS_REMEMBERED = 200
NOT_AN_ATOM = re.compile(r"[^A-Za-z0-9-]+")


class _Headers(HeaderRegistry):
    """The library makes a class for each header of each letter, and reads anew what stands on every one of them.

    One class for each name is enough, and what all letters say is remembered: headers never change.
    """

    def __init__(self) -> None:
        super().__init__()
        self._made: dict[str, type[BaseHeader]] = {}
        self._remembered = lru_cache(HEADERS_REMEMBERED)(super().__call__)

    def __getitem__(self, name: str) -> type[BaseHeader]:
        key = name.lower()
        if key not in self._made:
            self._made[key] = super().__getitem__(name)
        return self._made[key]

    def __call__(self, name: str, value: Any) -> BaseHeader:
        """A header; an address is no text, and no two addresses are known to be the same."""
        return self._remembered(name, value) if isinstance(value, str) else super().__call__(name, value)


MAIL = SMTP.clone(header_factory=_Headers())
# Folded at 78 characters, the library loses spaces between encoded words: « apprendreà coopérer ».
ONE_LINE_HEADERS = MAIL.clone(max_line_length=998)


class BadAddressError(PermanentFailureError):
    """A person's address cannot be written on a letter."""


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """Who writes to whom, and when."""

    key: str
    sender: str
    name: str
    email: str
    sent_at: dt.datetime
    stop_url: str = ""


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    """A calendar file that goes with a letter. `method` says what a calendar does with it."""

    content: bytes
    method: str


def compose(letter: Letter, envelope: Envelope, calendar: Attachment | None = None) -> EmailMessage:
    """The letter as a message in the language in force. Raises BadAddressError."""
    sender = _sender(envelope.sender)
    message = EmailMessage(policy=MAIL)
    message["From"] = str(sender)
    message["To"] = _address(envelope.name, envelope.email)
    message["Subject"] = one_line(letter.subject)
    message["Date"] = format_datetime(envelope.sent_at)
    message["Message-ID"] = message_id(envelope.key, sender.domain)
    message["Auto-Submitted"] = "auto-generated"
    message["List-Id"] = f"<notices.{sender.domain}>"
    if envelope.stop_url:
        message["List-Unsubscribe"] = f"<{envelope.stop_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if letter.reply_to and ADDRESS.fullmatch(letter.reply_to):
        message["Reply-To"] = letter.reply_to
    message.set_content(text_of(letter))
    message.add_alternative(html_of(letter), subtype="html")
    if calendar is not None:
        parameters = {"method": calendar.method, "charset": "utf-8"}
        message.add_attachment(
            calendar.content, maintype="text", subtype="calendar", filename=CALENDAR_NAME, params=parameters
        )
    # Set last: adding a part moves the headers about content into the first part.
    message["Content-Language"] = language.get()
    # Only now: the contents are encoded for short lines, the headers stay on one.
    message.policy = ONE_LINE_HEADERS
    return message


def message_id(key: str, domain: str) -> str:
    """The same for the same key: a mailbox that gets the letter twice can show it once."""
    return f"<{file_stem(key)}@{domain}>"


def file_stem(key: str) -> str:
    """A key as a name that is safe in a file and in a header, and no other key's name."""
    readable = NOT_AN_ATOM.sub("-", key).strip("-")[:60]
    return f"{readable}.{hashlib.sha256(key.encode()).hexdigest()[:12]}"


def is_address(email: str) -> bool:
    """Whether a letter can be addressed so."""
    return bool(ADDRESS.fullmatch(email)) and email.isprintable()


def html_of(letter: Letter) -> str:
    """The letter as a document of its own."""
    return _lay_out("letter.html", letter)


def text_of(letter: Letter) -> str:
    """The letter as plain text."""
    return _lay_out("letter.txt", letter)


def _lay_out(template: str, letter: Letter) -> str:
    colon = "\N{NO-BREAK SPACE}:" if language.get() == "fr" else ":"
    values = {"letter": letter, "language": language.get(), "colon": colon}
    return ENVIRONMENT.get_template(template).render(values).strip() + "\n"


@cache
def _sender(sender: str) -> Address:
    return _address(*parseaddr(sender))


def _address(name: str, email: str) -> Address:
    if not is_address(email):
        message = f"not an address: {one_line(email)!r}"
        raise BadAddressError(message)
    try:
        return Address(one_line(name), addr_spec=email)
    except (MessageError, ValueError, IndexError) as error:
        message = f"not an address: {one_line(email)!r}"
        raise BadAddressError(message) from error
