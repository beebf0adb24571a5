"""Which loans go on to another school without coming home."""

from collections import defaultdict
from collections.abc import Collection
from functools import cache
from typing import Any, Literal, NamedTuple

from sqlalchemy import BindParameter, Select, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from lending.core.database import ask, table_of
from lending.loans.rules.states import State
from lending.loans.tables import Booking, Relay
from lending.network.tables import Organisation, School

_relay = table_of(Relay)
_loan, _next = table_of(Booking).alias("loan"), table_of(Booking).alias("next")
# Nobody called it off, and both bookings stand as they were.
COUNTS = and_(
    _relay.c.cancelled_at.is_(None),
    _relay.c.taken_at.is_(None),
    _loan.c.state == State.OUT.value,
    _next.c.state == State.PLANNED.value,
    _next.c.copy_id == _loan.c.copy_id,
)
# Written once: letters, shelves and returns ask.
BOTH = (
    select(_relay.c.id, _relay.c.from_booking_id, _relay.c.to_booking_id)
    .join(_loan, _loan.c.id == _relay.c.from_booking_id)
    .join(_next, _next.c.id == _relay.c.to_booking_id)
)
_these: BindParameter[Any] = bindparam("booking_ids", expanding=True)
AT_EITHER_END = BOTH.where(COUNTS, or_(_relay.c.from_booking_id.in_(_these), _relay.c.to_booking_id.in_(_these)))
ONWARDS = BOTH.where(COUNTS, _relay.c.from_booking_id == bindparam("loan_id")).limit(1)
WERE_TO_GO_ON = BOTH.add_columns(COUNTS.label("counts")).where(_relay.c.from_booking_id.in_(_these))


class GoesOn(NamedTuple):
    """A relay that counts: a loan that is out, and the reservation that waits for the same copy."""

    relay_id: int
    loan_id: int
    next_id: int


class Neighbour(NamedTuple):
    """The school at the other end of a relay."""

    school_name: str
    commune: str


def that_count(session: Session, booking_ids: Collection[int]) -> list[GoesOn]:
    """The relays that count, of these bookings at either end."""
    if not booking_ids:
        return []
    return [GoesOn(*row) for row in ask(session, AT_EITHER_END, booking_ids=sorted(booking_ids))]


def goes_on(session: Session, loan_id: int) -> bool:
    """Whether a loan goes on to another school, and comes to no desk."""
    return ask(session, ONWARDS, loan_id=loan_id).first() is not None


def were_to_go_on(session: Session, loan_ids: Collection[int]) -> dict[int, bool]:
    """Those of these loans that were ever to go on to another school, and whether they still are."""
    if not loan_ids:
        return {}
    found: defaultdict[int, bool] = defaultdict(bool)
    for _relay_id, loan_id, _next_id, is_counting in ask(session, WERE_TO_GO_ON, booking_ids=sorted(loan_ids)):
        found[loan_id] |= bool(is_counting)
    return dict(found)


def onwards(session: Session, loan_id: int) -> Neighbour | None:
    """The school that a loan goes on to."""
    row = ask(session, _neighbour("to"), booking_id=loan_id).first()
    return Neighbour(*row) if row else None


def before(session: Session, booking_id: int) -> Neighbour | None:
    """The school that a reservation's copy comes from."""
    row = ask(session, _neighbour("from"), booking_id=booking_id).first()
    return Neighbour(*row) if row else None


@cache
def _neighbour(end: Literal["from", "to"]) -> Select[Any]:
    """The school at one end of the relay of a booking at the other."""
    there, here = (_next, _relay.c.from_booking_id) if end == "to" else (_loan, _relay.c.to_booking_id)
    school, organisation = table_of(School), table_of(Organisation)
    return (
        BOTH.with_only_columns(organisation.c.name, school.c.commune)
        .join(school, school.c.organisation_id == there.c.school_id)
        .join(organisation, organisation.c.id == there.c.school_id)
        .where(COUNTS, here == bindparam("booking_id"))
    )
