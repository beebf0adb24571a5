"""Interchangeable copies and what keeps them busy. A pool is a title in a depot."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, literal_column, select
from sqlalchemy.orm import Session

from lending.catalog.rules import Status
from lending.catalog.tables import Copy
from lending.core.barcodes import shown
from lending.core.clock import local_day
from lending.core.database import ask, table_of
from lending.loans.queries.terms import Terms, TermsBook
from lending.loans.rules.borrowers import Borrowers
from lending.loans.rules.occupancy import NEW
from lending.loans.rules.packing import place
from lending.loans.rules.periods import Period
from lending.loans.rules.repack import Job
from lending.loans.rules.states import State
from lending.loans.schemas.changes import CopyChoice
from lending.loans.tables import Booking
from lending.network.tables import Depot

# Spelt out: SQLite reads a partial index only where the statement repeats its condition. Of the bare table, so that
# statements about bare tables can have them.
_booking = table_of(Booking).c
IS_OPEN = _booking.state.in_([literal_column(f"'{one.value}'") for one in (State.PLANNED, State.OUT)])
IS_OUT = _booking.state == literal_column(f"'{State.OUT.value}'")


@dataclass(frozen=True, slots=True)
class Occupied:
    """As much of an open booking as a planner needs."""

    id: int
    copy_id: int | None
    state: str
    pinned: bool
    starts_on: dt.date
    ends_on: dt.date
    blocked_starts_on: dt.date
    blocked_ends_on: dt.date
    held_until_at: dt.datetime | None
    title_id: int
    depot_id: int
    cause: str
    person_id: int | None
    wish_id: int | None


@dataclass
class Pool:
    """The copies of a title that a depot can lend, and the open bookings that have one."""

    terms: Terms
    book: TermsBook
    kind: str
    copies: list[int] = field(default_factory=list)
    served: list[Job] = field(default_factory=list)

    def has_room(self, period: Period) -> bool:
        """Whether a loan of `period` (without its buffers) can be served, by moving plans if need be."""
        blocked = self.terms.buffers.around(period)
        return place(Job(NEW, blocked), self.served, self.copies) is not None

    @property
    def opens_to(self) -> list[Borrowers]:
        """Which borrowers the rules in force let have a copy."""
        return [one for one in Borrowers if self.book.of(self.terms.depot_id, self.kind, one).rule.is_lendable]

    def today(self, now: dt.datetime) -> dt.date:
        """Today, where the depot is."""
        return local_day(now, self.terms.time_zone)


def job_of(booking: Booking | Occupied) -> Job:
    """A booking as the planner sees it: loans and pinned plans stay where they are."""
    is_fixed = booking.copy_id is not None and (booking.pinned or booking.state == State.OUT)
    period = Period(booking.blocked_starts_on, booking.blocked_ends_on)
    return Job(booking.id, period, booking.copy_id, is_fixed)


def is_expired(booking: Booking | Occupied, now: dt.datetime) -> bool:
    """Whether a hold's time is over: it keeps nothing any more, even before its row is closed."""
    return booking.held_until_at is not None and booking.held_until_at <= now


def pools_of_title(
    session: Session, title_id: int, kind: str, now: dt.datetime, association_id: int | None = None
) -> list[Pool]:
    """The pools of a title, by depot, as they stand today."""
    found = pools(session, {title_id: kind}, now, association_id)
    return [found[key] for key in sorted(found)]


def pools(
    session: Session, kinds: dict[int, str], now: dt.datetime, association_id: int | None = None
) -> dict[tuple[int, int], Pool]:
    """The pools of several titles (of one association), by title and depot. `kinds` tells their kinds."""
    copies = _copies(session, kinds, association_id)
    book = TermsBook(session, {depot_id for _, depot_id in copies})
    found = {
        (title_id, depot_id): Pool(book.of(depot_id, kinds[title_id]), book, kinds[title_id], ids)
        for (title_id, depot_id), ids in copies.items()
    }
    by_copy = {copy: pool for key, pool in found.items() for copy in copies[key]}
    for booking in _open_bookings(session, kinds):
        if booking.copy_id in by_copy and not is_expired(booking, now):
            pool = by_copy[booking.copy_id]
            pool.served.append(_job_today(booking, pool, now))
    return found


def open_bookings(session: Session, title_ids: Collection[int]) -> list[Occupied]:
    """The open bookings of these titles, by id."""
    return sorted(_open_bookings(session, title_ids), key=lambda one: one.id)


def lendable_copies(session: Session, title_id: int, depot_id: int) -> list[int]:
    """The copies of one pool."""
    return _copies(session, [title_id], None).get((title_id, depot_id), [])


def copy_choices(session: Session, booking: Booking) -> list[CopyChoice]:
    """The copies of a booking's pool, by code."""
    ids = lendable_copies(session, booking.title_id, booking.depot_id)
    rows = session.execute(select(Copy.id, Copy.code, Copy.shelf).where(Copy.id.in_(ids)).order_by(Copy.code))
    return [CopyChoice(id_, shown(code), shelf, id_ == booking.copy_id) for id_, code, shelf in rows]


def _copies(session: Session, title_ids: Iterable[int], association_id: int | None) -> dict[tuple[int, int], list[int]]:
    found: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    ids = list(title_ids)
    rows = (
        ask(session, _lendable(), title_ids=ids)
        if association_id is None
        else ask(session, _lendable_of(), title_ids=ids, association_id=association_id)
    )
    for title_id, depot_id, copy_id in rows:
        found[title_id, depot_id].append(copy_id)
    return dict(found)


@cache
def _lendable() -> Select[Any]:
    copy = table_of(Copy).c
    return (
        select(copy.title_id, copy.depot_id, copy.id)
        .where(copy.title_id.in_(bindparam("title_ids", expanding=True)), copy.status == Status.LENDABLE.value)
        .order_by(copy.id)
    )


@cache
def _lendable_of() -> Select[Any]:
    """What one association lends: whoever keeps a copy, also when it belongs to another."""
    copy, depot = table_of(Copy).c, table_of(Depot)
    is_kept = depot.c.association_id == bindparam("association_id")
    return _lendable().join(depot, depot.c.id == copy.depot_id).where(is_kept)


def _open_bookings(session: Session, title_ids: Collection[int]) -> Iterable[Occupied]:
    return (Occupied(*row) for row in ask(session, _occupied(), title_ids=list(title_ids)))


@cache
def _occupied() -> Select[Any]:
    columns = (_booking[one.name] for one in fields(Occupied))
    return select(*columns).where(_booking.title_id.in_(bindparam("title_ids", expanding=True)), IS_OPEN)


def _job_today(booking: Occupied, pool: Pool, now: dt.datetime) -> Job:
    job = job_of(booking)
    if booking.state != State.OUT:
        return job
    # A late loan grows every night; a reader must not see a hole when the night's job is late itself.
    loan = Period(booking.starts_on, booking.ends_on)
    ends_on = pool.terms.buffers.end_while_out(loan, job.period.ends_on, pool.today(now))
    return Job(job.id, Period(job.period.starts_on, ends_on), job.copy, is_fixed=True)
