"""Keep a loan longer, as long as nobody else was promised the copy."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lending.catalog.rules import clean_text
from lending.core.actor import Actor, Role
from lending.core.errors import Forbidden
from lending.loans.queries.school_terms import school_terms
from lending.loans.queries.terms import Terms
from lending.loans.rules.changes import (
    OVERRIDABLE,
    NotOut,
    Reason,
    Renewal,
    RenewalRefused,
    renewal_reasons,
    shorter_renewals,
    usual_renewal,
)
from lending.loans.rules.incidents import IncidentKind
from lending.loans.rules.period_errors import CalendarUnknown
from lending.loans.rules.periods import Period
from lending.loans.rules.states import State
from lending.loans.schemas.changes import RenewalOffer, RenewalWish
from lending.loans.service.admission import check_period, terms_for
from lending.loans.service.cancel import require_touch
from lending.loans.service.locking import lock_booking
from lending.loans.service.open_shelf import open_shelf
from lending.loans.service.opening import open_of_copy
from lending.loans.service.recording import Act, record
from lending.loans.service.shelf import Shelf
from lending.loans.service.telling import tell_borrower, tell_search
from lending.loans.tables import Booking, Wish
from lending.network import queries as network
from lending.network.rules import is_affiliated
from lending.network.schemas import SchoolView
from lending.notices.rules import NoticeKind


@dataclass(frozen=True)
class Case:
    """A loan on its open shelf, and the school that has it."""

    shelf: Shelf
    booking: Booking
    school: SchoolView
    terms: Terms

    @property
    def loan(self) -> Period:
        """The days that are agreed."""
        return Period(self.booking.starts_on, self.booking.ends_on)


def renew(session: Session, actor: Actor, booking_id: int, wish: RenewalWish, now: dt.datetime) -> Booking:
    """Extend. Raises NotFound, Forbidden, NotOut, RenewalRefused with all its reasons, CalendarUnknown."""
    case = _case(session, actor, booking_id, now)
    agreed_ends_on, due_on = case.booking.agreed_ends_on or case.loan.ends_on, _wished(case, wish)
    reasons = _reasons(case, due_on, over_holidays=wish.over_holidays)
    overridden = _overridden(session, actor, case, wish, reasons)
    left = [reason for reason in reasons if reason not in overridden]
    if wish.over_holidays and not left:
        check_period(case.shelf, case.school, case.terms, Period.through(case.loan.starts_on, due_on), booking_id)
    if left or not case.shelf.move(case.booking, Period.through(case.loan.starts_on, due_on)):
        raise RenewalRefused(
            due_on=due_on,
            reasons=tuple(left or [Reason.PROMISED]),
            longest_due_on=_longest(case, due_on, left),
        )
    case.booking.agreed_ends_on = agreed_ends_on
    _write_down(session, actor, case.booking, wish, overridden, now)
    return case.booking


def offer(session: Session, actor: Actor, booking_id: int, now: dt.datetime) -> RenewalOffer:
    """What an extension could give now. Opens the shelf, so that it is to be rehearsed only. Raises like `renew`."""
    case = _case(session, actor, booking_id, now)
    due_on = usual_renewal(case.loan, case.terms.rule, case.terms.calendar, case.shelf.today)
    reasons = _reasons(case, due_on, over_holidays=False)
    return RenewalOffer(usual_due_on=due_on, longest_due_on=_longest(case, due_on, reasons), reasons=list(reasons))


def _case(session: Session, actor: Actor, booking_id: int, now: dt.datetime) -> Case:
    require_touch(session, actor, booking_id)
    title, booking = lock_booking(session, booking_id)
    if booking.state != State.OUT or booking.school_id is None:
        raise NotOut(reference=booking.reference, state=booking.state)
    shelf = open_shelf(session, title, booking.depot_id, now)
    school = network.school(session, booking.school_id)
    return Case(shelf, booking, school, terms_for(shelf, school))


def _wished(case: Case, wish: RenewalWish) -> dt.date:
    if wish.over_holidays:
        return _after_the_holidays(case)
    usual = usual_renewal(case.loan, case.terms.rule, case.terms.calendar, case.shelf.today)
    return wish.due_on or usual


def _after_the_holidays(case: Case) -> dt.date:
    """The first open day of the school period after the one in which the loan ends. Raises CalendarUnknown."""
    terms = school_terms(case.shelf.session, case.school, case.loan.due_on)
    after = next((term for term in terms if term.period.starts_on > case.loan.due_on), None)
    day = case.terms.calendar.next_open_day(after.period.starts_on) if after else None
    if day is None:
        raise CalendarUnknown
    return day


def _reasons(case: Case, due_on: dt.date, *, over_holidays: bool) -> list[Reason]:
    wish = Renewal(
        loan=case.loan,
        due_on=due_on,
        renewals=case.booking.renewals,
        is_recalled=case.booking.recalled_at is not None,
        is_claimed=case.booking.claimed_at is not None,
        is_thought_lost=_is_thought_lost(case),
        is_affiliated=is_affiliated(case.shelf.today, case.school.affiliated_years),
        over_holidays=over_holidays,
    )
    found = renewal_reasons(wish, case.terms.rule, case.terms.calendar, case.shelf.today)
    return [*found, Reason.AWAITED] if _is_awaited(case, due_on) else found


def _is_thought_lost(case: Case) -> bool:
    """Whether the loan is so late that somebody is asked whether its copy is lost: that is to be settled first."""
    copy_id = case.booking.copy_id
    return copy_id is not None and open_of_copy(case.shelf.session, copy_id, IncidentKind.LOST) is not None


def _is_awaited(case: Case, due_on: dt.date) -> bool:
    """Whether somebody waits for the title on days that the extension would take."""
    waiting = select(Wish.id).where(
        Wish.title_id == case.booking.title_id,
        Wish.association_id == case.booking.association_id,
        Wish.state == "waiting",
        Wish.starts_on <= due_on,
        Wish.ends_on > case.booking.ends_on,
        Wish.hopeless_at.is_(None),
        or_(Wish.suspended_until_on.is_(None), Wish.suspended_until_on <= case.shelf.today),
    )
    return case.shelf.session.scalar(waiting.limit(1)) is not None


def _overridden(
    session: Session, actor: Actor, case: Case, wish: RenewalWish, reasons: list[Reason]
) -> frozenset[Reason]:
    """What staff set aside with a reason. Raises Forbidden for anybody else who gives one."""
    if not wish.reason.strip():
        return frozenset()
    if not actor.covers(network.path_of(session, case.booking.association_id), Role.STAFF):
        raise Forbidden
    return OVERRIDABLE & set(reasons)


def _longest(case: Case, due_on: dt.date, reasons: list[Reason]) -> dt.date | None:
    """The longest extension that is possible, when only its length stands in the way."""
    if set(reasons) - {Reason.TOO_LONG, Reason.CLOSED_DAY}:
        return None
    usual = usual_renewal(case.loan, case.terms.rule, case.terms.calendar, case.shelf.today)
    days = shorter_renewals(case.loan, min(due_on, usual), case.terms.calendar, case.shelf.today)
    starts_on = case.loan.starts_on
    return next((day for day in days if case.shelf.could_move(case.booking, Period.through(starts_on, day))), None)


def _write_down(
    session: Session,
    actor: Actor,
    booking: Booking,
    wish: RenewalWish,
    overridden: frozenset[Reason],
    now: dt.datetime,
) -> None:
    booking.renewals += 1
    booking.version += 1
    session.flush()
    if overridden:
        record(session, booking, Act.OVERRIDDEN, actor, now, clean_text(wish.reason))
    record(session, booking, Act.RENEWED, actor, now, booking.ends_on.isoformat())
    tell_borrower(session, booking, NoticeKind.RENEWED, now, f"renewed:{booking.id}:{booking.renewals}")
    tell_search(session, booking.title_id, now)
