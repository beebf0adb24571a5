"""Reads of accounts."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from lending.accounts.schemas import PersonView
from lending.accounts.tables import LoginSession, Person, RoleGrant
from lending.core.actor import Actor, Grant, Role
from lending.core.database import ask, table_of
from lending.core.errors import NotFound
from lending.network.tables import Organisation

_grant, _organisation = table_of(RoleGrant).c, table_of(Organisation).c
_session, _person = table_of(LoginSession).c, table_of(Person).c
# Written once: every page begins with it.
SESSION = (
    select(
        _session.id,
        _session.expires_at,
        _session.seen_at,
        _session.person_id,
        _person.name,
        _person.email,
        _person.language,
        _grant.role,
        _grant.organisation_id,
        _organisation.path,
    )
    .join_from(table_of(LoginSession), table_of(Person), _person.id == _session.person_id)
    .outerjoin(table_of(RoleGrant), _grant.person_id == _person.id)
    .outerjoin(table_of(Organisation), _organisation.id == _grant.organisation_id)
    .where(_session.token_hash == bindparam("token_hash"))
    .order_by(_grant.role, _grant.organisation_id)
)
HOLDERS = (
    select(_grant.person_id)
    .where(_grant.role == bindparam("role"), _grant.organisation_id == bindparam("organisation_id"))
    .order_by(_grant.person_id)
)


@dataclass(frozen=True, slots=True)
class SignedInSession:
    """A session of a browser, and who is signed in by it with all that they may do."""

    id: int
    expires_at: dt.datetime
    seen_at: dt.datetime
    actor: Actor


def login_session(session: Session, token_hash: bytes) -> SignedInSession | None:
    """The session of a cookie, and whose it is."""
    rows = ask(session, SESSION, token_hash=token_hash).all()
    if not rows:
        return None
    first = rows[0]
    grants = tuple(Grant(Role(row.role), row.organisation_id, row.path) for row in rows if row.role is not None)
    who = Actor(person_id=first.person_id, name=first.name, email=first.email, language=first.language, grants=grants)
    return SignedInSession(first.id, first.expires_at, first.seen_at, who)


def actor_of(session: Session, person_id: int) -> Actor:
    """A person with all that they may do. Raises NotFound."""
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound
    rows = session.execute(
        select(RoleGrant.role, RoleGrant.organisation_id, Organisation.path)
        .join(Organisation, Organisation.id == RoleGrant.organisation_id)
        .where(RoleGrant.person_id == person.id)
        .order_by(RoleGrant.role, RoleGrant.organisation_id)
    )
    grants = tuple(Grant(Role(role), organisation_id, path) for role, organisation_id, path in rows)
    return Actor(
        person_id=person.id,
        name=person.name,
        email=person.email,
        language=person.language,
        grants=grants,
    )


def person_by_email(session: Session, email: str) -> Person | None:
    """The person with an address (lower case)."""
    return session.scalar(select(Person).where(Person.email == email))


def holders_of(session: Session, role: Role, organisation_id: int) -> list[int]:
    """The ids of those who have a role on an organisation itself, in order."""
    return list(ask(session, HOLDERS, role=role.value, organisation_id=organisation_id).scalars())


def people_below(session: Session, path: str) -> list[PersonView]:
    """Everybody with a role on an organisation or below it, teachers left out above the school."""
    rows = session.execute(
        select(Person, RoleGrant.role, Organisation)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .join(Organisation, Organisation.id == RoleGrant.organisation_id)
        .where(Organisation.path.startswith(path, autoescape=True))
        .where((RoleGrant.role != Role.TEACHER.value) | (Organisation.path == path))
        .order_by(RoleGrant.role, Person.name)
    )
    return [
        PersonView(
            person_id=person.id,
            name=person.name,
            email=person.email,
            role=Role(role),
            organisation_id=organisation.id,
            organisation_name=organisation.name,
        )
        for person, role, organisation in rows
    ]
