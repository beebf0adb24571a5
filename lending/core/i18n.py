"""Languages: French is written in the code, English comes from `lending/locale/en/*.po`.

The part files are read at start-up, so that there is nothing to compile and nothing to forget to compile.
"""

import datetime as dt
import gettext as stdlib_gettext
import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = ("fr", "en")
DEFAULT_LANGUAGE = "fr"
LOCALE_DIR = Path(__file__).parent.parent / "locale"

language: ContextVar[str] = ContextVar("language", default=DEFAULT_LANGUAGE)


class FrenchSource(stdlib_gettext.NullTranslations):
    """The source texts themselves. French counts zero as singular: « 0 malle », not « 0 malles »."""

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """The singular for 0 and 1."""
        return msgid1 if abs(n) < 2 else msgid2  # noqa: PLR2004 - the plural begins at two in French


def N_(msgid: str) -> str:  # noqa: N802 - the customary name that marks a text for translation
    """Mark a text for translation where it is defined; it is translated where it is shown."""
    return msgid


@cache
def translations(code: str) -> stdlib_gettext.NullTranslations:
    """The catalogue of a language; an unknown code reads as French."""
    if code not in LANGUAGES or code == DEFAULT_LANGUAGE:
        return FrenchSource()
    merged = Catalog(locale=code)
    for part in sorted((LOCALE_DIR / code).glob("*.po")):
        for message in read_po(io.BytesIO(part.read_bytes()), locale=code):
            if message.id and message.string:
                merged.add(message.id, message.string, context=message.context)
    compiled = io.BytesIO()
    write_mo(compiled, merged)
    compiled.seek(0)
    return stdlib_gettext.GNUTranslations(compiled)


def gettext(msgid: str) -> str:
    """The text in the language in force."""
    return translations(language.get()).gettext(msgid) if msgid else ""


def ngettext(singular: str, plural: str, count: int) -> str:
    """The text for `count` things in the language in force."""
    return translations(language.get()).ngettext(singular, plural, count)


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Make `code` the language in force inside the block."""
    token = language.set(code if code in LANGUAGES else DEFAULT_LANGUAGE)
    try:
        yield
    finally:
        language.reset(token)


def format_day(day: dt.date, pattern: str = "d MMMM y") -> str:
    """A day in words. French writes the first of a month as an ordinal, which CLDR does not."""
    return _day_in_words(day, pattern, language.get())


@lru_cache(maxsize=4096)
def _day_in_words(day: dt.date, pattern: str, code: str) -> str:
    """Lists and nights of letters say the same days again and again."""
    text = format_date(day, pattern, locale=code)
    if code == "fr" and day.day == 1 and "MMM" in pattern:
        return text.replace("1 ", "1er ", 1)
    return text


def format_weekday(day: dt.date) -> str:
    """A day with its weekday: « mardi 12 janvier 2027 »."""
    return format_day(day, "EEEE d MMMM y")


def format_instant(instant: dt.datetime, time_zone: str) -> str:
    """An instant as a local date and time of `time_zone` (IANA name)."""
    pattern = "d MMMM y 'à' HH:mm" if language.get() == "fr" else "d MMMM y, HH:mm"
    return format_datetime(instant, pattern, tzinfo=ZoneInfo(time_zone), locale=language.get())
