"""A title day by day: what calendars show. It asks the same planner as a reservation does."""

import datetime as dt

from sqlalchemy.orm import Session

from lending.catalog.tables import Title
from lending.loans.queries.alternatives import could_start, stretched
from lending.loans.queries.pools import Pool, pools_of_title
from lending.loans.queries.terms import Terms, TermsBook
from lending.loans.rules.borrowers import Borrowers
from lending.loans.rules.occupancy import Occupancy
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
    book = TermsBook(session, [pool.terms.depot_id for pool in found])
    return TitleAvailability(
        title_id=title.id,
        starts_on=shown.starts_on,
        until_on=shown.due_on,
        depots=[_depot(session, book, title.kind, pool, shown, pool.today(now)) for pool in found],
    )


def _depot(
    session: Session, book: TermsBook, kind: str, pool: Pool, window: Period, today: dt.date
) -> DepotAvailability:
    terms = pool.terms
    return DepotAvailability(
        depot_id=terms.depot_id,
        depot_name=terms.depot_name,
        commune=terms.commune,
        association_id=terms.association_id,
        association_name=session.get_one(Organisation, terms.association_id).name,
        copies=len(pool.copies),
        hours_known=not terms.calendar.is_assumed,
        loan_days=terms.rule.loan_days,
        max_loan_days=terms.rule.max_loan_days,
        earliest_on=today + terms.rule.lead_days * DAY,
        latest_on=today + terms.rule.horizon_days * DAY,
        opens_to=[one for one in Borrowers if book.of(terms.depot_id, kind, one).rule.is_lendable],
        days=_days(pool, window, today),
    )


def _days(pool: Pool, window: Period, today: dt.date) -> list[DayState]:
    usual_days = pool.terms.rule.loan_days * DAY
    occupancy = pool.over(Period(window.starts_on, window.ends_on + usual_days))
    return [_day(occupancy, pool.terms, Period(day, day + usual_days), today) for day in window.days()]


def _day(occupancy: Occupancy, terms: Terms, usual: Period, today: dt.date) -> DayState:
    day = usual.starts_on
    if day < today:
        return DayState(day, 0, is_open=False, can_start=False)
    is_open = terms.calendar.is_open(day)
    return DayState(
        day=day,
        free=occupancy.free_on(day),
        is_open=is_open,
        can_start=is_open and could_start(occupancy, terms, stretched(usual, terms.calendar), today),
    )
