"""A language that nobody speaks: every text longer by a third, accented and in brackets.

What a page shows outside brackets was never handed to a translator; what does not fit will not fit in a long language.
"""

import gettext as stdlib_gettext
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from babel import Locale
from playwright.sync_api import Page
from sqlalchemy import JSON, String, select

from lending.core import i18n
from lending.core.database import Base, Database
from lending.web import rendering
from lending.web.pages.problems import problem_types

BEGIN, END = "⟦", "⟧"
SPOKEN = "en"
# Facts, markup and addresses inside a text stay as they are.
KEPT = re.compile(r"(\{[^}]*\}|%\(\w+\)\w|%%|<[^>]*>|&\w+;|https?://\S+|\S+@\S+)")
DOUBLED = str.maketrans(
    {
        "a": "áà",
        "e": "éè",
        "i": "íì",
        "o": "óò",
        "u": "úù",
        "y": "ýÿ",
        "é": "ëé",
        "è": "ëè",
        "à": "äà",
        "A": "ÁÀ",
        "E": "ÉÈ",
        "I": "ÍÌ",
        "O": "ÓÒ",
    }
)

FORMATS = "CSV JSON XLSX UNIMARC MARC21 PDF ODT DOCX EAN ISBN UAI SSCC"
# What parts the facts of a line.
BETWEEN = re.compile(r"[\d\[\]·,;:()«»“”/|×→›…]+|(?:^|\s)[-–—](?:\s|$)|[.!?](?:\s|$)|\s{2,}")
# Letters and messages are written when they are sent, in the language of who gets them.
WRITTEN_BEFORE = {"notice", "outbox", "answered_request"}
SEEN = """() => {
  const foreign = "[lang]:not(html)", out = [document.title];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { data, parentElement } = walker.currentNode;
    if (!parentElement.closest(`script, style, code, pre, ${foreign}`)) out.push(data);
  }
  for (const name of ["alt", "aria-label", "placeholder", "title"]) {
    const named = [...document.querySelectorAll(`body [${name}]`)].filter((one) => !one.closest(foreign));
    out.push(...named.map((one) => one.getAttribute(name)));
  }
  return out;
}"""


class Pseudo(stdlib_gettext.NullTranslations):
    """The source texts, disguised."""

    def gettext(self, message: str) -> str:
        """One text."""
        return disguised(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """The singular for one alone."""
        return disguised(msgid1 if n == 1 else msgid2)


def disguised(text: str) -> str:
    """Every vowel twice and accented, which makes a third more; brackets around it."""
    pieces = KEPT.split(text)
    return BEGIN + "".join(one if place % 2 else one.translate(DOUBLED) for place, one in enumerate(pieces)) + END


def texts_of(page: Page) -> list[str]:
    """All that a page says: its title, its words, and what stands for a picture or a field. Codes are no words."""
    said: list[str] = page.evaluate(SEEN)
    return said


def outside(lines: list[str]) -> list[str]:
    """What stands outside all brackets. A text may hold another, and may run over several lines."""
    depth, found = 0, []
    for line in lines:
        kept = ""
        for sign in line:
            depth += (sign == BEGIN) - (sign == END)
            kept += sign if depth == 0 and sign != END else " "
        found.append(" ".join(kept.split()))
    assert depth == 0, "a bracket stays open"
    return [one for one in found if any(sign.isalpha() for sign in one)]


@contextmanager
def speaking_pseudo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """English is replaced by it, for the length of the block."""
    usual, pseudo = i18n.translations, Pseudo()
    with monkeypatch.context() as patch:
        patch.setattr(i18n, "translations", lambda code: pseudo if code == SPOKEN else usual(code))
        rendering._in_language.cache_clear()
        yield
    rendering._in_language.cache_clear()


def words_told(database: Database) -> str:
    """What needs no translator: every text that somebody typed, days of a calendar, names of problems, colours."""
    told = [word for names in Locale(SPOKEN).months["format"].values() for word in names.values()]
    told += [word for names in Locale(SPOKEN).days["format"].values() for word in names.values()]
    told += [FORMATS, *problem_types(), (rendering.STATIC / "app.css").read_text()]
    with database.read() as session:
        for table in Base.metadata.sorted_tables:
            typed = [one for one in table.columns if isinstance(one.type, String | JSON)]
            if typed and table.name not in WRITTEN_BEFORE:
                told += [str(text) for row in session.execute(select(*typed)) for text in row if text]
    return " ".join(" ".join(told).casefold().split())


def foreign(lines: list[str], told: str) -> list[str]:
    """The phrases outside brackets that nobody typed."""
    phrases = {phrase.strip() for line in outside(lines) for phrase in BETWEEN.split(line)}
    return sorted(one for one in phrases if any(sign.isalpha() for sign in one) and one.casefold() not in told)
