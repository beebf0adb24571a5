"""A title day by day: what calendars show. It asks the same planner as a reservation does."""

import datetime as dt

from sqlalchemy.orm import Session

from lending.catalog.tables import Title
from lending.loans.queries.pools import Pool, pools_of_title
from lending.loans.rules.occupancy import Occupancy
from lending.loans.rules.periods import DAY, Period
from lending.loans.rules.usual_loans import Start, laid_out, usual_starts
from lending.loans.schemas import DayState, DepotAvailability, TitleAvailability

LONGEST_WINDOW_DAYS = 370


def availability(
    session: Session, title: Title, window: Period, now: dt.datetime, association_id: int | None
) -> TitleAvailability:
    """The title in each depot (of the association) that lends it; a longer window is cut short."""
    shown = Period(window.starts_on, min(window.ends_on, window.starts_on + LONGEST_WINDOW_DAYS * DAY))
    found = pools_of_title(session, title.id, title.kind, now, association_id)
    return TitleAvailability(
        title_id=title.id,
        starts_on=shown.starts_on,
        until_on=shown.due_on,
        depots=[_depot(pool, shown, pool.today(now)) for pool in found],
    )


def _depot(pool: Pool, window: Period, today: dt.date) -> DepotAvailability:
    terms = pool.terms
    return DepotAvailability(
        depot_id=terms.depot_id,
        depot_name=terms.depot_name,
        commune=terms.commune,
        association_id=terms.association_id,
        association_name=terms.association_name,
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
    terms = pool.terms
    known = laid_out(Period(window.starts_on, window.ends_on + terms.rule.loan_days * DAY))
    occupancy = Occupancy(pool.served, pool.copies, known)
    return [_day(occupancy, start, today) for start in usual_starts(terms.buffers, terms.rule, window, today)]


def _day(occupancy: Occupancy, start: Start, today: dt.date) -> DayState:
    if start.day < today:
        return DayState(start.day, 0, is_open=False, can_start=False)
    can_start = start.blocked is not None and occupancy.has_room(start.blocked)
    return DayState(start.day, occupancy.free_on(start.day), is_open=start.is_open, can_start=can_start)
