"""Links that end one kind of message for one person, without signing in (RFC 8058).

They are signed, so that nothing need be kept for each letter and nobody can make one for somebody else.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from lending.core.database import Database
from lending.core.errors import NotFound
from lending.core.i18n import N_
from lending.notices.rules import FIXED, NoticeKind
from lending.notices.tables import SigningKey

SECRET_BYTES = 32
LONGEST_TOKEN = 120
LARGEST_ID = 2**31 - 1


@dataclass(eq=False)
class BadStopLink(NotFound):
    """A link to opt out that we did not make, or not for this."""

    slug: ClassVar[str] = "bad-stop-link"
    title: ClassVar[str] = N_("Lien incomplet")
    detail: ClassVar[str] = N_("Ce lien n’est pas entier. Réglez vos messages depuis « Mon compte ».")


class StopLinks:
    """Makes and reads them."""

    def __init__(self, db: Database, base_url: str) -> None:
        """The secret is made when it is first needed."""
        self._db = db
        self._base_url = base_url
        self._secret: bytes | None = None

    def address(self, person_id: int, kind: NoticeKind) -> str:
        """The whole address; empty for a kind that cannot be ended. Opens a transaction of its own."""
        return "" if kind in FIXED else f"{self._base_url}/unsubscribe/{self.token(person_id, kind)}"

    def token(self, person_id: int, kind: NoticeKind) -> str:
        """The signed part of an address."""
        return f"{person_id}.{kind.value}.{self._mac(person_id, kind)}"

    def read(self, token: str) -> tuple[int, NoticeKind]:
        """Whose messages of which kind shall end. Raises BadStopLink."""
        person, _, rest = token[:LONGEST_TOKEN].partition(".")
        code, _, mac = rest.partition(".")
        is_number = person.isascii() and person.isdecimal() and len(person) <= len(str(LARGEST_ID))
        if not is_number or code not in set(NoticeKind) or not 0 < int(person) <= LARGEST_ID:
            raise BadStopLink
        kind = NoticeKind(code)
        if kind in FIXED or not hmac.compare_digest(mac.encode(), self._mac(int(person), kind).encode()):
            raise BadStopLink
        return int(person), kind

    def _mac(self, person_id: int, kind: NoticeKind) -> str:
        digest = hmac.digest(self._key(), f"stop:{person_id}:{kind.value}".encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(digest[:18]).decode()

    def _key(self) -> bytes:
        if self._secret is None:
            self._secret = self._kept() or self._made()
        return self._secret

    def _kept(self) -> bytes | None:
        with self._db.read() as session:
            return session.scalar(select(SigningKey.secret))

    def _made(self) -> bytes:
        """Whoever comes first makes it; everybody then reads the same one."""
        insert = sqlite_insert if self._db.is_sqlite else postgresql_insert
        row = {"id": 1, "secret": secrets.token_bytes(SECRET_BYTES)}
        with self._db.write() as session:
            session.execute(insert(SigningKey).values(**row).on_conflict_do_nothing())
            return session.scalars(select(SigningKey.secret)).one()
