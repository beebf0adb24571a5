"""Bookings as people see them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar, cast

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, aliased

from lending.accounts.tables import Person
from lending.catalog.media import media_url
from lending.catalog.rules import Kind, Outcome
from lending.catalog.tables import ContentsCheck, Copy, Title
from lending.core.barcodes import shown
from lending.core.clock import local_day
from lending.core.errors import NotFound
from lending.loans.rules.loan_rules import DepositForm
from lending.loans.rules.periods import DAY
from lending.loans.rules.reminders import days_late
from lending.loans.rules.states import Because, Cause, State
from lending.loans.schemas import Reservation
from lending.loans.tables import Booking
from lending.network.tables import Association, Depot, Organisation

Lender = aliased(Organisation)
Borrower = aliased(Organisation)
Name = TypeVar("Name", str, str | None)
Row = tuple[
    Booking,
    Title,
    str | None,
    str,
    str,
    str,
    str | None,
    str | None,
    str | None,
]


@dataclass(frozen=True)
class Scope:
    """The places in the tree that decide who may see a booking."""

    association_path: str
    school_path: str | None


def rows() -> Select[*Row]:
    """Bookings with the names around them; narrow it, order it, then call `views`.

    Names that nobody narrows by are looked up row by row: a join of nine tables takes PostgreSQL longer to plan than
    to do.
    """
    return (
        select(
            Booking,
            Title,
            _looked_up(select(Copy.code).where(Copy.id == Booking.copy_id)),
            _looked_up(select(Depot.name).where(Depot.id == Booking.depot_id)),
            Lender.name,
            _looked_up(select(Association.time_zone).where(Association.organisation_id == Booking.association_id)),
            Borrower.name,
            _looked_up(select(Person.name).where(Person.id == Booking.person_id)),
            _looked_up(select(ContentsCheck.outcome).where(ContentsCheck.id == Booking.return_check_id)),
        )
        .join(Title, Title.id == Booking.title_id)
        .join(Lender, Lender.id == Booking.association_id)
        .outerjoin(Borrower, Borrower.id == Booking.school_id)
    )


def _looked_up(name: Select[Name]) -> ColumnElement[Name]:
    return name.correlate(Booking).scalar_subquery()


def views(session: Session, query: Select[*Row], now: dt.datetime) -> list[Reservation]:
    """The structs of a query made with `rows`."""
    return [view(row, now) for row in session.execute(query)]


def one(session: Session, booking_id: int, now: dt.datetime) -> Reservation:
    """One booking. Raises NotFound."""
    found = views(session, rows().where(Booking.id == booking_id), now)
    if not found:
        raise NotFound
    return found[0]


def some(session: Session, booking_ids: Sequence[int], now: dt.datetime) -> list[Reservation]:
    """These bookings, nearest start first."""
    return of(session, now, Booking.id.in_(booking_ids))


def of(session: Session, now: dt.datetime, *conditions: ColumnElement[bool]) -> list[Reservation]:
    """The bookings that fulfil the conditions, nearest start first."""
    query = rows().where(*conditions).order_by(Booking.starts_on, Booking.id)
    return views(session, query, now)


def scope(session: Session, booking_id: int) -> Scope:
    """Whose booking it is. Raises NotFound."""
    query = (
        select(Lender.path, Borrower.path)
        .select_from(Booking)
        .join(Lender, Lender.id == Booking.association_id)
        .outerjoin(Borrower, Borrower.id == Booking.school_id)
        .where(Booking.id == booking_id)
    )
    row = session.execute(query).first()
    if row is None:
        raise NotFound
    return Scope(row[0], row[1])


def view(row: Row, now: dt.datetime) -> Reservation:
    """One booking with its names as a struct."""
    booking, title, code, depot_name, lender, time_zone, school, person, outcome = row
    state, due_on = State(booking.state), booking.ends_on - DAY
    today = local_day(now, time_zone)
    return Reservation(
        id=booking.id,
        reference=booking.reference,
        state=state,
        cause=Cause(booking.cause),
        is_at_risk=state == State.PLANNED and booking.copy_id is None,
        is_pinned=booking.pinned,
        title_id=title.id,
        title_name=title.name,
        title_kind=Kind(title.kind),
        picture_url=media_url(title.picture) if title.picture else None,
        copy_id=booking.copy_id,
        copy_code=shown(code) if code else None,
        association_id=booking.association_id,
        association_name=lender,
        depot_id=booking.depot_id,
        depot_name=depot_name,
        school_id=booking.school_id,
        school_name=school or "",
        person_id=booking.person_id,
        person_name=person or "",
        starts_on=booking.starts_on,
        due_on=due_on,
        days_late=days_late(due_on, _until(booking, today, time_zone)) if state in (State.OUT, State.DONE) else 0,
        can_cancel=state == State.PLANNED,
        created_at=booking.created_at,
        checked_out_at=booking.checked_out_at,
        returned_at=booking.returned_at,
        cancelled_at=booking.cancelled_at,
        return_outcome=Outcome(outcome) if outcome else None,
        order_reference=booking.order_reference,
        renewals=booking.renewals,
        agreed_due_on=booking.agreed_ends_on - DAY if booking.agreed_ends_on else None,
        recalled_at=booking.recalled_at,
        claimed_at=booking.claimed_at,
        lost_at=booking.lost_at,
        held_until_at=booking.held_until_at,
        cancelled_because=Because(booking.cancelled_because) if booking.cancelled_because else None,
        awaits_approval=booking.awaits_approval,
        awaits_agreement=booking.awaits_agreement,
        deposit_form=cast("DepositForm", booking.deposit_form),
        deposit_state=booking.deposit_state,
        deposit_cents=booking.deposit_cents,
        fee_cents=booking.fee_cents,
        version=booking.version,
    )


def _until(booking: Booking, today: dt.date, time_zone: str) -> dt.date:
    return today if booking.returned_at is None else local_day(booking.returned_at, time_zone)
