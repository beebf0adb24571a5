"""What could be had instead, when a wish cannot be served."""

import datetime as dt
from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lending.catalog.rules import Visibility
from lending.catalog.tables import Title, TitleLevel, TitleTheme
from lending.core.errors import LendingError
from lending.loans.queries.pools import Pool, pools, pools_of_title
from lending.loans.queries.terms import rule_words
from lending.loans.rules.borrowers import Borrowers, borrowers_of
from lending.loans.rules.day_table import day_table
from lending.loans.rules.errors import FreePeriod
from lending.loans.rules.loan_rules import check_dates, resolve
from lending.loans.rules.occupancy import Occupancy
from lending.loans.rules.periods import Period
from lending.loans.rules.usual_loans import laid_out
from lending.network import queries as network
from lending.network.schemas import SchoolView

SEARCHED_DAYS = 60
SHOWN_PERIODS = 3
SHOWN_TITLES = 3
EXAMINED_TITLES = 20


def nearest_free_periods(
    session: Session, title: Title, period: Period, now: dt.datetime, association_id: int
) -> tuple[FreePeriod, ...]:
    """Periods of about the same length in which a copy is free, before and after the one wished for."""
    found = [
        free
        for pool in pools_of_title(session, title.id, title.kind, now, association_id)
        for free in _free_periods(pool, period, pool.today(now))
    ]
    closest = sorted(found, key=lambda one: (abs((one.starts_on - period.starts_on).days), one.starts_on))
    return tuple(sorted(closest[:SHOWN_PERIODS], key=lambda one: (one.starts_on, one.depot_id)))


def equivalent_titles(
    session: Session, title: Title, period: Period, now: dt.datetime, association_id: int
) -> tuple[int, ...]:
    """Titles of the same kind that share a theme, and a level if any, and are free in the period."""
    candidates = _alike(session, title)
    free = free_titles(session, dict.fromkeys(candidates, title.kind), period, now, association_id)
    return tuple(id_ for id_ in candidates if id_ in free)[:SHOWN_TITLES]


def titles_alike(
    session: Session, title: Title, period: Period, now: dt.datetime, school: SchoolView
) -> tuple[int, ...]:
    """Equivalent titles in the school's own association, then in the neighbours of its union that lend to it."""
    found: dict[int, None] = {}
    for association_id in (school.association_id, *_neighbours_that_lend(session, title.kind, school)):
        found |= dict.fromkeys(equivalent_titles(session, title, period, now, association_id))
        if len(found) >= SHOWN_TITLES:
            break
    return tuple(found)[:SHOWN_TITLES]


def _neighbours_that_lend(session: Session, kind: str, school: SchoolView) -> list[int]:
    lenders = [one for one in network.associations(session) if one.id != school.association_id]
    near = [one.id for one in lenders if borrowers_of(one.path, school.path) is Borrowers.REGION]
    words = rule_words(session, near)
    return [id_ for id_ in near if resolve(words, id_, kind, Borrowers.REGION).is_lendable]


def free_titles(
    session: Session,
    kinds: dict[int, str],
    period: Period,
    now: dt.datetime,
    association_id: int | None = None,
) -> set[int]:
    """Those of the titles of which some depot (of the association) could lend a copy for the whole period."""
    found = pools(session, kinds, now, association_id)
    return {title_id for (title_id, _), pool in found.items() if pool.has_room(period)}


class Openings:
    """A pool laid out for questions about many loans that lie in a window."""

    def __init__(self, pool: Pool, window: Period, today: dt.date) -> None:
        """Preparation and turnaround are looked up some way beyond the window."""
        around = laid_out(window)
        self._rule, self._today = pool.terms.rule, today
        self._table = day_table(pool.terms.buffers, around)
        self._occupancy = Occupancy(pool.served, pool.copies, around)

    def free_on(self, day: dt.date) -> int:
        """How many copies nobody has, prepares or puts back in order on `day`."""
        return self._occupancy.free_on(day)

    def stretched(self, period: Period) -> Period:
        """The period with its last day moved to the next open one, where there is one."""
        return self._table.stretched(period)

    def is_open(self, day: dt.date) -> bool:
        """Whether the desk is open on `day`."""
        return self._table.calendar.is_open(day)

    def can_start(self, period: Period) -> bool:
        """Whether the rules allow the period and a copy is free."""
        return self._is_allowed(period) and self._occupancy.has_room(self._table.around(period))

    def _is_allowed(self, period: Period) -> bool:
        try:
            check_dates(period, self._rule, self._table.calendar, self._today)
        except LendingError:
            return False
        return True


def _free_periods(pool: Pool, period: Period, today: dt.date) -> Iterator[FreePeriod]:
    """The closest free period before and the closest after: days in a row would say the same thing twice."""
    searched = Period(period.moved(-SEARCHED_DAYS).starts_on, period.moved(SEARCHED_DAYS).ends_on)
    openings = Openings(pool, searched, today)
    for step in (-1, 1):
        for days in range(step, step * SEARCHED_DAYS + step, step):
            candidate = openings.stretched(period.moved(days))
            if candidate != period and openings.can_start(candidate):
                yield FreePeriod(candidate.starts_on, candidate.due_on, pool.terms.depot_id)
                break


def _alike(session: Session, title: Title) -> list[int]:
    themes = select(TitleTheme.theme).where(TitleTheme.title_id == title.id)
    levels = session.scalars(select(TitleLevel.level).where(TitleLevel.title_id == title.id)).all()
    query = (
        select(Title.id)
        .join(TitleTheme, TitleTheme.title_id == Title.id)
        .where(TitleTheme.theme.in_(themes), Title.id != title.id, Title.kind == title.kind)
        .where(Title.visibility == Visibility.PUBLISHED.value)
        .group_by(Title.id)
        .order_by(func.count().desc(), Title.id)
        .limit(EXAMINED_TITLES)
    )
    if levels:
        same_level = select(TitleLevel.title_id).where(TitleLevel.level.in_(levels))
        query = query.where(Title.id.in_(same_level))
    return list(session.scalars(query))
