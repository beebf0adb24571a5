"""Each letter as the typesetter takes it: texts, nothing that it could read as a command."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from lending.core.i18n import format_day, language
from lending.core.i18n import gettext as _
from lending.loans.rules.papers import breakable
from lending.notices.schemas import Letter
from lending.notices.words import unbroken


def sheet(letter: Letter, address: Sequence[str], day: dt.date) -> dict[str, Any]:
    """One letter, in the language in force. What a screen would open is an address to type."""
    colon = "\N{NO-BREAK SPACE}:" if language.get() == "fr" else ":"
    place = [(letter.action.label + colon, letter.action.url)] if letter.action else []
    return {
        "language": language.get(),
        "sender": [breakable(line) for line in letter.signature],
        "address": [breakable(line) for line in address],
        "day": format_day(day),
        "subject": unbroken(letter.subject),
        "greeting": letter.greeting,
        "paragraphs": [unbroken(one) for one in letter.paragraphs],
        "rows": [(label, breakable(unbroken(said))) for label, said in letter.rows],
        "items": [unbroken(one) for one in letter.items],
        "closing": unbroken(letter.closing),
        "places": [(label, breakable(url)) for label, url in place],
        "why": unbroken(_("Cette lettre vous est envoyée sur papier parce qu’aucun courriel ne vous parvient.")),
        "reason": unbroken(letter.reason),
    }


def document(title: str, sheets: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The whole file."""
    return {"title": title, "language": language.get(), "sheets": list(sheets)}
