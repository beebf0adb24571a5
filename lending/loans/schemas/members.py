"""What is given and taken about who borrows for a school."""

import datetime as dt

import msgspec

from lending.loans.schemas import RowId


class NewInvitation(msgspec.Struct, frozen=True, kw_only=True):
    """A colleague to invite, by address; the name greets who has no account yet."""

    email: str
    name: str = ""


class Departure(msgspec.Struct, frozen=True, kw_only=True):
    """Who goes on with what runs in the leaver's name; None where nothing does."""

    successor_id: RowId | None = None


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who borrows for a school. `running` counts what is open in their name."""

    person_id: int
    name: str
    email: str
    running: int


class InvitationView(msgspec.Struct, frozen=True, kw_only=True):
    """An invitation that nobody has answered yet; instants in UTC."""

    id: int
    school_id: int
    school_name: str
    name: str
    email: str
    invited_by: str
    created_at: dt.datetime
    expires_at: dt.datetime


class Joined(msgspec.Struct, frozen=True, kw_only=True):
    """Who accepted an invitation, and for which school. `is_new`: who could do nothing here before."""

    person_id: int
    school_id: int
    is_new: bool
