"""From rows to arrays: supply and demand of every title in every place, with the facts behind each number."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy.orm import Session

from lending.network import calendar_queries
from lending.shipping.rebalancing.queries import facts
from lending.shipping.rebalancing.queries.facts import PlaceRow, TitleRow, UnmetSource
from lending.shipping.rebalancing.rules.arrays import Floats, Ints
from lending.shipping.rebalancing.rules.demand import PERIODS, SEARCH_COUNTS_AS, Demand, demand_of
from lending.shipping.rebalancing.rules.leaving import Stocked
from lending.shipping.rebalancing.rules.periods import SchoolPeriodDays, days_of, number_of, school_year_of

HISTORY = dt.timedelta(days=730)
DAYS_PER_YEAR = 365.25
SHORTEST_HISTORY_YEARS = 0.5
USUAL_LOAN_DAYS, SHORTEST_LOAN_DAYS, LONGEST_LOAN_DAYS = 35.0, 7.0, 90.0
# A search that fits more titles than these says nothing about any of them.
MOST_TITLES_MEANT = 20
MOST_IDLE_WEEKS = 52
WEEK = 7


@dataclass(frozen=True, slots=True)
class Counts:
    """Requests of the last two years by title, place and period: met, waiting or in vain, refused, sought in vain."""

    loans: Floats
    waiting: Floats
    refused: Floats
    searched: Floats

    @property
    def all(self) -> Floats:
        """All requests, searches for what they are worth."""
        return self.loans + self.waiting + self.refused + SEARCH_COUNTS_AS * self.searched


@dataclass(frozen=True, slots=True)
class Situation:
    """Titles and places with their copies and their demand. Arrays are (titles, places) or (titles, places, periods).

    `known` counts what is asked for already in each period of the school year; `days` is (places, periods).
    """

    places: list[PlaceRow]
    titles: list[TitleRow]
    themes: dict[int, list[str]]
    copies: dict[tuple[int, int], list[Stocked]]
    depots: dict[int, int]
    held: Ints
    counts: Counts
    known: Floats
    demand: Demand
    days: Floats
    loan_days: Floats


def situation(
    session: Session, path: str, unmet: UnmetSource, school_year: int, leaves_on: dt.date, today: dt.date
) -> Situation:
    """Everything below an organisation as it stands today, for moves on a day."""
    places = facts.places(session, path)
    ids = [one.association_id for one in places]
    stock = facts.copies(session, ids)
    titles = facts.titles(session, {one.title_id for one in stock})
    themes, levels = facts.words_of_titles(session)
    index = _Index(places, titles, _calendars(session, places, school_year, today))
    since = today - HISTORY
    loans, wishes = facts.loans(session, ids, since), facts.wishes(session, ids, since)
    past = [one for one in loans if one.starts_on < today]
    counts = Counts(
        index.counted([(one.title_id, one.association_id, one.starts_on, 1.0) for one in past]),
        index.counted([(one.title_id, one.association_id, one.starts_on, 1.0) for one in wishes]),
        *_unmet(session, index, unmet, themes, since, today),
    )
    ahead = [(one.title_id, one.association_id, one.starts_on, 1.0) for one in loans if one.starts_on >= today]
    ahead += [(one.title_id, one.association_id, one.starts_on, 1.0) for one in wishes if one.is_open]
    known = index.counted([one for one in ahead if school_year_of(one[2]) == school_year])
    first = min((one.starts_on for one in past), default=today)
    years = max((today - first).days / DAYS_PER_YEAR, SHORTEST_HISTORY_YEARS)
    weight = np.array([one.pupils for one in places], dtype=np.float64)
    group = _groups(titles, themes, levels)
    copies, depots = _stocked(session, stock, ids, leaves_on, today)
    held = np.zeros((len(titles), len(places)), np.int64)
    for (title_id, association_id), some in copies.items():
        held[index.title[title_id], index.place[association_id]] = len(some)
    return Situation(
        places=places,
        titles=titles,
        themes=themes,
        copies=copies,
        depots=depots,
        held=held,
        counts=counts,
        known=known,
        demand=demand_of(counts.all, group, weight, years),
        days=np.array([days_of(index.calendar[one.zone], school_year) for one in places]).reshape(-1, PERIODS),
        loan_days=_loan_days(titles, loans),
    )


class _Index:
    """Where titles and places stand in the arrays, and which period a day is of."""

    def __init__(
        self, places: list[PlaceRow], titles: list[TitleRow], calendar: dict[str, list[SchoolPeriodDays]]
    ) -> None:
        self.title = {one.id: number for number, one in enumerate(titles)}
        self.place = {one.association_id: number for number, one in enumerate(places)}
        self.by_code = {one.code: one.association_id for one in places}
        self.zone = {one.association_id: one.zone for one in places}
        self.names = {one.id: one.name for one in titles}
        self.calendar = calendar

    def counted(self, rows: Sequence[tuple[int, int, dt.date, float]]) -> Floats:
        """Rows of (title, association, day, how many) as an array; what is elsewhere is left out."""
        found = np.zeros((len(self.title), len(self.place), PERIODS))
        for title_id, association_id, day, times in rows:
            if title_id in self.title and association_id in self.place:
                period = number_of(day, self.calendar[self.zone[association_id]])
                found[self.title[title_id], self.place[association_id], period - 1] += times
        return found


def _calendars(
    session: Session, places: list[PlaceRow], school_year: int, today: dt.date
) -> dict[str, list[SchoolPeriodDays]]:
    until = dt.date(max(school_year, today.year) + 1, 8, 31)
    return {
        zone: [
            SchoolPeriodDays(one.number, one.school_year, one.starts_on, one.ends_on)
            for one in calendar_queries.lending_periods(session, zone, today - HISTORY, until)
        ]
        for zone in {one.zone for one in places}
    }


def _unmet(
    session: Session, index: _Index, unmet: UnmetSource, themes: dict[int, list[str]], since: dt.date, today: dt.date
) -> tuple[Floats, Floats]:
    """Refusals and searches in vain, each given to the titles that it meant."""
    folded = {title_id: frozenset(unmet.fold(name)) for title_id, name in index.names.items()}
    refused, searched = [], []
    for fact in unmet.read(session, list(index.by_code), since, today):
        words = frozenset(fact.words.split())
        association_id = index.by_code[fact.association_code]
        if fact.reason == "reservation":
            meant = [title_id for title_id, name in folded.items() if name == words]
            refused += [(title_id, association_id, fact.day, fact.times / len(meant)) for title_id in meant]
            continue
        meant = [title_id for title_id, name in folded.items() if words <= name]
        if fact.themes:
            meant = [title_id for title_id in meant if set(fact.themes) & set(themes.get(title_id, []))]
        if (words or fact.themes) and len(meant) <= MOST_TITLES_MEANT:
            searched += [(title_id, association_id, fact.day, fact.times / len(meant)) for title_id in meant]
    return index.counted(refused), index.counted(searched)


def _groups(titles: list[TitleRow], themes: dict[int, list[str]], levels: dict[int, list[str]]) -> Ints:
    """Titles of the same kind, first theme and first level are alike."""
    keys = [(one.kind, (themes.get(one.id) or [""])[0], (levels.get(one.id) or [""])[0]) for one in titles]
    number = {key: place for place, key in enumerate(sorted(set(keys)))}
    return np.array([number[key] for key in keys], np.int64)


def _loan_days(titles: list[TitleRow], loans: list[facts.LoanRow]) -> Floats:
    """How long a loan keeps a copy away, with all that is around it: the mean of its kind."""
    kind = {one.id: one.kind for one in titles}
    days: dict[str, list[int]] = {}
    for one in loans:
        if one.title_id in kind:
            days.setdefault(kind[one.title_id], []).append((one.blocked_ends_on - one.blocked_starts_on).days)
    mean = {name: sum(some) / len(some) for name, some in days.items()}
    found = np.array([mean.get(one.kind, USUAL_LOAN_DAYS) for one in titles], dtype=np.float64)
    return np.asarray(np.clip(found, SHORTEST_LOAN_DAYS, LONGEST_LOAN_DAYS))


def _stocked(
    session: Session, stock: list[facts.CopyRow], ids: list[int], leaves_on: dt.date, today: dt.date
) -> tuple[dict[tuple[int, int], list[Stocked]], dict[int, int]]:
    promised, used = facts.promised(session, ids, leaves_on), facts.last_used(session, ids)
    moved = facts.moved(session, dt.date(school_year_of(leaves_on), 8, 1))
    found: dict[tuple[int, int], list[Stocked]] = {}
    for one in stock:
        idle = (today - used[one.id]).days // WEEK if one.id in used else MOST_IDLE_WEEKS
        copy = Stocked(
            one.id,
            one.owner_id,
            one.association_id,
            one.id in promised,
            moved.get(one.id, 0),
            min(max(idle, 0), MOST_IDLE_WEEKS),
        )
        found.setdefault((one.title_id, one.association_id), []).append(copy)
    return found, {one.id: one.depot_id for one in stock}
