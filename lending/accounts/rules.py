"""Pure rules of sign-in: addresses, tokens, waiting times. Only hashes of secrets ever reach the database."""

import datetime as dt
import hashlib
import re
import secrets
from dataclasses import dataclass
from typing import ClassVar

from lending.core.errors import Gone, Invalid, NotFound, Unauthenticated
from lending.core.i18n import N_

EMAIL_SHAPE = re.compile(r"[^@\s,;<>()\"]{1,64}@[^@\s,;<>()\"]{1,185}\.[a-z]{2,63}")
TOKEN_SHAPE = re.compile(r"len_([A-Za-z0-9]{8})_([A-Za-z0-9_-]{43})")
MIN_PASSWORD_LENGTH = 12
MAX_PASSWORD_LENGTH = 200
SEEN_EVERY = dt.timedelta(minutes=5)


@dataclass(eq=False)
class BadEmail(Invalid):
    """Not an address that mail can reach."""

    slug: ClassVar[str] = "bad-email"
    title: ClassVar[str] = N_("Adresse incorrecte")
    detail: ClassVar[str] = N_("Saisissez une adresse électronique, par exemple prenom.nom@ecole.fr.")
    field: ClassVar[str | None] = "email"


@dataclass(eq=False)
class WeakPassword(Invalid):
    """Too short to be safe, or too long to be hashed in reasonable time."""

    slug: ClassVar[str] = "weak-password"
    title: ClassVar[str] = N_("Mot de passe trop court")
    detail: ClassVar[str] = N_("Choisissez au moins {min_length} caractères.")
    field: ClassVar[str | None] = "password"
    min_length: int = MIN_PASSWORD_LENGTH


@dataclass(eq=False)
class WrongPassword(Unauthenticated):
    """Address and password do not belong together; which of the two is wrong is told to nobody."""

    slug: ClassVar[str] = "wrong-password"
    title: ClassVar[str] = N_("Connexion refusée")
    detail: ClassVar[str] = N_("L’adresse ou le mot de passe ne correspond pas.")
    field: ClassVar[str | None] = "password"


@dataclass(eq=False)
class LinkExpired(Gone):
    """The sign-in link was used, replaced or is too old."""

    slug: ClassVar[str] = "link-expired"
    title: ClassVar[str] = N_("Lien expiré")
    detail: ClassVar[str] = N_("Ce lien de connexion a déjà servi ou n’est plus valable. Demandez-en un nouveau.")


@dataclass(eq=False)
class NotADemo(NotFound):
    """Demo accounts exist only in a demonstration."""

    slug: ClassVar[str] = "not-a-demo"


def parse_email(raw: str) -> str:
    """The address in lower case, without spaces around it. Raises BadEmail."""
    email = raw.strip().lower()
    if not EMAIL_SHAPE.fullmatch(email) or not email.isascii():
        raise BadEmail
    return email


def check_password(password: str) -> None:
    """Raise WeakPassword unless the length is acceptable."""
    if not MIN_PASSWORD_LENGTH <= len(password) <= MAX_PASSWORD_LENGTH:
        raise WeakPassword


def new_secret() -> str:
    """256 random bits, fit for an address or a cookie."""
    return secrets.token_urlsafe(32)


def hash_secret(secret: str) -> bytes:
    """What is kept of a secret. A fast hash is enough for 256 random bits."""
    return hashlib.sha256(secret.encode()).digest()


def new_api_token() -> tuple[str, str]:
    """A token `len_<prefix>_<secret>` and its prefix, by which it is found."""
    prefix = secrets.token_hex(4)
    return f"len_{prefix}_{new_secret()}", prefix


def api_token_prefix(token: str) -> str | None:
    """The prefix of something that has the shape of a token."""
    found = TOKEN_SHAPE.fullmatch(token)
    return found[1] if found else None


def seconds_to_wait(
    started_at: dt.datetime,
    hits: int,
    now: dt.datetime,
    limit: int,
    window: dt.timedelta,
) -> int:
    """How long until another try is allowed; 0 when it is allowed now. `hits` counts this try."""
    ends_at = started_at + window
    return max(1, int((ends_at - now).total_seconds())) if hits > limit and now < ends_at else 0
