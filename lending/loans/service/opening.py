"""Open and close incidents, inside the transaction of what happened. Needs the title's lock."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from lending.catalog import queries as catalog
from lending.catalog.rules import clean_text
from lending.catalog.schemas import MissingLine
from lending.catalog.tables import Copy
from lending.core.actor import Actor
from lending.loans.rules.incidents import IncidentKind, IncidentState, Settled
from lending.loans.schemas import DeskDecision
from lending.loans.service.telling import tell_incident
from lending.loans.tables import Booking, Incident
from lending.notices.rules import NoticeKind


def open_incident(
    session: Session,
    actor: Actor,
    copy: Copy,
    booking: Booking,
    kind: IncidentKind,
    cost_cents: int,
    note: str,
    now: dt.datetime,
) -> Incident:
    """A new incident, or what is new added to the open one: a copy has one of a kind at a time."""
    known = open_of_copy(session, copy.id, kind)
    if known is not None:
        known.cost_cents += cost_cents
        known.note = "\n".join(part for part in (known.note, note) if part)
        known.booking_id = booking.id
        known.version += 1
        session.flush()
        return known
    incident = Incident(
        copy_id=copy.id,
        booking_id=booking.id,
        owner_id=copy.owner_id,
        keeper_id=booking.association_id,
        kind=kind.value,
        cost_cents=cost_cents,
        note=note,
        opened_at=now,
        opened_by_id=actor.person_id,
    )
    session.add(incident)
    session.flush()
    return incident


def open_of_copy(session: Session, copy_id: int, kind: IncidentKind) -> Incident | None:
    """The copy's open incident of a kind."""
    query = select(Incident).where(
        Incident.copy_id == copy_id, Incident.kind == kind.value, Incident.state == IncidentState.OPEN.value
    )
    return session.scalar(query.execution_options(populate_existing=True))


def close_as(incident: Incident, actor: Actor, outcome: Settled, now: dt.datetime) -> None:
    """Write down how it ended."""
    incident.state, incident.outcome = IncidentState.SETTLED.value, outcome.value
    incident.closed_at, incident.closed_by_id = now, actor.person_id
    incident.version += 1


def report_return(
    session: Session,
    actor: Actor,
    copy: Copy,
    loan: Booking,
    decision: DeskDecision,
    missing: Sequence[MissingLine],
    missed_before: Sequence[MissingLine],
    now: dt.datetime,
) -> None:
    """Open what a return brings to light. What was missing before this loan is not this borrower's."""
    before = {line.line_id: line.missing for line in missed_before}
    lost_now = {line: line.missing - before.get(line.line_id, 0) for line in missing if not line.is_consumable}
    newly = {line: count for line, count in lost_now.items() if count > 0}
    if newly:
        values = _values(session, copy.title_id)
        cost = sum(count * values.get(line.line_id, 0) for line, count in newly.items())
        words = ", ".join(f"{count} × {line.name}" for line, count in newly.items())
        open_incident(session, actor, copy, loan, IncidentKind.MISSING, cost, words, now)
    if decision.damaged is not None:
        damage = open_incident(session, actor, copy, loan, IncidentKind.DAMAGED, 0, clean_text(decision.note), now)
        tell_incident(session, loan, damage, NoticeKind.INCIDENT_OPENED, now)


def _values(session: Session, title_id: int) -> dict[int, int]:
    """The price of one of each line, in cents, 0 where unknown."""
    sections = catalog.checklist(session, title_id).sections
    return {line.id: line.value_cents or 0 for section in sections for line in section.lines}
