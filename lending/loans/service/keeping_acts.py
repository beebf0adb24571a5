"""Remember an act at a desk, inside its transaction, so that it can be taken back for a minute."""

import datetime as dt

import msgspec
from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from lending.catalog.tables import Copy
from lending.core.actor import Actor
from lending.core.database import ask, table_of
from lending.loans.rules.incidents import IncidentState
from lending.loans.rules.states import State
from lending.loans.rules.undoing import UNDO_FOR, Moment
from lending.loans.schemas.desk import ActBefore
from lending.loans.tables import Booking, BookingEvent, DeskAct, Incident

_event, _incident = table_of(BookingEvent).c, table_of(Incident).c
LATEST_EVENT = select(func.max(_event.id)).where(
    or_(_event.copy_id == bindparam("copy_id"), _event.booking_id == bindparam("booking_id"))
)
OPEN_INCIDENTS = select(_incident.id, _incident.version).where(
    _incident.copy_id == bindparam("copy_id"), _incident.state == IncidentState.OPEN.value
)


class Before(msgspec.Struct, frozen=True):
    """What stood before, and what tells whether the act can be taken back at all."""

    facts: ActBefore
    incidents: dict[int, int]
    is_simple: bool


def before_act(session: Session, booking: Booking, copy: Copy) -> Before:
    """How the booking and the copy stand. A dispute or a copy found again has too many ends to be taken back."""
    facts = ActBefore(
        starts_on=booking.starts_on,
        blocked_starts_on=booking.blocked_starts_on,
        blocked_ends_on=booking.blocked_ends_on,
        pinned=bool(booking.pinned),
        copy_status=copy.status,
        copy_condition=copy.condition,
    )
    is_simple = booking.state in (State.PLANNED, State.OUT) and booking.claimed_at is None and copy.status != "lost"
    return Before(facts, _incidents(session, copy.id), is_simple)


def keep_act(
    session: Session, actor: Actor, action: str, booking: Booking, copy: Copy, before: Before, now: dt.datetime
) -> None:
    """Write it down, unless it touched what an undoing could not put back."""
    session.flush()
    after = _incidents(session, copy.id)
    is_touched = any(after.get(id_) != version for id_, version in before.incidents.items())
    if not before.is_simple or is_touched:
        return
    moment = moment_of(session, booking, copy)
    opened = sorted(set(after) - set(before.incidents))
    facts = msgspec.structs.replace(before.facts, incident_ids=opened)
    session.add(
        DeskAct(
            action=action,
            depot_id=booking.depot_id,
            person_id=actor.person_id,
            booking_id=booking.id,
            copy_id=copy.id,
            before=msgspec.json.encode(facts).decode(),
            booking_version=moment.booking_version,
            copy_version=moment.copy_version,
            event_id=moment.event_id,
            done_at=now,
            undo_until_at=now + UNDO_FOR,
        )
    )
    session.flush()


def moment_of(session: Session, booking: Booking, copy: Copy) -> Moment:
    """How far the booking and the copy have come."""
    latest = ask(session, LATEST_EVENT, copy_id=copy.id, booking_id=booking.id).scalar()
    return Moment(booking.version, copy.version, latest or 0)


def _incidents(session: Session, copy_id: int) -> dict[int, int]:
    """The copy's open incidents, and their versions."""
    return {row.id: row.version for row in ask(session, OPEN_INCIDENTS, copy_id=copy_id)}
