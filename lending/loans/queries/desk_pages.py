"""Reads of a desk's page beside the scanned copy: a school's loans, copies to take instead, the day without network."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, bindparam, case, select
from sqlalchemy.orm import Session

from lending.catalog import queries as catalog
from lending.catalog.rules import PRESENT, Kind, Status
from lending.catalog.tables import Copy, Title
from lending.core.database import ask, table_of
from lending.core.errors import NotFound
from lending.loans.queries import reservations
from lending.loans.queries.desk import IS_PLANNED_LOAN, scanned
from lending.loans.queries.pools import IS_OPEN, IS_OUT
from lending.loans.queries.terms import TermsBook
from lending.loans.rules.desk_flow import needs_a_person
from lending.loans.rules.loan_codes import loan_code
from lending.loans.rules.periods import DAY
from lending.loans.rules.states import Cause, State
from lending.loans.schemas import Reservation, ScannedCopy
from lending.loans.schemas.desk import LastAct, OfflineCopy, OfflineLoan, OfflineTitle
from lending.loans.tables import Booking, Declaration, DeskAct
from lending.network.tables import Organisation, School

# Who comes later than that comes with another day's list.
AHEAD = 14 * DAY
MOST_COPIES = 5000
MOST_SIBLINGS = 3

# Asked with every scan.
_act = table_of(DeskAct).c
LATEST_ACT = (
    select(_act.id, _act.action, _act.booking_id, _act.undo_until_at, _act.undone_at)
    .where(_act.person_id == bindparam("person_id"), _act.depot_id == bindparam("depot_id"))
    .order_by(_act.id.desc())
    .limit(1)
)


def of_school(
    session: Session, depot_id: int, school_id: int, today: dt.date, now: dt.datetime
) -> tuple[list[Reservation], list[Reservation]]:
    """What waits at a depot for a school, and what it has from there."""
    found = reservations.of(
        session,
        now,
        Booking.school_id == school_id,
        Booking.depot_id == depot_id,
        Booking.cause == Cause.LOAN.value,
        IS_OPEN,
        Booking.starts_on <= today + AHEAD,
    )
    waiting = [one for one in found if one.state == State.PLANNED and one.due_on >= today]
    return waiting, [one for one in found if one.state == State.OUT]


def school_name(session: Session, school_id: int) -> str:
    """What a school is called. Raises NotFound."""
    name = session.scalar(select(Organisation.name).where(Organisation.id == school_id))
    if name is None:
        raise NotFound
    return name


def last_act(session: Session, person_id: int, depot_id: int, now: dt.datetime) -> LastAct | None:
    """What a person did last at a depot's desk, while it can be taken back."""
    act = act_to_undo(session, person_id, depot_id, now)
    return shown_act(act, reservations.one(session, act.booking_id, now)) if act else None


def act_to_undo(session: Session, person_id: int, depot_id: int, now: dt.datetime) -> Row[Any] | None:
    """The row of what a person did last at a depot's desk, while it can be taken back."""
    act = ask(session, LATEST_ACT, person_id=person_id, depot_id=depot_id).first()
    if act is None or act.undone_at is not None or act.undo_until_at < now:
        return None
    return act


def shown_act(act: Row[Any], booking: Reservation) -> LastAct:
    """An act with the names around its booking."""
    return LastAct(id=act.id, action=act.action, booking=booking, undo_until_at=act.undo_until_at)


def siblings(session: Session, copy: ScannedCopy, today: dt.date) -> list[ScannedCopy]:
    """Other copies of the title in the depot that nobody has and nobody counts on within a day."""
    busy = select(Booking.copy_id).where(
        Booking.title_id == copy.title_id,
        Booking.copy_id.is_not(None),
        IS_OPEN,
        Booking.blocked_starts_on <= today + DAY,
    )
    query = (
        select(Copy.id)
        .where(Copy.title_id == copy.title_id, Copy.depot_id == copy.depot_id, Copy.id != copy.id)
        .where(Copy.status == Status.LENDABLE.value, Copy.id.not_in(busy))
        .order_by(Copy.code)
        .limit(MOST_SIBLINGS)
    )
    return [scanned(one) for one in catalog.copies(session, session.scalars(query).all())]


def offline_loans(session: Session, depot_id: int, today: dt.date) -> list[OfflineLoan]:
    """The depot's loans that are out, or planned for the next two weeks."""
    query = (
        select(Booking, Copy.code, School.uai, Organisation.name)
        .join(School, School.organisation_id == Booking.school_id)
        .join(Organisation, Organisation.id == Booking.school_id)
        .join(Copy, Copy.id == Booking.copy_id)
        .where(Booking.depot_id == depot_id, Booking.cause == Cause.LOAN.value, IS_OPEN)
        .where(IS_OUT | (IS_PLANNED_LOAN & (Booking.starts_on <= today + AHEAD) & (Booking.ends_on > today)))
        .order_by(Booking.starts_on, Booking.id)
    )
    return [_offline_loan(*row) for row in session.execute(query)]


def offline_copies(session: Session, depot_id: int, loans: Sequence[OfflineLoan]) -> list[OfflineCopy]:
    """The depot's copies, those with a loan first."""
    codes = [one.copy_code for one in loans]
    declared = select(Booking.copy_id).join(Declaration, Declaration.booking_id == Booking.id).where(IS_OUT)
    query = (
        select(Copy.code, Copy.title_id, Copy.note, Copy.status, Copy.id.in_(declared))
        .where(Copy.depot_id == depot_id, Copy.status.in_(PRESENT) | (Copy.status == Status.LOST.value))
        .order_by(case((Copy.code.in_(codes), 0), else_=1), Copy.code)
        .limit(MOST_COPIES)
    )
    return [
        OfflineCopy(
            code=code,
            title_id=title_id,
            is_asked=needs_a_person(note, status, is_claimed=False, is_declared=is_declared),
        )
        for code, title_id, note, status, is_declared in session.execute(query)
    ]


def offline_titles(session: Session, depot_id: int, title_ids: Collection[int]) -> list[OfflineTitle]:
    """The titles with what should be in them."""
    book = TermsBook(session, [depot_id])
    query = select(Title.id, Title.name, Title.kind).where(Title.id.in_(title_ids)).order_by(Title.id)
    contents = catalog.checklists(session, title_ids)
    return [
        OfflineTitle(
            id=id_,
            name=name,
            kind=Kind(kind),
            in_piles=book.of(depot_id, kind).rule.returns_in_piles,
            sections=contents.get(id_, []),
        )
        for id_, name, kind in session.execute(query)
    ]


def _offline_loan(booking: Booking, code: str, uai: str, school: str) -> OfflineLoan:
    return OfflineLoan(
        id=booking.id,
        reference=booking.reference,
        loan_code=loan_code(booking.id),
        state="out" if booking.state == State.OUT else "planned",
        copy_code=code,
        title_id=booking.title_id,
        school_id=booking.school_id or 0,
        school_uai=uai,
        school_name=school,
        starts_on=booking.starts_on,
        due_on=booking.ends_on - DAY,
    )
