"""Use cases of accounts: proving who one is, and what one may do."""

import datetime as dt

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from lending.accounts import queries, rules
from lending.accounts.rate_limit import count_try, forget_old_tries
from lending.accounts.schemas import NewGrant, PersonView, SignedIn
from lending.accounts.tables import ApiToken, LoginSession, MagicLink, Person, RoleGrant
from lending.core.actor import ANONYMOUS, Actor, Role
from lending.core.clock import Clock
from lending.core.database import Database
from lending.core.errors import Forbidden, TooMany, Unauthenticated
from lending.core.i18n import LANGUAGES
from lending.network.queries import path_of

TRIES_PER_PERSON = 5
TRIES_PER_ADDRESS = 30
WINDOW = dt.timedelta(minutes=15)
ROLE_GIVERS = {
    Role.TEACHER: (Role.STAFF, Role.COORDINATOR),
    Role.STAFF: (Role.STAFF,),
    Role.COORDINATOR: (Role.ADMIN,),
    Role.ADMIN: (Role.ADMIN,),
}

# 19 MiB and two passes: 24 ms, as OWASP recommends where many sign in at once.
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
UNKNOWN_PERSON_HASH = HASHER.hash("nobody has this password")


class Accounts:
    """People, sessions, links and tokens."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        *,
        base_url: str = "http://127.0.0.1:8000",
        session_lifetime: dt.timedelta = dt.timedelta(days=30),
        link_lifetime: dt.timedelta = dt.timedelta(minutes=15),
    ) -> None:
        """`base_url` is where people reach the product; links in mails begin with it."""
        self._db = db
        self._clock = clock
        self._base_url = base_url.rstrip("/")
        self._session_lifetime = session_lifetime
        self._link_lifetime = link_lifetime

    def authenticate(self, token: str | None) -> Actor:
        """Who a session cookie belongs to; a visitor when it belongs to nobody."""
        if not token:
            return ANONYMOUS
        now = self._clock.now()
        with self._db.read() as session:
            row = session.scalar(
                select(LoginSession).where(
                    LoginSession.token_hash == rules.hash_secret(token)
                )
            )
            if row is None or row.expires_at <= now:
                return ANONYMOUS
            actor = queries.actor_of(session, row.person_id)
        if row.seen_at < now - rules.SEEN_EVERY:
            self._note_seen(row.id, now)
        return actor

    def authenticate_bearer(self, token: str) -> Actor:
        """Who an API token belongs to. Raises Unauthenticated for one that is unknown or over."""
        prefix, now = rules.api_token_prefix(token), self._clock.now()
        with self._db.read() as session:
            row = (
                session.scalar(select(ApiToken).where(ApiToken.prefix == prefix))
                if prefix
                else None
            )
            if row is None or row.token_hash != rules.hash_secret(token):
                raise Unauthenticated
            if row.expires_at is not None and row.expires_at <= now:
                raise Unauthenticated
            return queries.actor_of(session, row.person_id)

    def sign_in(
        self, email: str, password: str, address: str, old_token: str | None = None
    ) -> SignedIn:
        """Sign in by password. Raises BadEmail, WrongPassword, TooMany.

        The try is counted in a transaction of its own, so that a refusal does not undo the count.
        """
        email = rules.parse_email(email)
        self._count_try(email, address)
        with self._db.read() as session:
            person = queries.person_by_email(session, email)
        known_hash = person.password_hash if person else None
        if (
            not _is_right(known_hash or UNKNOWN_PERSON_HASH, password)
            or person is None
            or known_hash is None
        ):
            raise rules.WrongPassword
        with self._db.write() as session:
            return self._open_session(session, person.id, old_token)

    def wish_link(self, email: str, address: str) -> int | None:
        """Count a wish for a sign-in link; the person to send it to, or None for an unknown address.

        The answer must look the same to the visitor in both cases. Raises BadEmail, TooMany.
        """
        email = rules.parse_email(email)
        self._count_try(email, address)
        with self._db.read() as session:
            person = queries.person_by_email(session, email)
            return person.id if person else None

    def issue_link(self, person_id: int) -> str:
        """A fresh sign-in link; earlier ones stop working. Called when the mail is written, so that no secret waits."""
        secret, now = rules.new_secret(), self._clock.now()
        with self._db.write() as session:
            session.execute(delete(MagicLink).where(MagicLink.person_id == person_id))
            expires_at = now + self._link_lifetime
            session.add(
                MagicLink(
                    person_id=person_id,
                    token_hash=rules.hash_secret(secret),
                    expires_at=expires_at,
                )
            )
        return f"{self._base_url}/sign-in/link/{secret}"

    def redeem_link(self, secret: str, old_token: str | None = None) -> SignedIn:
        """Sign in by link, once: of many simultaneous clicks one wins. Raises LinkExpired."""
        now = self._clock.now()
        with self._db.write() as session:
            person_id = session.scalar(
                update(MagicLink)
                .where(MagicLink.token_hash == rules.hash_secret(secret))
                .where(MagicLink.used_at.is_(None), MagicLink.expires_at > now)
                .values(used_at=now)
                .returning(MagicLink.person_id)
            )
            if person_id is None:
                raise rules.LinkExpired
            return self._open_session(session, person_id, old_token)

    def sign_in_demo(self, email: str, old_token: str | None = None) -> SignedIn:
        """One click into a demo account; the caller makes sure that this is a demonstration. Raises NotADemo."""
        with self._db.write() as session:
            person = queries.person_by_email(session, email)
            if person is None:
                raise rules.NotADemo
            return self._open_session(session, person.id, old_token)

    def sign_out(self, token: str | None) -> None:
        """End the session of this browser."""
        if token:
            with self._db.write() as session:
                _end_session(session, token)

    def choose_language(self, actor: Actor, code: str) -> None:
        """Remember the language of somebody who is signed in."""
        if actor.person_id is not None and code in LANGUAGES:
            with self._db.write() as session:
                session.get_one(Person, actor.person_id).language = code

    def set_password(self, actor: Actor, password: str) -> None:
        """Give oneself a password; every other session ends. Raises WeakPassword, Unauthenticated."""
        if actor.person_id is None:
            raise Unauthenticated
        rules.check_password(password)
        hashed = HASHER.hash(password)
        with self._db.write() as session:
            session.get_one(Person, actor.person_id).password_hash = hashed
            session.execute(
                delete(LoginSession).where(LoginSession.person_id == actor.person_id)
            )

    def create_token(
        self, email: str, name: str, lifetime: dt.timedelta | None = None
    ) -> str:
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
            session.add(
                ApiToken(person_id=person.id, name=name, expires_at=expires_at, **kept)
            )
        return token

    def grant_role(self, actor: Actor, new: NewGrant) -> PersonView:
        """Give a role; the person is created if need be. Raises BadEmail, Forbidden, NotFound."""
        email = rules.parse_email(new.email)
        with self._db.write() as session:
            path = path_of(session, new.organisation_id)
            actor.require(path, *ROLE_GIVERS[new.role])
            person = queries.person_by_email(session, email) or self._add_person(
                session, email, new.name
            )
            if (
                session.get(RoleGrant, (person.id, new.role.value, new.organisation_id))
                is None
            ):
                session.add(
                    RoleGrant(
                        person_id=person.id,
                        role=new.role.value,
                        organisation_id=new.organisation_id,
                    )
                )
                session.flush()
            return next(
                p
                for p in queries.people_below(session, path)
                if p.person_id == person.id
            )

    def revoke_role(
        self, actor: Actor, person_id: int, role: Role, organisation_id: int
    ) -> None:
        """Take a role back; nobody takes their own. Raises Forbidden, NotFound."""
        if actor.person_id == person_id:
            raise Forbidden
        with self._db.write() as session:
            actor.require(path_of(session, organisation_id), *ROLE_GIVERS[role])
            key = (RoleGrant.person_id == person_id, RoleGrant.role == role.value)
            session.execute(
                delete(RoleGrant).where(
                    *key, RoleGrant.organisation_id == organisation_id
                )
            )

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
                delete(LoginSession)
                .where(LoginSession.expires_at <= now)
                .returning(LoginSession.id)
            )
            links = session.execute(
                delete(MagicLink)
                .where(MagicLink.expires_at <= now)
                .returning(MagicLink.id)
            )
            return len(sessions.all()) + len(links.all())

    def _count_try(self, email: str, address: str) -> None:
        now = self._clock.now()
        with self._db.write() as session:
            waits = (
                count_try(session, f"sign-in:{email}", now, TRIES_PER_PERSON, WINDOW),
                count_try(
                    session, f"sign-in-from:{address}", now, TRIES_PER_ADDRESS, WINDOW
                ),
            )
        if wait := max(waits):
            raise TooMany(resets_in_seconds=wait)

    def _open_session(
        self, session: Session, person_id: int, old_token: str | None
    ) -> SignedIn:
        """A new token at each sign-in: one planted in the browser before it is worth nothing after."""
        token, now = rules.new_secret(), self._clock.now()
        if old_token:
            _end_session(session, old_token)
        expires_at = now + self._session_lifetime
        times = {"created_at": now, "seen_at": now, "expires_at": expires_at}
        session.add(
            LoginSession(
                person_id=person_id, token_hash=rules.hash_secret(token), **times
            )
        )
        return SignedIn(token, queries.actor_of(session, person_id), expires_at)

    def _note_seen(self, session_id: int, now: dt.datetime) -> None:
        with self._db.write() as session:
            session.execute(
                update(LoginSession)
                .where(LoginSession.id == session_id)
                .values(seen_at=now)
            )

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


def _end_session(session: Session, token: str) -> None:
    session.execute(
        delete(LoginSession).where(LoginSession.token_hash == rules.hash_secret(token))
    )


def _is_right(known_hash: str, password: str) -> bool:
    try:
        return HASHER.verify(known_hash, password[: rules.MAX_PASSWORD_LENGTH])
    except (VerificationError, InvalidHashError):
        return False
