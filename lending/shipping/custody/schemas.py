"""The chain of custody as people see it. Instants are UTC."""

import datetime as dt

import msgspec

from lending.shipping.custody.rules import HolderKind


class HoldingView(msgspec.Struct, frozen=True, kw_only=True):
    """Who had a copy, from when until when; `person_name` noted that it came there. Null: nobody noted it."""

    kind: HolderKind
    name: str
    since_at: dt.datetime | None
    until_at: dt.datetime | None
    person_name: str


class CustodyView(msgspec.Struct, frozen=True, kw_only=True):
    """A copy and everybody who had it, the present holder first."""

    copy_id: int
    copy_code: str
    title_id: int
    title_name: str
    owner_name: str
    holdings: list[HoldingView]
