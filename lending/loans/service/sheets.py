"""The papers that a desk scans: a loan's, or the code of a school."""

import datetime as dt

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from lending.core.actor import Actor
from lending.core.clock import local_day
from lending.loans.queries import desk_pages as desk
from lending.loans.queries import reservations
from lending.loans.rules.desk_flow import SheetCode, UnknownSheet, sheet_code
from lending.loans.rules.states import Cause
from lending.loans.schemas.desk import DeskSheet
from lending.loans.service.desk_access import require_desk
from lending.loans.tables import Booking
from lending.network.tables import School


def open_sheet(session: Session, actor: Actor, depot_id: int, code: str, now: dt.datetime) -> DeskSheet | None:
    """What the paper opens; None for a code that is no paper's.

    Raises Forbidden, NotFound, DamagedBarcode, UnknownSheet.
    """
    here = require_desk(session, actor, depot_id)
    read = sheet_code(code)
    if read is None:
        return None
    booking = None if read.kind == "school" else _booking(session, read, depot_id)
    school_id = booking.school_id if booking else _school(session, read)
    if school_id is None:
        raise UnknownSheet(sheet=code.strip()[:60])
    today = local_day(now, here.time_zone)
    waiting, out = desk.of_school(session, depot_id, school_id, today, now)
    view = reservations.one(session, booking.id, now) if booking else None
    names = [one.school_name for one in (view, *waiting, *out) if one]
    return DeskSheet(
        code=code.strip(),
        school_id=school_id,
        school_name=names[0] if names else desk.school_name(session, school_id),
        booking=view,
        to_hand_over=waiting,
        out=out,
    )


def _booking(session: Session, read: SheetCode, depot_id: int) -> Booking | None:
    """The loan of a paper; of an order its first one. Only this depot's."""
    is_it = Booking.id == int(read.text) if read.kind == "number" else _is_referred(read.text)
    query = select(Booking).where(is_it, Booking.depot_id == depot_id, Booking.cause == Cause.LOAN.value)
    return session.scalar(query.order_by(Booking.starts_on, Booking.id).limit(1))


def _is_referred(text: str) -> ColumnElement[bool]:
    return or_(Booking.reference == text, Booking.order_reference == text)


def _school(session: Session, read: SheetCode) -> int | None:
    if read.kind != "school":
        return None
    return session.scalar(select(School.organisation_id).where(School.uai == read.text))
