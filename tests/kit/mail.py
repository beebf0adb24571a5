"""Stand-ins for what notices need: a post office, facts, links, and a mail server that can be moody."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage, Message
from typing import Self

import msgspec
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as SmtpSession
from sqlalchemy.orm import Session

from lending.accounts.tables import Person
from lending.core.clock import Clock
from lending.core.database import Database
from lending.network.schemas import OpeningHours
from lending.notices.announce import announce
from lending.notices.ports import NoticeFacts, PostOffice
from lending.notices.schemas import BookingFacts, MissingLine
from lending.notices.service import Notices

LINK = "https://malles.example.org/sign-in/link/s3cr3t"
FACTS = BookingFacts(
    reference="R7KQ2M",
    title_name="Malle coopération",
    title_kind="trunk",
    school_name="École Jules-Ferry",
    association_name="Association 35",
    association_email="ad35@example.org",
    association_phone="02 99 00 00 00",
    depot_name="Dépôt de Rennes",
    depot_address="1 rue des Lilas, 35000 Rennes",
    depot_phone=None,
    openings=(OpeningHours(1, dt.time(9), dt.time(12, 30)), OpeningHours(1, dt.time(14), dt.time(17))),
    starts_on=dt.date(2027, 3, 1),
    due_on=dt.date(2027, 3, 18),
    days_late=3,
    missing=(MissingLine("Loupe", 6, 5),),
    path="/reservations/12",
    borrower_id=1,
    is_relevant=True,
)


class FakePost:
    """Keeps the letters; `refuse` may raise a DeliveryError for one of them."""

    def __init__(self, refuse: Callable[[EmailMessage], None] = lambda _message: None) -> None:
        self.letters: list[EmailMessage] = []
        self.refuse = refuse

    @contextmanager
    def open(self) -> Iterator["FakePost"]:
        yield self

    def carry(self, key: str, message: EmailMessage) -> None:
        assert key
        self.refuse(message)
        self.letters.append(message)

    def check(self) -> None:
        """It is always open."""


class FakeFacts:
    """Says the same of every booking until told otherwise; `booking:0` does not exist."""

    def __init__(self, facts: BookingFacts = FACTS) -> None:
        self.answer = facts

    def facts(self, _session: Session, kind: str, subject: str) -> BookingFacts | None:
        assert kind
        return None if subject == "booking:0" else self.answer

    def change(self, **changes: object) -> None:
        self.answer = msgspec.structs.replace(self.answer, **changes)


class FakeLinks:
    """Makes the same link for everybody, and counts."""

    def __init__(self) -> None:
        self.issued: list[int] = []

    def issue_link(self, person_id: int) -> str:
        self.issued.append(person_id)
        return LINK


class FakeInvitations:
    """Makes the same way for everybody."""

    def issue_path(self, invitation_id: int) -> str:
        return "/invitations/secret"


def create_notices(
    db: Database,
    clock: Clock,
    post: PostOffice,
    facts: NoticeFacts,
    links: FakeLinks | None = None,
    lease: dt.timedelta = dt.timedelta(minutes=2),
) -> Notices:
    return Notices(
        db,
        clock,
        post,
        facts,
        links or FakeLinks(),
        FakeInvitations(),
        base_url="https://malles.example.org/",
        sender="La Malle commune <malles@example.org>",
        lease=lease,
    )


def create_reader(db: Database, email: str = "lea@ecole.example.org", language: str = "fr") -> int:
    created_at = dt.datetime(2026, 9, 1, tzinfo=dt.UTC)
    with db.write() as session:
        person = Person(email=email, name="Léa Dupré", language=language, created_at=created_at)
        session.add(person)
        session.flush()
        return person.id


def tell(
    db: Database,
    clock: Clock,
    person_id: int,
    kind: str = "changed",
    key: str = "",
    subject: str = "booking:12",
) -> bool:
    now = clock.now()
    with db.write() as session:
        key = key or f"{kind}:{subject}"
        return announce(session, kind=kind, person_id=person_id, subject=subject, key=key, now=now)


class AnyPort(Controller):
    """Listens where the system gives a port, and learns which it is."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


class MailServer:
    """A mail server on this machine. `answer` decides on each letter: None takes it, a text refuses it."""

    def __init__(
        self, answer: Callable[[Message], str | None] = lambda _message: None, *, takes_accents: bool = True
    ) -> None:
        self.taken: list[Message] = []
        self.answer = answer
        self.answer_to_recipient: str | None = None
        self._controller = AnyPort(self, hostname="127.0.0.1", port=0, enable_SMTPUTF8=takes_accents)

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd calls
        self, _server: SMTP, _session: SmtpSession, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.answer_to_recipient:
            return self.answer_to_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: SmtpSession, envelope: Envelope) -> str:  # noqa: N802 - as above
        message = message_from_bytes(envelope.content or b"")
        refusal = self.answer(message)
        if refusal is None:
            self.taken.append(message)
        return refusal or "250 OK"

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self._controller.port}"

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._controller.stop()
