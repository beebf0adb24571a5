"""Small things in words, in the language in force."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from babel.dates import get_day_names

from lending.core.i18n import N_, language, ngettext
from lending.core.i18n import gettext as _
from lending.network.schemas import OpeningHours

# A space that ends no line: beside French signs, in an hour, and between a number and what it counts.
UNBROKEN = re.compile(
    r"(?<=«) | (?=[»:;?!])|(?<=\d) (?=(?:h|€|km|kg|%|jours?|heures?|minutes?)\b|[€%])|(?<=\d h) (?=\d)"
)
# The dash between two hours ends a line and begins none, in any language.
RANGE = re.compile(r"(?<=[\dh]) (?=– \d)")
DEPOSIT_WORDS: Mapping[str, str] = {"returned": N_("rendue"), "cashed": N_("encaissée")}
INCIDENT_WORDS: Mapping[str, str] = {
    "missing": N_("il manque quelque chose"),
    "damaged": N_("l’exemplaire est abîmé"),
    "lost": N_("l’exemplaire n’est pas revenu"),
    "claimed": N_("le retour n’a pas été retrouvé au dépôt"),
}
OUTCOME_WORDS: Mapping[str, str] = {
    "paid": N_("payé"),
    "replaced": N_("remplacé"),
    "waived": N_("rien n’est demandé"),
    "found": N_("retrouvé"),
    "was_here": N_("c’était bien au dépôt"),
    "never_came": N_("le prêt continue"),
}
DIGEST_WORDS: Mapping[str, Callable[[int], str]] = {
    "late": lambda n: ngettext("{count} prêt en retard", "{count} prêts en retard", n),
    "at-risk": lambda n: ngettext("{count} réservation sans exemplaire", "{count} réservations sans exemplaire", n),
    "starting-today": lambda n: ngettext("{count} retrait aujourd’hui", "{count} retraits aujourd’hui", n),
    "due-today": lambda n: ngettext("{count} retour attendu aujourd’hui", "{count} retours attendus aujourd’hui", n),
    "held-back": lambda n: ngettext(
        "{count} exemplaire à compléter ou à réparer", "{count} exemplaires à compléter ou à réparer", n
    ),
}


def digest_in_words(what: str, count: int) -> str:
    """So many of something to look at."""
    return DIGEST_WORDS[what](count).format(count=count)


def unbroken(text: str) -> str:
    """Text in which the dash between two hours stays with the first, and French signs with their words."""
    text = RANGE.sub("\N{NO-BREAK SPACE}", text)
    return UNBROKEN.sub("\N{NO-BREAK SPACE}", text) if language.get() == "fr" else text


def one_line(text: str) -> str:
    """Text without line breaks or control characters: nothing that stands in a header may begin another."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def time_in_words(moment: dt.time) -> str:
    """A time of day: « 9 h 30 », 9:30."""
    if language.get() != "fr":
        return f"{moment.hour}:{moment.minute:02}"
    return f"{moment.hour} h {moment.minute:02}" if moment.minute else f"{moment.hour} h"


def hours_in_words(openings: Iterable[OpeningHours]) -> str:
    """Weekly hours: « mardi 9 h – 12 h, 14 h – 17 h ; jeudi 9 h – 12 h »."""
    by_weekday = defaultdict(list)
    for one in sorted(openings, key=lambda hours: (hours.weekday, hours.opens_at)):
        by_weekday[one.weekday].append(f"{time_in_words(one.opens_at)} – {time_in_words(one.closes_at)}")
    names = get_day_names("wide", locale=language.get())
    separator = " ; " if language.get() == "fr" else "; "
    return separator.join(f"{names[day]} {', '.join(hours)}" for day, hours in by_weekday.items())


def reminder_in_words(number: int) -> str:
    """Which reminder it is."""
    match number:
        case 1:
            return _("1er rappel")
        case 2:
            return _("2e rappel")
        case 3:
            return _("3e rappel")
        case _:
            return _("{number}e rappel").format(number=number)
