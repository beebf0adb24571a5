"""What people may do, how they want to be spoken to, and tokens for their scripts."""

import datetime as dt

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lending.accounts import queries, rules
from lending.accounts.rate_limit import forget_old_tries
from lending.accounts.schemas import NewGrant, PersonView
from lending.accounts.service.base import AccountsBase
from lending.accounts.tables import ApiToken, LoginSession, MagicLink, Person, RoleGrant
from lending.core.actor import Actor, Role
from lending.core.errors import Forbidden, Unauthenticated
from lending.core.i18n import LANGUAGES
from lending.network.queries import path_of

ROLE_GIVERS = {
    Role.TEACHER: (Role.STAFF, Role.COORDINATOR),
    Role.STAFF: (Role.STAFF,),
    Role.COORDINATOR: (Role.ADMIN,),
    Role.ADMIN: (Role.ADMIN,),
}


class People(AccountsBase):
    """Roles, languages and tokens."""

    def choose_language(self, actor: Actor, code: str) -> None:
        """Remember the language of somebody who is signed in."""
        if actor.person_id is not None and code in LANGUAGES:
            with self._db.write() as session:
                session.get_one(Person, actor.person_id).language = code

    def authenticate_bearer(self, token: str) -> Actor:
        """Who an API token belongs to. Raises Unauthenticated for one that is unknown or over."""
        prefix, now = rules.api_token_prefix(token), self._clock.now()
        with self._db.read() as session:
            row = session.scalar(select(ApiToken).where(ApiToken.prefix == prefix)) if prefix else None
            if row is None or row.token_hash != rules.hash_secret(token):
                raise Unauthenticated
            if row.expires_at is not None and row.expires_at <= now:
                raise Unauthenticated
            return queries.actor_of(session, row.person_id)

    def create_token(self, email: str, name: str, lifetime: dt.timedelta | None = None) -> str:
        """An API token of a person, shown this once. For the command line. Raises NotADemo for an unknown address."""
        token, prefix = rules.new_api_token()
        now = self._clock.now()
        with self._db.write() as session:
            person = queries.person_by_email(session, email)
            if person is None:
                raise rules.NotADemo
            expires_at = now + lifetime if lifetime else None
            kept = {
                "prefix": prefix,
                "token_hash": rules.hash_secret(token),
                "created_at": now,
            }
            session.add(ApiToken(person_id=person.id, name=name, expires_at=expires_at, **kept))
        return token

    def grant_role(self, actor: Actor, new: NewGrant) -> PersonView:
        """Give a role; the person is created if need be. Raises BadEmail, Forbidden, NotFound."""
        email = rules.parse_email(new.email)
        with self._db.write() as session:
            path = path_of(session, new.organisation_id)
            actor.require(path, *ROLE_GIVERS[new.role])
            person = queries.person_by_email(session, email) or self._add_person(session, email, new.name)
            if session.get(RoleGrant, (person.id, new.role.value, new.organisation_id)) is None:
                session.add(
                    RoleGrant(
                        person_id=person.id,
                        role=new.role.value,
                        organisation_id=new.organisation_id,
                    )
                )
                session.flush()
            return next(p for p in queries.people_below(session, path) if p.person_id == person.id)

    def revoke_role(self, actor: Actor, person_id: int, role: Role, organisation_id: int) -> None:
        """Take a role back; nobody takes their own. Raises Forbidden, NotFound."""
        if actor.person_id == person_id:
            raise Forbidden
        with self._db.write() as session:
            actor.require(path_of(session, organisation_id), *ROLE_GIVERS[role])
            key = (RoleGrant.person_id == person_id, RoleGrant.role == role.value)
            session.execute(delete(RoleGrant).where(*key, RoleGrant.organisation_id == organisation_id))

    def people(self, actor: Actor, organisation_id: int) -> list[PersonView]:
        """Who works for an organisation: for its staff and those above."""
        with self._db.read() as session:
            path = path_of(session, organisation_id)
            actor.require(path, Role.STAFF, Role.COORDINATOR)
            return queries.people_below(session, path)

    def clean_up(self) -> int:
        """Forget what is over: sessions, links, windows of tries. Returns how many sessions and links went."""
        now = self._clock.now()
        with self._db.write() as session:
            forget_old_tries(session, now)
            sessions = session.execute(
                delete(LoginSession).where(LoginSession.expires_at <= now).returning(LoginSession.id)
            )
            links = session.execute(delete(MagicLink).where(MagicLink.expires_at <= now).returning(MagicLink.id))
            return len(sessions.all()) + len(links.all())

    def _add_person(self, session: Session, email: str, name: str) -> Person:
        person = Person(
            email=email,
            name=name.strip() or email,
            language="fr",
            created_at=self._clock.now(),
        )
        session.add(person)
        session.flush()
        return person
