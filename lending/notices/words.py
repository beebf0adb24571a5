"""Small things in words, in the language in force."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from babel.dates import get_day_names

from lending.core.i18n import gettext as _
from lending.core.i18n import language
from lending.network.schemas import OpeningHours


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
