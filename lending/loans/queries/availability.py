"""A title day by day: what calendars show. It asks the same planner as a reservation does."""

import datetime as dt
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from lending.catalog.tables import Title
from lending.loans.queries.alternatives import Openings
from lending.loans.queries.pools import Pool, pools_of_title
from lending.loans.rules.periods import DAY, Period
from lending.loans.schemas import DayState, DepotAvailability, TitleAvailability
from lending.network.tables import Organisation

LONGEST_WINDOW_DAYS = 370


def availability(
    session: Session, title: Title, window: Period, now: dt.datetime, association_id: int | None
) -> TitleAvailability:
    """The title in each depot (of the association) that lends it; a longer window is cut short."""
    shown = Period(window.starts_on, min(window.ends_on, window.starts_on + LONGEST_WINDOW_DAYS * DAY))
    found = pools_of_title(session, title.id, title.kind, now, association_id)
    names = _names(session, {pool.terms.association_id for pool in found})
    return TitleAvailability(
        title_id=title.id,
        starts_on=shown.starts_on,
        until_on=shown.due_on,
        depots=[_depot(pool, names[pool.terms.association_id], shown, pool.today(now)) for pool in found],
    )


def _names(session: Session, association_ids: Collection[int]) -> dict[int, str]:
    query = select(Organisation.id, Organisation.name).where(Organisation.id.in_(association_ids))
    return dict(iter(session.execute(query)))


def _depot(pool: Pool, association_name: str, window: Period, today: dt.date) -> DepotAvailability:
    terms = pool.terms
    return DepotAvailability(
        depot_id=terms.depot_id,
        depot_name=terms.depot_name,
        commune=terms.commune,
        association_id=terms.association_id,
        association_name=association_name,
        copies=len(pool.copies),
        hours_known=not terms.calendar.is_assumed,
        loan_days=terms.rule.loan_days,
        max_loan_days=terms.rule.max_loan_days,
        earliest_on=today + terms.rule.lead_days * DAY,
        latest_on=today + terms.rule.horizon_days * DAY,
        opens_to=pool.opens_to,
        days=_days(pool, window, today),
    )


def _days(pool: Pool, window: Period, today: dt.date) -> list[DayState]:
    usual_days = pool.terms.rule.loan_days * DAY
    openings = Openings(pool, Period(window.starts_on, window.ends_on + usual_days), today)
    return [_day(openings, Period(day, day + usual_days), today) for day in window.days()]


def _day(openings: Openings, usual: Period, today: dt.date) -> DayState:
    day = usual.starts_on
    if day < today:
        return DayState(day, 0, is_open=False, can_start=False)
    is_open = openings.is_open(day)
    can_start = is_open and openings.can_start(openings.stretched(usual))
    return DayState(day, openings.free_on(day), is_open=is_open, can_start=can_start)
