"""Texts with variables, such as « {title} », and nothing else: what people write is never run as a template.

In the database a variable is a code (`{title}`); people read and write its name in the text's language (`{titre}`).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

import msgspec

from lending.core.errors import Invalid
from lending.core.i18n import N_, gettext

MOST_SUBJECT_CHARACTERS = 150
MOST_BODY_CHARACTERS = 4000
VARIABLE = re.compile(r"\{([^{}]*)\}")
BRACE = re.compile(r"[{}]")

# What people call each variable, in the language of the text.
VARIABLE_NAMES: Mapping[str, str] = {
    "title": N_("titre"),
    "school": N_("école"),
    "reference": N_("référence"),
    "starts_on": N_("premier jour"),
    "due_on": N_("jour du retour"),
    "depot": N_("dépôt"),
    "association": N_("association"),
    "late": N_("retard"),
    "reminder": N_("rappel"),
    "reader": N_("destinataire"),
    "borrower": N_("emprunteur"),
    "deposit": N_("caution"),
    "ends_on": N_("dernier jour"),
    "school_year": N_("année scolaire"),
    "inviter": N_("qui invite"),
    "from": N_("départ"),
    "to": N_("arrivée"),
    "expected_on": N_("jour prévu"),
    "union": N_("union"),
    "moves": N_("déplacements"),
    "cost": N_("coût"),
    "organisation": N_("organisation"),
}


@dataclass(eq=False)
class BadWording(Invalid):
    """A text of a message is empty, too long, or more than text."""

    slug: ClassVar[str] = "bad-wording"
    title: ClassVar[str] = N_("Texte refusé")
    detail: ClassVar[str] = N_("Écrivez entre 1 et {most} caractères de texte simple.")
    name: str
    most: int

    def beside(self) -> str | None:
        """The field with the text."""
        return self.name


@dataclass(eq=False)
class UnknownVariable(Invalid):
    """A text names something in braces that this message does not know."""

    slug: ClassVar[str] = "unknown-variable"
    title: ClassVar[str] = N_("Variable inconnue")
    detail: ClassVar[str] = N_("« {variable} » n’existe pas ici. Variables possibles : {known}.")
    name: str
    variable: str
    known: list[str]

    def beside(self) -> str | None:
        """The field with the text."""
        return self.name


class Wording(msgspec.Struct, frozen=True):
    """What a message says, with codes of variables. An empty line of the body begins a new paragraph."""

    subject: str
    body: str


def written(wording: Wording, codes: Iterable[str]) -> Wording:
    """What a person wrote, with codes instead of names. Raises BadWording, UnknownVariable."""
    by_name = {**{code: code for code in codes}, **{gettext(VARIABLE_NAMES[code]).lower(): code for code in codes}}
    subject = _checked("subject", " ".join(wording.subject.split()), MOST_SUBJECT_CHARACTERS, by_name)
    body = _checked("body", _paragraphs_of(wording.body), MOST_BODY_CHARACTERS, by_name)
    return Wording(subject, body)


def shown(wording: Wording) -> Wording:
    """What a person reads: names instead of codes, in the language in force."""

    def name(found: re.Match[str]) -> str:
        return "{" + gettext(VARIABLE_NAMES.get(found[1], found[1])) + "}"

    return Wording(VARIABLE.sub(name, wording.subject), VARIABLE.sub(name, wording.body))


def names_of(codes: Iterable[str]) -> list[str]:
    """The variables as people write them, with their braces, in the language in force."""
    return ["{" + gettext(VARIABLE_NAMES[code]) + "}" for code in codes]


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its values, put in once: a brace inside a value stays a brace."""
    return VARIABLE.sub(lambda found: values.get(found[1], found[0]), text)


def paragraphs(body: str) -> tuple[str, ...]:
    """The paragraphs of a body."""
    return tuple(part for part in body.split("\n\n") if part)


def _paragraphs_of(text: str) -> str:
    lines = [" ".join(line.split()) for line in text.replace("\r\n", "\n").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def _checked(name: str, text: str, most: int, by_name: Mapping[str, str]) -> str:
    if not text or len(text) > most or not text.replace("\n", "").isprintable():
        raise BadWording(name=name, most=most)
    coded = VARIABLE.sub(lambda found: "{" + _code(name, found[0], found[1], by_name) + "}", text)
    if BRACE.search(VARIABLE.sub("", coded)):
        raise UnknownVariable(name=name, variable="{", known=names_of(dict.fromkeys(by_name.values())))
    if len(coded) > most:
        raise BadWording(name=name, most=most)
    return coded


def _code(name: str, seen: str, variable: str, by_name: Mapping[str, str]) -> str:
    code = by_name.get(" ".join(variable.lower().split()))
    if code is None:
        raise UnknownVariable(name=name, variable=seen[:60], known=names_of(dict.fromkeys(by_name.values())))
    return code
