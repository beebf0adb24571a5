"""Reads of accounts."""

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from lending.accounts.schemas import PersonView
from lending.accounts.tables import LoginSession, Person, RoleGrant
from lending.core.actor import Actor, Grant, Role
from lending.core.database import ask, table_of
from lending.core.errors import NotFound
from lending.network.tables import Organisation

_grant = table_of(RoleGrant).c
HOLDERS = (
    select(_grant.person_id)
    .where(_grant.role == bindparam("role"), _grant.organisation_id == bindparam("organisation_id"))
    .order_by(_grant.person_id)
)


def login_session(session: Session, token_hash: bytes) -> tuple[LoginSession, Person] | None:
    """The session of a cookie, and whose it is."""
    query = select(LoginSession, Person).join(Person, Person.id == LoginSession.person_id)
    found = session.execute(query.where(LoginSession.token_hash == token_hash)).first()
    return (found[0], found[1]) if found else None


def actor_of(session: Session, person_id: int) -> Actor:
    """A person with all that they may do. Raises NotFound."""
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound
    return actor(session, person)


def actor(session: Session, person: Person) -> Actor:
    """Like `actor_of`, where the person is at hand."""
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
