"""Use cases of incidents: each public method is one transaction."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from lending.catalog.rules import check_version, clean_text
from lending.core.actor import Actor, Role
from lending.core.clock import Clock
from lending.core.database import Database
from lending.core.errors import Forbidden, NotFound, Unauthenticated
from lending.core.paging import MAX_PAGE_SIZE, Page, decode_cursor
from lending.loans.queries import incidents
from lending.loans.rules.incidents import (
    DeclareLostFirst,
    DepositNotHeld,
    IncidentKind,
    IncidentSettled,
    IncidentState,
    NoRefundToDecide,
    Settled,
    check_settlement,
)
from lending.loans.rules.states import State
from lending.loans.schemas.incidents import IncidentFilter, IncidentView, Loss, Refund, Settlement
from lending.loans.service import claims, lost
from lending.loans.service.locking import lock_copy
from lending.loans.service.opening import close_as
from lending.loans.service.parties import require_party
from lending.loans.service.recording import Act, record
from lending.loans.service.telling import tell_deposit, tell_incident
from lending.loans.tables import Booking, Incident
from lending.network import queries as network
from lending.notices.rules import NoticeKind

READERS = (Role.STAFF, Role.COORDINATOR)
DEPOSIT_STATES = {"kept": "cashed", "released": "returned"}


class Incidents:
    """What is missing, damaged, lost or said to have come back, and how it is settled."""

    def __init__(self, db: Database, clock: Clock) -> None:
        """Takes the database and the source of now."""
        self._db = db
        self._clock = clock

    def incidents(
        self,
        actor: Actor,
        association_id: int | None = None,
        wanted: IncidentFilter = "open",
        kind: IncidentKind | None = None,
        text: str = "",
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[IncidentView]:
        """An association's incidents as owner or as lender (or all that the person looks after), the latest first.

        `text` searches title, school, reference and code. Raises Unauthenticated, Forbidden, NotFound, BadCursor.
        """
        after, size = decode_cursor(cursor) if cursor else None, max(1, min(limit, MAX_PAGE_SIZE))
        with self._db.read() as session:
            paths = _paths(session, actor, association_id)
            return incidents.page(session, paths, wanted, kind, text, after, size)

    def incident(self, actor: Actor, incident_id: int) -> IncidentView:
        """One incident, for who owns the copy and who lent it. Raises NotFound, Forbidden."""
        with self._db.read() as session:
            found = incidents.one(session, incident_id)
            _require_side(session, actor, found.owner_id, found.keeper_id, *READERS)
            return found

    def of_booking(self, actor: Actor, booking_id: int) -> list[IncidentView]:
        """What went wrong with a loan, for its school and the lender's staff. Raises NotFound, Forbidden."""
        with self._db.read() as session:
            require_party(session, actor, booking_id, *READERS)
            return incidents.of_booking(session, booking_id)

    def declare_lost(self, actor: Actor, booking_id: int, loss: Loss | None = None) -> IncidentView:
        """The copy does not come back. Raises NotFound, Forbidden, LoanNotOut."""
        with self._db.write() as session:
            opened = lost.declare_lost(session, actor, booking_id, loss or Loss(), self._clock.now())
            return incidents.one(session, opened.id)

    def claim(self, actor: Actor, booking_id: int, note: str = "") -> IncidentView:
        """The borrower says that it came back. Raises NotFound, Forbidden, LoanNotOut, AlreadyClaimed."""
        with self._db.write() as session:
            opened = claims.claim(session, actor, booking_id, note, self._clock.now())
            return incidents.one(session, opened.id)

    def settle(self, actor: Actor, incident_id: int, how: Settlement) -> IncidentView:
        """Decide: what it cost, who pays, what becomes of the deposit.

        Raises NotFound, Forbidden, VersionChanged, IncidentSettled, SettlementUnfit, PayerMissing, DeclareLostFirst,
        DepositNotHeld.
        """
        now = self._clock.now()
        with self._db.write() as session:
            incident, booking = _locked(session, actor, incident_id, how.version)
            _check_open(incident, booking, how)
            incident.cost_cents = incident.cost_cents if how.cost_cents is None else how.cost_cents
            incident.paid_by = how.paid_by.value if how.paid_by else None
            _add_note(incident, how.note)
            close_as(incident, actor, how.outcome, now)
            if incident.kind != IncidentKind.CLAIMED:
                tell_incident(session, booking, incident, NoticeKind.INCIDENT_SETTLED, now)
            if how.deposit is not None:
                _move_deposit(session, actor, incident, booking, how.deposit, now)
            if incident.kind == IncidentKind.CLAIMED and booking is not None and booking.state == State.OUT:
                # Nobody saw it come: the loan goes on, and so do its reminders.
                booking.claimed_at = None
                booking.version += 1
            session.flush()
            return incidents.one(session, incident_id)

    def decide_refund(self, actor: Actor, incident_id: int, refund: Refund) -> IncidentView:
        """The copy was found after its loss was paid: the money goes back, or stays.

        Raises NotFound, Forbidden, VersionChanged, NoRefundToDecide.
        """
        now = self._clock.now()
        with self._db.write() as session:
            incident, booking = _locked(session, actor, incident_id, refund.version)
            if not incidents.awaits_refund(incident, booking):
                raise NoRefundToDecide
            _add_note(incident, refund.note)
            close_as(incident, actor, Settled.FOUND if refund.is_refunded else Settled(incident.outcome or ""), now)
            if refund.is_refunded and incident.deposit == "kept" and booking is not None:
                incident.deposit, booking.deposit_state = "released", "returned"
                booking.version += 1
                record(session, booking, Act.DEPOSIT, actor, now, "returned")
                tell_deposit(session, booking, now)
            session.flush()
            return incidents.one(session, incident_id)

    def age_overdue(self) -> int:
        """Ask about each loan that is very late, once, whether its copy is lost; returns how many were asked about."""
        now = self._clock.now()
        with self._db.read() as session:
            ids = lost.aged(session, now)
        proposed = 0
        for booking_id in ids:
            with self._db.write() as session:
                proposed += lost.propose_lost(session, booking_id, now)
        return proposed


