"""What accounts give and take."""

import datetime as dt

import msgspec

from lending.core.actor import Actor, Role


class SignedIn(msgspec.Struct, frozen=True):
    """A fresh session: the token goes into the cookie and nowhere else."""

    token: str
    actor: Actor
    expires_at: dt.datetime


class PersonView(msgspec.Struct, frozen=True, kw_only=True):
    """A person and one role they hold."""

    person_id: int
    name: str
    email: str
    role: Role
    organisation_id: int
    organisation_name: str


class NewGrant(msgspec.Struct, frozen=True, kw_only=True):
    """A role to give to the person with an address, who is created if need be."""

    email: str
    name: str
    role: Role
    organisation_id: int


class Me(msgspec.Struct, frozen=True, kw_only=True):
    """Who is signed in, for the API."""

    person_id: int | None
    name: str
    email: str
    language: str
    roles: list[Role]
