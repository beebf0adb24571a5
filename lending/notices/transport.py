"""Where letters go: a local folder, or a mail server. Passwords stay in here and out of every message."""

import contextlib
import ipaddress
import os
import smtplib
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from lending.notices.ports import (
    AddressRefusedError,
    DeliveryError,
    PermanentFailureError,
    PostOffice,
    PostOfficeClosedError,
    TemporaryFailureError,
)
from lending.notices.rendering import file_stem
from lending.notices.words import one_line

# Shorter than the lease of a claimed letter, so that a slow server never makes two senders send the same one.
SMTP_TIMEOUT_SECONDS = 20
SERVICE_CLOSING = 421
MESSAGE_TOO_BIG = 552
FIRST_PERMANENT_CODE = 500
DEFAULT_PORTS = {"smtps": 465, "smtp": 25}


class BadMailUrlError(ValueError):
    """The address of the mail transport cannot be read."""


def post_office(url: str) -> PostOffice:
    """The transport at `file:folder`, `smtp://user:password@host:port` or `smtps://…`.

    Raises BadMailUrlError.
    """
    parts = urlsplit(url)
    if parts.scheme == "file":
        return FolderPost(Path(unquote(parts.netloc + parts.path)))
    if parts.scheme in DEFAULT_PORTS and parts.hostname:
        return SmtpPost(_mail_server(parts))
    message = "the mail address must begin with file:, smtp:// or smtps://"
    raise BadMailUrlError(message)


@dataclass(frozen=True)
class FolderPost:
    """Writes each letter into a folder; a letter sent again replaces itself."""

    folder: Path

    @contextlib.contextmanager
    def open(self) -> Iterator["FolderPost"]:
        """The folder takes letters at any time."""
        yield self

    def carry(self, key: str, message: EmailMessage) -> None:
        """Write the letter whole or not at all."""
        name = f"{file_stem(key)}.eml"
        draft = self.folder / f".{name}.{os.getpid()}-{threading.get_ident()}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            draft.write_bytes(message.as_bytes())
            draft.replace(self.folder / name)
        except OSError as error:
            text = f"cannot write into {self.folder}: {error.strerror}"
            raise PostOfficeClosedError(text) from error

    def check(self) -> None:
        """Write and remove an empty file."""
        probe = self.folder / f".check.{os.getpid()}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            probe.write_bytes(b"")
            probe.unlink()
        except OSError as error:
            text = f"cannot write into {self.folder}: {error.strerror}"
            raise PostOfficeClosedError(text) from error


@dataclass(frozen=True)
class MailServer:
    """A server and how to talk to it. The password is in no representation."""

    host: str
    port: int
    uses_tls: bool = False
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True)
class SmtpPost:
    """Hands letters to a mail server. The time-out holds for each step of the conversation."""

    server: MailServer
    timeout_seconds: float = SMTP_TIMEOUT_SECONDS

    @contextlib.contextmanager
    def open(self) -> Iterator["SmtpCarrier"]:
        """A conversation that begins with the first letter."""
        carrier = SmtpCarrier(self.server, self.timeout_seconds)
        try:
            yield carrier
        finally:
            carrier.hang_up()

    def check(self) -> None:
        """Connect, sign in, say nothing."""
        with self.open() as carrier:
            carrier.greet()


class SmtpCarrier:
    """One conversation with a mail server; after any failure the next letter begins a new one."""

    def __init__(self, server: MailServer, timeout_seconds: float) -> None:
        """Nothing is connected yet."""
        self._server = server
        self._timeout_seconds = timeout_seconds
        self._client: smtplib.SMTP | None = None

    def carry(self, key: str, message: EmailMessage) -> None:  # noqa: ARG002 - the Message-ID carries the key
        """Hand in one letter. Raises a DeliveryError."""
        client = self._client or self._connect()
        try:
            client.send_message(message)
        except OSError as error:
            # The base of every exception of smtplib is an OSError.
            self.hang_up()
            raise _failure(error) from error

    def greet(self) -> None:
        """Find out whether the server listens. Raises a DeliveryError."""
        client = self._client or self._connect()
        try:
            client.noop()
        except OSError as error:
            raise _failure(error) from error

    def hang_up(self) -> None:
        """End the conversation, if there is one."""
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(OSError):
                client.quit()

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        try:
            client = _dial(server, self._timeout_seconds)
            self._client = client
            _secure(client, server)
            if server.user:
                client.login(server.user, server.password)
        except OSError as error:
            self.hang_up()
            text = f"cannot talk to {server.host}:{server.port}: {_words(error)}"
            raise PostOfficeClosedError(text) from error
        return client


def _mail_server(parts: SplitResult) -> MailServer:
    return MailServer(
        host=parts.hostname or "",
        port=parts.port or DEFAULT_PORTS[parts.scheme],
        uses_tls=parts.scheme == "smtps",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def _dial(server: MailServer, timeout_seconds: float) -> smtplib.SMTP:
    if server.uses_tls:
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(server.host, server.port, timeout=timeout_seconds, context=context)
    return smtplib.SMTP(server.host, server.port, timeout=timeout_seconds)


def _secure(client: smtplib.SMTP, server: MailServer) -> None:
    """Use TLS wherever the server offers it; a password never travels in clear beyond this machine."""
    client.ehlo_or_helo_if_needed()
    if server.uses_tls:
        return
    if client.has_extn("starttls"):
        client.starttls(context=ssl.create_default_context())
        client.ehlo()
    elif server.user and not is_this_machine(server.host):
        text = "the server offers no TLS, so the password was not sent"
        raise OSError(text)


def is_this_machine(host: str) -> bool:
    """Whether a host is the machine itself."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _failure(error: OSError) -> DeliveryError:
    """Whose fault it is decides what follows: the letter waits, is set aside, or all letters wait."""
    code, text = _code_of(error), _words(error)
    if code == SERVICE_CLOSING or (isinstance(error, smtplib.SMTPSenderRefused) and code != MESSAGE_TOO_BIG):
        return PostOfficeClosedError(text)
    if code >= FIRST_PERMANENT_CODE and isinstance(error, smtplib.SMTPRecipientsRefused):
        return AddressRefusedError(text)
    if code >= FIRST_PERMANENT_CODE or isinstance(error, smtplib.SMTPNotSupportedError):
        return PermanentFailureError(text)
    return TemporaryFailureError(text)


def _code_of(error: OSError) -> int:
    """The answer's code, 0 where the server did not answer."""
    match error:
        case smtplib.SMTPResponseException():
            return error.smtp_code
        case smtplib.SMTPRecipientsRefused():
            return max(code for code, _ in error.recipients.values())
        case _:
            return 0


def _words(error: OSError) -> str:
    """What the server said, in one line."""
    match error:
        case smtplib.SMTPAuthenticationError():
            # Some servers repeat what they were given.
            return f"{error.smtp_code} user name or password refused"
        case smtplib.SMTPResponseException():
            return one_line(f"{error.smtp_code} {_decoded(error.smtp_error)}")
        case smtplib.SMTPRecipientsRefused():
            return one_line("; ".join(f"{code} {_decoded(text)}" for code, text in error.recipients.values()))
        case _:
            return one_line(str(error)) or type(error).__name__


def _decoded(text: bytes | str) -> str:
    return text.decode(errors="replace") if isinstance(text, bytes) else text
