"""Whether a school may have a loan at all, and on which conditions. Whoever makes or moves a loan asks here."""

import datetime as dt

from sqlalchemy import ColumnElement, bindparam, func, select
from sqlalchemy.orm import Session

from lending.catalog.tables import Title
from lending.core.database import ask, table_of
from lending.loans.queries.pools import IS_OPEN
from lending.loans.queries.school_terms import school_terms, silences
from lending.loans.queries.terms import Terms
from lending.loans.rules.loan_rules import LoanRule, check_affiliation, check_dates, fee_of
from lending.loans.rules.period_errors import (
    AgreementMissing,
    ApprovalMissing,
    DepositMissing,
    HandoversFull,
    TooManyOverHolidays,
)
from lending.loans.rules.periods import DAY, Period
from lending.loans.rules.states import Cause
from lending.loans.rules.ways import SchoolTerm, check_way, crosses, holidays_between
from lending.loans.service import borrowers
from lending.loans.service.shelf import Shelf
from lending.loans.tables import Agreement, Booking
from lending.network.rules import school_year_of
from lending.network.schemas import SchoolView

SEARCHED_DAYS = 60
IS_LOAN = Booking.cause == Cause.LOAN.value
_booking = table_of(Booking).c
PAID = select(_booking.starts_on).where(
    _booking.school_id == bindparam("school_id"),
    _booking.association_id == bindparam("association_id"),
    _booking.state != "cancelled",
    _booking.fee_cents > 0,
)


def terms_for(shelf: Shelf, school: SchoolView) -> Terms:
    """On which terms the shelf's depot lends to this school."""
    return shelf.terms_for(borrowers.borrowers_at(shelf.session, school, shelf.terms.association_id))


def admit(shelf: Shelf, school: SchoolView, period: Period, *, needs_lead: bool, except_id: int | None = None) -> Terms:
    """Raise the first reason why the school cannot have the title in this period; room is another question.

    `except_id` is a booking of the school that the loan takes the place of. Needs the school's lock.
    """
    terms = terms_for(shelf, school)
    borrowers.check_lends(shelf.session, school, terms)
    check_dates(period, terms.rule, terms.calendar, shelf.today, needs_lead=needs_lead)
    check_period(shelf, school, terms, period, except_id)
    check_affiliation(school.name, school.affiliated_years, period.starts_on)
    if except_id is None:
        borrowers.check_limit(shelf.session, school, terms, shelf.title.kind)
    check_handovers(shelf, terms, period.starts_on, except_id)
    return terms


def check_period(shelf: Shelf, school: SchoolView, terms: Terms, period: Period, except_id: int | None = None) -> None:
    """Raise the errors of `rules.period_errors` when the dates do not fit the way in which the title is lent."""
    rule, session = terms.rule, shelf.session
    quiet = silences(session, terms.association_id, shelf.title.kind, shelf.today)
    asks_school_year = rule.period_mode == "period" or rule.one_over_holidays
    terms_ahead = school_terms(session, school, period.starts_on) if asks_school_year else []
    check_way(period, rule, terms.calendar, terms_ahead, quiet)
    if rule.one_over_holidays:
        _check_over_holidays(shelf, school, period, terms_ahead, except_id)


def check_handovers(shelf: Shelf, terms: Terms, day: dt.date, except_id: int | None = None) -> None:
    """Raise HandoversFull when the depot hands over on `day` all that it can. Loans of every title count."""
    limit = terms.max_handovers_per_day
    if limit is None or _handovers_on(shelf, day, except_id) < limit:
        return
    free = (later for later in _open_days_after(terms, day) if _handovers_on(shelf, later, except_id) < limit)
    raise HandoversFull(starts_on=day, max_handovers=limit, next_on=next(free, None))


def check_conditions(booking: Booking) -> None:
    """Raise ApprovalMissing, AgreementMissing or DepositMissing while the copy must not leave."""
    if booking.awaits_approval:
        raise ApprovalMissing(reference=booking.reference)
    if booking.awaits_agreement:
        raise AgreementMissing(reference=booking.reference)
    if booking.deposit_state == "due":
        raise DepositMissing(reference=booking.reference)


def write_conditions(session: Session, booking: Booking, rule: LoanRule, school: SchoolView) -> None:
    """Write down what was agreed, so that a rule changed later does not change it."""
    booking.awaits_approval = rule.needs_approval
    booking.awaits_agreement = _needs_signature(session, rule, booking, school)
    booking.deposit_form, booking.deposit_cents = rule.deposit_form, rule.deposit_cents
    booking.deposit_state = "none" if rule.deposit_form == "none" else "due"
    booking.fee_cents = fee_of(rule, school.pupils, has_paid_this_year=_has_paid(session, booking, school))


def _check_over_holidays(
    shelf: Shelf, school: SchoolView, period: Period, terms_ahead: list[SchoolTerm], except_id: int | None
) -> None:
    crossed = [one for one in holidays_between(terms_ahead) if crosses(period, [one])]
    kept = _loans_of(shelf.session, school.id, Title.kind == shelf.title.kind, Booking.id != (except_id or 0))
    if any(crosses(one, crossed) for one in kept):
        raise TooManyOverHolidays


def _loans_of(session: Session, school_id: int, *conditions: ColumnElement[bool]) -> list[Period]:
    query = (
        select(Booking.starts_on, Booking.ends_on)
        .join(Title, Title.id == Booking.title_id)
        .where(Booking.school_id == school_id, IS_LOAN, IS_OPEN, *conditions)
    )
    return [Period(starts_on, ends_on) for starts_on, ends_on in session.execute(query)]


def _handovers_on(shelf: Shelf, day: dt.date, except_id: int | None) -> int:
    query = select(func.count()).where(
        Booking.association_id == shelf.terms.association_id,
        Booking.depot_id == shelf.terms.depot_id,
        Booking.starts_on == day,
        Booking.id != (except_id or 0),
        IS_LOAN,
        IS_OPEN,
    )
    return shelf.session.scalar(query) or 0


def _open_days_after(terms: Terms, day: dt.date) -> list[dt.date]:
    return [later for later in Period(day + DAY, day + SEARCHED_DAYS * DAY).days() if terms.calendar.is_open(later)]


def _needs_signature(session: Session, rule: LoanRule, booking: Booking, school: SchoolView) -> bool:
    """Each time, or unless an agreement is signed for the school year in which the loan begins."""
    if rule.agreement == "year":
        key = (booking.association_id, school.id, school_year_of(booking.starts_on))
        return session.get(Agreement, key) is None
    return rule.agreement == "loan"


def _has_paid(session: Session, booking: Booking, school: SchoolView) -> bool:
    """Whether another loan of the same school year carries the year's fee already."""
    year = school_year_of(booking.starts_on)
    paid = ask(session, PAID, school_id=school.id, association_id=booking.association_id)
    return any(school_year_of(day) == year for day in paid.scalars())
