"""Where all letters of a simulated year arrive: what really left the product, letter by letter."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import parseaddr

from lending.core.clock import Clock
from lending.notices.ports import AddressRefusedError

GONE = "@gone.example.org"


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter that arrived. `key` tells what it says, `to` is the address on it."""

    arrived_at: dt.datetime
    key: str
    to: str


class Mailbox:
    """A post office that keeps the outside of each letter; addresses that end in `GONE` are refused for good."""

    def __init__(self, clock: Clock) -> None:
        """The clock says when a letter arrives."""
        self._clock = clock
        self.letters: list[Letter] = []
        self.refused = 0

    @contextmanager
    def open(self) -> Iterator["Mailbox"]:
        """It takes letters at any time."""
        yield self

    def carry(self, key: str, message: EmailMessage) -> None:
        """Keep who it is for. Raises AddressRefusedError."""
        address = parseaddr(str(message["To"]))[1]
        if address.endswith(GONE):
            self.refused += 1
            text = f"550 nobody has the address {address}"
            raise AddressRefusedError(text)
        self.letters.append(Letter(self._clock.now(), key, address))

    def check(self) -> None:
        """There is nothing that could be closed."""
