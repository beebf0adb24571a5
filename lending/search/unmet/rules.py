"""What of a search is kept, and how the same wish is recognised."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import parse_qs, urlencode

from lending.core.errors import Invalid
from lending.core.i18n import N_
from lending.search.french import words
from lending.search.schemas import SearchQuery
from lending.search.unmet.schemas import UnmetPeriod

LONGEST_WORDS = 100
LONGEST_FILTERS = 300
KEPT_MONTHS = 25
USUAL_DAYS = 90
# Where is a column of its own; when is kept as months, so that no single wish stands out.
KEPT_FACETS = ("kind", "level", "theme", "language")
# An address or a long number can name somebody, and no title is called so.
NAMES_SOMEBODY = re.compile(r"@|(?:\d[ .-]?){6}")


@dataclass(eq=False)
class LastDayBeforeFirst(Invalid):
    """The days to look at stand in the wrong order."""

    slug: ClassVar[str] = "last-day-before-first"
    title: ClassVar[str] = N_("Jours inversés")
    detail: ClassVar[str] = N_("Le dernier jour ne peut pas précéder le premier.")
    field: ClassVar[str | None] = "last_on"


def check_period(period: UnmetPeriod) -> None:
    """Raise LastDayBeforeFirst."""
    if period.last_on < period.first_on:
        raise LastDayBeforeFirst


def usual_period(today: dt.date) -> UnmetPeriod:
    """The days that are shown when nobody says which."""
    return UnmetPeriod(today - dt.timedelta(days=USUAL_DAYS), today)


def oldest_kept(today: dt.date) -> dt.date:
    """The first of the month from which on records are kept."""
    months = today.year * 12 + today.month - 1 - KEPT_MONTHS
    return dt.date(months // 12, months % 12 + 1, 1)


def words_kept(text: str) -> str:
    """The text as it is counted: folded, without signs. Empty when it might name somebody."""
    if NAMES_SOMEBODY.search(text):
        return ""
    return " ".join(words(text))[:LONGEST_WORDS].strip()


def filters_text(query: SearchQuery) -> str:
    """The criteria of a search in one order, months instead of days."""
    pairs = [
        (facet, value)
        for facet in KEPT_FACETS
        for value in sorted({one for one in query.chosen(facet) if one.isprintable()})
    ]
    if query.starts_on is not None:
        pairs.append(("month", f"{query.starts_on:%Y-%m}"))
    while pairs and len(urlencode(pairs)) > LONGEST_FILTERS:
        pairs.pop()
    return urlencode(pairs)


def filters_of(text: str) -> dict[str, list[str]]:
    """What `filters_text` wrote, by criterion."""
    return parse_qs(text)
