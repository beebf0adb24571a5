"""The borrower's school year, and the days on which an association lends nothing."""

import datetime as dt

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from lending.core.database import ask, table_of
from lending.loans.queries.terms import Terms
from lending.loans.rules.periods import DAY, Period
from lending.loans.rules.ways import Choice, SchoolTerm, Silence, choices
from lending.loans.tables import Blackout
from lending.network import calendar_queries
from lending.network import queries as network
from lending.network.schemas import SchoolView

LOOK_BACK = 100 * DAY
LOOK_AHEAD = 800 * DAY
SHOWN_CHOICES = 4

_blackout = table_of(Blackout).c
SILENCES = (
    select(_blackout.starts_on, _blackout.ends_on, _blackout.reason)
    .where(_blackout.association_id == bindparam("association_id"), _blackout.ends_on > bindparam("day"))
    .where(or_(_blackout.kind.is_(None), _blackout.kind == bindparam("kind")))
    .order_by(_blackout.starts_on)
)


def school_terms(session: Session, school: SchoolView, day: dt.date) -> list[SchoolTerm]:
    """The school periods around `day` where the school is; years that nobody published are left out."""
    zone = network.association(session, school.association_id).holiday_zone
    found = calendar_queries.lending_periods(session, zone, day - LOOK_BACK, day + LOOK_AHEAD)
    return [SchoolTerm(one.number, one.school_year, Period(one.starts_on, one.ends_on)) for one in found]


def silences(session: Session, association_id: int, kind: str, day: dt.date) -> list[Silence]:
    """From `day` on, when an association lends nothing of a kind, and why."""
    rows = ask(session, SILENCES, association_id=association_id, kind=kind, day=day)
    return [Silence(Period(row.starts_on, row.ends_on), row.reason) for row in rows]


def choices_for(session: Session, terms: Terms, school: SchoolView, today: dt.date) -> list[Choice]:
    """The dates that one tap can take, on these terms and in the borrower's school year."""
    earliest_on, latest_on = today + terms.rule.lead_days * DAY, today + terms.rule.horizon_days * DAY
    found = choices(terms.rule, terms.calendar, school_terms(session, school, today), earliest_on, latest_on)
    return found[:SHOWN_CHOICES]
