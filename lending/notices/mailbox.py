"""The local mail folder as an inbox: for demonstrations and for trying things out."""

import datetime as dt
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import SMTP
from email.utils import parsedate_to_datetime
from pathlib import Path, PurePosixPath
from typing import ClassVar

from lending.core.errors import NotFound
from lending.core.i18n import N_
from lending.notices.schemas import Mail, MailSummary


@dataclass(eq=False)
class MailNotFound(NotFound):
    """The folder holds no such message."""

    slug: ClassVar[str] = "mail-not-found"
    title: ClassVar[str] = N_("Message introuvable")
    detail: ClassVar[str] = N_("Ce message n’est pas dans la boîte locale.")


class MailFolder:
    """A folder of `.eml` files, one a message."""

    def __init__(self, folder: Path) -> None:
        """The folder may be made later."""
        self._folder = folder

    def newest(self, limit: int = 100) -> list[MailSummary]:
        """The messages written last, newest first."""
        written = sorted(
            ((file.stat().st_mtime_ns, file.name) for file in self._folder.glob("[!.]*.eml")), reverse=True
        )
        read_headers = BytesHeaderParser(policy=SMTP).parsebytes
        return [_summary(name, read_headers((self._folder / name).read_bytes())) for _, name in written[:limit]]

    def read(self, name: str) -> Mail:
        """One message. Raises MailNotFound, also for a name that would lead out of the folder."""
        if not _is_safe(name) or not (self._folder / name).is_file():
            raise MailNotFound
        message = message_from_bytes((self._folder / name).read_bytes(), _class=EmailMessage, policy=SMTP)
        return Mail(
            summary=_summary(name, message),
            sender=str(message["From"]),
            text=_body(message, "plain"),
            html=_body(message, "html"),
        )


def _is_safe(name: str) -> bool:
    is_plain = name == PurePosixPath(name).name and not name.startswith(".") and "\\" not in name
    return is_plain and name.endswith(".eml") and "\0" not in name


def _summary(name: str, message: EmailMessage) -> MailSummary:
    return MailSummary(
        name=name,
        to=str(message["To"]),
        subject=str(message["Subject"]),
        sent_at=parsedate_to_datetime(str(message["Date"])).astimezone(dt.UTC),
        language=str(message["Content-Language"]),
    )


def _body(message: EmailMessage, subtype: str) -> str:
    part = message.get_body((subtype,))
    return str(part.get_content()) if part is not None else ""
