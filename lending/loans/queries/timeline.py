"""The copies of a title in a depot, day by day: what staff look at before they promise."""

import datetime as dt
from typing import cast

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lending.catalog.tables import Copy
from lending.core.barcodes import shown
from lending.loans.queries import reservations
from lending.loans.queries.pools import is_expired
from lending.loans.queries.terms import Terms
from lending.loans.rules.periods import DAY, Period
from lending.loans.rules.states import Cause, State
from lending.loans.rules.stretches import Piece, Stay, pieces
from lending.loans.schemas import Reservation
from lending.loans.schemas.timeline import Stretch, Timeline, TimelineBar, TimelineRow
from lending.loans.tables import Booking

SHOWN_STATES = (State.PLANNED.value, State.OUT.value, State.DONE.value)
GONE = ("withdrawn",)


def timeline(
    session: Session, title_id: int, terms: Terms, window: Period, today: dt.date, now: dt.datetime
) -> Timeline:
    """Every copy of the title in the depot over the window, what was, what is and what is to come."""
    copies = session.scalars(
        select(Copy)
        .where(Copy.title_id == title_id, Copy.depot_id == terms.depot_id, Copy.status.not_in(GONE))
        .order_by(Copy.code)
    ).all()
    found = _bookings(session, title_id, terms.depot_id, [one.id for one in copies], window, now)
    views = {one.id: one for one in reservations.some(session, [one.id for one in found], now)}
    return Timeline(
        title_id=title_id,
        depot_id=terms.depot_id,
        depot_name=terms.depot_name,
        starts_on=window.starts_on,
        until_on=window.due_on,
        today=today,
        closed_days=[day for day in window.days() if not terms.calendar.is_open(day)],
        rows=[_row(copy, found, views, window, terms, today) for copy in copies],
        at_risk=[views[one.id] for one in found if one.copy_id is None and one.state == State.PLANNED],
    )


def _bookings(
    session: Session, title_id: int, depot_id: int, copy_ids: list[int], window: Period, now: dt.datetime
) -> list[Booking]:
    query = select(Booking).where(
        Booking.title_id == title_id,
        or_(Booking.copy_id.in_(copy_ids), Booking.copy_id.is_(None) & (Booking.depot_id == depot_id)),
        Booking.state.in_(SHOWN_STATES),
        Booking.blocked_starts_on < window.ends_on,
        or_(Booking.blocked_ends_on > window.starts_on, Booking.state == State.OUT.value),
    )
    rows = session.scalars(query.order_by(Booking.blocked_starts_on, Booking.id))
    return [one for one in rows if not is_expired(one, now)]


def _row(
    copy: Copy,
    found: list[Booking],
    views: dict[int, Reservation],
    window: Period,
    terms: Terms,
    today: dt.date,
) -> TimelineRow:
    own = [_stay(one, terms, today) for one in found if one.copy_id == copy.id]
    drawn = pieces(_apart(own), window)
    return TimelineRow(
        copy_id=copy.id,
        copy_code=shown(copy.code),
        shelf=copy.shelf,
        status=copy.status,
        bars=[_bar(piece, views) for piece in drawn],
    )


def _stay(booking: Booking, terms: Terms, today: dt.date) -> Stay:
    loan = Period(booking.starts_on, booking.ends_on)
    ends_on = booking.blocked_ends_on
    if booking.state == State.OUT:
        # A late loan lasts until today, whatever was agreed.
        ends_on = terms.buffers.end_while_out(loan, ends_on, today)
        loan = Period(loan.starts_on, max(loan.ends_on, today + DAY))
    if booking.state == State.DONE and booking.returned_at is not None:
        back_on = max(booking.returned_at.date(), booking.starts_on)
        loan = Period(booking.starts_on, back_on + DAY)
        ends_on = terms.buffers.end_if_returned_on(back_on)
    blocked = Period(min(booking.blocked_starts_on, loan.starts_on), max(ends_on, loan.starts_on + DAY))
    return Stay(booking.id, blocked, loan, _word(booking))


def _word(booking: Booking) -> str:
    return booking.cause if booking.cause != Cause.LOAN else "loan"


def _apart(stays: list[Stay]) -> list[Stay]:
    """What was shortened by hand may touch what came after it: the later one is drawn from its own loan on."""
    drawn: list[Stay] = []
    for stay in sorted(stays, key=lambda one: one.blocked):
        if drawn and stay.blocked.starts_on < drawn[-1].blocked.ends_on:
            cut = drawn.pop()
            first = max(stay.blocked.starts_on, cut.blocked.starts_on + DAY)
            drawn.append(Stay(cut.id, Period(cut.blocked.starts_on, first), cut.loan, cut.word))
        drawn.append(stay)
    return drawn


def _bar(piece: Piece, views: dict[int, Reservation]) -> TimelineBar:
    return TimelineBar(
        stretch=cast("Stretch", piece.word),
        starts_on=piece.period.starts_on,
        until_on=piece.period.due_on,
        length_days=piece.period.length_days,
        booking=views.get(piece.stay_id) if piece.stay_id is not None else None,
    )
