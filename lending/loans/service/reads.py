"""Reads, each with its question of who may see."""

import datetime as dt

from sqlalchemy.orm import Session

from lending.catalog import queries as catalog
from lending.catalog.rules import Kind, Visibility
from lending.catalog.tables import Title
from lending.core.actor import Actor, Role
from lending.core.clock import local_day
from lending.core.errors import Forbidden, NotFound, Unauthenticated
from lending.core.paging import Cursor, Page
from lending.loans.queries import alternatives, desk, lists, reservations
from lending.loans.queries.terms import TermsBook, rule_words
from lending.loans.rules.errors import FreePeriod
from lending.loans.rules.loan_rules import resolve
from lending.loans.rules.periods import Period
from lending.loans.schemas import LoanFilter, Reservation, ReservationDetail, RuleView
from lending.loans.schemas.desk import DeskDay
from lending.loans.service.desk_access import require_desk
from lending.loans.service.parties import require_party
from lending.loans.tables import Booking
from lending.network import queries as network

READERS = (Role.STAFF, Role.COORDINATOR)


def visible_title(session: Session, title_id: int) -> Title:
    """A published title. Raises NotFound."""
    title = session.get(Title, title_id)
    if title is None or title.visibility != Visibility.PUBLISHED:
        raise NotFound
    return title


def detail(session: Session, actor: Actor, booking_id: int, now: dt.datetime) -> ReservationDetail:
    """One booking: for its school and the lender's staff. Raises NotFound, Forbidden."""
    require_party(session, actor, booking_id, *READERS)
    booking = session.get_one(Booking, booking_id)
    check_id = booking.return_check_id
    missing = catalog.missing_lines(session, [check_id])[check_id] if check_id else []
    shown = reservations.one(session, booking_id, now)
    nearest, titles = _instead(session, booking, now) if shown.is_at_risk else ((), ())
    return ReservationDetail(
        reservation=shown,
        missing=missing,
        nearest=list(nearest),
        equivalent_title_ids=list(titles),
    )


def _instead(session: Session, booking: Booking, now: dt.datetime) -> tuple[tuple[FreePeriod, ...], tuple[int, ...]]:
    title = session.get_one(Title, booking.title_id)
    wish = (session, title, Period(booking.starts_on, booking.ends_on), now, booking.association_id)
    return alternatives.nearest_free_periods(*wish), alternatives.equivalent_titles(*wish)


def of_schools(
    session: Session,
    actor: Actor,
    school_id: int | None,
    wanted: LoanFilter,
    now: dt.datetime,
    after: Cursor | None,
    size: int,
) -> Page[Reservation]:
    """What a school reserved, or all schools that the person borrows for. Raises Forbidden, NotFound."""
    if not actor.is_signed_in:
        raise Unauthenticated
    paths = [grant.path for grant in actor.grants_of(Role.TEACHER)]
    if school_id is not None:
        paths = [network.school(session, school_id).path]
        actor.require(paths[0], Role.TEACHER, *READERS)
    if not paths:
        return Page(items=[])
    return lists.of_schools(session, paths, wanted, now, now.date(), after, size)


def lent(
    session: Session,
    actor: Actor,
    association_id: int | None,
    wanted: LoanFilter,
    now: dt.datetime,
    after: Cursor | None,
    size: int,
) -> Page[Reservation]:
    """What an association lends, or all that the person looks after. Raises Forbidden, NotFound."""
    if association_id is not None:
        path, time_zone = network.place_of(session, association_id)
        actor.require(path, *READERS)
        return lists.loans(session, [association_id], wanted, now, local_day(now, time_zone), after, size)
    paths = [grant.path for grant in actor.grants_of(*READERS, Role.ADMIN)]
    if not paths:
        raise Forbidden if actor.is_signed_in else Unauthenticated
    return lists.loans(session, lists.lenders_below(session, paths), wanted, now, now.date(), after, size)


def desk_day(session: Session, actor: Actor, depot_id: int, now: dt.datetime) -> DeskDay:
    """A depot's work today. Raises Forbidden, NotFound."""
    require_desk(session, actor, depot_id)
    # The calendar alone matters here, and it is the same for every kind.
    terms = TermsBook(session, [depot_id]).of(depot_id, Kind.TRUNK)
    return desk.day(session, terms, local_day(now, terms.time_zone), now)


def copy_history(session: Session, actor: Actor, copy_id: int, now: dt.datetime) -> list[Reservation]:
    """What a copy did and will do: for its association's staff. Raises Forbidden, NotFound."""
    actor.require(catalog.copy(session, copy_id).owner_path, *READERS)
    return lists.of_copy(session, copy_id, now)


def rule(session: Session, association_id: int, kind: Kind) -> RuleView:
    """The rule in force. Raises NotFound."""
    network.path_of(session, association_id)
    found = resolve(rule_words(session, {association_id}), association_id, kind)
    return RuleView(
        association_id=association_id,
        kind=kind,
        loan_days=found.loan_days,
        max_loan_days=found.max_loan_days,
        max_open_loans=found.max_open_loans,
        lead_days=found.lead_days,
        horizon_days=found.horizon_days,
        preparation_days=found.preparation_days,
        turnaround_days=found.turnaround_days,
        reminder_days=found.reminder_days,
    )
