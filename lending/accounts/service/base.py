"""What the use cases of accounts share: the database, the clock, and the opening of a session."""

import datetime as dt

from sqlalchemy import delete
from sqlalchemy.orm import Session

from lending.accounts import queries, rules
from lending.accounts.rate_limit import count_try
from lending.accounts.schemas import SignedIn
from lending.accounts.tables import LoginSession
from lending.core.clock import Clock
from lending.core.database import Database
from lending.core.errors import TooMany

TRIES_PER_PERSON = 5
TRIES_PER_ADDRESS = 30
WINDOW = dt.timedelta(minutes=15)


class AccountsBase:
    """Holds what every use case needs."""

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

    def _count_try(self, email: str, address: str) -> None:
        now = self._clock.now()
        with self._db.write() as session:
            waits = (
                count_try(session, f"sign-in:{email}", now, TRIES_PER_PERSON, WINDOW),
                count_try(session, f"sign-in-from:{address}", now, TRIES_PER_ADDRESS, WINDOW),
            )
        if wait := max(waits):
            raise TooMany(resets_in_seconds=wait)

    def _open_session(self, session: Session, person_id: int, old_token: str | None) -> SignedIn:
        """A new token at each sign-in: one planted in the browser before it is worth nothing after."""
        token, now = rules.new_secret(), self._clock.now()
        if old_token:
            end_session(session, old_token)
        expires_at = now + self._session_lifetime
        times = {"created_at": now, "seen_at": now, "expires_at": expires_at}
        session.add(LoginSession(person_id=person_id, token_hash=rules.hash_secret(token), **times))
        return SignedIn(token, queries.actor_of(session, person_id), expires_at)


def end_session(session: Session, token: str) -> None:
    """Forget the session of a token."""
    session.execute(delete(LoginSession).where(LoginSession.token_hash == rules.hash_secret(token)))
