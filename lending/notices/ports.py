"""What notices ask of others: facts, links and somebody who carries letters."""

import datetime as dt
from contextlib import AbstractContextManager
from email.message import EmailMessage
from typing import Protocol

from sqlalchemy.orm import Session

from lending.notices.schemas import Facts


class DeliveryError(Exception):
    """A letter was not taken. The text is for the team; it holds no secret."""


class TemporaryFailureError(DeliveryError):
    """This letter was not taken now; it may be later."""


class PermanentFailureError(DeliveryError):
    """This letter will never be taken as it is: a person must look at it."""


class AddressRefusedError(PermanentFailureError):
    """The mail server says that nobody has this address: no letter to it will ever be taken."""


class PostOfficeClosedError(DeliveryError):
    """Nothing can be handed in at all, whatever the letter: it is not the letter's fault."""


class Carrier(Protocol):
    """An open counter of the post office."""

    def carry(self, key: str, message: EmailMessage) -> None:
        """Hand in one letter; `key` tells it from all others. Raises a DeliveryError."""
        ...


class PostOffice(Protocol):
    """Where letters are handed in."""

    def open(self) -> AbstractContextManager[Carrier]:
        """A counter for some letters; a connection is made with the first of them."""
        ...

    def check(self) -> None:
        """Find out whether letters would be taken, without sending one. Raises a DeliveryError."""
        ...


class NoticeFacts(Protocol):
    """Knows what a message is about."""

    def facts(self, session: Session, kind: str, subject: str) -> Facts | None:
        """What is true now of `booking:12`, in the language in force; None when there is no such thing (any more)."""
        ...


class SignInLinks(Protocol):
    """Makes links to sign in."""

    def issue_link(self, person_id: int) -> str:
        """A fresh link that works once, as a whole address; asked for as the letter is written."""
        ...


class InvitationLinks(Protocol):
    """Makes links to join a school."""

    def issue_path(self, invitation_id: int) -> str:
        """A fresh link that works once, below the product's address; asked for as the letter is written."""
        ...


class Announce(Protocol):
    """The shape of `announce`, for packages below that are handed it."""

    def __call__(
        self,
        session: Session,
        *,
        kind: str,
        person_id: int,
        subject: str,
        key: str,
        now: dt.datetime,
        association_id: int | None = None,
    ) -> bool:
        """Write down a message in the caller's transaction; False when the key was announced before."""
        ...