def _paths(session: Session, actor: Actor, association_id: int | None) -> list[str]:
    if association_id is not None:
        path = network.path_of(session, association_id)
        actor.require(path, *READERS)
        return [path]
    paths = [grant.path for grant in actor.grants_of(*READERS, Role.ADMIN)]
    if not paths:
        raise Forbidden if actor.is_signed_in else Unauthenticated
    return paths


def _require_side(session: Session, actor: Actor, owner_id: int, keeper_id: int, *roles: Role) -> None:
    if not actor.covers(network.path_of(session, owner_id), *roles):
        actor.require(network.path_of(session, keeper_id), *roles)


def _locked(session: Session, actor: Actor, incident_id: int, version: int | None) -> tuple[Incident, Booking | None]:
    copy_id = session.scalar(select(Incident.copy_id).where(Incident.id == incident_id))
    if copy_id is None:
        raise NotFound
    lock_copy(session, copy_id)
    incident = session.get_one(Incident, incident_id, populate_existing=True)
    _require_side(session, actor, incident.owner_id, incident.keeper_id, Role.STAFF)
    check_version(incident.version, version)
    booking = session.get(Booking, incident.booking_id, populate_existing=True) if incident.booking_id else None
    return incident, booking


def _check_open(incident: Incident, booking: Booking | None, how: Settlement) -> None:
    if incident.state == IncidentState.SETTLED:
        raise IncidentSettled(outcome=incident.outcome or "")
    check_settlement(incident.kind, how.outcome, how.paid_by)
    is_out = booking is not None and booking.state == State.OUT
    if booking is not None and is_out and incident.kind == IncidentKind.LOST and how.outcome != Settled.WAIVED:
        raise DeclareLostFirst(reference=booking.reference)


def _add_note(incident: Incident, note: str) -> None:
    incident.note = "\n".join(part for part in (incident.note, clean_text(note)) if part)


def _move_deposit(
    session: Session, actor: Actor, incident: Incident, booking: Booking | None, deposit: str, now: dt.datetime
) -> None:
    if booking is None or booking.deposit_state != "received":
        raise DepositNotHeld(deposit_state=booking.deposit_state if booking else "none")
    incident.deposit, booking.deposit_state = deposit, DEPOSIT_STATES[deposit]
    booking.version += 1
    record(session, booking, Act.DEPOSIT, actor, now, booking.deposit_state)
    tell_deposit(session, booking, now)
