"""Bookings as people see them."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, Select, bindparam, select
from sqlalchemy.orm import Session, aliased

from lending.accounts.tables import Person
from lending.catalog.media import media_url
from lending.catalog.rules import Kind, Outcome
from lending.catalog.tables import ContentsCheck, Copy, Title
from lending.core.barcodes import shown
from lending.core.clock import local_day
from lending.core.database import Base, ask, table_of
from lending.core.errors import NotFound
from lending.loans.rules.loan_rules import DepositForm
from lending.loans.rules.periods import DAY
from lending.loans.rules.reminders import days_late
from lending.loans.rules.states import Because, Cause, State
from lending.loans.rules.undo import undo_until
from lending.loans.schemas import Reservation
from lending.loans.tables import Booking
from lending.network.tables import Association, Depot, Organisation

Lender = aliased(Organisation)
Borrower = aliased(Organisation)
# Columns and not objects: a list of fifty would make a hundred objects that nobody changes.
SHOWN = (
    *("id", "reference", "state", "cause", "pinned", "title_id", "copy_id", "association_id", "depot_id", "school_id"),
    *("person_id", "starts_on", "ends_on", "created_at", "checked_out_at", "returned_at", "cancelled_at"),
    *("order_reference", "renewals", "agreed_ends_on", "recalled_at", "claimed_at", "lost_at", "held_until_at"),
    *("cancelled_because", "awaits_approval", "awaits_agreement", "deposit_form", "deposit_state", "deposit_cents"),
    *("fee_cents", "version"),
)


@dataclass(frozen=True)
class Scope:
    """The places in the tree that decide who may see a row."""

    association_path: str
    school_path: str | None


@cache
def rows() -> Select[Any]:
    """Bookings with the names around them; narrow it, order it, then call `views`.

    Names that nobody narrows by are looked up row by row: a join of nine tables takes PostgreSQL longer to plan than
    to do. Written once: narrowing it makes another query and leaves this one alone.
    """
    booking, title, lender, borrower = (table_of(one) for one in (Booking, Title, Lender, Borrower))
    own = booking.c
    return (
        select(
            *(own[name] for name in SHOWN),
            title.c.name.label("title_name"),
            title.c.kind.label("title_kind"),
            title.c.picture,
            _looked_up(Copy, "code", own.copy_id).label("copy_code"),
            _looked_up(Depot, "name", own.depot_id).label("depot_name"),
            lender.c.name.label("lender"),
            _looked_up(Association, "time_zone", own.association_id).label("time_zone"),
            borrower.c.name.label("school"),
            _looked_up(Person, "name", own.person_id).label("person"),
            _looked_up(ContentsCheck, "outcome", own.return_check_id).label("outcome"),
        )
        .select_from(booking)
        .join(title, title.c.id == own.title_id)
        .join(lender, lender.c.id == own.association_id)
        .outerjoin(borrower, borrower.c.id == own.school_id)
    )


@cache
def _row() -> Select[Any]:
    return rows().where(table_of(Booking).c.id == bindparam("booking_id"))


@cache
def _these() -> Select[Any]:
    own = table_of(Booking).c
    wanted = own.id.in_(bindparam("booking_ids", expanding=True))
    return rows().where(wanted).order_by(own.starts_on, own.id)


def _looked_up(mapped: type[Base], name: str, id_: ColumnElement[int]) -> ColumnElement[Any]:
    table = table_of(mapped)
    (key,) = table.primary_key
    return select(table.c[name]).where(key == id_).correlate(table_of(Booking)).scalar_subquery()


def views(session: Session, query: Select[Any], now: dt.datetime) -> list[Reservation]:
    """The structs of a query made with `rows`."""
    return [view(row, now) for row in session.execute(query)]


def one(session: Session, booking_id: int, now: dt.datetime) -> Reservation:
    """One row. Raises NotFound."""
    row = ask(session, _row(), booking_id=booking_id).first()
    if row is None:
        raise NotFound
    return view(row, now)


def some(session: Session, booking_ids: Collection[int], now: dt.datetime) -> list[Reservation]:
    """These bookings, nearest start first."""
    if not booking_ids:
        return []
    return [view(row, now) for row in ask(session, _these(), booking_ids=sorted(booking_ids))]


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


def _undo_until(row: Row[Any], now: dt.datetime) -> dt.datetime | None:
    """Until when a cancellation can be taken back; None once it cannot."""
    until_at = undo_until(row.state, row.cancelled_because, row.cancelled_at)
    return until_at if until_at is not None and now < until_at else None


def view(row: Row[Any], now: dt.datetime) -> Reservation:
    """One booking with its names as a struct."""
    state, due_on = State(row.state), row.ends_on - DAY
    had_until = local_day(row.returned_at or now, row.time_zone)
    return Reservation(
        id=row.id,
        reference=row.reference,
        state=state,
        cause=Cause(row.cause),
        is_at_risk=state == State.PLANNED and row.copy_id is None,
        is_pinned=row.pinned,
        title_id=row.title_id,
        title_name=row.title_name,
        title_kind=Kind(row.title_kind),
        picture_url=media_url(row.picture) if row.picture else None,
        copy_id=row.copy_id,
        copy_code=shown(row.copy_code) if row.copy_code else None,
        association_id=row.association_id,
        association_name=row.lender,
        depot_id=row.depot_id,
        depot_name=row.depot_name,
        school_id=row.school_id,
        school_name=row.school or "",
        person_id=row.person_id,
        person_name=row.person or "",
        starts_on=row.starts_on,
        due_on=due_on,
        days_late=days_late(due_on, had_until) if state in (State.OUT, State.DONE) else 0,
        can_cancel=state == State.PLANNED,
        created_at=row.created_at,
        checked_out_at=row.checked_out_at,
        returned_at=row.returned_at,
        cancelled_at=row.cancelled_at,
        return_outcome=Outcome(row.outcome) if row.outcome else None,
        order_reference=row.order_reference,
        renewals=row.renewals,
        agreed_due_on=row.agreed_ends_on - DAY if row.agreed_ends_on else None,
        recalled_at=row.recalled_at,
        claimed_at=row.claimed_at,
        lost_at=row.lost_at,
        held_until_at=row.held_until_at,
        cancelled_because=Because(row.cancelled_because) if row.cancelled_because else None,
        awaits_approval=row.awaits_approval,
        awaits_agreement=row.awaits_agreement,
        deposit_form=cast("DepositForm", row.deposit_form),
        deposit_state=row.deposit_state,
        deposit_cents=row.deposit_cents,
        fee_cents=row.fee_cents,
        undo_until_at=_undo_until(row, now),
        version=row.version,
    )
