"""What would be sent on a day."""

import datetime as dt

import msgspec


class NightMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A message that would have its turn on a day, and why.

    `way` is mail, hold (a quiet day, until `held_until_on`), show (in the product only), gather (for a digest) or
    park (no address that takes mail). `is_written` tells what waits already from what the day would bring.
    """

    key: str
    kind: str
    heading: str
    reason: str
    path: str
    person_name: str
    email: str
    association_name: str
    way: str
    held_until_on: dt.date | None
    is_written: bool


class Night(msgspec.Struct, frozen=True, kw_only=True):
    """What would be sent on a local day, as things stand now. `left_out` were not looked at: they are too many."""

    organisation_id: int
    organisation_name: str
    organisation_kind: str
    on: dt.date
    first_on: dt.date
    messages: list[NightMessage]
    left_out: int = 0

    def counted(self, way: str) -> int:
        """How many messages would go that way."""
        return sum(one.way == way for one in self.messages)
