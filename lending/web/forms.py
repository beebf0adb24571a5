"""Reading what people typed into forms: each mistake stands beside its field."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from lending.core.errors import Invalid
from lending.core.i18n import N_

Form = Mapping[str, str]
LARGEST_ID = 2**31 - 1


@dataclass(eq=False)
class BadDay(Invalid):
    """A field that should hold a day does not."""

    slug: ClassVar[str] = "bad-day"
    title: ClassVar[str] = N_("Date manquante")
    detail: ClassVar[str] = N_("Choisissez une date, par exemple 2027-03-15.")
    name: str

    def beside(self) -> str | None:
        """The field with the day."""
        return self.name


@dataclass(eq=False)
class BadChoice(Invalid):
    """A field that should hold one of the offered things does not."""

    slug: ClassVar[str] = "bad-choice"
    title: ClassVar[str] = N_("Choix manquant")
    detail: ClassVar[str] = N_("Choisissez une des propositions.")
    name: str

    def beside(self) -> str | None:
        """The field with the choice."""
        return self.name


def day(form: Form, name: str) -> dt.date:
    """The day in a field. Raises BadDay."""
    try:
        return dt.date.fromisoformat(form.get(name, "").strip())
    except ValueError as error:
        raise BadDay(name=name) from error


def chosen_id(form: Form, name: str) -> int:
    """The id chosen in a field. Raises BadChoice."""
    found = optional_id(form, name)
    if found is None:
        raise BadChoice(name=name)
    return found


def optional_id(form: Form, name: str) -> int | None:
    """The id chosen in a field, None when nothing is chosen. Raises BadChoice for anything else."""
    text = form.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and 0 < int(text[:11]) <= LARGEST_ID):
        raise BadChoice(name=name)
    return int(text)


def new_key() -> str:
    """What makes a form that is posted twice one request."""
    return uuid.uuid4().hex


def own_path(path: str) -> str:
    """A path of this site to return to; anything else leads home."""
    is_own = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if is_own else "/"
