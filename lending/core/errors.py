"""Why something could not be done.

    LendingError
    ├── Invalid          what was sent makes no sense; stands beside its field
    ├── Unauthenticated  nobody is signed in
    ├── Forbidden        signed in, but not allowed here
    ├── NotFound         no such thing, or not for this person
    ├── Conflict         understood, but a rule or the present state refuses
    ├── Gone             was there, is over
    ├── PreconditionFailed    changed by somebody else since it was read
    ├── PreconditionRequired  the request must say which version it changes
    ├── TooLarge         more bytes than accepted
    ├── TooMany          too often; carries `resets_in_seconds`
    └── Unavailable      a part of the system cannot answer now

A concrete error is a dataclass: its fields are the facts, in the message and in the API's answer alike.
There is one class per reason that a person could act on.
"""

import datetime as dt
from dataclasses import dataclass, fields
from typing import Any, ClassVar

from lending.core.i18n import N_, format_day, gettext


class LendingError(Exception):
    """The base of every refusal. `title` is constant per class, `detail` speaks of this case."""

    slug: ClassVar[str] = "error"
    title: ClassVar[str] = N_("Erreur")
    detail: ClassVar[str] = N_("L’opération n’a pas pu être faite.")
    field: ClassVar[str | None] = None

    @property
    def facts(self) -> dict[str, Any]:
        """What is known of this case, by name."""
        return {fact.name: getattr(self, fact.name) for fact in fields(self)}  # type: ignore[arg-type]  # every concrete error is a dataclass

    def beside(self) -> str | None:
        """The form field that this belongs beside."""
        return self.field

    def localized_title(self) -> str:
        """The title in the language in force."""
        return gettext(self.title)

    def localized_detail(self) -> str:
        """The detail in the language in force, with the facts in words."""
        return gettext(self.detail).format(**{name: in_words(fact) for name, fact in self.facts.items()})

    def __str__(self) -> str:
        return self.localized_detail()


def in_words(fact: object) -> str:
    """A fact as people read it: days by name, lists with commas, nothing for what is unknown."""
    match fact:
        case None:
            return ""
        case dt.datetime():
            return fact.isoformat(timespec="minutes")
        case dt.date():
            return format_day(fact)
        case list() | tuple():
            return ", ".join(in_words(one) for one in fact)
        case _:
            return str(fact)


@dataclass(eq=False)
class Invalid(LendingError):
    """What was sent makes no sense."""


@dataclass(eq=False)
class Unauthenticated(LendingError):
    """Nobody is signed in."""

    slug: ClassVar[str] = "sign-in-required"
    title: ClassVar[str] = N_("Connexion nécessaire")
    detail: ClassVar[str] = N_("Connectez-vous pour continuer.")


@dataclass(eq=False)
class Forbidden(LendingError):
    """Signed in, but not allowed to do this here."""

    slug: ClassVar[str] = "forbidden"
    title: ClassVar[str] = N_("Action non autorisée")
    detail: ClassVar[str] = N_("Votre rôle ne permet pas cette action ici.")


@dataclass(eq=False)
class NotFound(LendingError):
    """No such thing, or not for this person: the two are told apart for nobody."""

    slug: ClassVar[str] = "not-found"
    title: ClassVar[str] = N_("Introuvable")
    detail: ClassVar[str] = N_("Cette page ou cet élément n’existe pas.")


@dataclass(eq=False)
class Conflict(LendingError):
    """Understood, but a rule or the present state refuses."""


@dataclass(eq=False)
class Gone(LendingError):
    """It was there and is over."""


@dataclass(eq=False)
class PreconditionFailed(LendingError):
    """Somebody else changed it since it was read."""

    slug: ClassVar[str] = "version-changed"
    title: ClassVar[str] = N_("Modifié entre-temps")
    detail: ClassVar[str] = N_(
        "Quelqu’un d’autre a modifié cette fiche. Rechargez-la, puis refaites votre modification."
    )


@dataclass(eq=False)
class PreconditionRequired(LendingError):
    """The request does not say which version it changes."""

    slug: ClassVar[str] = "version-required"
    title: ClassVar[str] = N_("Version manquante")
    detail: ClassVar[str] = N_("Indiquez la version modifiée dans l’en-tête If-Match.")


@dataclass(eq=False)
class TooLarge(LendingError):
    """More bytes than are accepted."""

    slug: ClassVar[str] = "body-too-large"
    title: ClassVar[str] = N_("Envoi trop volumineux")
    detail: ClassVar[str] = N_("Cet envoi dépasse la taille acceptée.")


@dataclass(eq=False)
class TooMany(LendingError):
    """Too often in too short a time."""

    slug: ClassVar[str] = "too-many-requests"
    title: ClassVar[str] = N_("Trop de tentatives")
    detail: ClassVar[str] = N_("Réessayez dans {resets_in_seconds} secondes.")
    resets_in_seconds: int


@dataclass(eq=False)
class Unavailable(LendingError):
    """A part of the system cannot answer now."""

    slug: ClassVar[str] = "unavailable"
    title: ClassVar[str] = N_("Service momentanément indisponible")
    detail: ClassVar[str] = N_("Réessayez dans quelques instants.")


STATUS_BY_FAMILY: tuple[tuple[type[LendingError], int], ...] = (
    (Invalid, 400),
    (Unauthenticated, 401),
    (Forbidden, 403),
    (NotFound, 404),
    (Conflict, 409),
    (Gone, 410),
    (PreconditionFailed, 412),
    (TooLarge, 413),
    (PreconditionRequired, 428),
    (TooMany, 429),
    (Unavailable, 503),
)


def status_of(error: LendingError) -> int:
    """The HTTP status that stands for the error's family."""
    return next(
        (status for family, status in STATUS_BY_FAMILY if isinstance(error, family)),
        500,
    )
