"""What a scan at a depot means for a copy that is, or should be, somewhere else."""

import datetime as dt

from sqlalchemy.orm import Session

from lending.catalog import queries as catalog
from lending.catalog.history.recording import copy_facts, record_changes
from lending.catalog.placing.queries import move_along
from lending.catalog.placing.rules import check_alone
from lending.catalog.schemas import CopyDetail
from lending.core.actor import Actor, Role
from lending.loans.queries.desk import loan_of_copy, possession_of_copy
from lending.loans.rules.states import Cause, State
from lending.loans.service import occupy
from lending.loans.service.check_out import check_out
from lending.loans.service.locking import lock_copy
from lending.loans.service.replan import replan_title
from lending.loans.tables import Booking
from lending.network import queries as network
from lending.shipping import queries
from lending.shipping.rules import JUST_SENT, Arrival, CopyNotInDepot, SentJustNow, TransferState, arrival_at
from lending.shipping.schemas import ArrivalResult, ArrivalScan, TransferView
from lending.shipping.service import moving
from lending.shipping.tables import Transfer


def arrive(session: Session, actor: Actor, scan: ArrivalScan, now: dt.datetime) -> ArrivalResult:
    """Receive, note a hop, take back what turned round, repair what lost its papers, plan the way home."""
    moving.require_depot(session, actor, scan.depot_id, Role.STAFF)
    copy = catalog.copy_by_code(session, scan.code)
    check_alone(copy)
    lock_copy(session, copy.id)
    transfer = queries.open_of_copy(session, copy.id) or _lost_on_the_way(session, copy)
    if transfer is not None and transfer.state in (TransferState.SENT, TransferState.LOST):
        return _on_its_way(session, actor, copy, transfer, scan, now)
    possession = possession_of_copy(session, copy.id)
    if possession is not None and possession.cause == Cause.TRANSFER:
        return _repaired(session, copy, possession, scan.depot_id, now)
    return _elsewhere(session, actor, copy, transfer, scan.depot_id, now)


def receive_expected(
    session: Session, actor: Actor, depot_id: int, code: str, now: dt.datetime
) -> ArrivalResult | None:
    """Receive what was sent here; whatever else the code means is left to who asked."""
    moving.require_depot(session, actor, depot_id, Role.STAFF)
    copy = catalog.copy_by_code(session, code)
    lock_copy(session, copy.id)
    transfer = queries.open_of_copy(session, copy.id)
    if transfer is None or transfer.state != TransferState.SENT or transfer.to_depot_id != depot_id:
        return None
    moving.receive(session, actor, transfer, depot_id, now)
    return _result(session, Arrival.RECEIVED, copy, transfer)


def collect(
    session: Session, actor: Actor, depot_id: int, code: str, booking_id: int, now: dt.datetime
) -> TransferView:
    """Receive a copy and hand it over at once."""
    moving.require_depot(session, actor, depot_id, Role.STAFF)
    copy = catalog.copy_by_code(session, code)
    transfer = queries.open_of_copy(session, copy.id)
    if transfer is None or transfer.state != TransferState.SENT or transfer.to_depot_id != depot_id:
        raise CopyNotInDepot(barcode=copy.shown_code, depot_name=copy.depot_name)
    moving.receive(session, actor, transfer, depot_id, now)
    check_out(session, actor, booking_id, copy.id, now)
    return queries.one(session, transfer.id)


def _lost_on_the_way(session: Session, copy: CopyDetail) -> Transfer | None:
    latest = queries.latest_of_copy(session, copy.id)
    return latest if latest is not None and latest.state == TransferState.LOST else None


def _on_its_way(
    session: Session, actor: Actor, copy: CopyDetail, transfer: Transfer, scan: ArrivalScan, now: dt.datetime
) -> ArrivalResult:
    what = arrival_at(scan.depot_id, transfer.from_depot_id, transfer.to_depot_id)
    if transfer.state == TransferState.LOST or what == Arrival.RECEIVED:
        moving.receive(session, actor, transfer, scan.depot_id, now)
        return _result(session, Arrival.RECEIVED, copy, transfer)
    if what == Arrival.HOP:
        moving.write(session, transfer, "hop", scan.depot_id, actor, now)
        return _result(session, what, copy, transfer)
    if transfer.sent_at is not None and now - transfer.sent_at < JUST_SENT and not scan.is_confirmed:
        raise SentJustNow(barcode=copy.shown_code)
    moving.redirect(session, actor, transfer, scan.depot_id, now, "cancelled")
    moving.receive(session, actor, transfer, scan.depot_id, now)
    return _result(session, what, copy, transfer)


def _repaired(
    session: Session, copy: CopyDetail, possession: Booking, depot_id: int, now: dt.datetime
) -> ArrivalResult:
    """It is said to be on its way, but no transfer knows: it is here."""
    occupy.end(session, possession, now)
    _, row = lock_copy(session, copy.id)
    row.depot_id = depot_id
    session.flush()
    move_along(session, row.id, depot_id)
    replan_title(session, copy.title_id, now)
    return ArrivalResult(what="repaired", copy_code=copy.shown_code, transfer=None)


def _elsewhere(
    session: Session, actor: Actor, copy: CopyDetail, planned: Transfer | None, depot_id: int, now: dt.datetime
) -> ArrivalResult:
    """A copy of another depot turned up: its way is planned from here, and it is in transit only once it is sent.

    The way that was planned from the other depot is given up: it goes on from here, unless it led here; without
    one, the copy goes home. Raises CopyNotInDepot for a copy that a school has: it comes back where it left.
    """
    loan = loan_of_copy(session, copy.id)
    if loan is not None and loan.state == State.OUT:
        raise CopyNotInDepot(barcode=copy.shown_code, depot_name=network.depot(session, loan.depot_id).name)
    if copy.depot_id == depot_id:
        return ArrivalResult(what="received", copy_code=copy.shown_code, transfer=None)
    if planned is not None:
        moving.give_up(session, actor, planned, now)
    _, row = lock_copy(session, copy.id)
    before = copy_facts(session, row)
    row.depot_id = depot_id
    session.flush()
    move_along(session, row.id, depot_id)
    record_changes(session, actor, now, before, copy_facts(session, row), copy_id=row.id)
    replan_title(session, copy.title_id, now)
    if planned is not None and planned.to_depot_id == depot_id:
        return ArrivalResult(what="received", copy_code=copy.shown_code, transfer=None)
    if planned is not None:
        transfer = moving.go_on(session, actor, planned, now)
    else:
        transfer = moving.way_home(session, actor, copy.id, copy.depot_id, now)
    view = queries.one(session, transfer.id) if transfer else None
    return ArrivalResult(what="elsewhere", copy_code=copy.shown_code, transfer=view)


def _result(session: Session, what: Arrival, copy: CopyDetail, transfer: Transfer) -> ArrivalResult:
    return ArrivalResult(what=what.value, copy_code=copy.shown_code, transfer=queries.one(session, transfer.id))
