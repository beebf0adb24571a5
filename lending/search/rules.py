"""What a search must look like."""

from dataclasses import dataclass
from typing import ClassVar

from lending.core.errors import Invalid
from lending.core.i18n import N_
from lending.loans.rules.periods import Period
from lending.search.schemas import MAX_PAGE, MAX_PER_PAGE, SearchQuery

LONGEST_TEXT = 200


@dataclass(eq=False)
class QueryTooLong(Invalid):
    """More text than a search takes."""

    slug: ClassVar[str] = "query-too-long"
    title: ClassVar[str] = N_("Recherche trop longue")
    detail: ClassVar[str] = N_("Une recherche peut compter {longest} caractères au plus.")
    field: ClassVar[str | None] = "q"
    longest: int = LONGEST_TEXT


@dataclass(eq=False)
class OneDateMissing(Invalid):
    """« Free from … to … » needs both days."""

    slug: ClassVar[str] = "one-date-missing"
    title: ClassVar[str] = N_("Il manque une date")
    detail: ClassVar[str] = N_("Indiquez le premier et le dernier jour.")
    field: ClassVar[str | None] = "due_on"


@dataclass(eq=False)
class NoSuchPage(Invalid):
    """A page beyond what a search gives."""

    slug: ClassVar[str] = "no-such-page"
    title: ClassVar[str] = N_("Page inexistante")
    detail: ClassVar[str] = N_("Les pages vont de 1 à {last_page}.")
    field: ClassVar[str | None] = "page"
    last_page: int = MAX_PAGE


@dataclass(eq=False)
class PlaceMissing(Invalid):
    """« Nearest first » and « within » need to know from where."""

    slug: ClassVar[str] = "place-missing"
    title: ClassVar[str] = N_("Il manque un lieu")
    detail: ClassVar[str] = N_("Indiquez de quel lieu ou de quelle école partir.")
    field: ClassVar[str | None] = "sort"


def check_query(query: SearchQuery) -> None:
    """Raise QueryTooLong, OneDateMissing, NoSuchPage, PlaceMissing, PeriodReversed or DateOutOfRange."""
    if len(query.text) > LONGEST_TEXT:
        raise QueryTooLong
    if not (1 <= query.page <= MAX_PAGE and 1 <= query.per_page <= MAX_PER_PAGE):
        raise NoSuchPage
    if (query.starts_on is None) != (query.due_on is None):
        raise OneDateMissing
    if query.starts_on is not None and query.due_on is not None:
        Period.through(query.starts_on, query.due_on)
    needs_place = query.sort == "nearest" or query.within_km is not None
    if needs_place and query.near is None and query.school_id is None:
        raise PlaceMissing
