"""Counting and reading unmet wishes."""

import datetime as dt
from collections.abc import Collection

from sqlalchemy import CursorResult, delete, func, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from lending.search.tables import UnmetSearch
from lending.search.unmet.rules import filters_of
from lending.search.unmet.schemas import UnmetPeriod, UnmetView, UnmetWish

# Whoever sends nonsense all day fills no disk.
MOST_PER_DAY = 2000
MOST_SHOWN = 200


def record_unmet(session: Session, wish: UnmetWish, today: dt.date) -> None:
    """Count a wish that found nothing; the same wish on the same day counts up. Needs `db.write()`."""
    if not (wish.words or wish.filters) or _is_full(session, today):
        return
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    statement = insert(UnmetSearch).values(
        searched_on=today,
        reason=wish.reason,
        association_code=wish.association_code,
        words=wish.words,
        filters=wish.filters,
        times=1,
    )
    key = ("searched_on", "reason", "association_code", "words", "filters")
    session.execute(statement.on_conflict_do_update(index_elements=key, set_={"times": UnmetSearch.times + 1}))


def unmet(session: Session, codes: Collection[str], period: UnmetPeriod) -> list[UnmetView]:
    """The wishes of some associations (empty code = of nobody in particular), the most frequent first."""
    what = (UnmetSearch.reason, UnmetSearch.association_code, UnmetSearch.words, UnmetSearch.filters)
    times = func.sum(UnmetSearch.times)
    query = (
        select(*what, times, func.min(UnmetSearch.searched_on), func.max(UnmetSearch.searched_on))
        .where(UnmetSearch.association_code.in_(codes))
        .where(UnmetSearch.searched_on.between(period.first_on, period.last_on))
        .group_by(*what)
        .order_by(times.desc(), UnmetSearch.words, UnmetSearch.association_code, UnmetSearch.filters)
        .limit(MOST_SHOWN)
    )
    return [
        UnmetView(
            reason=reason,  # type: ignore[arg-type]  # the table allows no other
            association_code=code,
            words=words,
            filters=filters_of(filters),
            times=int(count),
            first_on=first_on,
            last_on=last_on,
        )
        for reason, code, words, filters, count, first_on, last_on in session.execute(query)
    ]


def every_unmet(session: Session, codes: Collection[str], period: UnmetPeriod) -> list[UnmetSearch]:
    """Every count of these associations in a period, day by day: for programs that add them up their own way."""
    query = (
        select(UnmetSearch)
        .where(UnmetSearch.association_code.in_(codes))
        .where(UnmetSearch.searched_on.between(period.first_on, period.last_on))
        .order_by(UnmetSearch.id)
    )
    return list(session.scalars(query))


def forget_before(session: Session, first_kept: dt.date) -> int:
    """Delete what was counted before a day; returns how many rows. Needs `db.write()`."""
    done = session.execute(delete(UnmetSearch).where(UnmetSearch.searched_on < first_kept))
    return done.rowcount if isinstance(done, CursorResult) else 0


def _is_full(session: Session, today: dt.date) -> bool:
    count = select(func.count()).select_from(UnmetSearch).where(UnmetSearch.searched_on == today)
    return (session.scalar(count) or 0) >= MOST_PER_DAY
