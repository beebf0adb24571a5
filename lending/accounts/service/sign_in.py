"""Proving who one is: by password, by a link that works once, by a demo account."""

import datetime as dt

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, update

from lending.accounts import queries, rules
from lending.accounts.schemas import SignedIn
from lending.accounts.service.base import AccountsBase, end_session
from lending.accounts.tables import LoginSession, MagicLink, Person
from lending.core.actor import ANONYMOUS, Actor
from lending.core.errors import Unauthenticated

# 19 MiB and two passes: 24 ms, as OWASP recommends where many sign in at once.
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
UNKNOWN_PERSON_HASH = HASHER.hash("nobody has this password")


class SignIn(AccountsBase):
    """Sessions, links and passwords."""

    def authenticate(self, token: str | None) -> Actor:
        """Who a session cookie belongs to; a visitor when it belongs to nobody."""
        if not token:
            return ANONYMOUS
        now = self._clock.now()
        with self._db.read() as session:
            found = queries.login_session(session, rules.hash_secret(token))
        if found is None or found.expires_at <= now:
            return ANONYMOUS
        if found.seen_at < now - rules.SEEN_EVERY:
            self._note_seen(found.id, now)
        return found.actor

    def sign_in(self, email: str, password: str, address: str, old_token: str | None = None) -> SignedIn:
        """Sign in by password. Raises BadEmail, WrongPassword, TooMany.

        The try is counted in a transaction of its own, so that a refusal does not undo the count.
        """
        email = rules.parse_email(email)
        self._count_try(email, address)
        with self._db.read() as session:
            person = queries.person_by_email(session, email)
        known_hash = person.password_hash if person else None
        if not _is_right(known_hash or UNKNOWN_PERSON_HASH, password) or person is None or known_hash is None:
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

    def sign_in_invited(self, person_id: int, old_token: str | None = None) -> SignedIn:
        """Sign in who came by the link of an invitation: it was mailed to them, so the address is theirs.

        The caller has used the invitation up just before. Raises NotFound.
        """
        with self._db.write() as session:
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
                end_session(session, token)

    def set_password(self, actor: Actor, password: str) -> None:
        """Give oneself a password; every other session ends. Raises WeakPassword, Unauthenticated."""
        if actor.person_id is None:
            raise Unauthenticated
        rules.check_password(password)
        hashed = HASHER.hash(password)
        with self._db.write() as session:
            session.get_one(Person, actor.person_id).password_hash = hashed
            session.execute(delete(LoginSession).where(LoginSession.person_id == actor.person_id))

    def _note_seen(self, session_id: int, now: dt.datetime) -> None:
        with self._db.write() as session:
            session.execute(update(LoginSession).where(LoginSession.id == session_id).values(seen_at=now))


def _is_right(known_hash: str, password: str) -> bool:
    try:
        return HASHER.verify(known_hash, password[: rules.MAX_PASSWORD_LENGTH])
    except (VerificationError, InvalidHashError):
        return False
