"""Which loans go on to another school without coming home."""

from collections import defaultdict
from collections.abc import Collection
from functools import cache
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, or_, select
from sqlalchemy.orm import Session, aliased

from lending.loans.rules.states import State
from lending.loans.tables import Booking, Relay
from lending.network.tables import Organisation, School

Loan, Next = aliased(Booking), aliased(Booking)


class GoesOn(NamedTuple):
    """A relay that counts: a loan that is out, and the reservation that waits for the same copy."""

    relay_id: int
    loan_id: int
    next_id: int


class Neighbour(NamedTuple):
    """The school at the other end of a relay."""

    school_name: str
    commune: str


def counts() -> ColumnElement[bool]:
    """Whether a relay of `Loan` and `Next` counts: nobody called it off, and both bookings stand as they were."""
    return and_(
        Relay.cancelled_at.is_(None),
        Relay.taken_at.is_(None),
        Loan.state == State.OUT.value,
        Next.state == State.PLANNED.value,
        Next.copy_id == Loan.copy_id,
    )


@cache
def both() -> Select[int, int, int]:
    """Relays beside their bookings, to be narrowed."""
    query = select(Relay.id, Loan.id, Next.id)
    return query.join(Loan, Loan.id == Relay.from_booking_id).join(Next, Next.id == Relay.to_booking_id)


def that_count(session: Session, booking_ids: Collection[int]) -> list[GoesOn]:
    """The relays that count, of these bookings at either end."""
    if not booking_ids:
        return []
    ends = or_(Relay.from_booking_id.in_(booking_ids), Relay.to_booking_id.in_(booking_ids))
    return [GoesOn(*row) for row in session.execute(both().where(counts(), ends))]


def goes_on(session: Session, loan_id: int) -> bool:
    """Whether a loan goes on to another school, and comes to no desk."""
    return session.execute(_onwards(), {"loan_id": loan_id}).first() is not None


@cache
def _onwards() -> Select[int, int, int]:
    return both().where(counts(), Relay.from_booking_id == bindparam("loan_id")).limit(1)


def were_to_go_on(session: Session, loan_ids: Collection[int]) -> dict[int, bool]:
    """Those of these loans that were ever to go on to another school, and whether they still are."""
    query = both().add_columns(counts()).where(Relay.from_booking_id.in_(loan_ids))
    found: defaultdict[int, bool] = defaultdict(bool)
    for _relay_id, loan_id, _next_id, is_counting in session.execute(query):
        found[loan_id] |= bool(is_counting)
    return dict(found)


def onwards(session: Session, loan_id: int) -> Neighbour | None:
    """The school that a loan goes on to."""
    return _neighbour(session, Next, Relay.from_booking_id == loan_id)


def before(session: Session, booking_id: int) -> Neighbour | None:
    """The school that a reservation's copy comes from."""
    return _neighbour(session, Loan, Relay.to_booking_id == booking_id)


def _neighbour(session: Session, end: type[Booking], this: ColumnElement[bool]) -> Neighbour | None:
    query = (
        both()
        .with_only_columns(Organisation.name, School.commune)
        .join(School, School.organisation_id == end.school_id)
        .join(Organisation, Organisation.id == end.school_id)
        .where(counts(), this)
    )
    found = session.execute(query).first()
    return Neighbour(*found) if found else None
